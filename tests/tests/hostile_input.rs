//! Input that means harm: it is shown as text, leads nowhere else, and breaks nothing.

use axum::http::StatusCode;
use domain::access::Errand;
use domain::round::RoundKind;
use store::{Repositories, Store};
use tests::World;

const TITLE: &str = "</title><script>alert(1)</script>";
const AREA: &str = "</textarea><script>alert(2)</script>";

#[tokio::test]
async fn text_never_becomes_a_script_in_titles_or_text_fields() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    store.migrate().await.unwrap();
    demo::build(store.clone(), vec![7; 32], service::crypto::Keyring::throw_away(), 1, |_| {}).await.unwrap();
    let world = World::over(store);
    let store = world.app.program(Errand::Demonstration);
    let sign_in = async |login: &str| {
        service::account::sign_in(&world.app, &service::Client::default(), login, demo::PASSWORD.to_owned())
            .await
            .unwrap()
            .0
    };
    let token = sign_in("gxt").await;

    let fields = [("year", "2031"), ("seq", "1"), ("title", TITLE), ("basis", AREA)];
    world.post(Some(&token), "/api/create_batch", &fields).await;
    let batch = store.programme().batches().await.unwrap().into_iter().find(|b| b.title == TITLE).unwrap();
    let mut pages = vec![format!("/batches/{}", batch.id), "/batches".to_owned()];

    let rounds = store.rounds().all().await.unwrap();
    let acceptance = rounds.iter().find(|r| r.kind == RoundKind::Acceptance).unwrap();
    let entries = store.rounds().entries(acceptance.id).await.unwrap();
    let (round, application) = (acceptance.id.to_string(), entries.keys().next().unwrap().to_string());
    let finding = format!("/rounds/{round}/findings/{application}");
    let encoded = AREA.replace('<', "%3C").replace('>', "%3E").replace('/', "%2F");
    pages.push(format!("{finding}?points[D3]=1&evidence[D3]={encoded}"));
    let evidence =
        [("round", round.as_str()), ("application", application.as_str()), ("points[D3]", "1"), ("evidence[D3]", AREA)];
    world.post(Some(&token), "/api/score_objectives", &evidence).await;
    pages.push(finding);

    let mut shown = 0;
    for page in &pages {
        let answer = world.get(Some(&token), page).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
        assert!(!answer.text().contains("<script>alert"), "{page} runs what was typed");
        shown += usize::from(answer.text().contains("&lt;script&gt;alert"));
    }
    assert!(shown >= 3, "the texts are on the pages: {shown}");
}

#[tokio::test]
async fn signing_in_leads_to_this_site_only() {
    let world = World::staffed().await;
    for next in ["//evil.example", "/\t/evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"]
    {
        let fields = [("login", "gxt"), ("password", tests::PASSWORD), ("next", next)];
        let answer = world.post(None, "/api/sign_in", &fields).await;
        assert_eq!(answer.location.as_deref(), Some("/"), "{next:?}");
    }
}

#[tokio::test]
async fn control_characters_and_endless_forms_are_answered_in_words() {
    let world = World::staffed().await;
    let token = world.sign_in("gxt").await;
    for (path, fields) in [
        ("/api/post_sheet", [("sheet", "a\nb"), ("version", "1")]),
        ("/api/confirm_import", [("import", "a\nb"), ("to", "/x\u{1}")]),
        ("/api/set_terms", [("round", "x\u{1}中"), ("basis", "y")]),
    ] {
        let answer = world.post(Some(&token), path, &fields).await;
        assert!(answer.status == StatusCode::FOUND || answer.status.is_client_error(), "{path}: {}", answer.status);
    }
    let nul = world.post(Some(&token), "/api/create_batch", &[("title", "a\0b"), ("year", "2031")]).await;
    assert_eq!(nul.status, StatusCode::BAD_REQUEST);
    assert!(nul.text().contains("控制字符"));
    let long = "长".repeat(400_000);
    let endless = world.post(Some(&token), "/api/create_batch", &[("title", long.as_str()), ("year", "2031")]).await;
    assert_eq!(endless.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(world.app.program(Errand::Demonstration).programme().batches().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_typed_for_an_unknown_login_is_not_written_down() {
    let world = World::staffed().await;
    let secret = "Mima-Typed-In-The-Wrong-Field-2026";
    world.post(None, "/api/sign_in", &[("login", secret), ("password", "x")]).await;
    let (rows, _) = world.app.program(Errand::Demonstration).audit().page("sign_in_failed", 0, 10).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert!(!format!("{rows:?}").contains(secret));
}

#[tokio::test]
async fn unknown_addresses_have_a_page() {
    let world = World::staffed().await;
    let token = world.sign_in("gxt").await;
    for address in ["/help-me", "/rounds", "/a/b/c"] {
        let answer = world.get(Some(&token), address).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{address}");
        assert!(answer.text().contains("没有这个页面"), "{address}");
    }
}
