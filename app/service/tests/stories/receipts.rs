//! 提交凭证: while scores are sealed nothing in the audit can be tried out, and afterwards anyone can check it.

use crate::support::World;
use domain::digest::sha256;
use domain::round::Step;
use sea_orm::ConnectionTrait;
use serde_json::json;
use service::audit::Event;
use service::scoring::{Receipts, receipts};
use service::{Error, RuleError};
use store::Repositories;

async fn parsed(world: &World) -> Receipts {
    let made = receipts(&world.organizer, world.round).await.unwrap();
    Receipts::parse(&serde_json::to_string(&made).unwrap()).unwrap()
}

/// Every text of the audit by which a sheet's content could be recognised.
async fn digests(world: &World) -> Vec<String> {
    let (rows, _) = world.store().audit().page("", 0, 100_000).await.unwrap();
    let mut all = Vec::new();
    for row in rows {
        all.extend(row.before.into_iter().chain(row.after));
        if let Some(Event::SheetSubmitted { digest, .. }) = Event::read(&row.action, &row.object, &row.detail) {
            all.push(digest);
        }
    }
    all
}

#[tokio::test]
async fn who_guesses_a_sheet_rightly_does_not_see_that_it_is_right() {
    let world = World::at(Step::Checking).await;
    let digests = digests(&world).await;
    assert!(digests.len() > 60, "{}", digests.len());
    assert!(digests.iter().all(|digest| digest.starts_with("hmac-sha256:")), "every one has a key");
    for sheet in world.store().sheets().of_round(world.round).await.unwrap() {
        let entered = json!({ "entries": sheet.entries, "vote": sheet.vote, "comment": sheet.comment });
        for guess in [entered.to_string(), serde_json::to_string(&sheet).unwrap()] {
            let plain = sha256(guess.as_bytes());
            assert!(!digests.iter().any(|digest| digest.contains(&plain)));
        }
    }
    // Two sheets that say the same show nothing in common.
    let mut submitted = digests.clone();
    submitted.sort_unstable();
    submitted.dedup();
    assert!(submitted.len() > 60);
}

#[tokio::test]
async fn salts_are_sealed_while_scoring_is_open() {
    let world = World::at(Step::Scoring).await;
    world.do_the_work_of(Step::Scoring).await;
    let refused = receipts(&world.organizer, world.round).await.unwrap_err();
    assert!(matches!(refused, Error::Rule(RuleError::Round(_))), "{refused}");
    let stored = world.store().sheets().salts(world.round).await.unwrap();
    assert!(!stored.is_empty() && stored.values().all(|salt| salt.starts_with("v1.")), "sealed");
}

#[tokio::test]
async fn after_scoring_anyone_checks_what_was_submitted() {
    let world = World::at(Step::Checking).await;
    let receipts = parsed(&world).await;
    let sheets = world.store().sheets().of_round(world.round).await.unwrap().len();
    let found = receipts.check_against(&world.store()).await.unwrap();
    assert_eq!((found.sheets, &found.wrong[..], &found.unknown[..]), (sheets, &[][..], &[][..]));

    let mut forged = receipts.clone();
    forged.sheets[0].content = forged.sheets[0].content.replace("\"comment\":\"", "\"comment\":\"改");
    assert_eq!(forged.check().wrong.len(), 1, "without any database");
    // A digest made to fit is none that the audit knows.
    let salt = service::crypto::Salt::parse(&forged.sheets[0].salt).unwrap();
    forged.sheets[0].digest = salt.digest(forged.sheets[0].content.as_bytes()).unwrap();
    assert_eq!(forged.check().wrong.len(), 0);
    assert_eq!(forged.check_against(&world.store()).await.unwrap().unknown.len(), 1);
    assert!(Receipts::parse("{}").is_err());
}

#[tokio::test]
async fn a_submission_that_was_taken_back_is_never_opened() {
    let world = World::at(Step::Scoring).await;
    let expert = world.panel_of(world.application(1)).await[0];
    let (own, sheet) = (world.as_expert(expert), world.sheet_of(expert, world.application(1)).await.id);
    let salt = async || world.store().sheets().salts(world.round).await.unwrap().remove(&sheet);
    world.fill_and_submit(expert, sheet, 80).await;
    let first = salt().await;
    assert!(first.is_some());
    let back = service::scoring::withdraw(&own, sheet).await.unwrap();
    assert_eq!(salt().await, None, "its salt is gone with it");
    service::scoring::submit(&own, sheet, back.version).await.unwrap();
    assert_ne!(salt().await, first);
}

#[tokio::test]
async fn new_keys_take_over_the_salts() {
    let world = World::at(Step::Checking).await;
    assert_eq!(service::scoring::reseal(&world.app).await.unwrap(), 0, "they have the newest key");
    let moved = "UPDATE sheet SET salt = (SELECT salt FROM sheet WHERE salt IS NOT NULL ORDER BY id DESC LIMIT 1)";
    world.app.store.connection().execute_unprepared(moved).await.unwrap();
    assert!(receipts(&world.organizer, world.round).await.is_err(), "a salt opens for its own sheet only");
}
