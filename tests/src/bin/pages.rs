//! Measures every page and download on the demonstration: `cargo xtask bench pages`.

#![expect(clippy::expect_used, reason = "a page that cannot be measured ends the command")]

use axum::http::Method;
use demo::DemoAccount;
use domain::access::Role;
use domain::round::RoundKind;
use server::http::access::{Route, routes};
use service::account::Token;
use std::fmt::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use store::{Statements, Store};
use tests::World;
use tests::stage::{Stage, demonstration};

/// Requests that are timed; the median counts.
const TIMES: usize = 9;
const SCALES: [usize; 2] = [1, 5];

/// One address at one scale, with the role whose requests take longest.
struct Measured {
    path: String,
    role: Role,
    /// The median of requests that follow one another.
    median: Duration,
    /// The first request of a program that has just started.
    first: Duration,
    queries: usize,
    bytes: usize,
}

/// The demonstration of one scale in a file.
struct House {
    url: String,
    stage: Stage,
    statements: Statements,
    _folder: tempfile::TempDir,
}

impl House {
    async fn build(scale: usize) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("demo.db").display());
        let store = Store::open(&url).await.expect("the database opens");
        store.migrate().await.expect("the schema applies");
        let accounts: Vec<DemoAccount> = demonstration(&store, scale).await;
        let (counted, statements) = store.counted();
        let stage = Stage::over(counted, &accounts, RoundKind::Selection).await;
        Self { url, stage, statements, _folder: folder }
    }

    async fn measure(&self, route: &Route) -> Measured {
        let access = route.access.expect("every address is declared");
        let mut slowest: Option<Measured> = None;
        for (role, token) in self.stage.tokens.iter().filter(|(role, _)| access.allows(**role)) {
            let measured = self.as_role(route, *role, token).await;
            if slowest.as_ref().is_none_or(|other| measured.median > other.median) {
                slowest = Some(measured);
            }
        }
        slowest.expect("somebody may")
    }

    async fn as_role(&self, route: &Route, role: Role, token: &Token) -> Measured {
        let address = self.stage.address(&route.path);
        let get = async || {
            let start = Instant::now();
            let answer = self.stage.world.get(Some(token), &address).await;
            (start.elapsed(), answer.body.len())
        };
        get().await;
        self.statements.take();
        let bytes = get().await.1;
        let queries = self.statements.take().len();
        let mut times = Vec::new();
        for _ in 0..TIMES {
            times.push(get().await.0);
        }
        times.sort();
        let fresh = World::over(Store::open(&self.url).await.expect("the database opens"));
        // Opens the connection and fills what does not depend on the page.
        fresh.get(Some(token), "/password").await;
        let start = Instant::now();
        fresh.get(Some(token), &address).await;
        Measured { path: route.path.clone(), role, median: times[TIMES / 2], first: start.elapsed(), queries, bytes }
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1000.0)
}

fn report(measured: &[(Measured, Measured)]) -> String {
    let mut text = String::from(
        "## Pages\n\nMade by `cargo xtask bench pages` with a release build: every page and download of the program on the \
         demonstration at scale 1 (120 applications, 900 experts) and scale 5 (600 applications, 4,500 experts), as the role whose requests \
         take longest, in one process without a network, on SQLite in a file. Time is the median of nine requests, in milliseconds; `first` is \
         the first request of a program that has just started; queries are the statements one request sends, those that find out who asks \
         included. The budget: 30 ms, 10 queries, and five times the round at most five times the time.\n\n\
         | address | role | ms at 1 | ms at 5 | first at 5 | ratio | queries | KB at 5 |\n|---|---|---:|---:|---:|---:|---:|---:|\n",
    );
    for (small, large) in measured {
        let ratio = large.median.as_secs_f64() / small.median.as_secs_f64();
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {} | {ratio:.1} | {} | {} |",
            large.path,
            large.role,
            milliseconds(small.median),
            milliseconds(large.median),
            milliseconds(large.first),
            small.queries.max(large.queries),
            large.bytes / 1024,
        );
    }
    text
}

#[tokio::main]
async fn main() {
    let place = PathBuf::from(std::env::args().nth(1).expect("the file for the table"));
    let mut houses = Vec::new();
    for scale in SCALES {
        houses.push(House::build(scale).await);
    }
    let mut measured = Vec::new();
    for route in routes().into_iter().filter(|route| route.method == Method::GET) {
        let pair = (houses[0].measure(&route).await, houses[1].measure(&route).await);
        eprintln!("{} {} {}", route.path, milliseconds(pair.0.median), milliseconds(pair.1.median));
        measured.push(pair);
    }
    let known = std::fs::read_to_string(&place).expect("the file for the table can be read");
    let (before, after) = known.split_once("## Pages").expect("it has a section for pages");
    let after = after.find("\n## ").map_or("", |next| &after[next..]);
    std::fs::write(&place, format!("{before}{}{after}", report(&measured))).expect("the table can be written");
}
