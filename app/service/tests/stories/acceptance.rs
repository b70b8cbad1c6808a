//! 验收: D2 follows from the indicator table, the program suggests, people conclude.

use crate::support::World;
use crate::{assert_error, assert_rule};
use domain::acceptance::{Conclusion, Knockout, Results};
use domain::objective::{Objective, Objectives};
use domain::points::Points;
use domain::result::Outcome;
use domain::round::{RoundKind, Step};
use service::{Error, finding, ranking};
use std::collections::BTreeMap;
use store::Repositories;

/// The values that SL-001 to SL-006 reached, in 1/1000: core 抗拉强度 of 450, ordinary 延伸率 of 10.
const REACHED: [(i64, i64); 6] =
    [(450_000, 10_000), (450_000, 4_000), (427_500, 10_000), (300_000, 10_000), (460_000, 12_000), (450_000, 10_000)];

fn results(world: &World, n: usize) -> Results {
    let task = world.tasks.iter().find(|t| t.id == world.applications[n - 1].task).unwrap();
    let (core, ordinary) = REACHED[n - 1];
    Results::from([(task.indicators[0].id, core), (task.indicators[1].id, ordinary)])
}

async fn record(world: &World, n: usize, knockouts: BTreeMap<Knockout, String>) -> Result<(), Error> {
    let results = results(world, n);
    finding::record_indicators(&world.industry, world.round, world.application(n), results, knockouts).await
}

async fn d2(world: &World, n: usize) -> Option<Points> {
    let objectives = world.store().findings().objectives(world.round).await.unwrap();
    objectives.get(&world.application(n)).and_then(|o| o.get("D2")).map(|o| o.points)
}

/// An acceptance round at 独立评分.
async fn accepting() -> World {
    let world = World::of_kind(RoundKind::Acceptance).await;
    world.reach(Step::Scoring).await;
    world
}

#[tokio::test]
async fn the_indicator_table_gives_d2() {
    let world = accepting().await;
    for n in 1..=6 {
        record(&world, n, BTreeMap::new()).await.unwrap();
    }
    let mut points = Vec::new();
    for n in 1..=6 {
        points.push(d2(&world, n).await.unwrap().0);
    }
    // Of 25: all; (2·1 + 0.4) / 3; core at 95 %: capped at 60 %; core at two thirds: capped; above target: all.
    assert_eq!(points, [2500, 2000, 1500, 1500, 2500, 2500]);
    let seen = finding::established(&world.supervisor, world.round).await.unwrap();
    assert_eq!(seen.indicator_results[&world.application(2)], results(&world, 2));
}

#[tokio::test]
async fn d2_is_not_entered_by_hand_and_not_lost_beside_other_points() {
    let world = accepting().await;
    record(&world, 1, BTreeMap::new()).await.unwrap();
    let set = |code: &str, points| {
        let objective = Objective { points: Points(points), evidence: "附件1".to_owned() };
        let own = BTreeMap::from([(code.to_owned(), objective)]);
        let objectives = Objectives::from([(world.application(1), own)]);
        finding::set_objectives(&world.industry, world.round, objectives)
    };
    assert_rule!(set("D2", 100).await, Input, "指标完成情况表");
    set("D3", 800).await.unwrap();
    assert_eq!(d2(&world, 1).await, Some(Points(2500)));
    let objectives = world.store().findings().objectives(world.round).await.unwrap();
    assert_eq!(objectives[&world.application(1)]["D3"].points, Points(800));
    set("D2", 2500).await.unwrap();
    let incomplete = Results::from([(world.tasks[0].indicators[0].id, 450_000)]);
    let id = world.application(1);
    finding::record_indicators(&world.industry, world.round, id, incomplete, BTreeMap::new()).await.unwrap();
    assert_eq!(d2(&world, 1).await, None, "an incomplete table gives no points");
}

#[tokio::test]
async fn knockouts_need_their_facts_and_indicators_their_task() {
    let world = accepting().await;
    let unfounded = BTreeMap::from([(Knockout::Untrue, " ".to_owned())]);
    assert_rule!(record(&world, 1, unfounded).await, Input, "事实");
    let foreign = results(&world, 5);
    let id = world.application(1);
    let answer = finding::record_indicators(&world.industry, world.round, id, foreign, BTreeMap::new()).await;
    assert_error!(answer, Error::NotFound);
    assert_eq!(d2(&world, 1).await, None);
    let selection = World::at(Step::Scoring).await;
    let answer = record(&selection, 1, BTreeMap::new()).await;
    assert_rule!(answer, Input, "验收轮次");
}

/// A ranked acceptance round: every sheet at `percent`, SL-006 with a knock-out.
async fn ranked(percent: i64) -> World {
    let world = accepting().await;
    world.establish_objectives().await;
    for n in 1..=6 {
        let untrue = BTreeMap::from([(Knockout::Untrue, "检测报告系伪造".to_owned())]);
        record(&world, n, if n == 6 { untrue } else { BTreeMap::new() }).await.unwrap();
    }
    world.score_all(|_, _| percent).await;
    world.advance(Step::Scoring).await;
    world.reach(Step::Ranking).await;
    ranking::compute(&world.industry, world.round).await.unwrap();
    world
}

#[tokio::test]
async fn the_program_suggests_and_says_why() {
    let world = ranked(95).await;
    let (computed, _) = ranking::latest(&world.industry, world.round).await.unwrap();
    let row = |n| computed.rows.iter().find(|r| r.application == world.application(n)).unwrap();
    let conclusion = |n| row(n).suggestion.as_ref().unwrap().conclusion;
    assert_eq!(conclusion(1), Conclusion::Passed);
    assert_eq!(conclusion(3), Conclusion::Failed, "36.75 of 50 points of D are below four fifths: {:?}", row(3));
    assert_eq!(conclusion(4), Conclusion::Failed);
    assert_eq!(conclusion(6), Conclusion::Failed);
    assert_eq!(row(6).outcome, Outcome::KnockedOut);
    assert!(row(6).note.contains("K2") && row(6).note.contains("检测报告系伪造"));
    assert!(row(6).suggestion.as_ref().unwrap().because[0].contains("K2"));
    assert_eq!(row(1).conclusion, Some(Conclusion::Passed), "the suggestion stands until someone departs from it");
}

#[tokio::test]
async fn a_departure_from_the_suggestion_needs_its_reason() {
    let world = ranked(95).await;
    let conclude = |n, conclusion, reason: &'static str| {
        ranking::conclude(&world.industry, world.round, world.application(n), conclusion, reason)
    };
    assert_rule!(conclude(1, Conclusion::Rectify, " ").await, Input, "理由");
    conclude(1, Conclusion::Passed, "").await.unwrap();
    conclude(4, Conclusion::Diligent, "勤勉尽责，技术路线被证明不可行").await.unwrap();
    let (computed, _) = ranking::latest(&world.industry, world.round).await.unwrap();
    let row = computed.rows.iter().find(|r| r.application == world.application(4)).unwrap();
    assert_eq!(row.conclusion, Some(Conclusion::Diligent));
    assert!(row.settled.contains("勤勉尽责"));
    assert_eq!(row.suggestion.as_ref().unwrap().conclusion, Conclusion::Failed, "the suggestion stays visible");
    let selection = World::at(Step::Ranking).await;
    let id = selection.application(1);
    let answer = ranking::conclude(&selection.industry, selection.round, id, Conclusion::Passed, "").await;
    assert_rule!(answer, Input);
}
