//! First-run set-up: three one-time links on the console create the three administrators, each for a person of their own. There is no
//! default account and no default password.

use super::{NewAccount, Token, prepare};
use crate::audit::Event;
use crate::{App, Client, Context, Error, Result};
use domain::access::{Actor, Errand, Role, Standing};
use domain::account::GrantError;
use domain::text::name_key;
use std::sync::Arc;
use store::Repositories;

/// 三员, in the order in which their links are printed.
const ADMINISTRATORS: [Standing; 3] = [Standing::SystemAdmin, Standing::SecurityAdmin, Standing::Auditor];

fn setting(role: Role) -> String {
    format!("setup_link:{}", role.key())
}

/// Whether the installation has no account at all yet.
///
/// # Errors
/// The database cannot be read.
pub async fn setup_is_open(app: &App) -> Result<bool> {
    Ok(app.program(Errand::SetUp).accounts().count().await? == 0)
}

/// Makes a new link secret for each of the three administrators that nobody is yet. Links made earlier stop working.
///
/// # Errors
/// The database cannot be written.
pub async fn open_setup_links(app: &App) -> Result<Vec<(Role, Token)>> {
    let accounts = app.program(Errand::SetUp).accounts().all().await?;
    let mut links = Vec::new();
    for standing in ADMINISTRATORS {
        if accounts.iter().all(|account| account.standing != standing) {
            links.push((standing.role(), Token::random()?));
        }
    }
    app.program(Errand::SetUp)
        .write(async |tx| {
            for (role, token) in &links {
                tx.accounts().set_setting(&setting(*role), Some(token.hash())).await?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    Ok(links)
}

/// Which administrator a link makes.
///
/// # Errors
/// `NotFound` for a wrong or used link.
pub async fn setup_role(app: &App, link: &Token) -> Result<Role> {
    for standing in ADMINISTRATORS {
        let kept = app.program(Errand::SetUp).accounts().setting(&setting(standing.role())).await?;
        if kept.as_deref() == Some(link.hash().as_str()) {
            return Ok(standing.role());
        }
    }
    Err(Error::NotFound)
}

/// Creates an administrator with the link's secret, which works once.
///
/// # Errors
/// `NotFound` for a wrong or used link; `Rule` for a bad login, a weak password, or the name of another administrator.
pub async fn set_up(
    app: &Arc<App>,
    client: &Client,
    link: &Token,
    login: String,
    name: String,
    password: String,
) -> Result<()> {
    let role = setup_role(app, link).await?;
    let standing = ADMINISTRATORS.into_iter().find(|standing| standing.role() == role).ok_or(Error::NotFound)?;
    let account = prepare(app, NewAccount { login, name, password }, standing).await?;
    let actor = Actor { account: account.id, name: account.name.clone(), standing };
    let ctx = Context::new(app.clone(), actor, client.clone());
    app.program(Errand::SetUp)
        .write(async |tx| {
            if tx.accounts().setting(&setting(role)).await?.as_deref() != Some(link.hash().as_str()) {
                return Err(Error::NotFound);
            }
            let others = tx.accounts().all().await?;
            let same = |other: &&super::Account| name_key(&other.name) == name_key(&account.name);
            if let Some(other) = others.iter().filter(|other| other.standing.role().is_administrator()).find(same) {
                let (name, present) = (other.name.clone(), other.standing.role());
                return Err(GrantError::TakenAtSetUp { name, present, wanted: role }.into());
            }
            tx.accounts().set_setting(&setting(role), None).await?;
            tx.accounts().insert(vec![account.clone()]).await?;
            ctx.record(tx, Event::SetUp { login: account.login.clone(), role }.of(account.id.0)).await
        })
        .await
}
