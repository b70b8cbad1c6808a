//! The demonstration as a stage: one person of every role, and a sensible question for every address.

#![expect(clippy::unwrap_used, reason = "a test support that cannot do its part fails the test")]

use crate::request::Answer;
use crate::{PASSWORD, World};
use axum::http::Method;
use demo::DemoAccount;
use domain::access::{Errand, Role};
use domain::round::RoundKind;
use server::http::access::Route;
use service::account::{NewAccount, Token};
use std::collections::BTreeMap;
use store::{Repositories, Store};

/// The content of a form's field if a person had filled it in sensibly.
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
    ("credential", "password"),
    ("commitment", ""),
    ("conclusion", "passed"),
    ("confirmed", "true"),
    ("content", "示例"),
    ("count", "2"),
    ("day", "2026-01-01"),
    ("deadline", "2027-12-31"),
    ("decision", "upheld"),
    ("bound", ""),
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
    ("number", "phone"),
    ("old", "Ceshi-2025!"),
    ("outcome", "reserve"),
    ("pass_mark", "60"),
    ("password", "Ceshi-2026!"),
    ("presence", "present"),
    ("query", ""),
    ("quota", "3"),
    ("reason", "示例理由"),
    ("recognised", "本人到场"),
    ("recusals", "0"),
    ("reference_day", "2026-01-01"),
    ("role", "organizer"),
    ("rubric_basis", "示例"),
    ("rule", "mentorship"),
    ("scope", "overall"),
    ("sector", "materials"),
    ("seq", "9"),
    ("state", "eligible"),
    ("statement", "示例"),
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

/// Fills an empty, migrated database with the demonstration.
///
/// # Panics
/// If it cannot be built.
pub async fn demonstration(store: &Store, scale: usize) -> Vec<DemoAccount> {
    let keys = service::crypto::Keyring::throw_away();
    demo::build(store.clone(), vec![7; 32], keys, scale, |_| {}).await.unwrap().accounts
}

/// The demonstration, with one account of every role signed in, and one of its rounds to ask about.
pub struct Stage {
    pub world: World,
    /// By role; experts of whom one has sheets.
    pub tokens: BTreeMap<Role, Token>,
    /// The values of the placeholders of addresses and of the id fields of forms.
    pub ids: BTreeMap<&'static str, String>,
    /// A sheet of somebody else than the signed-in expert.
    pub foreign_sheet: String,
}

impl Stage {
    /// The round of the finished projects, where experts are at work.
    ///
    /// # Panics
    /// If the demonstration cannot be built or somebody cannot sign in.
    pub async fn new() -> Self {
        let store = Store::open("sqlite::memory:").await.unwrap();
        store.migrate().await.unwrap();
        let accounts = demonstration(&store, 1).await;
        Self::over(store, &accounts, RoundKind::Acceptance).await
    }

    /// A round of this kind in a demonstration that was built before.
    ///
    /// # Panics
    /// If it is no demonstration or somebody cannot sign in.
    pub async fn over(store: Store, accounts: &[DemoAccount], kind: RoundKind) -> Self {
        // The account of an expert says which round it has sheets in.
        let at = match kind {
            RoundKind::Selection => "单位遴选",
            RoundKind::Acceptance => "尚未开始",
        };
        let expert = accounts.iter().rfind(|account| account.role.contains(at)).unwrap();
        let world = World::over(store);
        let mut tokens = BTreeMap::new();
        let client = service::Client::default();
        for (role, login) in [
            (Role::Coordinator, "gxt"),
            (Role::Organizer, "zuzhi"),
            (Role::Supervisor, "jiandu"),
            (Role::Recommender, "tuijian"),
            (Role::SystemAdmin, "admin"),
            (Role::SecurityAdmin, "anquan"),
            (Role::Auditor, "shenji"),
            (Role::Expert, expert.login.as_str()),
        ] {
            let signed_in = service::account::sign_in(&world.app, &client, login, demo::PASSWORD.to_owned()).await;
            tokens.insert(role, signed_in.unwrap().0);
        }
        let admin = service::account::resume(&world.app, &client, &tokens[&Role::SystemAdmin]).await.unwrap();
        let nobody = format!("nobody-{}", kind.key());
        let new = NewAccount { login: nobody.clone(), name: "某人".to_owned(), password: PASSWORD.to_owned() };
        world.owns_password(service::account::create(&admin, new).await.unwrap()).await;
        tokens.insert(Role::Unassigned, world.sign_in(&nobody).await);

        let store = &world.app.program(Errand::Demonstration);
        let expert = service::account::resume(&world.app, &client, &tokens[&Role::Expert]).await.unwrap();
        let own = expert.actor.as_expert().unwrap();
        let mut ids = BTreeMap::new();
        let mut foreign_sheet = String::new();
        for round in store.rounds().all().await.unwrap().into_iter().filter(|round| round.kind == kind) {
            let sheets = store.sheets().of_round(round.id).await.unwrap();
            let Some(sheet) = sheets.iter().find(|sheet| sheet.expert == own) else { continue };
            foreign_sheet = sheets.iter().find(|sheet| sheet.expert != own).unwrap().id.to_string();
            ids.insert("sheet", sheet.id.to_string());
            ids.insert("application", sheet.application.to_string());
            ids.insert("round", round.id.to_string());
            ids.insert("batch", round.batch.to_string());
            ids.insert("panel", store.panels().of_round(round.id).await.unwrap()[0].id.to_string());
            let tasks = store.programme().tasks(round.batch).await.unwrap();
            ids.insert("task", tasks[0].id.to_string());
        }
        ids.insert("expert", own.to_string());
        for name in ["account", "import", "conflict", "consent", "session", "judgement", "renewal"] {
            ids.insert(name, "01900000-0000-7000-8000-000000000000".to_owned());
        }
        Self { world, tokens, ids, foreign_sheet }
    }

    /// The address with what its placeholders stand for.
    pub fn address(&self, path: &str) -> String {
        let mut address = path.to_owned();
        for (name, id) in &self.ids {
            address = address.replace(&format!("{{{name}}}"), id);
        }
        let kind = address.replace("{kind}", "experts").replace("{chapter}", "draw").replace("{*any}", "no-such-page");
        let file = if kind.contains("templates") { "experts.xlsx" } else { "applications.xlsx" };
        kind.replace("{file}", file)
    }

    /// # Panics
    /// If the address has a placeholder that nothing stands for.
    pub async fn ask(&self, route: &Route, who: Option<&Token>) -> Answer {
        let address = self.address(&route.path);
        assert!(!address.contains('{'), "{address} has a placeholder that the test does not know");
        if route.method == Method::GET {
            return self.world.get(who, &address).await;
        }
        if address.starts_with("/upload") {
            return self.world.upload(who, &address, "x.xlsx", b"x").await;
        }
        let name = address.rsplit('/').next().unwrap();
        // Names that mean different things from form to form.
        let own = |field: &str| match (name, field) {
            ("set_account_state", "state") => Some((field.to_owned(), "disabled")),
            ("keep_sheet", "entry") => Some(("A1".to_owned(), "5")),
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
