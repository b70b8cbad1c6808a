//! 形式审查: what binds, what is only worth a look, and that people decide.

use crate::support::World;
use crate::{assert_error, assert_rule};
use domain::application::{Application, ApplicationState, MemberRole};
use domain::round::Step;
use service::application::{self, Remark};
use service::{Error, round};
use store::Repositories;

/// The world with a further application of the first task, changed as wanted, in the round at 形式审查.
async fn with_another(change: impl FnOnce(&World, &mut Application)) -> (World, Application) {
    let world = World::new().await;
    let mut another = world.applications[0].clone();
    another.id = domain::ids::ApplicationId(world.app.ids.next());
    "SL-007".clone_into(&mut another.code);
    for (n, member) in (900..).zip(&mut another.members) {
        member.uscc = crate::support::uscc(n);
    }
    change(&world, &mut another);
    world
        .store()
        .write(async |tx| {
            tx.applications().insert(vec![another.clone()]).await?;
            tx.rounds().add_entries(world.round, &[another.id]).await
        })
        .await
        .unwrap();
    world.reach(Step::Formality).await;
    (world, another)
}

#[tokio::test]
async fn one_unit_leads_one_application() {
    let (world, another) =
        with_another(|world, a| a.members[0].uscc = world.applications[0].members[0].uscc.clone()).await;
    let (_, remarks) = application::list(&world.industry, world.round).await.unwrap();
    for id in [another.id, world.application(1)] {
        let defects: Vec<_> = remarks[&id].iter().filter(|r| matches!(r, Remark::Defect(_))).collect();
        assert_eq!(defects.len(), 1, "{defects:?}");
    }
    assert!(remarks[&world.application(2)].is_empty());
    assert_eq!(application::pass_sound(&world.industry, world.round).await.unwrap(), 5, "all but the two");
}

#[tokio::test]
async fn taking_part_elsewhere_is_noted_and_no_defect() {
    let (world, another) =
        with_another(|world, a| a.members[1].uscc = world.applications[0].members[0].uscc.clone()).await;
    let (_, remarks) = application::list(&world.industry, world.round).await.unwrap();
    assert!(matches!(remarks[&another.id].as_slice(), [Remark::Note(text)] if text.contains("SL-001")));
    assert_eq!(application::pass_sound(&world.industry, world.round).await.unwrap(), 7);
}

#[tokio::test]
async fn a_missing_commitment_is_a_defect_that_only_a_reason_overrides() {
    let (world, another) = with_another(|_, a| a.committed_on = None).await;
    let decide =
        |state, reason: &'static str| application::decide(&world.industry, world.round, another.id, state, reason);
    assert_rule!(decide(ApplicationState::Eligible, " ").await, Input);
    assert_rule!(decide(ApplicationState::Rejected, "").await, Input);
    decide(ApplicationState::Eligible, "承诺书已补交").await.unwrap();
    let stored = world.store().applications().get(another.id).await.unwrap();
    assert_eq!((stored.state, stored.state_reason.as_str()), (ApplicationState::Eligible, "承诺书已补交"));
    application::decide(&world.industry, world.round, world.application(1), ApplicationState::Eligible, "")
        .await
        .unwrap();
}

#[tokio::test]
async fn a_consortium_without_a_participant_is_defective() {
    let (world, another) = with_another(|_, a| a.members.retain(|m| m.role == MemberRole::Lead)).await;
    let (_, remarks) = application::list(&world.industry, world.round).await.unwrap();
    assert!(matches!(remarks[&another.id].as_slice(), [Remark::Defect(text)] if text.contains("参与单位不少于1家")));
}

#[tokio::test]
async fn the_gate_waits_for_every_decision_and_rejected_ones_leave_the_round() {
    let (world, another) = with_another(|_, a| a.committed_on = None).await;
    application::pass_sound(&world.industry, world.round).await.unwrap();
    let early = round::advance(&world.organizer, world.round, Step::Formality).await;
    assert_rule!(early, Moment, "1 项申报尚未形式审查", "协调员");
    let rejected = ApplicationState::Rejected;
    application::decide(&world.industry, world.round, another.id, rejected, "缺少承诺书").await.unwrap();
    world.advance(Step::Formality).await;
    let entries = world.store().rounds().entries(world.round).await.unwrap();
    assert_eq!(entries.len(), 6);
    assert!(!entries.contains_key(&another.id));
    let late = application::decide(&world.industry, world.round, world.application(1), rejected, "迟到").await;
    assert_rule!(late, Moment);
}

#[tokio::test]
async fn an_application_outside_the_round_is_not_found() {
    let world = World::new().await;
    let foreign = domain::ids::ApplicationId(world.app.ids.next());
    let answer = application::decide(&world.industry, world.round, foreign, ApplicationState::Eligible, "").await;
    assert_error!(answer, Error::NotFound);
    assert_error!(application::get(&world.industry, world.round, foreign).await, Error::NotFound);
    let opened = application::get(&world.industry, world.round, world.application(3)).await.unwrap();
    assert_eq!((opened.application.code.as_str(), opened.task.code.as_str()), ("SL-003", "RW-02"));
    assert_eq!((opened.round.id, opened.panel), (world.round, None));
}
