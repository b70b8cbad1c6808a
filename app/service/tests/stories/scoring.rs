//! 独立评分: own sheets only, saved under versions, submitted whole; nobody sees a value before all are in.

use crate::support::{World, fingerprint};
use crate::{assert_error, assert_rule};
use domain::objective::{Objective, Objectives};
use domain::points::Points;
use domain::round::Step;
use domain::sheet::{SheetError, SheetState, Typed};
use service::scoring::DeskLine;
use service::{Error, RuleError, finding, round, scoring};
use std::collections::BTreeMap;
use store::Repositories;

#[tokio::test]
async fn an_expert_finds_the_own_sheets_and_fills_them() {
    let world = World::at(Step::Scoring).await;
    let expert = world.panel_of(world.application(5)).await[2];
    let ctx = world.as_expert(expert);
    let desk = &scoring::desks(&ctx).await.unwrap()[0];
    assert_eq!((desk.panel.as_str(), desk.seat, desk.lines.len()), ("智能装备组", 3, 2));
    let DeskLine::Own { sheet, missing, total: None, .. } = &desk.lines[0] else { panic!("{:?}", desk.lines) };
    assert_eq!(missing.len(), 10, "nine criteria and the vote");
    let typed = world.typed(sheet.id, expert, 80).await;
    let saved = scoring::save(&ctx, sheet.id, 0, &typed).await.unwrap();
    assert_eq!((saved.version, saved.state.clone()), (1, SheetState::Draft));
    assert_eq!(saved.entries["A1"].points, Some(Points(960)));
    let submitted = scoring::submit(&ctx, sheet.id, 1).await.unwrap();
    assert_eq!(submitted.state, SheetState::Submitted { at: world.app.clock.now() });
    assert_eq!(world.sheet_of(expert, sheet.application).await, submitted);
    let again = scoring::save(&ctx, sheet.id, 1, &typed).await;
    assert_error!(again, Error::Rule(RuleError::Sheet(SheetError::NotDraft)));
}

#[tokio::test]
async fn a_stale_save_is_refused_and_changes_nothing() {
    let world = World::at(Step::Scoring).await;
    let application = world.application(1);
    let expert = world.panel_of(application).await[0];
    let sheet = world.sheet_of(expert, application).await.id;
    let ctx = world.as_expert(expert);
    scoring::save(&ctx, sheet, 0, &world.typed(sheet, expert, 80).await).await.unwrap();
    let before = fingerprint(&world).await;
    let other_window = world.typed(sheet, expert, 65).await;
    let stale = scoring::save(&ctx, sheet, 0, &other_window).await;
    assert_error!(stale, Error::Rule(RuleError::Sheet(SheetError::Stale { latest: 1, given: 0 })));
    assert_error!(scoring::submit(&ctx, sheet, 0).await, Error::Rule(RuleError::Sheet(SheetError::Stale { .. })));
    let mut wrong = world.typed(sheet, expert, 80).await;
    wrong.points.insert("B2".to_owned(), "10.01".to_owned());
    assert_error!(scoring::save(&ctx, sheet, 1, &wrong).await, Error::Rule(RuleError::Sheet(SheetError::Invalid(p))) if p[0].code == "B2");
    assert_eq!(fingerprint(&world).await, before);
}

#[tokio::test]
async fn an_incomplete_sheet_names_what_is_missing() {
    let world = World::at(Step::Scoring).await;
    let application = world.application(1);
    let expert = world.panel_of(application).await[0];
    let sheet = world.sheet_of(expert, application).await.id;
    let ctx = world.as_expert(expert);
    let mut typed = world.typed(sheet, expert, 50).await;
    typed.points.remove("A3");
    typed.reasons.insert("C2".to_owned(), String::new());
    typed.vote = None;
    scoring::save(&ctx, sheet, 0, &typed).await.unwrap();
    let Err(Error::Rule(RuleError::Sheet(SheetError::Incomplete(missing)))) = scoring::submit(&ctx, sheet, 1).await
    else {
        panic!()
    };
    let codes: Vec<_> = missing.iter().map(|p| p.code.as_str()).collect();
    assert_eq!(codes, ["A3", "C2", "vote"]);
    let empty = scoring::save(&ctx, sheet, 1, &Typed::default()).await.unwrap();
    assert!(empty.entries.values().all(|e| e.points.is_none()), "left empty is missing, not zero");
}

#[tokio::test]
async fn the_sheet_of_another_expert_is_not_found() {
    let world = World::at(Step::Scoring).await;
    let application = world.application(1);
    let experts = world.panel_of(application).await;
    let sheet = world.sheet_of(experts[0], application).await.id;
    let other = world.as_expert(experts[1]);
    let typed = world.typed(sheet, experts[0], 80).await;
    let before = fingerprint(&world).await;
    assert_error!(scoring::sheet(&other, sheet).await, Error::NotFound);
    assert_error!(scoring::save(&other, sheet, 0, &typed).await, Error::NotFound);
    assert_error!(scoring::submit(&other, sheet, 0).await, Error::NotFound);
    assert_eq!(fingerprint(&world).await, before);
}

#[tokio::test]
async fn the_board_shows_no_value_while_scoring_is_open() {
    let world = World::at(Step::Scoring).await;
    world.establish_objectives().await;
    world.score_all(|_, seat| 60 + 5 * i64::try_from(seat).unwrap()).await;
    for viewer in [&world.organizer, &world.industry, &world.supervisor] {
        let board = scoring::board(viewer, world.round).await.unwrap();
        assert!(!board.closed);
        let cells = board.panels.iter().flat_map(|(_, _, rows)| rows).flat_map(|r| &r.cells).flatten();
        let cells: Vec<_> = cells.collect();
        assert_eq!(cells.len(), 30);
        assert!(cells.iter().all(|c| c.total.is_none() && c.vote.is_none()));
        assert!(cells.iter().all(|c| matches!(c.state, SheetState::Submitted { .. })), "but that they are in");
    }
    assert_rule!(service::calibration::scores_csv(&world.organizer, world.round).await, Moment);
    world.advance(Step::Scoring).await;
    let board = scoring::board(&world.organizer, world.round).await.unwrap();
    let first = board.panels[0].2[0].cells[0].as_ref().unwrap();
    assert!(board.closed);
    // 22.5 objective points and 65 % of 70.
    assert_eq!(first.total.unwrap().rounded(), Points(6800));
}

#[tokio::test]
async fn scoring_has_its_time() {
    let world = World::at(Step::Scoring).await;
    let application = world.application(1);
    let expert = world.panel_of(application).await[0];
    let sheet = world.sheet_of(expert, application).await.id;
    let typed = world.typed(sheet, expert, 80).await;
    world.reach(Step::Checking).await;
    let ctx = world.as_expert(expert);
    assert_rule!(scoring::save(&ctx, sheet, 1, &typed).await, Moment);
    assert_rule!(scoring::submit(&ctx, sheet, 1).await, Moment);
    assert!(scoring::sheet(&ctx, sheet).await.is_ok(), "one's own sheet can still be read");
}

fn objective(code: &str, points: i64, evidence: &str) -> BTreeMap<String, Objective> {
    BTreeMap::from([(code.to_owned(), Objective { points: Points(points), evidence: evidence.to_owned() })])
}

#[tokio::test]
async fn objective_points_need_range_and_evidence() {
    let world = World::at(Step::Scoring).await;
    let set = |scores| {
        let objectives = Objectives::from([(world.application(1), scores)]);
        finding::set_objectives(&world.industry, world.round, objectives)
    };
    let before = fingerprint(&world).await;
    for (scores, reason) in [
        (objective("A2", 801, "附件1"), "0至8分"),
        (objective("A2", -1, "附件1"), "0至8分"),
        (objective("A2", 800, " "), "佐证"),
        (objective("A1", 800, "附件1"), "不是客观评分项"),
        (objective("Z1", 800, "附件1"), "不是客观评分项"),
    ] {
        assert_rule!(set(scores).await, Input, reason);
    }
    let foreign = Objectives::from([(domain::ids::ApplicationId(world.app.ids.next()), BTreeMap::new())]);
    assert_error!(finding::set_objectives(&world.industry, world.round, foreign).await, Error::NotFound);
    assert_eq!(fingerprint(&world).await, before);
    assert!(world.store().findings().objectives(world.round).await.unwrap().is_empty());
    set(objective("A2", 800, "附件1")).await.unwrap();
    let seen = finding::established(&world.supervisor, world.round).await.unwrap();
    assert_eq!(seen.objectives[&world.application(1)]["A2"].points, Points(800));
}

#[tokio::test]
async fn objective_points_wait_for_frozen_terms() {
    let world = World::new().await;
    let objectives = Objectives::from([(world.application(1), objective("A2", 800, "附件1"))]);
    let early = finding::set_objectives(&world.industry, world.round, objectives).await;
    assert_rule!(early, Moment, "尚未冻结");
}

#[tokio::test]
async fn a_voided_sheet_stays_on_record_and_cannot_be_voided_again() {
    let world = World::at(Step::Checking).await;
    let sheets = world.store().sheets().of_round(world.round).await.unwrap();
    let id = sheets[0].id;
    let void = |reason: &'static str| scoring::void(&world.industry, world.round, id, reason);
    assert_rule!(void(" ").await, Input);
    world.void_sheet(id, "评分与打分标准明显不符").await;
    assert_rule!(void("改写理由").await, Input, "已作废");
    let after = world.store().sheets().of_round(world.round).await.unwrap();
    assert_eq!(after.len(), sheets.len());
    let voided = after.into_iter().find(|s| s.id == id).unwrap();
    assert!(matches!(voided.state, SheetState::Voided { reason, .. } if reason == "评分与打分标准明显不符"));
    let foreign = domain::ids::SheetId(world.app.ids.next());
    assert_error!(scoring::void(&world.industry, world.round, foreign, "理由").await, Error::NotFound);
}

#[tokio::test]
async fn three_valid_sheets_are_the_least() {
    let world = World::at(Step::Checking).await;
    let application = world.application(1);
    for expert in &world.panel_of(application).await[..3] {
        let sheet = world.sheet_of(*expert, application).await.id;
        world.void_sheet(sheet, "评审纪律").await;
    }
    let early = round::advance(&world.organizer, world.round, Step::Checking).await;
    assert_rule!(early, Moment, "1 个项目有效评分表不足");
}

#[tokio::test]
async fn objective_points_that_went_missing_hold_the_round_before_it_is_too_late() {
    let world = World::at(Step::Checking).await;
    let none = Objectives::from([(world.application(1), std::collections::BTreeMap::new())]);
    finding::set_objectives(&world.industry, world.round, none).await.unwrap();
    let answer = service::round::advance(&world.organizer, world.round, Step::Checking).await;
    assert_rule!(answer, Moment, "客观分未登记齐全");
}

#[tokio::test]
async fn a_submission_can_be_taken_back_until_the_sheets_are_checked() {
    let world = World::at(Step::Scoring).await;
    let expert = world.panel_of(world.application(1)).await[0];
    let sheet = world.sheet_of(expert, world.application(1)).await.id;
    let ctx = world.as_expert(expert);
    assert_rule!(scoring::withdraw(&ctx, sheet).await, Input, "尚未提交");
    world.fill_and_submit(expert, sheet, 80).await;
    let back = scoring::withdraw(&ctx, sheet).await.unwrap();
    assert!(back.is_draft());
    assert_error!(scoring::withdraw(&world.as_expert(world.experts[19].id), sheet).await, Error::NotFound);
    scoring::submit(&ctx, sheet, back.version).await.unwrap();
    assert!(world.audit_actions().await.contains(&"sheet_withdrawn".to_owned()));

    let world = World::at(Step::Checking).await;
    let expert = world.panel_of(world.application(1)).await[0];
    let sheet = world.sheet_of(expert, world.application(1)).await.id;
    assert_rule!(scoring::withdraw(&world.as_expert(expert), sheet).await, Moment);
}
