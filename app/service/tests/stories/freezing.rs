//! 冻结: what somebody changes past the program goes into no computation, gate, signature or document, and is refused by name.

use crate::support::{World, demand};
use domain::imprint::{Altered, Facet};
use domain::round::{Gate, Step};
use export::Edition;
use export::panel_summary::Variant;
use sea_orm::ConnectionTrait;
use service::integrity::examine;
use service::{Error, RuleError, assignment, calibration, conflict, decision, draw, panel, ranking, round};
use std::pin::Pin;
use store::Repositories;

/// As somebody with the database's own tools would.
async fn tamper(world: &World, statement: &str) {
    let done = world.app.store.connection().execute_unprepared(statement).await.unwrap();
    assert!(done.rows_affected() > 0, "nothing is changed by {statement}");
}

/// What a refusal names.
fn named<T: std::fmt::Debug>(answer: Result<T, Error>) -> Vec<Altered> {
    match answer {
        Err(Error::Rule(RuleError::NotAsLeft(found))) => found.0,
        other => panic!("not refused for what was altered: {other:?}"),
    }
}

async fn altered(world: &World) -> Vec<Altered> {
    let found = examine(&world.app.store, &world.app.imprint_key, &[]).await.unwrap();
    assert_eq!(found.chain.faults, []);
    found.altered.into_iter().map(|(_, altered)| altered).collect()
}

const FIRST: &str = "id = (SELECT id FROM sheet ORDER BY id LIMIT 1)";

/// Changes past the program, with what of the round they touch; `None` for a single sheet.
const CHANGES: &[(&str, Option<Facet>)] = &[
    ("UPDATE round SET terms = replace(terms, '\"quota\":3', '\"quota\":130')", Some(Facet::Terms)),
    ("UPDATE round SET rubric = replace(rubric, '\"full\":800', '\"full\":700')", Some(Facet::Terms)),
    ("UPDATE round SET reference_day = '2027-01-01'", Some(Facet::Terms)),
    ("UPDATE round SET title = title || '二'", Some(Facet::Course)),
    ("UPDATE sheet SET entries = json_set(entries, '$.A1.points', 1) WHERE ", None),
    ("UPDATE sheet SET vote = CASE vote WHEN 'decline' THEN 'recommend' ELSE 'decline' END WHERE ", None),
    ("UPDATE sheet SET comment = comment || '好' WHERE ", None),
    ("UPDATE sheet SET state = 'voided', state_reason = '重评' WHERE ", None),
    ("DELETE FROM sheet WHERE ", Some(Facet::Sheets)),
    ("UPDATE objective_score SET points = points - 1", Some(Facet::Objectives)),
    ("UPDATE objective_score SET evidence = '另附'", Some(Facet::Objectives)),
    ("DELETE FROM objective_score", Some(Facet::Objectives)),
    ("UPDATE conflict SET decision = 'dismissed'", Some(Facet::Conflicts)),
    ("DELETE FROM conflict", Some(Facet::Conflicts)),
    ("UPDATE seat SET number = number + 40", Some(Facet::Seats)),
    ("UPDATE seat SET presence = 'absent'", Some(Facet::Seats)),
    ("UPDATE panel SET name = name || '组'", Some(Facet::Panels)),
    ("UPDATE application SET title = title || '二'", Some(Facet::Applications)),
    ("UPDATE application_member SET name = name || '公司'", Some(Facet::Applications)),
    ("UPDATE indicator SET target = target / 2", Some(Facet::Applications)),
    (
        "INSERT INTO knockout (id, round_id, application_id, code, reason) SELECT id, round_id, application_id, 'K2', '造假' FROM objective_score LIMIT 1",
        Some(Facet::Indicators),
    ),
    ("DELETE FROM run WHERE kind = 'detection'", Some(Facet::Runs)),
    ("UPDATE run SET digest = 'x' WHERE kind = 'detection'", Some(Facet::Runs)),
    ("DELETE FROM countersign WHERE department = 'gxt'", Some(Facet::Signatures)),
    ("UPDATE countersign SET digest = 'x' WHERE department = 'gxt'", Some(Facet::Signatures)),
];

#[tokio::test]
async fn nothing_is_computed_on_what_was_changed_past_the_program() {
    for (statement, facet) in CHANGES {
        let world = World::at(Step::Calibration).await;
        let expert = world.panel_of(world.application(1)).await[0];
        world.recuse(expert, world.application(1)).await;
        let statement =
            if statement.ends_with("WHERE ") { format!("{statement}{FIRST}") } else { (*statement).to_owned() };
        assert_eq!(altered(&world).await, []);
        tamper(&world, &statement).await;
        let found = named(calibration::compute(&world.industry, world.round).await);
        match facet {
            Some(facet) => assert!(found.contains(&Altered::Facet(*facet)), "{statement}: {found:?}"),
            None => assert!(matches!(found[..], [Altered::Sheet { .. }]), "{statement}: {found:?}"),
        }
        assert_eq!(altered(&world).await, found, "the verification of the audit names the same: {statement}");
    }
}

type Act = for<'a> fn(&'a World) -> Pin<Box<dyn Future<Output = Vec<Altered>> + 'a>>;

macro_rules! acts {
    ($($step:ident: $name:literal => |$world:ident| $call:expr;)*) => {
        /// Everything that computes, opens a step, signs or hands out, with a step at which it would be done.
        const ACTS: &[(Step, &str, Act)] = &[$((Step::$step, $name, |$world| Box::pin(async move { named($call.await) })),)*];
    };
}

acts! {
    Recusal: "comparing" => |w| conflict::detect(&w.industry, w.round);
    Recusal: "opening a step" => |w| round::advance(&w.organizer, w.round, Step::Recusal);
    Grouping: "grouping" => |w| panel::plan(&w.industry, w.round, 2);
    Draw: "opening a draw" => |w| draw::open(&w.industry, w.round, &demand());
    Draw: "assigning" => |w| assignment::assign(&w.industry, w.round, &demand(), "专业特殊");
    Scoring: "closing scoring" => |w| round::advance(&w.organizer, w.round, Step::Scoring);
    Checking: "the panels' summary" => |w| service::export::panels(&w.organizer, w.round, Variant::Coded, Edition::Full);
    Checking: "the scores" => |w| service::export::scores(&w.organizer, w.round);
    Checking: "the submissions" => |w| service::export::sheet_receipts(&w.organizer, w.round);
    Checking: "the applications" => |w| service::export::applications(&w.organizer, w.round);
    Checking: "the recusals" => |w| service::export::conflicts(&w.industry, w.round);
    Calibration: "calibrating" => |w| calibration::compute(&w.industry, w.round);
    Ranking: "ranking" => |w| ranking::compute(&w.industry, w.round);
    Ranking: "settling a tie" => |w| ranking::settle_tie(&w.industry, w.round, w.application(1), domain::result::Outcome::Shortlisted, "会商");
    Ranking: "concluding" => |w| ranking::conclude(&w.industry, w.round, w.application(1), domain::acceptance::Conclusion::ALL[0], "会商");
    Countersign: "signing" => |w| decision::countersign(&w.industry, w.round, Gate::Shortlist, "x");
    Countersign: "the ranking" => |w| service::export::ranking(&w.organizer, w.round, Edition::Signing);
    Preparation: "signing the terms" => |w| decision::countersign(&w.industry, w.round, Gate::Terms, "x");
}

#[tokio::test]
async fn every_act_refuses_what_was_changed() {
    for (step, name, act) in ACTS {
        let world = World::at(*step).await;
        tamper(&world, "UPDATE round SET terms = replace(terms, '\"pass_mark\":', '\"pass_mark\":1')").await;
        assert_eq!(act(&world).await, [Altered::Facet(Facet::Terms)], "{name}");
    }
}

#[tokio::test]
async fn a_repair_is_accepted_with_a_reason_and_stays_on_record() {
    let world = World::at(Step::Calibration).await;
    tamper(&world, &format!("UPDATE sheet SET comment = comment || '好' WHERE {FIRST}")).await;
    assert_eq!(named(calibration::compute(&world.industry, world.round).await).len(), 1);
    assert!(service::integrity::accept(&world.app, world.round, " ").await.is_err(), "without a reason");
    let accepted = service::integrity::accept(&world.app, world.round, "恢复备份后补录，三厅书面同意").await.unwrap();
    assert!(matches!(accepted[..], [Altered::Sheet { .. }]));
    calibration::compute(&world.industry, world.round).await.unwrap();
    assert!(world.audit_actions().await.contains(&"content_accepted".to_owned()));
}

#[tokio::test]
async fn another_installation_s_key_vouches_for_nothing() {
    let world = World::at(Step::Checking).await;
    let other = service::crypto::ImprintKey::of(b"another", service::crypto::Algorithm::Sha256).unwrap();
    let found = examine(&world.app.store, &other, &[]).await.unwrap().altered;
    assert!(found.len() > 10, "{found:?}");
}

#[tokio::test]
async fn the_entry_that_vouches_is_itself_as_it_was_written() {
    let world = World::at(Step::Calibration).await;
    for trigger in ["audit_is_not_changed", "audit_is_not_removed"] {
        let dropped = format!("DROP TRIGGER {trigger}");
        world.app.store.connection().execute_unprepared(&dropped).await.unwrap();
    }
    tamper(
        &world,
        "UPDATE audit SET actor = '别人' WHERE seq = (SELECT max(seq) FROM audit WHERE imprints IS NOT NULL)",
    )
    .await;
    let found = named(calibration::compute(&world.industry, world.round).await);
    assert!(matches!(found[..], [Altered::Record(_)]), "{found:?}");
    tamper(&world, "UPDATE audit SET imprints = NULL").await;
    let found = named(calibration::compute(&world.industry, world.round).await);
    assert!(found.contains(&Altered::Record("冻结摘要".to_owned())), "{found:?}");
}

#[tokio::test]
async fn a_permitted_change_beside_a_forged_one_does_not_vouch_for_it() {
    let world = World::at(Step::Checking).await;
    tamper(&world, "UPDATE objective_score SET points = points - 1").await;
    let one = std::collections::BTreeMap::new();
    let found = named(service::finding::score(&world.industry, world.round, world.application(1), one).await);
    assert_eq!(found, [Altered::Facet(Facet::Objectives)]);
    assert_eq!(altered(&world).await, found, "it is still named");

    let world = World::at(Step::SignIn).await;
    tamper(&world, "UPDATE seat SET number = number + 40").await;
    let panel = world.store().panels().of_round(world.round).await.unwrap()[0].id;
    let found = named(service::session::mark_expected_present(&world.organizer, world.round, panel).await);
    assert_eq!(found, [Altered::Facet(Facet::Seats)]);

    let world = World::at(Step::Scoring).await;
    let expert = world.panel_of(world.application(1)).await[0];
    world.recuse(expert, world.application(2)).await;
    tamper(&world, "UPDATE conflict SET decision = 'dismissed'").await;
    let own = world.as_expert(expert);
    let declared =
        conflict::declare(&own, world.round, world.application(1), domain::conflict::Rule::Kinship, "师生").await;
    assert_eq!(named(declared), [Altered::Facet(Facet::Conflicts)]);
}
