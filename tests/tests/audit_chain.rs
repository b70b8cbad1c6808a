//! Whoever gets past the database's own triggers still cannot change, remove, reorder or cut off audit rows unnoticed.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

use domain::access::Errand;
use sea_orm::ConnectionTrait;
use server::cli::Failure;
use server::cli::audit::verify;
use server::digests;
use service::Client;
use service::audit::{DayDigest, Fault, adopt, digest_of_day, verify_chain};
use service::crypto::Algorithm;
use store::{Repositories, Store};
use tests::World;

/// Ten rows and more: an administrator, accounts, sign-ins.
async fn written() -> World {
    let world = World::staffed().await;
    world.sign_in("gxt").await;
    let client = Client { address: Some("203.0.113.9".parse().unwrap()), agent: "test".to_owned() };
    let wrong = service::account::sign_in(&world.app, &client, "gxt", "Falsch-2025!".to_owned()).await;
    assert!(wrong.is_err());
    world
}

/// As somebody with the database's own tools would.
async fn tamper(store: &Store, statement: &str) {
    let connection = store.connection();
    for trigger in ["audit_is_not_changed", "audit_is_not_removed"] {
        connection.execute_unprepared(&format!("DROP TRIGGER IF EXISTS {trigger}")).await.unwrap();
    }
    connection.execute_unprepared(statement).await.unwrap();
}

async fn faults(world: &World, kept: &[DayDigest]) -> Vec<Fault> {
    verify_chain(&world.app.program(Errand::Demonstration), kept).await.unwrap().faults
}

#[tokio::test]
async fn an_untouched_chain_is_whole_and_knows_where_requests_came_from() {
    let world = written().await;
    let found = verify_chain(&world.app.program(Errand::Demonstration), &[]).await.unwrap();
    assert!(found.faults.is_empty(), "{found:?}");
    assert!(found.rows >= 10 && i64::try_from(found.rows).unwrap() == found.seq && found.hash.starts_with("sha256:"));
    let (rows, _) = world.app.program(Errand::Demonstration).audit().page("sign_in_failed", 0, 5).await.unwrap();
    assert_eq!((rows[0].address.as_str(), rows[0].result.key()), ("203.0.113.9", "refused"));
}

#[tokio::test]
async fn a_changed_row_is_named() {
    for change in
        ["detail = '[]'", "actor = '别人'", "address = '本机'", "result = 'done', at = at", "action = 'exported'"]
    {
        let world = written().await;
        let last = verify_chain(&world.app.program(Errand::Demonstration), &[]).await.unwrap().seq;
        tamper(&world.app.store, &format!("UPDATE audit SET {change} WHERE seq = {last}")).await;
        let found = faults(&world, &[]).await;
        assert!(matches!(found[..], [Fault::Changed { seq, .. }] if seq == last), "{change}: {found:?}");
    }
}

#[tokio::test]
async fn removed_and_reordered_rows_are_named() {
    let world = written().await;
    tamper(&world.app.store, "DELETE FROM audit WHERE seq IN (3, 4)").await;
    assert_eq!(faults(&world, &[]).await, [Fault::Removed { from: 3, to: 4 }]);

    let world = written().await;
    tamper(&world.app.store, "UPDATE audit SET seq = CASE seq WHEN 3 THEN -3 WHEN 4 THEN -4 END WHERE seq IN (3, 4)")
        .await;
    tamper(&world.app.store, "UPDATE audit SET seq = CASE seq WHEN -3 THEN 4 WHEN -4 THEN 3 END WHERE seq IN (-3, -4)")
        .await;
    let found = faults(&world, &[]).await;
    for seq in [3, 4] {
        assert!(
            found.iter().any(|fault| matches!(fault, Fault::Changed { seq: named, .. } if *named == seq)),
            "{found:?}"
        );
    }
    assert!(found.contains(&Fault::Broken { seq: 3 }) && found.contains(&Fault::Broken { seq: 5 }), "{found:?}");
}

#[tokio::test]
async fn a_cut_or_rewritten_chain_differs_from_the_digests_kept_elsewhere() {
    let world = written().await;
    let today = (world.app.clock.now() + chrono::Duration::hours(8)).date_naive();
    let kept = digest_of_day(&world.app, today).await.unwrap().unwrap();
    assert_eq!(faults(&world, std::slice::from_ref(&kept)).await, []);
    let again = DayDigest::parse(&serde_json::to_string(&kept).unwrap()).unwrap();
    assert_eq!(again, kept);

    tamper(&world.app.store, &format!("DELETE FROM audit WHERE seq > {}", kept.seq - 2)).await;
    assert_eq!(faults(&world, &[]).await, [], "the rest is a chain by itself");
    assert!(
        matches!(faults(&world, std::slice::from_ref(&kept)).await[..], [Fault::Shortened { kept: seq, .. }] if seq == kept.seq)
    );

    // Somebody rewrites everything: the rows are emptied of their digests and chained anew.
    let world = written().await;
    let kept = digest_of_day(&world.app, today).await.unwrap().unwrap();
    tamper(&world.app.store, "UPDATE audit SET actor = '无名', hash = '', previous = ''").await;
    adopt(&world.app.program(Errand::Demonstration), Algorithm::Sha256).await.unwrap();
    assert_eq!(faults(&world, &[]).await, []);
    assert!(matches!(faults(&world, &[kept]).await[..], [Fault::Rewritten { .. }]));
}

#[tokio::test]
async fn rows_from_before_the_chain_are_adopted_and_sm3_takes_over() {
    let world = written().await;
    tamper(&world.app.store, "UPDATE audit SET hash = '', previous = ''").await;
    assert!(!faults(&world, &[]).await.is_empty());
    adopt(&world.app.program(Errand::Demonstration), Algorithm::Sm3).await.unwrap();
    let found = verify_chain(&world.app.program(Errand::Demonstration), &[]).await.unwrap();
    assert!(found.faults.is_empty() && found.hash.starts_with("sm3:"), "{found:?}");
    world.sign_in("gxt").await;
    let found = verify_chain(&world.app.program(Errand::Demonstration), &[]).await.unwrap();
    assert!(found.faults.is_empty() && found.hash.starts_with("sha256:"), "each row keeps its own: {found:?}");
}

#[tokio::test]
async fn what_is_refused_is_written_down() {
    let world = World::staffed().await;
    let token = world.sign_in("organizer").await;
    let answer = world.get(Some(&token), "/audit").await;
    assert_eq!(answer.status, 403);
    let (rows, _) = world.app.program(Errand::Demonstration).audit().page("access_refused", 0, 5).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert!(rows[0].detail.contains("/audit") && rows[0].detail.contains("查看审计记录"), "{}", rows[0].detail);
    // A page that only shows what one may do asks for nothing.
    assert_eq!(world.get(Some(&token), "/batches").await.status, 200);
    assert_eq!(world.app.program(Errand::Demonstration).audit().page("access_refused", 0, 5).await.unwrap().1, 1);
}

#[tokio::test]
async fn digests_are_written_for_days_that_are_over_and_the_command_compares_them() {
    let world = written().await;
    let folder = tempfile::tempdir().unwrap();
    assert!(digests::write_due(&world.app, folder.path()).await.unwrap().is_empty(), "today is not over");
    tamper(&world.app.store, "UPDATE audit SET at = '2025-01-31 15:59:59.000000+00:00', hash = '', previous = ''")
        .await;
    adopt(&world.app.program(Errand::Demonstration), Algorithm::Sha256).await.unwrap();
    let written = digests::write_due(&world.app, folder.path()).await.unwrap();
    assert_eq!(written.len(), 40, "every day has the state of the chain at its end");
    assert!(digests::write_due(&world.app, folder.path()).await.unwrap().is_empty());
    let said = verify(&world.app.store, folder.path()).await.unwrap();
    assert!(said.contains("审计链完整") && said.contains("与 40 份每日摘要相符"), "{said}");
    tamper(&world.app.store, "DELETE FROM audit WHERE seq = 2").await;
    let Err(Failure::Tampered(lines)) = verify(&world.app.store, folder.path()).await else { panic!("a gap") };
    assert_eq!(lines, ["缺少第 2 条"]);
}
