//! Every address as every role: what the matrix refuses is refused, what it allows is not, and nothing is left out of the matrix.

use domain::access::{Errand, Role};
use domain::region::Recommender;
use server::http::access::{Access, left_behind, matrix, routes};
use std::path::Path;
use store::Repositories;
use tests::request::Answer;
use tests::stage::Stage;

/// Refused for want of a permission, in whichever way the address says so. The manual quotes the words without meaning them.
fn is_denied(answer: &Answer, path: &str) -> bool {
    if path.starts_with("/help") {
        return answer.status == 403;
    }
    let said = |words: &str| words.contains("没有“") && words.contains("”的权限");
    answer.status == 403 || said(answer.problem()) || (answer.status != 404 && said(&answer.text()))
}

/// Not for the test's own mistakes: a form whose fields cannot be read never comes to the question who may.
fn is_understood(answer: &Answer) -> bool {
    answer.status != 500 && !answer.location.as_deref().is_some_and(|to| to.contains("__err="))
}

fn asks_to_sign_in(answer: &Answer) -> bool {
    answer.location.as_deref().is_some_and(|to| to.starts_with("/sign-in"))
}

#[test]
fn every_address_is_declared_and_every_declaration_is_an_address() {
    let undeclared: Vec<_> = routes().into_iter().filter(|route| route.access.is_none()).collect();
    assert!(undeclared.is_empty(), "say in server::http::access what these take: {undeclared:?}");
    assert!(left_behind().is_empty(), "these are no addresses any more: {:?}", left_behind());
    assert!(routes().len() > 80, "{}", routes().len());
}

#[test]
fn the_document_is_the_matrix() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/security/permissions.md");
    let document = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(document == matrix(), "docs/security/permissions.md should read:\n{}", matrix());
}

#[tokio::test]
async fn every_role_gets_what_the_matrix_allows_and_nothing_else() {
    let stage = Stage::new().await;
    let mut wrong = Vec::new();
    let mut refused = 0;
    // First everybody who may not, so that nothing has been changed by those who may.
    for allowed in [false, true] {
        for route in routes() {
            let access = route.access.unwrap();
            // Signing out ends the session that the test needs.
            if route.path.ends_with("/sign_out") || route.path.ends_with("/change_password") {
                continue;
            }
            // While scoring goes on, who leaves a panel is for those to say who decide on recusals as well.
            if allowed && route.path.ends_with("/leave_seat") {
                continue;
            }
            for (role, token) in stage.tokens.iter().filter(|(role, _)| access.allows(**role) == allowed) {
                let answer = stage.ask(&route, Some(token)).await;
                let asks = asks_to_sign_in(&answer) && !route.path.ends_with("/sign_in");
                if is_denied(&answer, &route.path) == allowed || asks || !is_understood(&answer) {
                    let words: String = answer.text().chars().take(120).collect();
                    wrong.push(format!(
                        "{role} {} {}: {} {:?} {words}",
                        route.method, route.path, answer.status, answer.flash
                    ));
                }
                refused += usize::from(!allowed);
            }
        }
    }
    assert!(wrong.is_empty(), "{} addresses answer otherwise than declared:\n{}", wrong.len(), wrong.join("\n"));
    assert!(refused > 400, "{refused}");
}

#[tokio::test]
async fn whoever_is_not_signed_in_gets_nothing_but_the_way_in() {
    let stage = Stage::new().await;
    for route in routes().into_iter().filter(|route| route.access != Some(Access::Open)) {
        let answer = stage.ask(&route, None).await;
        let open = !asks_to_sign_in(&answer) && !answer.text().contains("登录已失效");
        assert!(!open, "{} {}: {} {:?}", route.method, route.path, answer.status, answer.location);
    }
}

#[tokio::test]
async fn an_expert_s_own_sheet_opens_and_another_s_is_not_there() {
    let stage = Stage::new().await;
    let expert = Some(&stage.tokens[&Role::Expert]);
    let own = stage.world.get(expert, &format!("/desk/{}", stage.ids["sheet"])).await;
    assert_eq!(own.status, 200);
    let foreign = stage.world.get(expert, &format!("/desk/{}", stage.foreign_sheet)).await;
    let nowhere = stage.world.get(expert, "/desk/01900000-0000-7000-8000-000000000000").await;
    assert_eq!((foreign.status.as_u16(), nowhere.status.as_u16()), (404, 404));
    let without_id = |answer: &Answer| {
        answer.text().replace(&stage.foreign_sheet, "").replace("01900000-0000-7000-8000-000000000000", "")
    };
    assert_eq!(without_id(&foreign).len(), without_id(&nowhere).len(), "somebody else's looks as if it were not there");
    let fields = [("sheet", stage.foreign_sheet.as_str()), ("version", "1"), ("intent", "save")];
    assert!(stage.world.post(expert, "/api/post_sheet", &fields).await.problem().contains("没有找到"));
    let rows =
        stage.world.app.program(Errand::Demonstration).audit().page(&stage.foreign_sheet, 0, 10).await.unwrap().0;
    let refused: Vec<_> = rows.iter().filter(|row| row.action == "access_refused").collect();
    assert_eq!(refused.len(), 2, "both attempts are written down: {rows:?}");
    let nowhere = stage
        .world
        .app
        .program(Errand::Demonstration)
        .audit()
        .page("01900000-0000-7000-8000-000000000000", 0, 10)
        .await
        .unwrap()
        .0;
    assert!(nowhere.iter().all(|row| !row.detail.contains("\"sheet\"")), "what is not there is nobody's");
}

#[tokio::test]
async fn nothing_is_done_to_what_belongs_to_somebody_else() {
    let stage = Stage::new().await;
    let store = stage.world.app.program(Errand::Demonstration);
    let expert = Some(&stage.tokens[&Role::Expert]);
    let admin = store.accounts().by_login("admin").await.unwrap().id;
    let session = store.browser_sessions().of(admin).await.unwrap()[0].id.to_string();
    let ticked = format!("end.{session}");
    let fields = [("password", demo::PASSWORD), (ticked.as_str(), "true")];
    let answer = stage.world.post(expert, "/api/end_sessions", &fields).await;
    assert!(answer.problem().contains("没有找到"), "{}", answer.problem());
    assert_eq!(store.browser_sessions().of(admin).await.unwrap().len(), 1, "it goes on");

    let round = stage.ids["round"].parse().unwrap();
    let own = stage.ids["expert"].parse().unwrap();
    let mine: Vec<_> =
        store.sheets().of(own).in_round(round).await.unwrap().into_iter().map(|sheet| sheet.application).collect();
    let sheets = store.sheets().of_round(round).await.unwrap();
    let foreign = sheets.iter().find(|sheet| !mine.contains(&sheet.application)).unwrap().application.to_string();
    let fields = [
        ("round", stage.ids["round"].as_str()),
        ("application", foreign.as_str()),
        ("sheet", stage.ids["sheet"].as_str()),
        ("rule", "mentorship"),
        ("statement", "示例"),
        ("confirmed", "true"),
    ];
    let before = store.conflicts().of_expert(round, own).await.unwrap().len();
    let answer = stage.world.post(expert, "/api/declare_recusal", &fields).await;
    assert!(answer.problem().contains("没有找到"), "{}", answer.problem());
    assert_eq!(store.conflicts().of_expert(round, own).await.unwrap().len(), before);

    let elsewhere = store.programme().batches().await.unwrap();
    let mut others = Vec::new();
    for batch in elsewhere {
        others.extend(store.applications().of_batch(batch.id).await.unwrap());
    }
    let region = stage.world.get(Some(&stage.tokens[&Role::Recommender]), "/region").await.text();
    let (own, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|a| a.recommender == Recommender::Lanzhou);
    assert!(own.iter().all(|application| region.contains(&format!(">{}<", application.code))));
    assert!(!others.is_empty());
    assert!(others.iter().all(|application| !region.contains(&format!(">{}<", application.code))));
}
