//! No page asks the database more often than ten times, whoever looks at it.

use axum::http::Method;
use domain::round::RoundKind;
use server::http::access::{PAGES, routes};
use store::Store;
use tests::stage::{Stage, demonstration};

const MOST: usize = 10;

#[tokio::test]
async fn no_page_takes_more_than_ten_queries() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    store.migrate().await.unwrap();
    let accounts = demonstration(&store, 1).await;
    let mut offenders = Vec::new();
    let mut asked = 0;
    for kind in [RoundKind::Selection, RoundKind::Acceptance] {
        let (counted, statements) = store.counted();
        let stage = Stage::over(counted, &accounts, kind).await;
        for route in routes().into_iter().filter(|route| PAGES.iter().any(|(path, _)| *path == route.path)) {
            assert_eq!(route.method, Method::GET);
            let access = route.access.unwrap();
            for (role, token) in stage.tokens.iter().filter(|(role, _)| access.allows(**role)) {
                // The first request may write that somebody looked, or read what is then kept.
                stage.ask(&route, Some(token)).await;
                statements.take();
                let answer = stage.ask(&route, Some(token)).await;
                assert!(answer.status != 500, "{} as {role}", route.path);
                let sent = statements.take();
                if sent.len() > MOST {
                    offenders.push(format!("{kind} {} as {role}: {}", route.path, sent.len()));
                }
                asked += 1;
            }
        }
    }
    assert!(offenders.is_empty(), "more than {MOST} queries:\n{}", offenders.join("\n"));
    assert!(asked > 100, "{asked}");
}
