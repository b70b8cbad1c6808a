//! Bad input gets a clear Chinese answer and leaves the database as it was.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

use axum::http::StatusCode;
use domain::access::{Errand, Standing};
use domain::ids::ExpertId;
use domain::round::{RoundKind, Step};
use service::account::Token;
use service::{Context, programme, round};
use store::{Repositories, Store};
use tests::World;
use tests::request::Answer;

/// Follows a refused form back to its page and returns what the page says first.
fn says(answer: &Answer, words: &str) {
    assert!(answer.status.is_redirection() && answer.location.is_some(), "{}", answer.status);
    assert!(answer.problem().contains(words), "expected “{words}”, got {:?} ({})", answer.flash, answer.status);
}

/// Everything the tests could have changed, counted.
async fn contents(world: &World) -> (u64, usize, usize) {
    let store = &world.app.program(Errand::Demonstration);
    let mut applications = 0;
    for batch in store.programme().batches().await.unwrap() {
        applications += store.applications().of_batch(batch.id).await.unwrap().len();
    }
    (store.experts().count().await.unwrap(), applications, store.rounds().all().await.unwrap().len())
}

/// The last file on record as turned away.
async fn refused_file(world: &World) -> String {
    let (rows, _) = world.app.program(Errand::Demonstration).audit().page("file_refused", 0, 1).await.unwrap();
    assert_eq!(rows[0].result.key(), "refused");
    rows[0].detail.clone()
}

async fn ready() -> (World, Token, Context) {
    let world = World::staffed().await;
    let token = world.sign_in("gxt").await;
    let ctx = world.context("gxt").await;
    (world, token, ctx)
}

#[tokio::test]
async fn files_that_are_no_workbooks_are_named_for_what_they_are() {
    let (world, token, _) = ready().await;
    let before = contents(&world).await;
    let whole = import::experts::template();
    let cut = &whole[..whole.len() / 2];
    let cases: [(&str, &[u8], &str); 4] = [
        ("空.xlsx", b"", "文件是空的"),
        ("名单.csv", "姓名,单位\n甲,乙\n".as_bytes(), "另存为 .xlsx"),
        ("坏.xlsx", cut, "文件"),
        ("图.xlsx", b"\x89PNG\r\n\x1a\n0000000000000", "不是"),
    ];
    for (name, content, words) in cases {
        let answer = world.upload(Some(&token), "/upload/experts", name, content).await;
        says(&answer, words);
        assert_eq!(answer.location.as_deref(), Some("/imports/new/experts"), "{name}");
        let row = refused_file(&world).await;
        assert!(row.contains(name) && row.contains("sha256") && row.contains(words), "{row}");
    }
    assert_eq!(contents(&world).await, before);
}

#[tokio::test]
async fn a_workbook_with_the_wrong_columns_says_which_are_missing() {
    let (world, token, _) = ready().await;
    let before = contents(&world).await;
    let wrong = import::applications::template();
    says(&world.upload(Some(&token), "/upload/experts", "汇总表.xlsx", &wrong).await, "没有找到可读取的工作表");
    assert_eq!(contents(&world).await, before);
}

#[tokio::test]
async fn a_file_of_fifty_megabytes_is_refused_by_its_size() {
    let (world, token, _) = ready().await;
    let before = contents(&world).await;
    says(&world.upload(Some(&token), "/upload/experts", "大.xlsx", &vec![b'x'; 50 * 1024 * 1024]).await, "MB");
    assert!(refused_file(&world).await.contains("大.xlsx"));
    assert_eq!(contents(&world).await, before);
}

#[tokio::test]
async fn a_word_where_a_number_belongs_is_quoted_back() {
    let (world, token, ctx) = ready().await;
    let fields = [("year", "二〇二五"), ("seq", "1"), ("title", "示例批次"), ("basis", "示例依据")];
    says(&world.post(Some(&token), "/api/create_batch", &fields).await, "年度应为整数，您填写的是“二〇二五”");
    let fields = [("year", "　"), ("seq", "1"), ("title", "示例批次"), ("basis", "示例依据")];
    says(&world.post(Some(&token), "/api/create_batch", &fields).await, "请填写年度");
    assert!(programme::batches(&ctx).await.unwrap().is_empty());

    let batch = programme::create_batch(&ctx, 2025, 1, "示例批次", "示例依据").await.unwrap();
    let day = "2025-09-01".parse().unwrap();
    let id = round::create(&ctx, batch, RoundKind::Selection, "示例轮次", day, None).await.unwrap();
    let before = round::get(&ctx, id).await.unwrap();
    let id = id.to_string();
    let fields = [
        ("round", id.as_str()),
        ("method", "mixed"),
        ("trim_from", "7"),
        ("trimming", "totals"),
        ("quota", "九"),
        ("scope", "overall"),
        ("pass_mark", "60"),
        ("min_sheets", "3"),
        ("basis", "示例"),
    ];
    says(&world.post(Some(&token), "/api/set_terms", &fields).await, "名额应为整数，您填写的是“九”");
    assert_eq!(round::get(&ctx, before.id).await.unwrap(), before);
}

#[tokio::test]
async fn what_was_typed_comes_back_once_with_the_error_beside_its_field() {
    let (world, token, _) = ready().await;
    let basis = "示例依据".repeat(2_000);
    let fields = [("year", "二〇二五"), ("seq", "3"), ("title", "示例<批次>"), ("basis", basis.as_str())];
    world.post(Some(&token), "/api/create_batch", &fields).await;
    let page = world.get(Some(&token), "/batches").await.text();
    assert!(page.contains("value=\"二〇二五\"") && page.contains("value=\"3\"") && page.contains(&basis), "{page}");
    assert!(page.contains("示例&lt;批次&gt;") && !page.contains("示例<批次>"), "{page}");
    assert!(page.contains("id=\"f-year-error\"") && !page.contains("id=\"f-seq-error\""), "{page}");
    assert!(!world.get(Some(&token), "/batches").await.text().contains("二〇二五"), "shown once");
}

#[tokio::test]
async fn a_password_never_comes_back() {
    let world = World::staffed().await;
    let token = world.sign_in("admin").await;
    let fields = [("login", "a"), ("name", "示例"), ("password", "Mima-2026!")];
    let answer = world.post(Some(&token), "/api/create_account", &fields).await;
    assert!(!answer.problem().is_empty());
    let page = world.follow(Some(&token), &answer).await.text();
    assert!(page.contains("value=\"示例\"") && !page.contains("Mima-2026!"), "{page}");
    let told = "下面是您填写的内容";
    assert!(page.contains(told), "{page}");

    let fields = [("old", "Mima-2026!"), ("password", "Mima-2027!"), ("again", "Mima-2028!")];
    let answer = world.post(Some(&token), "/api/change_password", &fields).await;
    let page = world.follow(Some(&token), &answer).await.text();
    assert!(page.contains("两次输入的新密码不一致") && !page.contains(told), "{page}");
}

#[tokio::test]
async fn a_foreign_or_garbled_id_is_simply_not_found() {
    let (world, token, ctx) = ready().await;
    let batch = programme::create_batch(&ctx, 2025, 1, "示例批次", "示例依据").await.unwrap();
    let unknown = "01900000-0000-7000-8000-000000000000";
    for id in [unknown, "1' OR '1'='1", "", "../../etc/passwd"] {
        let answer = world.post(Some(&token), "/api/advance_round", &[("round", id), ("from", "preparation")]).await;
        says(&answer, "没有找到");
    }
    for path in [format!("/rounds/{unknown}"), "/rounds/abc".to_owned(), format!("/batches/{unknown}")] {
        assert_eq!(world.get(Some(&token), &path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(world.get(Some(&token), &format!("/batches/{batch}")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn another_experts_sheet_and_a_stale_version_change_nothing() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    store.migrate().await.unwrap();
    let demo =
        demo::build(store.clone(), vec![7; 32], service::crypto::Keyring::throw_away(), 1, |_| {}).await.unwrap();
    let world = World::over(store);
    let store = world.app.program(Errand::Demonstration);
    let scoring: Vec<_> = store.rounds().all().await.unwrap().into_iter().filter(|r| r.step == Step::Scoring).collect();
    let sheets = store.sheets().of_round(scoring[0].id).await.unwrap();
    let own =
        |expert: ExpertId| sheets.iter().find(|s| s.expert == expert && s.state.key() == "draft" && s.version > 0);
    let mut signed_in = Vec::new();
    for account in demo.accounts.iter().filter(|a| a.login.starts_with("zj")) {
        let (token, actor) = service::account::sign_in(
            &world.app,
            &service::Client::default(),
            &account.login,
            demo::PASSWORD.to_owned(),
        )
        .await
        .unwrap();
        if let Standing::Expert(expert) = actor.standing
            && let Some(sheet) = own(expert)
        {
            signed_in.push((token, sheet.clone()));
        }
    }
    let [(token, mine), (_, other), ..] = signed_in.as_slice() else {
        panic!("two experts with drafts are in the demonstration")
    };

    let id = other.id.to_string();
    let fields = [("sheet", id.as_str()), ("version", "1"), ("intent", "save"), ("D1", "10")];
    says(&world.post(Some(token), "/api/post_sheet", &fields).await, "没有找到");
    assert_eq!(world.get(Some(token), &format!("/desk/{id}")).await.status, StatusCode::NOT_FOUND);

    let (id, stale) = (mine.id.to_string(), (mine.version - 1).to_string());
    let fields = [("sheet", id.as_str()), ("version", stale.as_str()), ("intent", "save"), ("D1", "10")];
    says(&world.post(Some(token), "/api/post_sheet", &fields).await, "在别处保存，这次没有覆盖");
    let unchanged = store.sheets().of_round(scoring[0].id).await.unwrap();
    assert_eq!(unchanged.iter().find(|s| s.id == mine.id), Some(mine), "a stale version changes nothing");

    let now = mine.version.to_string();
    let fields = [("sheet", id.as_str()), ("version", now.as_str()), ("intent", "submit"), ("D1", "优"), ("E1", "11")];
    let answer = world.post(Some(token), "/api/post_sheet", &fields).await;
    says(&answer, "D1 “优”不是数字");
    says(&answer, "E1 应在0至10分之间");

    let after = store.sheets().of_round(scoring[0].id).await.unwrap();
    assert_eq!(after.iter().find(|s| s.id == other.id), Some(other));
    assert!(after.iter().find(|s| s.id == mine.id).is_some_and(|s| s.state.key() == "draft"));
}

#[tokio::test]
async fn nobody_signed_in_is_sent_to_sign_in_and_other_roles_are_refused() {
    let (world, _, _) = ready().await;
    let answer = world.get(None, "/experts?q=a").await;
    assert_eq!(
        (answer.status, answer.location.as_deref()),
        (StatusCode::FOUND, Some("/sign-in?next=%2Fexperts%3Fq%3Da"))
    );
    let supervisor = world.sign_in("supervisor").await;
    let fields = [("year", "2025"), ("seq", "1"), ("title", "示例批次"), ("basis", "示例依据")];
    says(&world.post(Some(&supervisor), "/api/create_batch", &fields).await, "没有“维护批次与任务”的权限");
    assert_eq!(world.get(Some(&supervisor), "/accounts").await.status, StatusCode::FORBIDDEN);
    assert!(world.app.program(Errand::Demonstration).programme().batches().await.unwrap().is_empty());
}
