//! 席位试算: whether the seats can be filled, and which control would help, before anything is opened.

use crate::support::{World, demand, fingerprint};
use domain::round::Step;
use service::assignment::{self, Control, Demand, Plenty, feasibility};
use service::{Case, Error, draw, round};

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
    assignment::assign(&world.industry, world.round, &demand(), "专业特殊").await.unwrap();
    for expert in &world.panel_of(world.application(1)).await[..3] {
        world.recuse(*expert, world.application(1)).await;
    }
    let refused = round::advance(&world.organizer, world.round, Step::Draw).await.unwrap_err();
    assert!(refused.to_string().contains("1 个项目不回避的入座专家不足"), "{refused}");
}
