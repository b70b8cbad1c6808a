//! 回避: found by the program, decided by people, declared by experts.

use crate::support::{World, fingerprint};
use crate::{assert_error, assert_rule};
use domain::conflict::{Conflict, Decision, Origin, Rule};
use domain::ids::ExpertId;
use domain::round::Step;
use domain::sheet::SheetState;
use service::scoring::DeskLine;
use service::{Error, conflict, round, scoring};
use store::Repositories;

/// A world at 回避审查 in which one expert works for the lead of SL-001, and one only shares the name of a listed person.
async fn with_conflicts() -> (World, ExpertId, ExpertId) {
    let mut world = World::new().await;
    let lead = world.applications[0].members[0].clone();
    let employee = world
        .add_expert(1, |e| {
            e.employer.clone_from(&lead.name);
            e.employer_uscc = Some(lead.uscc);
        })
        .await;
    let mut listed = world.applications[1].clone();
    listed.id = domain::ids::ApplicationId(world.app.ids.next());
    "SL-007".clone_into(&mut listed.code);
    for (n, member) in (900..).zip(&mut listed.members) {
        member.uscc = crate::support::uscc(n);
    }
    listed.people.push(domain::application::Person {
        name: "同名人".to_owned(),
        unit: "别的单位".to_owned(),
        duty: "骨干".to_owned(),
    });
    let namesake = world
        .add_expert(2, |e| {
            "同名人".clone_into(&mut e.name);
            "示例研究院".clone_into(&mut e.employer);
            e.employer_uscc = Some(crate::support::uscc(2001));
        })
        .await;
    world
        .store()
        .write(async |tx| {
            tx.applications().insert(vec![listed.clone()]).await?;
            tx.rounds().add_entries(world.round, &[listed.id]).await
        })
        .await
        .unwrap();
    world.reach(Step::Recusal).await;
    (world, employee, namesake)
}

async fn records(world: &World) -> Vec<Conflict> {
    world.store().conflicts().of_round(world.round).await.unwrap()
}

async fn of(world: &World, expert: ExpertId) -> Conflict {
    records(world).await.into_iter().find(|c| c.expert == expert).unwrap()
}

#[tokio::test]
async fn the_program_finds_with_rule_and_evidence_and_leaves_namesakes_to_people() {
    let (world, employee, namesake) = with_conflicts().await;
    assert_eq!(conflict::detect(&world.industry, world.round).await.unwrap(), (2, 2));
    let own_unit = of(&world, employee).await;
    assert_eq!(own_unit.rule, Rule::SameLegalPerson);
    assert!(own_unit.evidence.application_side.contains("牵头单位"));
    assert!(own_unit.excludes(), "mandatory rules hold until someone decides otherwise");
    let same_name = of(&world, namesake).await;
    assert_eq!(same_name.rule, Rule::Namesake);
    assert!(!same_name.excludes());
    let early = round::advance(&world.organizer, world.round, Step::Recusal).await;
    assert_rule!(early, Moment, "1 条回避待认定");
}

#[tokio::test]
async fn detecting_again_keeps_what_people_decided() {
    let (world, employee, namesake) = with_conflicts().await;
    conflict::detect(&world.industry, world.round).await.unwrap();
    let decided = of(&world, namesake).await.id;
    let reason = "核实为不同的人";
    conflict::decide(&world.industry, world.round, decided, Decision::Dismissed, reason).await.unwrap();
    let undecided = of(&world, employee).await.id;
    assert_eq!(conflict::detect(&world.industry, world.round).await.unwrap(), (2, 0));
    let kept = of(&world, namesake).await;
    assert_eq!((kept.id, kept.decision, kept.reason.as_str()), (decided, Decision::Dismissed, reason));
    assert_ne!(of(&world, employee).await.id, undecided, "an undecided finding is made anew");
    assert_eq!(records(&world).await.len(), 2);
}

#[tokio::test]
async fn every_decision_states_its_reason() {
    let (world, employee, _) = with_conflicts().await;
    conflict::detect(&world.industry, world.round).await.unwrap();
    let id = of(&world, employee).await.id;
    for decision in [Decision::Upheld, Decision::Dismissed] {
        let answer = conflict::decide(&world.industry, world.round, id, decision, "  ").await;
        assert_rule!(answer, Input, "理由");
    }
    assert_eq!(of(&world, employee).await.decision, Decision::Pending);
    conflict::decide(&world.education, world.round, id, Decision::Upheld, "现职").await.unwrap();
    assert_eq!(of(&world, employee).await.decision, Decision::Upheld);
    let unknown = domain::ids::ConflictId(world.app.ids.next());
    let answer = conflict::decide(&world.industry, world.round, unknown, Decision::Upheld, "现职").await;
    assert_error!(answer, Error::NotFound);
}

#[tokio::test]
async fn detection_has_its_time() {
    let world = World::new().await;
    assert_rule!(conflict::detect(&world.industry, world.round).await, Moment);
    world.reach(Step::SignIn).await;
    assert_rule!(conflict::detect(&world.industry, world.round).await, Moment);
}

#[tokio::test]
async fn declaring_a_relation_voids_the_sheet_and_hides_the_application() {
    let world = World::at(Step::Scoring).await;
    let application = world.application(1);
    let expert = world.panel_of(application).await[0];
    let sheet = world.sheet_of(expert, application).await;
    let ctx = world.as_expert(expert);
    world.fill_and_submit(expert, sheet.id, 75).await;
    let declare =
        |statement: &'static str| conflict::declare(&ctx, world.round, application, Rule::Mentorship, statement);
    assert_rule!(declare(" ").await, Input);
    declare("曾为其负责人的导师").await.unwrap();

    let voided = world.store().sheets().of(expert).get(sheet.id).await.unwrap();
    assert!(matches!(voided.state, SheetState::Voided { ref reason, .. } if reason.contains("师生")));
    assert_error!(scoring::sheet(&ctx, sheet.id).await, Error::NotFound);
    let desk = &scoring::desks(&ctx).await.unwrap()[0];
    assert_eq!(desk.lines.len(), 4);
    assert_eq!(desk.lines.iter().filter(|l| matches!(l, DeskLine::Recused)).count(), 1);
    let titles = format!("{:?}", desk.lines);
    assert!(!titles.contains("示例项目1") && !titles.contains("SL-001"), "neither title nor code");
    let declared = of(&world, expert).await;
    assert_eq!((declared.origin, declared.decision), (Origin::Declared, Decision::Upheld));
    let actions = world.audit_actions().await;
    assert!(actions.contains(&"conflict_declared".to_owned()) && actions.contains(&"sheet_voided".to_owned()));
    assert_rule!(declare("再次申明").await, Duplicate);
}

#[tokio::test]
async fn an_application_of_another_panel_cannot_be_declared() {
    let world = World::at(Step::Scoring).await;
    let ctx = world.as_expert(world.panel_of(world.application(1)).await[0]);
    let before = fingerprint(&world).await;
    let answer = conflict::declare(&ctx, world.round, world.application(5), Rule::Kinship, "近亲属").await;
    assert_error!(answer, Error::NotFound);
    assert_eq!(fingerprint(&world).await, before);
}

#[tokio::test]
async fn what_an_expert_declared_as_mandatory_is_not_dismissed() {
    let world = World::at(Step::SignIn).await;
    let expert = world.panel_of(world.application(1)).await[0];
    let ctx = world.as_expert(expert);
    conflict::declare(&ctx, world.round, world.application(1), Rule::Kinship, "近亲属").await.unwrap();
    let id = of(&world, expert).await.id;
    let answer = conflict::decide(&world.industry, world.round, id, Decision::Dismissed, "不成立").await;
    assert_rule!(answer, Input, "申明");
    world.reach(Step::Scoring).await;
    let sheets = world.store().sheets().of(expert).in_round(world.round).await.unwrap();
    assert_eq!(sheets.len(), 3, "no sheet opens for the declared application");
    let late = conflict::decide(&world.industry, world.round, id, Decision::Upheld, "迟到").await;
    assert_rule!(late, Moment);
}

#[tokio::test]
async fn the_picture_holds_the_experts_concerned() {
    let (world, employee, namesake) = with_conflicts().await;
    conflict::detect(&world.industry, world.round).await.unwrap();
    let picture = conflict::picture(&world.supervisor, world.round).await.unwrap();
    assert_eq!(picture.experts.keys().copied().collect::<Vec<_>>(), [employee, namesake]);
    assert_eq!((picture.pool, picture.conflicts.len(), picture.seats.len()), (22, 2, 0));
}

#[tokio::test]
async fn a_recusal_declared_by_mistake_is_undone_by_a_decision_and_the_sheet_comes_back() {
    let world = World::at(Step::Scoring).await;
    let application = world.application(1);
    let expert = world.panel_of(application).await[0];
    let sheet = world.sheet_of(expert, application).await;
    let ctx = world.as_expert(expert);
    let saved = scoring::save(&ctx, sheet.id, 0, &world.typed(sheet.id, expert, 80).await).await.unwrap();
    conflict::declare(&ctx, world.round, application, Rule::Kinship, "点错").await.unwrap();
    assert_error!(scoring::sheet(&ctx, sheet.id).await, Error::NotFound);
    let record = world.store().conflicts().of_round(world.round).await.unwrap().pop().unwrap();
    assert_rule!(conflict::undo(&world.industry, world.round, record.id, " ").await, Input);
    assert_error!(conflict::undo(&ctx, world.round, record.id, "点错").await, Error::Denied(_));
    for ctx in [&world.industry, &world.education] {
        conflict::undo(ctx, world.round, record.id, "专家点错项目，已当面核实").await.unwrap();
    }
    let back = world.sheet_of(expert, application).await;
    assert!(back.is_draft() && back.id == sheet.id && back.entries == saved.entries);
    scoring::sheet(&ctx, sheet.id).await.unwrap();
    assert_rule!(conflict::undo(&world.industry, world.round, record.id, "再次").await, Input);
    assert_eq!(service::invariant::check(&world.app.store, &world.app.imprint_key).await.unwrap().broken, []);
}

#[tokio::test]
async fn a_submitted_sheet_is_voided_by_a_recusal_declared_after_it() {
    let world = World::at(Step::Checking).await;
    let application = world.application(1);
    let expert = world.panel_of(application).await[0];
    let ctx = world.as_expert(expert);
    conflict::declare(&ctx, world.round, application, Rule::Kinship, "刚得知近亲属任职").await.unwrap();
    let left = world.store().sheets().of(expert).in_round(world.round).await.unwrap();
    assert!(left.iter().all(|sheet| sheet.application != application));
    assert_eq!(service::invariant::check(&world.app.store, &world.app.imprint_key).await.unwrap().broken, []);
}
