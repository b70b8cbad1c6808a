//! Makes the pictures of the README from the demonstration data: `cargo xtask screenshots`.

#![expect(clippy::expect_used, reason = "a picture that cannot be taken ends the command")]

use demo::PASSWORD;
use domain::access::{Errand, Scope};
use domain::round::{RoundKind, Step};
use std::path::PathBuf;
use store::{Repositories, Store};
use tests::World;
use tests::browser::{Driver, Scripts, free_port, wait_for};

#[tokio::main]
async fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).expect("the folder for the pictures"));
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let data = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite://{}?mode=rwc", data.path().join("demo.db").display());
    let store = Store::open(&url).await.expect("the database opens");
    store.migrate().await.expect("the schema applies");
    let demo = demo::build(store.clone(), vec![7; 32], service::crypto::Keyring::throw_away(), 1, |_| {})
        .await
        .expect("the demonstration is made");
    let rounds = store.of(Scope::program(Errand::Demonstration)).rounds().all().await.expect("rounds");
    let selection =
        rounds.iter().find(|r| r.kind == RoundKind::Selection && r.step == Step::Ranking).expect("a ranked round");

    let acceptance = rounds.iter().find(|r| r.kind == RoundKind::Acceptance).expect("an acceptance round");

    let world = World::over(store.clone());
    let port = free_port();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.expect("the port is free");
    tokio::spawn(axum::serve(listener, world.router.clone()).into_future());
    wait_for(port).await;
    let base = format!("http://127.0.0.1:{port}");

    let driver = Driver::start().await;
    let window = driver.window(Scripts::On).await;
    window.sign_in(&base, "gxt", PASSWORD).await;
    window.wait_for_words("等我处理").await;
    for (name, page) in [
        ("overview", ""),
        ("panels", "/panels"),
        ("conflicts", "/conflicts"),
        ("bridging", "/bridging"),
        ("draw", "/draw"),
        ("board", "/board"),
        ("calibration", "/calibration"),
        ("ranking", "/ranking"),
        ("exports", "/exports"),
    ] {
        window.open(&format!("{base}/rounds/{}{page}", selection.id)).await;
        std::fs::write(folder.join(format!("{name}.png")), window.picture().await).expect("the picture can be written");
    }
    window.open(&base).await;
    std::fs::write(folder.join("workbench.png"), window.picture().await).expect("the picture can be written");
    window.open(&format!("{base}/rounds/{}/findings", acceptance.id)).await;
    std::fs::write(folder.join("findings.png"), window.picture().await).expect("the picture can be written");
    window.close().await;

    let expert = demo.accounts.iter().find(|a| a.role.contains("填写中")).expect("an expert at work");
    let window = driver.window(Scripts::On).await;
    window.sign_in(&base, &expert.login, PASSWORD).await;
    window.wait_for_words("等我处理").await;
    window.open(&format!("{base}/desk")).await;
    window.click("main tbody a").await;
    window.wait_for_words("合计").await;
    std::fs::write(folder.join("desk.png"), window.picture().await).expect("the picture can be written");
    window.close().await;
}
