//! A security key in a browser: registered, asked at sign-in, and used to sign. The browser plays the key.

use axum::http::Method;
use domain::round::{Gate, RoundKind};
use fantoccini::wd::WebDriverCompatibleCommand;
use serde_json::json;
use service::account::{Statement, check_proof};
use store::{Repositories, Store};
use tests::World;
use tests::browser::{Driver, Scripts, Window, free_port, wait_for};
use url::{ParseError, Url};

/// 添加虚拟的安全密钥: https://w3c.github.io/webauthn/#sctn-automation-add-virtual-authenticator
#[derive(Debug)]
struct AddKey;

impl WebDriverCompatibleCommand for AddKey {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/webauthn/authenticator", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let key = json!({
            "protocol": "ctap2", "transport": "usb", "hasResidentKey": true, "hasUserVerification": true,
            "isUserConsenting": true, "isUserVerified": true,
        });
        (Method::POST, Some(key.to_string()))
    }
}

async fn sign_out(window: &Window, base: &str) {
    window.open(&format!("{base}/sessions")).await;
    window.run("document.querySelector('form[action=\"/api/sign_out\"]').requestSubmit()").await;
    window.wait_for_words("登录").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_registered_asked_at_sign_in_and_signs_the_terms() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite://{}?mode=rwc", folder.path().join("keys.db").display())).await.unwrap();
    store.migrate().await.unwrap();
    demo::build(store.clone(), vec![7; 32], service::crypto::Keyring::throw_away(), 1, |_| {}).await.unwrap();
    let port = free_port();
    let base = format!("http://localhost:{port}");
    let world = World::over_with(store, |app| app.address.clone_from(&base));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    tokio::spawn(axum::serve(listener, world.router.clone()).into_future());
    wait_for(port).await;
    let driver = Driver::start().await;
    let window = driver.window(Scripts::On).await;
    window.client.issue_cmd(AddKey).await.unwrap();

    window.sign_in(&base, "gxt", demo::PASSWORD).await;
    window.wait_for_words("等我处理").await;
    window.open(&format!("{base}/second-factor/keys")).await;
    window.fill("input[name=name]", "办公室的密钥").await;
    window.press("登记").await;
    window.wait_for_words("恢复码").await;
    assert!(window.words().await.contains("办公室的密钥"));

    sign_out(&window, &base).await;
    window.sign_in(&base, "gxt", demo::PASSWORD).await;
    window.wait_for_words("使用安全密钥").await;
    window.press("用安全密钥继续").await;
    window.wait_for_words("等我处理").await;

    let rounds = world.app.program(domain::access::Errand::Demonstration).rounds().all().await.unwrap();
    let open =
        |own: &&domain::round::Round| own.frozen == domain::round::Freeze::Open && own.kind == RoundKind::Selection;
    let round = rounds.iter().find(open).unwrap().id;
    window.open(&format!("{base}/rounds/{round}/terms")).await;
    if window.words().await.contains("尚未填写完整") {
        window.fill("[name=basis]", "甘工信发〔2025〕1号").await;
        window.press("保存").await;
        window.wait_for_words("以省工信厅名义会签").await;
    }
    window.press("以省工信厅名义会签").await;
    window.press("用安全密钥会签").await;
    window.wait_for_words("安全密钥签名").await;
    let signs = world.app.program(domain::access::Errand::Demonstration).rounds().countersigns(round).await.unwrap();
    let sign = signs.iter().find(|own| own.gate == Gate::Terms && own.proof.is_some()).unwrap();
    let statement = Statement { round, gate: sign.gate, department: sign.department, digest: sign.digest.clone() };
    assert!(check_proof(&statement, sign.proof.as_deref().unwrap()));
    window.close().await;
}
