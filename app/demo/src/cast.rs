//! The people of the story: each step is taken by an account that may take it.

use crate::{DemoAccount, PASSWORD};
use domain::access::{Actor, Department, Errand, Role, Standing};
use domain::account::{NewPassword, PasswordState};
use domain::expert::Expert;
use domain::ids::{AccountId, ExpertId};
use domain::region::Recommender;
use service::account::{NewAccount, create, grant, open_setup_links, prepare, set_up};
use service::audit::Event;
use service::{App, Client, Context, Result};
use std::collections::HashMap;
use std::sync::Arc;
use store::Repositories;

/// The accounts of the story.
pub struct Cast {
    pub admin: Context,
    pub industry: Context,
    pub education: Context,
    pub science: Context,
    pub organizer: Context,
    experts: HashMap<ExpertId, Context>,
    shown: Vec<DemoAccount>,
}

impl Cast {
    /// The three administrators come through the set-up links; the others are opened by one and get their role from another.
    pub async fn open(app: &Arc<App>) -> Result<Self> {
        let mut shown = Vec::new();
        let mut administrators = Vec::new();
        for (role, link) in open_setup_links(app).await? {
            let login = match role {
                Role::SystemAdmin => "admin",
                Role::SecurityAdmin => "anquan",
                _ => "shenji",
            };
            let name = format!("{role}（演示）");
            set_up(app, &Client::default(), &link, login.to_owned(), name.clone(), PASSWORD.to_owned()).await?;
            let account = app.program(Errand::Demonstration).accounts().by_login(login).await?;
            administrators.push(context(app, account.id, &name, account.standing));
            shown.push(account_of(login, &name, role.label()));
        }
        let [admin, security, _auditor] =
            <[Context; 3]>::try_from(administrators).map_err(|_| crate::astray("the database is not empty"))?;
        let mut made = Vec::new();
        for (login, name, standing, role) in [
            ("gxt", "协调员（省工信厅，演示）", Standing::Coordinator(Department::Industry), "协调员 省工信厅"),
            ("jyt", "协调员（省教育厅，演示）", Standing::Coordinator(Department::Education), "协调员 省教育厅"),
            ("kjt", "协调员（省科技厅，演示）", Standing::Coordinator(Department::Science), "协调员 省科技厅"),
            ("zuzhi", "组织者（演示）", Standing::Organizer, "组织者"),
            ("jiandu", "监督员（演示）", Standing::Supervisor, "监督员"),
            ("tuijian", "推荐单位（演示）", Standing::Recommender(Recommender::Lanzhou), "推荐单位（兰州市）"),
        ] {
            let id = opened(&admin, login, name).await?;
            grant(&security, id, standing).await?;
            made.push(context(app, id, name, standing));
            shown.push(account_of(login, name, role));
        }
        let [industry, education, science, organizer, _supervisor, _recommender] =
            <[Context; 6]>::try_from(made).map_err(|_| crate::astray("cast"))?;
        Ok(Self { admin, industry, education, science, organizer, experts: HashMap::new(), shown })
    }

    pub fn coordinators(&self) -> [&Context; 3] {
        [&self.industry, &self.education, &self.science]
    }

    /// The expert's own account, opened when first needed.
    pub async fn expert(&mut self, expert: &Expert) -> Result<Context> {
        if let Some(known) = self.experts.get(&expert.id) {
            return Ok(known.clone());
        }
        let app = &self.admin.app;
        let standing = Standing::Expert(expert.id);
        let (login, name) = (login(expert), expert.name.clone());
        let account = prepare(app, NewAccount { login, name, password: PASSWORD.to_owned() }, standing).await?;
        let ctx = context(app, account.id, &expert.name, standing);
        app.program(Errand::Demonstration)
            .write(async |tx| {
                tx.accounts().insert(vec![account.clone()]).await?;
                ctx.record(tx, Event::AccountCreated { login: account.login.clone(), by: None }.of(account.id.0)).await
            })
            .await?;
        self.experts.insert(expert.id, ctx.clone());
        Ok(ctx)
    }

    /// Puts an expert on the printed list.
    pub fn show(&mut self, expert: &Expert, role: &str) {
        self.shown.push(account_of(&login(expert), &expert.name, role));
    }

    pub fn into_accounts(self) -> Vec<DemoAccount> {
        self.shown
    }
}

/// An expert's login is the code in lower case.
pub fn login(expert: &Expert) -> String {
    expert.code.to_lowercase()
}

async fn opened(admin: &Context, login: &str, name: &str) -> Result<AccountId> {
    let new = NewAccount { login: login.to_owned(), name: name.to_owned(), password: PASSWORD.to_owned() };
    let id = create(admin, new).await?;
    owns_its_password(&admin.app, id).await?;
    Ok(id)
}

/// Demonstration accounts are used at once: nobody changes a first password.
async fn owns_its_password(app: &App, id: AccountId) -> Result<()> {
    let account = app.program(Errand::Demonstration).accounts().get(id).await?;
    let own = NewPassword { hash: account.password_hash, state: PasswordState::Own, at: account.password_changed_at };
    app.program(Errand::Demonstration)
        .write(async |tx| Ok(tx.accounts().set_password(id, own.clone(), app.ids.next()).await?))
        .await
}

fn context(app: &Arc<App>, account: AccountId, name: &str, standing: Standing) -> Context {
    Context::new(app.clone(), Actor { account, name: name.to_owned(), standing }, Client::default())
}

fn account_of(login: &str, name: &str, role: &str) -> DemoAccount {
    DemoAccount { login: login.to_owned(), password: PASSWORD.to_owned(), name: name.to_owned(), role: role.to_owned() }
}
