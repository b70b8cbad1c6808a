//! First-run set-up: a one-time link on the console creates the first administrator. There is no default password.

use super::{NewAccount, Token, prepare};
use crate::audit::{Action, Event};
use crate::{App, Context, Error, Result};
use domain::access::{Actor, Standing};
use serde_json::json;
use std::sync::Arc;
use store::Repositories;

const LINK: &str = "setup_link";

/// Whether the installation still waits for its first administrator.
///
/// # Errors
/// The database cannot be read.
pub async fn setup_is_open(app: &App) -> Result<bool> {
    Ok(app.store.accounts().count().await? == 0)
}

/// Makes a new link secret if there is no account yet. A link made earlier stops working.
///
/// # Errors
/// The database cannot be written.
pub async fn open_setup_link(app: &App) -> Result<Option<Token>> {
    if !setup_is_open(app).await? {
        return Ok(None);
    }
    let token = Token::random()?;
    app.store.write(async |tx| Ok::<_, Error>(tx.accounts().set_setting(LINK, Some(token.hash())).await?)).await?;
    Ok(Some(token))
}

/// Creates the first administrator with the link's secret, which works once.
///
/// # Errors
/// `NotFound` for a wrong or used link; `Invalid` for a bad login or weak password.
pub async fn set_up(app: &Arc<App>, link: &Token, login: String, name: String, password: String) -> Result<()> {
    let account = prepare(app, NewAccount { login, name, standing: Standing::SystemAdmin, password }).await?;
    let actor = Actor { account: account.id, name: account.name.clone(), standing: account.standing };
    let ctx = Context { app: app.clone(), actor };
    app.store
        .write(async |tx| {
            let open = tx.accounts().count().await? == 0;
            if !open || tx.accounts().setting(LINK).await?.as_deref() != Some(link.hash().as_str()) {
                return Err(Error::NotFound);
            }
            tx.accounts().set_setting(LINK, None).await?;
            tx.accounts().insert(vec![account.clone()]).await?;
            ctx.record(tx, Event::new(Action::SetUp, "account", account.id.0, json!({ "login": account.login }))).await
        })
        .await
}
