//! Every address as every role: what the matrix refuses is refused, what it allows is not, and nothing is left out of the matrix.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

use axum::http::Method;
use domain::access::Role;
use server::http::access::{Access, Route, left_behind, matrix, routes};
use service::account::{NewAccount, Token};
use std::collections::BTreeMap;
use std::path::Path;
use store::{Repositories, Store};
use tests::request::Answer;
use tests::{PASSWORD, World};

/// What a form of this field would hold if a person had filled it in sensibly.
const FIELDS: &[(&str, &str)] = &[
    ("again", "Ceshi-2026!"),
    (
        "ask",
        r#"{"placement":{"Reviews":{"count":1,"per_expert":1}},"assumed":{"application":6,"expert":4,"panel":2,"residual":5}}"#,
    ),
    ("basis", "示例依据"),
    ("category", "foundation"),
    ("channel", "telephone"),
    ("code", "X-1"),
    ("commitment", ""),
    ("conclusion", "passed"),
    ("content", "示例"),
    ("count", "2"),
    ("day", "2026-01-01"),
    ("deadline", "2027-12-31"),
    ("decision", "upheld"),
    ("department", ""),
    ("digest", "0"),
    ("employer_cap", "1"),
    ("entry", "5"),
    ("finance", "1"),
    ("from", "preparation"),
    ("gate", "terms"),
    ("indicators", ""),
    ("intent", "save"),
    ("key", ""),
    ("kind", "selection"),
    ("login", "somebody"),
    ("management", "1"),
    ("method", "mixed"),
    ("min_sheets", "3"),
    ("name", "某人"),
    ("next", "/"),
    ("nonce", ""),
    ("old", "Ceshi-2025!"),
    ("outcome", "reserve"),
    ("pass_mark", "60"),
    ("password", "Ceshi-2026!"),
    ("presence", "present"),
    ("query", ""),
    ("quota", "3"),
    ("reason", "示例理由"),
    ("recusal_rule", "mentorship"),
    ("recusal_statement", "示例"),
    ("recusals", "0"),
    ("reference_day", "2026-01-01"),
    ("role", "organizer"),
    ("rubric_basis", "示例"),
    ("scope", "overall"),
    ("sector", "materials"),
    ("seq", "9"),
    ("state", "eligible"),
    ("technical", "3"),
    ("title", "示例"),
    ("to", "/"),
    ("trim_from", "7"),
    ("trimming", "totals"),
    ("version", "1"),
    ("what", "示例"),
    ("who", "某人"),
    ("why", "declined"),
    ("year", "2026"),
];

/// The demonstration, with one account of every role signed in.
struct Stage {
    world: World,
    /// By role; experts of whom one has sheets.
    tokens: BTreeMap<Role, Token>,
    /// What the placeholders of addresses and the id fields of forms stand for.
    ids: BTreeMap<&'static str, String>,
    /// A sheet of somebody else than the signed-in expert.
    foreign_sheet: String,
}

impl Stage {
    async fn new() -> Self {
        let store = Store::open("sqlite::memory:").await.unwrap();
        store.migrate().await.unwrap();
        let demo = service::demo::build(store.clone(), vec![7; 32], service::seal::Keyring::throw_away(), 1, |_| {})
            .await
            .unwrap();
        let world = World::over(store);
        let mut tokens = BTreeMap::new();
        let client = service::Client::default();
        for (role, login) in [
            (Role::Coordinator, "gxt"),
            (Role::Organizer, "zuzhi"),
            (Role::Supervisor, "jiandu"),
            (Role::SystemAdmin, "admin"),
            (Role::SecurityAdmin, "anquan"),
            (Role::Auditor, "shenji"),
            (Role::Expert, demo.accounts.last().unwrap().login.as_str()),
        ] {
            let signed_in =
                service::account::sign_in(&world.app, &client, login, service::demo::PASSWORD.to_owned()).await;
            tokens.insert(role, signed_in.unwrap().0);
        }
        let admin = service::account::resume(&world.app, &client, &tokens[&Role::SystemAdmin]).await.unwrap();
        let new = NewAccount { login: "nobody".to_owned(), name: "某人".to_owned(), password: PASSWORD.to_owned() };
        world.owns_password(service::account::create(&admin, new).await.unwrap()).await;
        tokens.insert(Role::Unassigned, world.sign_in("nobody").await);

        let store = &world.app.store;
        let expert = service::account::resume(&world.app, &client, &tokens[&Role::Expert]).await.unwrap();
        let own = expert.actor.as_expert().unwrap();
        let mut ids = BTreeMap::new();
        let mut foreign_sheet = String::new();
        for round in store.rounds().all().await.unwrap() {
            let sheets = store.sheets().of_round(round.id).await.unwrap();
            let Some(sheet) = sheets.iter().find(|sheet| sheet.expert == own) else { continue };
            foreign_sheet = sheets.iter().find(|sheet| sheet.expert != own).unwrap().id.to_string();
            ids.insert("sheet", sheet.id.to_string());
            ids.insert("application", sheet.application.to_string());
            ids.insert("recusal_application", sheet.application.to_string());
            ids.insert("round", round.id.to_string());
            ids.insert("recusal_round", round.id.to_string());
            ids.insert("batch", round.batch.to_string());
            ids.insert("panel", store.panels().of_round(round.id).await.unwrap()[0].id.to_string());
            let tasks = store.programme().tasks(round.batch).await.unwrap();
            ids.insert("task", tasks[0].id.to_string());
        }
        ids.insert("expert", own.to_string());
        for name in ["account", "import", "conflict", "session"] {
            ids.insert(name, "01900000-0000-7000-8000-000000000000".to_owned());
        }
        Self { world, tokens, ids, foreign_sheet }
    }

    fn address(&self, path: &str) -> String {
        let mut address = path.to_owned();
        for (name, id) in &self.ids {
            address = address.replace(&format!("{{{name}}}"), id);
        }
        let kind = address.replace("{kind}", "experts").replace("{*any}", "no-such-page");
        let file = if kind.contains("templates") { "experts.xlsx" } else { "applications.xlsx" };
        kind.replace("{file}", file)
    }

    async fn ask(&self, route: &Route, who: Option<&Token>) -> Answer {
        let address = self.address(&route.path);
        assert!(!address.contains('{'), "{address} has a placeholder that the test does not know");
        if route.method == Method::GET {
            return self.world.get(who, &address).await;
        }
        if address.starts_with("/upload") {
            return self.world.upload(who, &address, "x.xlsx", b"x").await;
        }
        let name = address.rsplit('/').next().unwrap();
        // What one name means differently from form to form.
        let own = |field: &str| match (name, field) {
            ("set_account_state", "state") => Some((field.to_owned(), "disabled")),
            ("keep_sheet", "entry") => Some(("entries[A1]".to_owned(), "5")),
            ("record_indicators", "reason") => Some(("reason[x]".to_owned(), "")),
            _ => None,
        };
        let common: Vec<(String, &str)> =
            FIELDS.iter().map(|(field, value)| own(field).unwrap_or_else(|| ((*field).to_owned(), *value))).collect();
        let fields: Vec<(&str, &str)> = common
            .iter()
            .map(|(field, value)| (field.as_str(), *value))
            .chain(self.ids.iter().map(|(field, id)| (*field, id.as_str())))
            .collect();
        self.world.post(who, &address, &fields).await
    }
}

/// Refused for want of a permission, in whichever way the address says so.
fn is_denied(answer: &Answer) -> bool {
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
                if is_denied(&answer) == allowed || asks || !is_understood(&answer) {
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
}
