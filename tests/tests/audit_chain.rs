//! Whoever gets past the database's own triggers still cannot change, remove, reorder or cut off audit rows unnoticed.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

use domain::access::Errand;
use sea_orm::ConnectionTrait;
use server::cli::Failure;
use server::cli::audit::verify;
use server::digests;
use service::Client;
use service::audit::{DayDigest, Fault, digest_of_day, verify_chain, watch_guards};
use service::integrity::examine;
use std::sync::Arc;
use store::{Repositories, Store};
use tests::World;

/// Ten rows and more: an administrator, accounts, sign-ins.
async fn written() -> World {
    let world = World::staffed().await;
    world.sign_in("gxt").await;
    let client =
        Client { address: Some("203.0.113.9".parse().unwrap()), agent: "test".to_owned(), device: String::new() };
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

    // Somebody empties the rows of their digests, for a later start to chain them anew: nothing does.
    let world = written().await;
    let kept = digest_of_day(&world.app, today).await.unwrap().unwrap();
    tamper(&world.app.store, "UPDATE audit SET actor = '无名', hash = '', previous = ''").await;
    world.app.store.migrate().await.unwrap();
    watch_guards(&world.app).await.unwrap();
    let found = faults(&world, &[kept]).await;
    let emptied = found.iter().filter(|fault| matches!(fault, Fault::Changed { .. })).count();
    assert!(emptied >= 10 && found.iter().any(|fault| matches!(fault, Fault::Rewritten { .. })), "{found:?}");
}

#[tokio::test]
async fn rows_before_the_first_are_strays() {
    for seq in [0, -1, i64::MIN] {
        let world = written().await;
        let copied = "INSERT INTO audit SELECT id || '0', at, account_id, actor, role, action, object, object_id, round_id, detail";
        let row = format!(
            "{copied}, {seq}, address, result, before, after, previous, hash, imprints FROM audit WHERE seq = 1"
        );
        let columns = "id, at, account_id, actor, role, action, object, object_id, round_id, detail, seq, address, result, before, after, previous, hash, imprints";
        let row = row.replace(
            "INSERT INTO audit SELECT id || '0'",
            &format!("INSERT INTO audit ({columns}) SELECT randomblob(16)"),
        );
        tamper(&world.app.store, &row).await;
        assert_eq!(faults(&world, &[]).await, [Fault::Stray { seq }]);
    }
}

#[tokio::test]
async fn triggers_that_are_gone_or_others_are_noticed_recorded_and_put_up_again() {
    let other = "CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit WHEN 0 BEGIN SELECT 1; END";
    for (taken_down, statement) in [
        (vec!["audit_is_not_changed", "audit_is_not_removed"], "SELECT 1"),
        (vec!["audit_is_not_changed", "audit_is_not_removed"], other),
    ] {
        let world = written().await;
        assert!(world.app.store.unguarded().await.unwrap().is_empty());
        tamper(&world.app.store, statement).await;
        let found = examine(&world.app.store, &world.app.imprint_key, &[]).await.unwrap();
        assert_eq!(found.chain.faults, [Fault::Unguarded { guards: taken_down.clone() }]);
        assert_eq!(watch_guards(&world.app).await.unwrap(), taken_down);
        let (rows, _) = world.app.program(Errand::Demonstration).audit().page("unguarded", 0, 5).await.unwrap();
        assert!(rows.len() == 1 && rows[0].detail.contains("restored"), "{rows:?}");
        assert_eq!(examine(&world.app.store, &world.app.imprint_key, &[]).await.unwrap().chain.faults, []);
        assert!(world.app.store.connection().execute_unprepared("DELETE FROM audit").await.is_err());
        assert!(watch_guards(&world.app).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn sm3_takes_over_and_each_row_keeps_its_own_algorithm() {
    let world = written().await;
    let store = world.app.store.clone();
    let later = World::over_with(store, |app| app.digest = service::crypto::Algorithm::Sm3);
    later.sign_in("gxt").await;
    let found = verify_chain(&world.app.program(Errand::Demonstration), &[]).await.unwrap();
    assert!(found.faults.is_empty() && found.hash.starts_with("sm3:"), "{found:?}");
    world.sign_in("gxt").await;
    let found = verify_chain(&world.app.program(Errand::Demonstration), &[]).await.unwrap();
    assert!(found.faults.is_empty() && found.hash.starts_with("sha256:"), "{found:?}");
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

/// The wall clock, so much later.
struct Moved(chrono::Duration);

impl service::Clock for Moved {
    fn now(&self) -> domain::Timestamp {
        service::SystemClock.now() + self.0
    }
}

#[tokio::test]
async fn digests_are_written_for_days_that_are_over_and_the_command_compares_them() {
    let world = written().await;
    let folder = tempfile::tempdir().unwrap();
    let key = &world.app.imprint_key;
    assert!(digests::write_due(&world.app, folder.path(), None).await.unwrap().is_empty(), "today is not over");
    // Tomorrow.
    let tomorrow =
        World::over_with(world.app.store.clone(), |app| app.clock = Arc::new(Moved(chrono::Duration::days(1))));
    assert_eq!(digests::write_due(&tomorrow.app, folder.path(), None).await.unwrap().len(), 1);
    assert!(digests::write_due(&tomorrow.app, folder.path(), None).await.unwrap().is_empty());
    let said = verify(&world.app.store, key, folder.path()).await.unwrap();
    assert!(said.contains("审计链完整") && said.contains("与 1 份每日摘要相符\n"), "{said}");
    tamper(&world.app.store, "DELETE FROM audit WHERE seq = 2").await;
    watch_guards(&world.app).await.unwrap();
    let Err(Failure::Tampered(lines)) = verify(&world.app.store, key, folder.path()).await else { panic!("a gap") };
    assert_eq!(lines, ["缺少第 2 条"]);
}

#[tokio::test]
async fn digests_that_are_gone_are_noticed_and_written_again_only_with_a_reason() {
    let world = written().await;
    let folder = tempfile::tempdir().unwrap();
    let at = |days| {
        World::over_with(world.app.store.clone(), |app| app.clock = Arc::new(Moved(chrono::Duration::days(days))))
    };
    for day in 1..=3 {
        assert_eq!(digests::write_due(&at(day).app, folder.path(), None).await.unwrap().len(), 1);
    }
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()).collect();
    for file in &files {
        std::fs::remove_file(file).unwrap();
    }
    let Err(Failure::Tampered(lines)) = verify(&world.app.store, &world.app.imprint_key, folder.path()).await else {
        panic!("whole without its digests")
    };
    assert_eq!(lines.len(), 3);
    assert!(lines[0].contains("找不到"), "{lines:?}");
    for _ in 0..2 {
        let refused = digests::write_due(&at(4).app, folder.path(), None).await.unwrap_err();
        assert!(matches!(&refused, digests::DigestError::Gone(days) if days.len() == 3), "{refused}");
    }
    let audit = world.app.program(Errand::Demonstration);
    assert_eq!(audit.audit().page("digests_gone", 0, 5).await.unwrap().1, 1, "said once");
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
    let why = domain::reason::Reason::new("误删，已核对异地备份");
    assert_eq!(digests::write_due(&at(10).app, folder.path(), why).await.unwrap().len(), 10);
    assert_eq!(audit.audit().page("digests_remade", 0, 5).await.unwrap().1, 1);
    let said = verify(&world.app.store, &world.app.imprint_key, folder.path()).await.unwrap();
    assert!(said.contains("与 10 份每日摘要相符，其中 7 份是事后补写的"), "{said}");
}

#[tokio::test]
async fn digests_made_up_long_afterwards_prove_only_what_they_can() {
    let world = written().await;
    let folder = tempfile::tempdir().unwrap();
    let late =
        World::over_with(world.app.store.clone(), |app| app.clock = Arc::new(Moved(chrono::Duration::days(300))));
    digests::write_due(&late.app, folder.path(), None).await.unwrap();
    let said = verify(&world.app.store, &world.app.imprint_key, folder.path()).await.unwrap();
    assert!(said.contains("此前的记录在那时以前是否被整体重写，无从比对"), "{said}");
}
