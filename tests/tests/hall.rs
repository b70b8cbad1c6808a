//! A hall of experts behind one address signs in at once while somebody on the same address guesses.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

use domain::access::{Errand, Standing};
use domain::account::{Account, AccountState, PasswordState};
use domain::ids::AccountId;
use server::http::{Door, Rates, router};
use server::listen::{Bounds, Listener, serve};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use store::Repositories;
use tests::World;

const HALL: usize = 300;
const PASSWORD: &str = "Qilian-Shan-2026";

/// One request on a connection of its own: the head of the answer.
fn ask(server: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(server).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(90))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn sign_in(server: SocketAddr, login: &str, password: &str) -> String {
    let body = format!("login={login}&password={password}&next=");
    let head = "POST /api/sign_in HTTP/1.1\r\nHost: hall\r\nAccept: text/html\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded";
    ask(server, &format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
}

/// Whether the answer opens a session.
fn is_in(answer: &str) -> bool {
    answer.to_lowercase().lines().any(|line| line.starts_with("set-cookie: hengping=") && !line.contains("hengping=;"))
}

/// The server on a port of its own.
async fn started(bounds: Bounds) -> SocketAddr {
    let world = World::staffed().await;
    let app = world.app.clone();
    let hash = app.passwords.hash(PASSWORD.to_owned()).await.unwrap();
    let account = |n: usize| Account {
        id: AccountId(app.ids.next()),
        login: format!("hall{n:03}"),
        name: format!("专家{n}"),
        standing: Standing::Organizer,
        password_hash: hash.clone(),
        state: AccountState::Active,
        created_at: app.clock.now(),
        password_state: PasswordState::Own,
        password_changed_at: app.clock.now(),
    };
    let accounts: Vec<_> = (0..HALL).map(account).collect();
    app.program(Errand::Demonstration).write(async |tx| tx.accounts().insert(accounts.clone()).await).await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let door = Door { app, proxies: [].into(), rates: Rates::default() };
    let router = router(door, &tests::site(), address).unwrap();
    tokio::spawn(serve(Listener::Tcp(listener), router, bounds, std::future::pending()));
    address
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hall_behind_one_address_signs_in_while_somebody_there_guesses() {
    let server = started(Bounds::default()).await;
    let (over, guesses) = (AtomicBool::new(false), AtomicUsize::new(0));
    let began = Instant::now();
    let inside = tokio::task::block_in_place(|| {
        std::thread::scope(|scope| {
            // One name again and again, names of the hall one after the other, and names that nobody has.
            for guesser in 0..3 {
                let (over, guesses) = (&over, &guesses);
                scope.spawn(move || {
                    for n in 0.. {
                        if over.load(Ordering::Relaxed) {
                            break;
                        }
                        let login = match guesser {
                            0 => "organizer".to_owned(),
                            1 => format!("hall{:03}", n % HALL),
                            _ => format!("nobody{n}"),
                        };
                        assert!(!is_in(&sign_in(server, &login, "Wrong-2026-x")));
                        guesses.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
            let experts: Vec<_> = (0..HALL)
                .map(|n| scope.spawn(move || is_in(&sign_in(server, &format!("hall{n:03}"), PASSWORD))))
                .collect();
            let inside =
                experts.into_iter().filter(|_| true).map(|one| one.join().unwrap()).filter(|inside| *inside).count();
            over.store(true, Ordering::Relaxed);
            inside
        })
    });
    assert_eq!(inside, HALL, "after {:?}, {} guesses", began.elapsed(), guesses.load(Ordering::Relaxed));
    assert!(guesses.load(Ordering::Relaxed) > 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_does_not_finish_asking_is_let_go_and_others_are_answered_meanwhile() {
    let server = started(Bounds { head: Duration::from_millis(300), connections: 64, ..Bounds::default() }).await;
    let let_go = tokio::task::block_in_place(|| {
        let halves: Vec<_> = (0..60)
            .map(|_| {
                let mut stream = TcpStream::connect(server).unwrap();
                stream.write_all(b"GET /sign-in HTTP/1.1\r\nHost: ha").unwrap();
                stream
            })
            .collect();
        let answer = ask(server, "GET /healthz HTTP/1.1\r\nHost: hall\r\nConnection: close\r\n\r\n");
        assert!(answer.ends_with("ok"), "{answer}");
        let ended = |mut stream: TcpStream| {
            stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
            let mut rest = Vec::new();
            // Closed without an answer, or with one that says so.
            stream.read_to_end(&mut rest).is_ok()
        };
        halves.into_iter().map(ended).filter(|ended| *ended).count()
    });
    assert_eq!(let_go, 60);
}
