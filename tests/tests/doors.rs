//! Headers of every answer to the browser, and how often one may ask.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use domain::access::Errand;
use server::http::{Door, Rate, Rates};
use service::Transport;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::Repositories;
use tests::{PASSWORD, World};
use tower::ServiceExt;

async fn headers(world: &World, path: &str) -> HeaderMap {
    let request = Request::get(path).body(Body::empty()).unwrap();
    world.router.clone().oneshot(request).await.unwrap().headers().clone()
}

fn said<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The same installation, reached over TLS.
fn over_tls(world: &World) -> World {
    let own = &world.app;
    let app = Arc::new(service::App {
        store: own.store.clone(),
        clock: own.clock.clone(),
        ids: own.ids.clone(),
        hash_key: own.hash_key.clone(),
        imprint_key: own.imprint_key.clone(),
        passwords: own.passwords.clone(),
        keys: own.keys.clone(),
        policy: own.policy,
        second_factor: own.second_factor,
        ceremonies: service::account::Ceremonies::default(),
        transport: Transport::Tls,
        address: "http://hengping.example".to_owned(),
        digest: own.digest,
    });
    let door = Door { app: app.clone(), proxies: [].into(), rates: Rates::default() };
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    World { app, router: server::http::router(door, &tests::site(), listen).unwrap() }
}

#[tokio::test]
async fn scripts_run_only_with_the_nonce_of_their_own_answer() {
    let world = World::staffed().await;
    let page = world.get(None, "/sign-in").await;
    let headers = headers(&world, "/sign-in").await;
    let policy = said(&headers, "content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self' 'nonce-")
            && policy.contains("frame-ancestors 'none'")
    );
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    let text = page.text();
    for script in text.split("<script").skip(1) {
        let tag = script.split('>').next().unwrap();
        assert!(tag.contains("nonce=") || tag.contains("src="), "a script without nonce: {tag}");
    }
    assert!(!text.contains(" style=\"") && !text.contains(" onclick="), "nothing inline");
    let other = self::headers(&world, "/sign-in").await;
    assert_ne!(said(&other, "content-security-policy"), policy, "every answer has its own");
}

#[tokio::test]
async fn every_answer_is_kept_by_nobody_and_framed_by_nobody() {
    let world = World::staffed().await;
    for path in ["/sign-in", "/no-such-page", "/download/experts.xlsx", "/healthz", "/accounts"] {
        let headers = headers(&world, path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(said(&headers, name), value, "{path} {name}");
        }
        assert!(said(&headers, "content-security-policy").contains("default-src 'none'"), "{path}");
        assert!(headers.get("strict-transport-security").is_none(), "in the clear there is nothing to insist on");
    }
    let secure = headers(&over_tls(&world), "/sign-in").await;
    assert!(said(&secure, "strict-transport-security").starts_with("max-age=31536000"));
}

#[tokio::test]
async fn cookies_are_for_this_host_and_no_script() {
    let world = World::staffed().await;
    let sign_in = async |world: &World, password: &str| {
        let body = format!("login=gxt&password={}&next=%2F", password.replace('!', "%21"));
        let request = Request::post("/api/sign_in")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "text/html")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .unwrap();
        let response = world.router.clone().oneshot(request).await.unwrap();
        let cookies = response.headers().get_all("set-cookie").iter();
        cookies.map(|value| value.to_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let secured = over_tls(&world);
    for (password, name) in [(PASSWORD, "hengping="), ("Wrong-2025!", "hengping_flash=")] {
        let plain = sign_in(&world, password).await;
        let plain = plain.iter().find(|cookie| cookie.starts_with(name)).expect(name);
        assert!(plain.contains("; HttpOnly") && plain.contains("; SameSite=Lax"), "{plain}");
        let secure = sign_in(&secured, password).await;
        let secure = secure.iter().find(|cookie| cookie.starts_with(&format!("__Host-{name}"))).expect(name);
        assert!(
            secure.contains("; Path=/;") && secure.contains("; HttpOnly") && secure.ends_with("; Secure"),
            "{secure}"
        );
    }
}

#[tokio::test]
async fn no_address_leads_out_of_the_folders() {
    let world = World::staffed().await;
    let token = world.sign_in("gxt").await;
    let round = "01900000-0000-7000-8000-000000000000";
    for up in [
        "../../../../../../etc/passwd",
        "..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
        "%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "....//....//etc/passwd",
        "%00",
    ] {
        for path in [
            format!("/pkg/{up}"),
            format!("/download/templates/{up}"),
            format!("/download/rounds/{round}/{up}"),
            format!("/download/rounds/{up}/scores.csv"),
            format!("/{up}"),
        ] {
            let request = Request::get(&path).header("cookie", format!("hengping={}", token.as_str()));
            let Ok(request) = request.body(Body::empty()) else { continue };
            let response = world.router.clone().oneshot(request).await.unwrap();
            assert!(response.status().is_client_error(), "{path}: {}", response.status());
            let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
            assert!(!String::from_utf8_lossy(&body).contains("root:"), "{path}");
        }
    }
}

#[tokio::test]
async fn signing_out_makes_the_browser_forget_the_pages() {
    let world = World::staffed().await;
    let token = world.sign_in("gxt").await;
    let request = Request::post("/api/sign_out")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "text/html")
        .header("sec-fetch-site", "same-origin")
        .header("cookie", format!("hengping={}", token.as_str()))
        .body(Body::empty())
        .unwrap();
    let response = world.router.clone().oneshot(request).await.unwrap();
    assert_eq!(said(response.headers(), "clear-site-data"), "\"cache\"", "copies of unsaved sheets stay");
}

#[tokio::test]
async fn whoever_asks_too_often_waits_and_nobody_else_does() {
    let number = |n: u32| NonZeroU32::new(n).unwrap();
    let fast = Rate { per_second: NonZeroU32::MAX, burst: NonZeroU32::MAX };
    let slow = |burst: u32| Rate { per_second: number(1), burst: number(burst) };
    let world = World::staffed().await;
    let (one, other) = (world.sign_in("gxt").await, world.sign_in("jyt").await);
    let world = World::behind(world.app, Rates { stranger: fast, secret: slow(3), session: slow(5) });
    // Whoever asks a little too fast is answered a little later.
    let began = Instant::now();
    for _ in 0..7 {
        assert_eq!(world.get(Some(&one), "/batches").await.status, StatusCode::OK);
    }
    assert!(began.elapsed() > Duration::from_secs(1), "two of seven waited for their turn");
    assert_eq!(world.get(Some(&other), "/batches").await.status, StatusCode::OK);
    assert_eq!(world.get(None, "/sign-in").await.status, StatusCode::OK, "looking is not guessing");

    // Whoever would wait too long is told so.
    let never = Rate { per_second: number(1), burst: number(1) };
    let world = World::behind(world.app, Rates { stranger: fast, secret: never, session: fast });
    let (local, mut guesses) = (tokio::task::LocalSet::new(), tokio::task::JoinSet::new());
    for n in 0..40 {
        let world = world.clone();
        guesses.spawn_local_on(
            async move {
                let login = format!("nobody{n}");
                world.post(None, "/api/sign_in", &[("login", &login), ("password", "x")]).await
            },
            &local,
        );
    }
    let answers = local.run_until(guesses.join_all()).await;
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status == StatusCode::TOO_MANY_REQUESTS).collect();
    assert!((10..40).contains(&refused.len()), "{}", refused.len());
    for answer in refused {
        assert!(answer.text().contains("请稍候") && answer.text().contains("自动重新载入"), "a page of the house");
        let again = said(&answer.headers, "refresh");
        assert!(again.ends_with("; url=/sign-in"), "{again}");
    }
    let rows = turned_away(&world).await;
    let who: Vec<&str> = rows.iter().map(|row| row.actor.as_str()).collect();
    assert_eq!(who, ["（未登录）"], "once a minute: {rows:?}");
    assert!(rows.iter().all(|row| row.detail.contains("\"rate\"")), "{rows:?}");
}

async fn turned_away(world: &World) -> Vec<domain::audit::AuditRow> {
    world.app.program(Errand::Demonstration).audit().page("turned_away", 0, 10).await.unwrap().0
}

#[tokio::test]
async fn a_write_from_another_site_is_turned_away_and_written_down() {
    for (header, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.example")] {
        let world = World::staffed().await;
        let token = world.sign_in("gxt").await;
        let request = Request::post("/api/sign_out")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("host", "hengping.example")
            .header(header, value)
            .header("cookie", format!("hengping={}", token.as_str()))
            .body(Body::empty())
            .unwrap();
        let response = world.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{header}");
        assert_eq!(world.get(Some(&token), "/").await.status, StatusCode::OK, "still signed in");
        let rows = turned_away(&world).await;
        assert_eq!(rows.len(), 1, "{header}");
        assert!(rows[0].detail.contains("\"origin\""), "{:?}", rows[0]);
    }
}
