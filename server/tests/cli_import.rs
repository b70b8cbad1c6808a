//! `import` against a database: a dry run that changes nothing, problems with their place, and the rights of the account.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

use clap::Parser;
use domain::access::{Department, Errand, Standing};
use domain::account::{Account, AccountState, PasswordState};
use domain::application::Batch;
use domain::ids::{AccountId, BatchId};
use rust_xlsxwriter::Workbook;
use server::cli::{Failure, import};
use service::context::{RandomIds, SystemClock};
use service::crypto::Passwords;
use service::{App, Clock, Ids};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::{Repositories, Store};
use tempfile::TempDir;

#[derive(Debug, Parser)]
struct Command {
    #[command(flatten)]
    args: import::Args,
}

async fn app() -> Arc<App> {
    let store = Store::open("sqlite::memory:").await.unwrap();
    store.migrate().await.unwrap();
    let account = |login: &str, standing| Account {
        id: AccountId(RandomIds.next()),
        login: login.to_owned(),
        name: login.to_owned(),
        standing,
        password_hash: String::new(),
        state: AccountState::Active,
        created_at: SystemClock.now(),
        password_state: PasswordState::Own,
        password_changed_at: SystemClock.now(),
    };
    let accounts =
        vec![account("gxt", Standing::Coordinator(Department::Industry)), account("jiandu", Standing::Supervisor)];
    let batch = Batch {
        id: BatchId(RandomIds.next()),
        year: 2026,
        seq: 1,
        title: "2026年度第一批".to_owned(),
        basis: "甘工信发〔2026〕1号".to_owned(),
    };
    store
        .of(domain::access::Scope::program(Errand::Demonstration))
        .write(async |tx| {
            tx.accounts().insert(accounts.clone()).await?;
            tx.programme().insert_batch(batch.clone()).await
        })
        .await
        .unwrap();
    Arc::new(App {
        store,
        clock: Arc::new(SystemClock),
        ids: Arc::new(RandomIds),
        hash_key: b"a key of the tests".to_vec(),
        imprint_key: service::crypto::ImprintKey::of(b"a key of the tests", service::crypto::Algorithm::Sha256)
            .unwrap(),
        passwords: Passwords::cheap().unwrap(),
        transport: service::Transport::Plain,
        address: "http://hengping.example".to_owned(),
        keys: service::crypto::Keyring::throw_away(),
        policy: service::Policy::Strict,
        second_factor: domain::second_factor::Demanded::Staff,
        ceremonies: service::account::Ceremonies::default(),
        digest: service::crypto::Algorithm::Sha256,
    })
}

fn workbook(folder: &TempDir, rows: &[[&str; 6]]) -> PathBuf {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("专家").unwrap();
    let header = [["专家编号", "姓名", "来源部门", "专家类别", "重点领域", "工作单位"]];
    for (r, row) in (0..).zip(header.iter().chain(rows)) {
        for (c, cell) in (0..).zip(row) {
            sheet.write_string(r, c, *cell).unwrap();
        }
    }
    let path = folder.path().join("专家库.xlsx");
    workbook.save(&path).unwrap();
    path
}

async fn run(app: &Arc<App>, file: &Path, more: &[&str]) -> Result<String, Failure> {
    let file = file.display().to_string();
    let line = ["hengping", "--kind", "experts", "--file", &file];
    import::run(app, &Command::try_parse_from(line.iter().chain(more)).unwrap().args).await
}

const SOUND: [&str; 6] = ["ZJ-0001", "示例甲", "省科技厅", "技术", "新材料", "示例大学"];

#[tokio::test]
async fn nothing_is_imported_without_confirmation_and_everything_with_it() {
    let (app, folder) = (app().await, TempDir::new().unwrap());
    let file = workbook(&folder, &[SOUND]);
    let shown = run(&app, &file, &["--as", "gxt"]).await.unwrap();
    assert!(shown.contains("新增 1 行") && shown.contains("ZJ-0001") && shown.contains("没有导入"), "{shown}");
    assert_eq!(app.program(Errand::Demonstration).experts().count().await.unwrap(), 0);
    let done = run(&app, &file, &["--as", "gxt", "--confirm"]).await.unwrap();
    assert!(done.contains("已导入：新增 1 行，更新 0 行"), "{done}");
    assert_eq!(app.program(Errand::Demonstration).experts().count().await.unwrap(), 1);
    let (rows, _) = app.program(Errand::Demonstration).audit().page("imported", 0, 10).await.unwrap();
    assert_eq!(rows[0].actor, "gxt");
    let again = run(&app, &file, &["--as", "gxt", "--confirm"]).await.unwrap_err();
    assert_eq!(again.code(), 2);
    assert!(again.to_string().contains("完全一致"), "{again}");
}

#[tokio::test]
async fn a_bad_row_is_named_with_its_place_and_keeps_all_out() {
    let (app, folder) = (app().await, TempDir::new().unwrap());
    let mut bad = SOUND;
    (bad[0], bad[3]) = ("ZJ-0002", "法律");
    let file = workbook(&folder, &[SOUND, bad]);
    let failure = run(&app, &file, &["--as", "gxt", "--confirm"]).await.unwrap_err();
    assert_eq!(failure.code(), 2);
    assert!(failure.to_string().contains("工作表“专家” D3“专家类别”列"), "{failure}");
    assert_eq!(app.program(Errand::Demonstration).experts().count().await.unwrap(), 0);
}

#[tokio::test]
async fn the_account_must_exist_and_may_not_do_more_than_in_the_browser() {
    let (app, folder) = (app().await, TempDir::new().unwrap());
    let file = workbook(&folder, &[SOUND]);
    let unknown = run(&app, &file, &["--as", "nobody", "--confirm"]).await.unwrap_err();
    assert!(unknown.to_string().contains("没有启用的账号“nobody”"), "{unknown}");
    let denied = run(&app, &file, &["--as", "jiandu", "--confirm"]).await.unwrap_err();
    assert!(denied.to_string().contains("权限"), "{denied}");
    let no_batch = ["hengping", "--kind", "applications", "--file", "x", "--as", "gxt"];
    assert!(Command::try_parse_from(no_batch).is_err());
    let line = ["hengping", "--kind", "applications", "--file", file.to_str().unwrap(), "--as", "gxt", "--batch"];
    let wrong_batch = Command::try_parse_from(line.iter().chain(&["2025-9"])).unwrap().args;
    let failure = import::run(&app, &wrong_batch).await.unwrap_err();
    assert!(failure.to_string().contains("没有 2025 年第 9 批"), "{failure}");
}
