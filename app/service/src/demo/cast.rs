//! Who acts in the story: each step is taken by an account that may take it.

use super::{DemoAccount, PASSWORD};
use crate::account::{NewAccount, create, open_setup_link, set_up};
use crate::{App, Context, Result};
use domain::access::{Actor, Department, Standing};
use domain::expert::Expert;
use domain::ids::{AccountId, ExpertId};
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
    /// The first administrator comes through the set-up link, the others from the administrator.
    pub async fn open(app: &Arc<App>) -> Result<Self> {
        let link = open_setup_link(app).await?.ok_or_else(|| super::astray("the database is not empty"))?;
        let (login, name) = ("admin", "系统管理员（演示）");
        set_up(app, &link, login.to_owned(), name.to_owned(), PASSWORD.to_owned()).await?;
        let account = app.store.accounts().by_login(login).await?;
        let admin = context(app, account.id, name, Standing::SystemAdmin);
        let mut shown = vec![account_of(login, name, "系统管理员")];
        let mut made = Vec::new();
        for (login, name, standing, role) in [
            ("gxt", "协调员（省工信厅，演示）", Standing::Coordinator(Department::Industry), "协调员 省工信厅"),
            ("jyt", "协调员（省教育厅，演示）", Standing::Coordinator(Department::Education), "协调员 省教育厅"),
            ("kjt", "协调员（省科技厅，演示）", Standing::Coordinator(Department::Science), "协调员 省科技厅"),
            ("zuzhi", "组织者（演示）", Standing::Organizer, "组织者"),
            ("jiandu", "监督员（演示）", Standing::Supervisor, "监督员"),
        ] {
            made.push(opened(&admin, login, name, standing).await?);
            shown.push(account_of(login, name, role));
        }
        let [industry, education, science, organizer, _supervisor] =
            <[Context; 5]>::try_from(made).map_err(|_| super::astray("cast"))?;
        Ok(Self { admin, industry, education, science, organizer, experts: HashMap::new(), shown })
    }

    pub fn coordinators(&self) -> [&Context; 3] {
        [&self.industry, &self.education, &self.science]
    }

    /// The expert's own account, opened when first needed: the login is the code in lower case.
    pub async fn expert(&mut self, expert: &Expert) -> Result<Context> {
        if let Some(known) = self.experts.get(&expert.id) {
            return Ok(known.clone());
        }
        let login = expert.code.to_lowercase();
        let ctx = opened(&self.admin, &login, &expert.name, Standing::Expert(expert.id)).await?;
        self.experts.insert(expert.id, ctx.clone());
        Ok(ctx)
    }

    /// Puts an expert on the printed list.
    pub fn show(&mut self, expert: &Expert, role: &str) {
        self.shown.push(account_of(&expert.code.to_lowercase(), &expert.name, role));
    }

    pub fn into_accounts(self) -> Vec<DemoAccount> {
        self.shown
    }
}

async fn opened(admin: &Context, login: &str, name: &str, standing: Standing) -> Result<Context> {
    let new = NewAccount { login: login.to_owned(), name: name.to_owned(), standing, password: PASSWORD.to_owned() };
    let id = create(admin, new).await?;
    Ok(context(&admin.app, id, name, standing))
}

fn context(app: &Arc<App>, account: AccountId, name: &str, standing: Standing) -> Context {
    Context { app: app.clone(), actor: Actor { account, name: name.to_owned(), standing } }
}

fn account_of(login: &str, name: &str, role: &str) -> DemoAccount {
    DemoAccount { login: login.to_owned(), password: PASSWORD.to_owned(), name: name.to_owned(), role: role.to_owned() }
}
