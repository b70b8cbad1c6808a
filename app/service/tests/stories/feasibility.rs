//! 席位试算: whether the seats can be filled, and which control would help, before anything is opened.

use crate::assert_rule;
use crate::support::{World, demand, fingerprint};
use domain::access::Errand;
use domain::expert::{Expert, PoolState};
use domain::round::Step;
use service::assignment::{Control, Demand, Plenty, feasibility};
use service::{Case, Error, draw, panel, round};
use store::Repositories;

#[tokio::test]
async fn a_demand_that_can_be_met_says_how_much_room_there_is() {
    let world = World::at(Step::Draw).await;
    let before = fingerprint(&world).await;
    let trial = feasibility(&world.industry, world.round, &demand()).await.unwrap();
    assert!(trial.explanation.is_none() && trial.remedies.is_empty());
    let seats: Vec<_> = trial.lines.iter().map(|line| line.supplies.map(|s| (s.needed, s.seats))).collect();
    assert_eq!(seats, [[(3, 7), (1, 3), (1, 3)]; 2]);
    assert_eq!(trial.all.map(|s| s.seats), [14, 3, 3]);
    assert!(trial.lines.iter().all(|line| line.plenty(3) == Plenty::Ample && line.empty == 0));
    assert_eq!(fingerprint(&world).await, before, "a trial changes nothing");
}

#[tokio::test]
async fn a_shortage_shows_what_each_control_would_do_and_it_is_true() {
    let world = World::at(Step::Draw).await;
    // 4 finance seats in all, 3 finance experts in the pool.
    let too_much = Demand { technical: 4, finance: 2, management: 1, ..Demand::default() };
    let trial = feasibility(&world.industry, world.round, &too_much).await.unwrap();
    assert!(trial.explanation.is_some());
    assert_eq!(trial.lines.iter().map(|line| line.empty).sum::<u32>(), 1);
    let controls: Vec<_> = trial.remedies.iter().map(|remedy| remedy.control).collect();
    assert_eq!(controls, [Control::Finance], "no other control brings a fourth finance expert");
    let remedy = &trial.remedies[0].demand;
    assert_eq!((remedy.technical, remedy.finance, remedy.management), (5, 1, 1));
    assert!(draw::open(&world.industry, world.round, remedy).await.unwrap().is_none());
}

#[tokio::test]
async fn recusals_that_empty_a_panel_are_counted_and_can_be_allowed() {
    let world = World::at(Step::Draw).await;
    for expert in &world.experts[..5] {
        world.recuse(expert.id, world.application(1)).await;
    }
    let trial = feasibility(&world.industry, world.round, &demand()).await.unwrap();
    let short = trial.lines.iter().find(|line| line.plenty(3) == Plenty::Short).unwrap();
    let technical = short.supplies[0];
    assert_eq!((technical.seats, technical.recused), (2, 5));
    assert_eq!(trial.remedies.len(), 1);
    assert_eq!((trial.remedies[0].control, trial.remedies[0].demand.recusals), (Control::Recusals, 1));
}

#[tokio::test]
async fn there_is_nothing_to_try_before_panels_or_after_the_draw() {
    for step in [Step::Recusal, Step::SignIn] {
        let world = World::at(step).await;
        assert!(
            matches!(feasibility(&world.industry, world.round, &demand()).await, Err(Error::Rule(rule)) if rule.case() == Case::Moment)
        );
    }
}

#[tokio::test]
async fn seats_whose_experts_may_not_review_an_application_are_not_enough() {
    let world = World::at(Step::Draw).await;
    world.assign(&demand(), "专业特殊").await;
    for expert in &world.panel_of(world.application(1)).await[..3] {
        world.recuse(*expert, world.application(1)).await;
    }
    let refused = round::advance(&world.organizer, world.round, Step::Draw).await.unwrap_err();
    assert!(refused.to_string().contains("1 个项目不回避的入座专家不足"), "{refused}");
}

/// Leaves so many experts in the pool.
async fn keep(world: &World, count: usize) {
    let rest: Vec<Expert> = world.experts[count..].to_vec();
    let write = async |tx: &store::Tx| {
        for expert in rest {
            tx.experts().replace(&Expert { standing: PoolState::Suspended, ..expert }).await?;
        }
        Ok::<_, store::StoreError>(())
    };
    world.app.program(Errand::Demonstration).write(write).await.unwrap();
}

#[tokio::test]
async fn the_draw_is_not_entered_while_no_demand_at_all_can_be_met() {
    let world = World::at(Step::Grouping).await;
    world.do_the_work_of(Step::Grouping).await;
    keep(&world, 9).await;
    let refused = round::advance(&world.organizer, world.round, Step::Grouping).await.unwrap_err();
    assert!(refused.to_string().contains("任何席位设置都坐不满"), "{refused}");
    let overview = round::overview(&world.organizer, world.round).await.unwrap();
    let words: Vec<_> = overview.next.unwrap().1.iter().map(|c| (c.met().holds(), c.text())).collect();
    assert!(words.iter().any(|(met, text)| !met && text.contains("席位试算")), "{words:?}");
}

#[tokio::test]
async fn a_pool_that_takes_another_demand_is_enough_to_go_on() {
    let world = World::at(Step::Grouping).await;
    world.do_the_work_of(Step::Grouping).await;
    // Two panels of seven take fourteen.
    keep(&world, 12).await;
    let overview = round::overview(&world.organizer, world.round).await.unwrap();
    assert!(overview.next.unwrap().1.iter().any(|c| c.text().contains("须调整席位或上限")));
    world.advance(Step::Grouping).await;
}

#[tokio::test]
async fn before_a_draw_stands_the_round_can_go_back_to_its_panels() {
    let world = World::at(Step::Draw).await;
    world.assign(&demand(), "专业特殊").await;
    assert_rule!(panel::regroup(&world.industry, world.round, " ").await, Input, "理由");
    panel::regroup(&world.industry, world.round, "第二组缺少财务专家").await.unwrap();
    assert_eq!(world.stored_round().await.step, Step::Grouping);
    assert_eq!(world.store().panels().seats(world.round).await.unwrap(), []);
    assert_eq!(world.store().panels().of_round(world.round).await.unwrap().len(), 2, "the panels stay");
    assert_rule!(panel::regroup(&world.industry, world.round, "再退").await, Moment);
    assert!(world.audit_actions().await.contains(&"regrouped".to_owned()));
    world.reach(Step::Draw).await;
    assert!(draw::open(&world.industry, world.round, &demand()).await.unwrap().is_none());
    assert_rule!(panel::regroup(&world.industry, world.round, "太迟").await, Moment, "已有抽取");
    draw::void(&world.industry, world.round, "候选池有误").await.unwrap();
    panel::regroup(&world.industry, world.round, "候选池有误").await.unwrap();
}
