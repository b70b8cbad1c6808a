//! 连接评审: experts of one panel also score applications of another, so that panels can be compared.

use crate::assert_rule;
use crate::support::{World, demand, fingerprint, terms};
use domain::round::{Method, Step, Terms};
use service::panel::{self, Ask, Assumed, Placement};
use service::scoring::{Bridged, DeskLine};
use service::{calibration, round, scoring};
use std::collections::BTreeSet;
use store::Repositories;

fn ask(count: u32) -> Ask {
    Ask { placement: Placement::Reviews { count, per_expert: 1 }, assumed: Assumed::default() }
}

/// Two panels with their experts, nothing in common.
async fn seated() -> World {
    let world = World::at(Step::Draw).await;
    world.assign(&demand(), "专业特殊").await;
    world
}

fn mixed() -> Terms {
    Terms { method: Method::Mixed, ..terms() }
}

#[tokio::test]
async fn a_trial_changes_nothing_and_says_what_would_be_gained() {
    let world = seated().await;
    let before = fingerprint(&world).await;
    let plan = panel::preview_bridges(&world.industry, world.round, ask(3)).await.unwrap();
    assert_eq!(fingerprint(&world).await, before);
    assert_eq!(plan.lines.len(), 3);
    assert!(plan.comparison.mean_after < 0.9 * plan.comparison.mean_before, "{:?}", plan.comparison);
    assert!(plan.lines.iter().all(|line| line.panel != line.home));
}

#[tokio::test]
async fn bridges_are_scored_and_join_the_panels() {
    let world = seated().await;
    assert_eq!(panel::set_bridges(&world.industry, world.round, ask(3)).await.unwrap(), 3);
    let (dossier, plan) = panel::bridges(&world.supervisor, world.round).await.unwrap();
    assert_eq!((dossier.bridges.len(), plan.unwrap().lines.len()), (3, 3));
    assert!(world.audit_actions().await.contains(&"bridges_planned".to_owned()));
    world.advance(Step::Draw).await;
    world.freeze(mixed()).await;
    world.everyone_signs_in().await;
    world.advance(Step::SignIn).await;
    world.do_the_work_of(Step::Scoring).await;

    // Guests find the application on their desk, marked as another panel's.
    let seats = world.store().panels().seats(world.round).await.unwrap();
    for bridge in &dossier.bridges {
        let seat = seats.iter().find(|s| s.panel == bridge.panel && s.number == bridge.number).unwrap();
        let desks = scoring::desks(&world.as_expert(seat.expert)).await.unwrap();
        let line = desks[0].lines.iter().find_map(|line| match line {
            DeskLine::Own { sheet, bridge: Bridged::Across, .. } => Some(sheet),
            _ => None,
        });
        assert_eq!(line.unwrap().application, bridge.application);
        let early = round::advance(&world.organizer, world.round, Step::Scoring).await;
        assert_rule!(early, Moment, "未提交");
        world.fill_and_submit(seat.expert, line.unwrap().id, 80).await;
    }
    for step in [Step::Scoring, Step::Checking, Step::Deliberation] {
        world.advance(step).await;
    }
    let board = scoring::board(&world.industry, world.round).await.unwrap();
    let guests: Vec<_> = board.panels.iter().flat_map(|(_, _, rows)| rows).flat_map(|row| &row.guests).collect();
    assert_eq!(guests.len(), 3);
    assert!(guests.iter().all(|(_, sheet)| sheet.total.is_some()));

    let record = calibration::compute(&world.industry, world.round).await.unwrap();
    assert_eq!(record.components, 1);
    let csv = calibration::scores_csv(&world.industry, world.round).await.unwrap();
    let of_panels: BTreeSet<(&str, &str)> =
        csv.lines().skip(1).map(|line| (&line[..6], line.split(',').nth(3).unwrap())).collect();
    assert!(of_panels.len() > world.applications.len(), "a guest's sheet goes under the guest's panel: {of_panels:?}");
}

#[tokio::test]
async fn nobody_is_asked_across_a_recusal() {
    let world = seated().await;
    let first = panel::preview_bridges(&world.industry, world.round, ask(1)).await.unwrap();
    let (dossier, roster) = service::session::roster(&world.industry, world.round).await.unwrap();
    let asked = |line: &panel::Line| {
        let home = dossier.panels.iter().find(|p| p.name == line.panel).unwrap().id;
        let seat = roster.iter().find(|r| r.seat.panel == home && r.seat.number == line.number).unwrap();
        let application = dossier.applications.iter().find(|a| a.code == line.code).unwrap();
        (seat.expert.id, application.id)
    };
    let (expert, application) = asked(&first.lines[0]);
    world.recuse(expert, application).await;
    let all = panel::preview_bridges(&world.industry, world.round, ask(100)).await.unwrap();
    assert!(all.lines.len() > 3);
    assert!(all.lines.iter().map(asked).all(|pair| pair != (expert, application)));
}

#[tokio::test]
async fn a_guest_declares_a_recusal_like_anybody_and_sees_nothing_of_it_afterwards() {
    let world = seated().await;
    panel::set_bridges(&world.industry, world.round, ask(1)).await.unwrap();
    world.advance(Step::Draw).await;
    world.freeze(mixed()).await;
    world.everyone_signs_in().await;
    world.advance(Step::SignIn).await;
    let (dossier, roster) = service::session::roster(&world.industry, world.round).await.unwrap();
    let bridge = dossier.bridges[0];
    let seat = roster.iter().find(|r| r.seat.panel == bridge.panel && r.seat.number == bridge.number).unwrap();
    let guest = world.as_expert(seat.expert.id);
    let desk = async || {
        let desks = scoring::desks(&guest).await.unwrap();
        let lines = desks.into_iter().flat_map(|desk| desk.lines);
        lines
            .filter_map(|line| match line {
                scoring::DeskLine::Own { sheet, .. } => Some(sheet.application),
                scoring::DeskLine::Recused => None,
            })
            .collect::<Vec<_>>()
    };
    assert!(desk().await.contains(&bridge.application));
    let rule = domain::conflict::Rule::Mentorship;
    service::conflict::declare(&guest, world.round, bridge.application, rule, "师生关系").await.unwrap();
    assert!(!desk().await.contains(&bridge.application));
}

#[tokio::test]
async fn only_methods_that_can_use_bridges_go_with_them() {
    let world = seated().await;
    round::set_terms(&world.industry, world.round, terms()).await.unwrap();
    let refused = panel::set_bridges(&world.industry, world.round, ask(2)).await;
    assert_rule!(refused, Moment, "算术平均");
    round::set_terms(&world.industry, world.round, mixed()).await.unwrap();
    let additive = Terms { method: Method::Additive, ..terms() };
    let apart = round::set_terms(&world.industry, world.round, additive.clone()).await;
    assert_rule!(apart, Input, "连接评审");
    panel::set_bridges(&world.industry, world.round, ask(2)).await.unwrap();
    assert_rule!(round::set_terms(&world.industry, world.round, terms()).await, Input);
    round::set_terms(&world.industry, world.round, additive).await.unwrap();
    panel::clear_bridges(&world.industry, world.round).await.unwrap();
    assert!(panel::bridges(&world.industry, world.round).await.unwrap().1.is_none());
    // 加性校正 cannot compare what nothing joins.
    world.advance(Step::Draw).await;
    world.everyone_signs_in().await;
    let early = round::advance(&world.organizer, world.round, Step::SignIn).await;
    assert_rule!(early, Moment, "连通");
}

#[tokio::test]
async fn another_seating_takes_bridges_back_and_scoring_fixes_them() {
    let world = seated().await;
    panel::set_bridges(&world.industry, world.round, ask(2)).await.unwrap();
    world.assign(&demand(), "重新指派").await;
    assert!(panel::bridges(&world.industry, world.round).await.unwrap().1.is_none());
    world.reach(Step::Scoring).await;
    for answer in [
        panel::set_bridges(&world.industry, world.round, ask(2)).await.map(drop),
        panel::clear_bridges(&world.industry, world.round).await,
        panel::preview_bridges(&world.industry, world.round, ask(2)).await.map(drop),
    ] {
        assert_rule!(answer, Moment);
    }
}

#[tokio::test]
async fn demands_out_of_bounds_are_refused() {
    let world = seated().await;
    let assumed = Assumed { residual: 0.0, ..Assumed::default() };
    let endless = Assumed { expert: f64::NAN, ..Assumed::default() };
    for ask in [
        ask(0),
        ask(2001),
        Ask { assumed, ..ask(1) },
        Ask { assumed: endless, ..ask(1) },
        Ask { placement: Placement::Anchors { applications: 1, reviewers: 4 }, ..ask(1) },
    ] {
        assert_rule!(panel::preview_bridges(&world.industry, world.round, ask).await, Input);
    }
}
