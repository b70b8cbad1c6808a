//! What is written down is also told to another system: in order, from where the last run ended, without anybody's name.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

use domain::access::Errand;
use server::log::{Forward, Message, SENT, Target};
use service::audit::{Sent, not_as_sent, read_sent};
use service::{Client, account};
use std::path::Path;
use std::time::Duration;
use store::Repositories;
use tests::World;
use tokio::io::AsyncReadExt;
use tokio::net::{UnixDatagram, UnixListener};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// A run of the program that sends to the socket, until it is stopped.
struct Run {
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
    lines: mpsc::Sender<Message>,
}

fn run(world: &World, data: &Path, socket: &Path) -> Run {
    let (stop, stopped) = oneshot::channel();
    let (lines, received) = mpsc::channel(10);
    let forward = Forward::new(world.app.clone(), Target::Unix(socket.to_owned()), data, received);
    Run { stop, ended: tokio::spawn(forward.run(stopped)), lines }
}

impl Run {
    async fn end(self) {
        self.stop.send(()).unwrap();
        self.ended.await.unwrap();
    }
}

async fn fail_to_sign_in(world: &World) {
    let tried = account::sign_in(&world.app, &Client::default(), "organizer", "Wrong-2026-x".to_owned()).await;
    assert!(tried.is_err());
}

/// The messages that have arrived so far.
async fn received(socket: &UnixDatagram) -> Vec<String> {
    let mut all = Vec::new();
    let mut buffer = vec![0; 65_536];
    while let Ok(Ok(size)) = tokio::time::timeout(Duration::from_millis(200), socket.recv(&mut buffer)).await {
        all.push(String::from_utf8(buffer[..size].to_vec()).unwrap());
    }
    all
}

async fn rows(world: &World) -> Vec<Sent> {
    let rows = world.app.program(Errand::Audit).audit().following(0, 1_000).await.unwrap();
    rows.into_iter().map(|row| Sent { seq: row.link.seq, hash: row.link.hash }).collect()
}

#[tokio::test]
async fn every_row_is_sent_once_in_order_also_those_written_while_nobody_listened() {
    let world = World::staffed().await;
    let data = tempfile::tempdir().unwrap();
    let socket = data.path().join("log.sock");
    // Nobody listens yet.
    let first = run(&world, data.path(), &socket);
    tokio::time::sleep(Duration::from_millis(100)).await;
    let service = UnixDatagram::bind(&socket).unwrap();
    let mut log = Vec::new();
    while log.is_empty() {
        log = received(&service).await;
    }
    fail_to_sign_in(&world).await;
    first.end().await;
    log.extend(received(&service).await);
    assert_eq!(read_sent(&log.join("\n")), rows(&world).await);

    // Between two runs, and while the log service is away.
    fail_to_sign_in(&world).await;
    drop(service);
    std::fs::remove_file(&socket).unwrap();
    let away = run(&world, data.path(), &socket);
    fail_to_sign_in(&world).await;
    away.end().await;
    let service = UnixDatagram::bind(&socket).unwrap();
    let last = run(&world, data.path(), &socket);
    last.end().await;
    log.extend(received(&service).await);
    assert_eq!(read_sent(&log.join("\n")), rows(&world).await);

    let failed = log.iter().filter(|line| line.contains("\"action\":\"sign_in_failed\"")).collect::<Vec<_>>();
    assert_eq!(failed.len(), 3);
    assert!(failed.iter().all(|line| line.starts_with("<108>1 ") && line.contains(" audit - {")), "{failed:?}");
    assert!(log.iter().all(|line| !line.contains("organizer")), "no login, no name");
    assert!(data.path().join(SENT).exists());

    // Another database under the same data folder: what was sent is noticed not to be there, and all is sent.
    let other = World::staffed().await;
    let again = run(&other, data.path(), &socket);
    let mut log = received(&service).await;
    again.end().await;
    log.extend(received(&service).await);
    assert_eq!(read_sent(&log.join("\n")), rows(&other).await);
}

#[tokio::test]
async fn a_row_that_was_changed_or_removed_afterwards_is_found_by_what_was_sent() {
    let world = World::staffed().await;
    fail_to_sign_in(&world).await;
    let sent = rows(&world).await;
    let audit = world.app.program(Errand::Audit);
    assert!(not_as_sent(&audit, &sent).await.unwrap().is_empty());
    let mut other = sent.clone();
    other[1].hash = other[0].hash.clone();
    other.push(Sent { seq: 4_711, hash: other[0].hash.clone() });
    assert_eq!(not_as_sent(&audit, &other).await.unwrap(), [other[1].seq, 4_711]);
}

#[tokio::test]
async fn a_stream_carries_each_message_with_its_length_and_the_lines_of_the_program_too() {
    let world = World::staffed().await;
    let data = tempfile::tempdir().unwrap();
    let socket = data.path().join("log.sock");
    let service = UnixListener::bind(&socket).unwrap();
    let run = run(&world, data.path(), &socket);
    let (mut stream, _) = service.accept().await.unwrap();
    let body = "{\"level\":\"WARN\",\"message\":\"慢\"}".to_owned();
    let severity = server::log::Severity::Warning;
    let line = Message { about: server::log::About::Program, severity, at: world.app.clock.now(), body: body.clone() };
    run.lines.send(line).await.unwrap();
    run.end().await;
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    let mut rest = text.as_str();
    let mut messages = Vec::new();
    while let Some((length, after)) = rest.split_once(' ') {
        let length: usize = length.parse().unwrap();
        messages.push(&after[..length]);
        rest = &after[length..];
    }
    assert!(rest.is_empty());
    assert_eq!(messages.iter().filter(|own| own.contains(" log - ") && own.ends_with(&body)).count(), 1);
    assert_eq!(read_sent(&messages.join("\n")), rows(&world).await);
}
