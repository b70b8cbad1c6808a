//! A recused expert sees of the application that there is something they are recused from. Nothing else, at any address.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

use axum::http::Method;
use domain::access::{Errand, Role, Standing};
use domain::application::Application;
use domain::conflict::Decision;
use domain::round::Round;
use server::http::access::routes;
use service::account::Token;
use service::scoring::DeskLine;
use store::Repositories;
use tests::request::Answer;
use tests::stage::Stage;

/// Experts with an account who are recused from an application of their own panel, and what they are recused from.
async fn recused(stage: &Stage, round: &Round) -> Vec<(Token, Vec<Application>)> {
    let store = &stage.world.app.program(Errand::Demonstration);
    let client = service::Client::default();
    let applications = store.applications().of_batch(round.batch).await.unwrap();
    let mut found = Vec::new();
    for account in store.accounts().all().await.unwrap() {
        let Standing::Expert(expert) = account.standing else { continue };
        let conflicts = store.conflicts().of_expert(round.id, expert).await.unwrap();
        let upheld: Vec<_> =
            conflicts.iter().filter(|c| c.decision == Decision::Upheld).map(|c| c.application).collect();
        if upheld.is_empty() {
            continue;
        }
        let password = demo::PASSWORD.to_owned();
        let token = service::account::sign_in(&stage.world.app, &client, &account.login, password).await.unwrap().0;
        let ctx = service::account::resume(&stage.world.app, &client, &token).await.unwrap();
        let desks = service::scoring::desks(&ctx).await.unwrap();
        let own = desks.iter().find(|desk| desk.round.id == round.id);
        if own.is_some_and(|desk| desk.lines.iter().any(|line| matches!(line, DeskLine::Recused))) {
            found.push((token, applications.iter().filter(|a| upheld.contains(&a.id)).cloned().collect()));
        }
    }
    found
}

/// By its code: several applications of the demonstration share a title.
fn shows(answer: &Answer, application: &Application) -> bool {
    let said = format!("{}{}", answer.text(), answer.problem());
    said.contains(&application.code)
}

#[tokio::test]
async fn a_recused_expert_sees_nothing_of_the_application_at_any_address() {
    let mut stage = Stage::new().await;
    let mut pairs = Vec::new();
    for round in stage.world.app.program(Errand::Demonstration).rounds().all().await.unwrap() {
        pairs.extend(recused(&stage, &round).await.into_iter().map(|(token, from)| (round.id, token, from)));
    }
    assert!(!pairs.is_empty(), "the demonstration has nobody who is recused from an application of the own panel");
    for (round, token, applications) in pairs.into_iter().take(2) {
        for name in ["round", "recusal_round"] {
            stage.ids.insert(name, round.to_string());
        }
        for application in applications {
            let sheet = stage.world.app.program(Errand::Demonstration).sheets().of_round(round).await.unwrap();
            let sheet = sheet.iter().find(|sheet| sheet.application == application.id).unwrap();
            stage.ids.insert("sheet", sheet.id.to_string());
            for name in ["application", "recusal_application"] {
                stage.ids.insert(name, application.id.to_string());
            }
            let coordinator = stage.tokens[&Role::Coordinator].clone();
            let mut seen_by_others = 0;
            for route in routes().into_iter().filter(|route| !route.path.ends_with("/sign_out")) {
                let answer = stage.ask(&route, Some(&token)).await;
                assert!(!shows(&answer, &application), "{} {} shows {}", route.method, route.path, application.code);
                if route.method == Method::GET {
                    seen_by_others += usize::from(shows(&stage.ask(&route, Some(&coordinator)).await, &application));
                }
            }
            assert!(seen_by_others > 3, "the test looks for words that are nowhere: {seen_by_others}");
        }
    }
}
