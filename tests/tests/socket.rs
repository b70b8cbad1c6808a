//! The program behind a socket in the file system, as a reverse proxy on the same machine uses it.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

use domain::access::Errand;
use server::http::{Door, Rates, router};
use server::listen::{Bounds, Place, serve};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use store::Repositories;
use tests::World;

fn ask(socket: &Path, request: &str) -> String {
    let mut stream = UnixStream::connect(socket).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// A failed sign-in, as the proxy passes it on.
fn failed_sign_in(socket: &Path, said: &str) {
    let body = "login=organizer&password=Wrong-2026-x&next=";
    let head = format!(
        "POST /api/sign_in HTTP/1.1\r\nHost: hengping.example\r\nAccept: text/html\r\nConnection: close\r\n{said}\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}",
        body.len()
    );
    assert!(ask(socket, &format!("{head}\r\n\r\n{body}")).starts_with("HTTP/1.1 302"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_over_a_socket_are_the_proxy_s_and_come_from_whom_it_names() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("web.sock");
    let place = Place::Unix(socket.clone());
    // Left behind by a run that was killed.
    drop(UnixListener::bind(&socket).unwrap());
    let listener = place.open().await.unwrap();
    assert_eq!(std::fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o660);
    assert_eq!(place.open().await.unwrap_err().kind(), ErrorKind::AddrInUse, "somebody listens there");

    let world = World::staffed().await;
    let app = world.app.clone();
    // No proxy is listed: who may open the socket is one.
    let door = Door { app: app.clone(), proxies: [].into(), rates: Rates::default() };
    let router = router(door, &tests::site(), place.address()).unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let served = tokio::spawn(serve(listener, router, Bounds::default(), async move { stopped.await.unwrap() }));
    tokio::task::block_in_place(|| {
        let health = "GET /healthz HTTP/1.1\r\nHost: hengping.example\r\nConnection: close\r\n\r\n";
        assert!(ask(&socket, health).ends_with("ok"));
        failed_sign_in(&socket, "X-Forwarded-For: 10.9.9.9, 203.0.113.7\r\n");
        failed_sign_in(&socket, "");
    });
    let (rows, _) = app.program(Errand::Demonstration).audit().page("", 0, 20).await.unwrap();
    let from: Vec<_> =
        rows.iter().filter(|row| row.action == "sign_in_failed").map(|row| row.address.as_str()).collect();
    assert_eq!(from, ["127.0.0.1", "203.0.113.7"], "the last first");

    stop.send(()).unwrap();
    served.await.unwrap();
    assert!(!socket.exists(), "it goes with its listener");
    std::fs::write(&socket, "no socket").unwrap();
    assert_eq!(place.open().await.unwrap_err().kind(), ErrorKind::AddrInUse, "a file is not taken away");
}
