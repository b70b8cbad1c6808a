//! Runs, import files, the audit.

use crate::support::{Opened, a_round, account, at, batch, id, is_not_found, round};
use crate::{refused, write};
use domain::Timestamp;
use domain::access::{Role, Standing};
use domain::audit::{AuditResult, AuditRow, Link};
use domain::ids::{AccountId, ImportId, RunId};
use domain::import::{ImportKind, ImportState};
use domain::run::{Run, RunKind};
use sea_orm::ConnectionTrait;
use store::repo::import::ImportFile;
use store::{Repositories, StoreError};

pub async fn the_latest_run_of_a_kind_is_found(opened: Opened) {
    let store = &opened.store;
    a_round(store).await;
    let run = |n, kind, second| Run {
        id: RunId(id(n)),
        round: round().id,
        kind,
        algorithm: "calibrate/1".to_owned(),
        digest: format!("digest{n}"),
        output: "{\"大\": 1e-300}".to_owned(),
        at: at(second),
    };
    let latest = run(1, RunKind::Calibration, 20);
    write!(store, |tx| {
        tx.runs().insert(latest.clone()).await?;
        tx.runs().insert(run(2, RunKind::Calibration, 10)).await?;
        tx.runs().insert(run(3, RunKind::Ranking, 30)).await
    });
    assert_eq!(store.runs().latest(round().id, RunKind::Calibration).await.unwrap(), latest);
    assert!(is_not_found(&store.runs().latest(round().id, RunKind::Assignment).await.unwrap_err()));
    let same_moment = run(4, RunKind::Calibration, 20);
    write!(store, |tx| tx.runs().insert(same_moment.clone()).await);
    let found = store.runs().latest(round().id, RunKind::Calibration).await.unwrap();
    assert_eq!(found, same_moment, "of two at one moment the one with the later id");
}

pub async fn an_import_file_is_finished_once(opened: Opened) {
    let store = &opened.store;
    a_round(store).await;
    let account = account(70, "gxt", Standing::Organizer);
    let file = ImportFile {
        id: ImportId(id(71)),
        kind: ImportKind::Applications,
        batch: Some(batch().id),
        name: "汇总表.xlsx".to_owned(),
        sha256: "0".repeat(64),
        content: "sealed".repeat(12_000),
        state: ImportState::Checked,
        account: account.id,
        at: at(1),
    };
    write!(store, |tx| {
        tx.accounts().insert(vec![account.clone()]).await?;
        tx.imports().insert(file.clone()).await
    });
    assert_eq!(store.imports().get(file.id).await.unwrap(), file);
    write!(store, |tx| tx.imports().finish(file.id).await);
    let finished = store.imports().get(file.id).await.unwrap();
    assert_eq!((finished.state, finished.content.len()), (ImportState::Done, 0), "the file itself is forgotten");
    assert!(matches!(refused!(store, |tx| tx.imports().finish(file.id).await), StoreError::Stale));
    assert!(is_not_found(&store.imports().get(ImportId(id(9))).await.unwrap_err()));
}

pub fn line(n: u128, at: Timestamp, actor: &str, detail: &str) -> AuditRow {
    AuditRow {
        id: id(n),
        at,
        account: Some(AccountId(id(70))),
        actor: actor.to_owned(),
        role: Some(Role::Coordinator),
        action: "sheet_saved".to_owned(),
        object: "sheet".to_owned(),
        object_id: Some(id(1)),
        round: Some(round().id),
        detail: detail.to_owned(),
        address: "192.0.2.1".to_owned(),
        result: AuditResult::Done,
        before: None,
        after: Some("0".repeat(64)),
        imprints: None,
        link: Link { seq: at.timestamp_micros(), previous: String::new(), hash: format!("sha256:{n}") },
    }
}

async fn record(opened: &Opened, rows: &[AuditRow]) {
    write!(opened.store, |tx| {
        for row in rows {
            tx.audit().record(row.clone()).await?;
        }
        Ok::<_, StoreError>(())
    });
}

pub async fn the_audit_comes_in_pages_newest_first(opened: Opened) {
    let store = &opened.store;
    // Seven moments one microsecond apart, whole seconds and milliseconds among them.
    let start = 1_750_000_000_999_997;
    let moment = |n: i64| Timestamp::from_timestamp_micros(start + n).unwrap();
    let rows: Vec<_> = (0..7).map(|n| line(u128::try_from(7 - n).unwrap(), moment(n), "协调员", "")).collect();
    let nameless = AuditRow { account: None, role: None, object_id: None, round: None, ..rows[6].clone() };
    let rows: Vec<_> = rows[..6].iter().cloned().chain([nameless]).collect();
    record(&opened, &rows).await;
    let newest_first: Vec<_> = rows.into_iter().rev().collect();
    let (first, total) = store.audit().page("", 0, 3).await.unwrap();
    assert_eq!((first.as_slice(), total), (&newest_first[..3], 7));
    let (last, total) = store.audit().page("", 2, 3).await.unwrap();
    assert_eq!((last.as_slice(), total), (&newest_first[6..], 7));
    assert_eq!(store.audit().page("", 3, 3).await.unwrap(), (Vec::new(), 7));
}

pub async fn the_audit_is_searched_literally_and_without_regard_to_case(opened: Opened) {
    let store = &opened.store;
    let rows = [
        line(1, at(1), "Wang Lei", "{\"share\":\"100%\"}"),
        line(2, at(2), "王磊", "{\"share\":\"1000\"}"),
        line(3, at(3), "李雷", "{\"path\":\"a\\b\"}"),
    ];
    record(&opened, &rows).await;
    let found = async |search: &str| -> Vec<u128> {
        let (rows, total) = store.audit().page(search, 0, 10).await.unwrap();
        assert_eq!(total, rows.len() as u64);
        rows.iter().map(|r| r.id.as_u128()).collect()
    };
    assert_eq!(found("王磊").await, [2]);
    assert_eq!(found("wang LEI").await, [1]);
    assert_eq!(found("sheet_saved").await, [3, 2, 1]);
    assert_eq!(found("100%").await, [1], "% stands for itself");
    assert_eq!(found("a_b").await, Vec::<u128>::new(), "_ stands for itself");
    assert_eq!(found("a\\b").await, [3], "so does \\");
    assert!(found("没有此人").await.is_empty());
}

pub async fn audit_rows_are_neither_changed_nor_removed(opened: Opened) {
    let store = &opened.store;
    record(&opened, &[line(1, at(1), "甲", ""), line(2, at(2), "乙", "")]).await;
    let sql = async |statement: &str| opened.database.connection().execute_unprepared(statement).await.map(drop);
    for statement in [
        "UPDATE audit SET actor = '丙'",
        "UPDATE audit SET hash = '' WHERE actor = '甲'",
        "UPDATE audit SET imprints = '{}' WHERE actor = '甲'",
        "DELETE FROM audit WHERE actor = '乙'",
        "DELETE FROM audit",
    ] {
        assert!(sql(statement).await.is_err(), "{statement}");
    }
    let rows = store.audit().following(0, 10).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.actor.as_str()).collect::<Vec<_>>(), ["甲", "乙"]);
    assert_eq!(store.audit().last_before(at(2)).await.unwrap().unwrap().actor, "甲");
}
