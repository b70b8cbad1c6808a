//! 账号: signing in and out, first-run set-up, and the accounts themselves.

mod password;
mod setup;

pub use password::{Passwords, random_key};
pub use setup::{open_setup_link, set_up, setup_is_open};

use crate::audit::{Action, Event, anonymous};
use crate::error::invalid;
use crate::{App, Context, Error, Result};
use domain::access::{Actor, Permission, Standing};
use domain::ids::AccountId;
use domain::text::normalise;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use store::repo::account::Session;
pub use store::repo::account::{Account, AccountState};
use store::{Repositories, StoreError, if_any};

/// A session ends after this long without a request, or this long in all.
const IDLE_MINUTES: i64 = 60;
const LONGEST_HOURS: i64 = 12;
/// `seen_at` is written at most this often, so that reading a page does not write.
const SEEN_EVERY_MINUTES: i64 = 5;

/// The secret a browser keeps in its cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// # Errors
    /// The system's random source fails.
    fn random() -> Result<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| Error::Internal(error.to_string()))?;
        Ok(Self(hex::encode(bytes)))
    }

    pub fn from_cookie(value: &str) -> Self {
        Self(value.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }
}

/// Opens a session.
///
/// # Errors
/// `BadCredentials`, the same for an unknown login, a wrong password and a disabled account.
pub async fn sign_in(app: &Arc<App>, login: &str, password: String) -> Result<(Token, Actor)> {
    let login = login_name(login);
    let account = if_any(app.store.accounts().by_login(&login).await)?;
    // A hash is checked even where there is no account, so that the time does not tell.
    let hash = account.as_ref().map(|a| a.password_hash.clone());
    let right = app.passwords.verify(password, hash).await?;
    // What was typed may be a password in the wrong field: only names that exist are written down.
    let tried = account.as_ref().map_or_else(|| "（无此登录名）".to_owned(), |a| a.login.clone());
    let Some(account) = account.filter(|a| right && a.state == AccountState::Active) else {
        app.store
            .write(async |tx| Ok::<_, Error>(tx.audit().record(anonymous(app, Action::SignInFailed, &tried)).await?))
            .await?;
        return Err(Error::BadCredentials);
    };
    let token = Token::random()?;
    let ctx = Context { app: app.clone(), actor: actor(&account) };
    let now = ctx.now();
    let session = Session { token_hash: token.hash(), account: account.id, created_at: now, seen_at: now };
    app.store
        .write(async |tx| {
            tx.accounts().open_session(session.clone()).await?;
            ctx.record(tx, Event::new(Action::SignIn, "account", account.id.0, json!({}))).await
        })
        .await?;
    Ok((token, ctx.actor))
}

/// Ends the session.
///
/// # Errors
/// The database cannot be written.
pub async fn sign_out(ctx: &Context, token: &Token) -> Result<()> {
    ctx.store()
        .write(async |tx| {
            tx.accounts().close_session(&token.hash()).await?;
            ctx.record(tx, Event::new(Action::SignOut, "account", ctx.actor.account.0, json!({}))).await
        })
        .await
}

/// Who holds this token.
///
/// # Errors
/// `SignedOut` for an unknown, idle or expired session, or a disabled account.
pub async fn resume(app: &Arc<App>, token: &Token) -> Result<Context> {
    let signed_out = |error| match error {
        StoreError::NotFound => Error::SignedOut,
        other => other.into(),
    };
    let hash = token.hash();
    let session = app.store.accounts().session(&hash).await.map_err(signed_out)?;
    let now = app.clock.now();
    let idle = now - session.seen_at;
    if idle > chrono::Duration::minutes(IDLE_MINUTES)
        || now - session.created_at > chrono::Duration::hours(LONGEST_HOURS)
    {
        return Err(Error::SignedOut);
    }
    let account = app.store.accounts().get(session.account).await.map_err(signed_out)?;
    if account.state != AccountState::Active {
        return Err(Error::SignedOut);
    }
    if idle > chrono::Duration::minutes(SEEN_EVERY_MINUTES) {
        app.store.write(async |tx| Ok::<_, Error>(tx.accounts().touch_session(&hash, now).await?)).await?;
    }
    Ok(Context { app: app.clone(), actor: actor(&account) })
}

/// Acts for an account in a command typed on the server's own console. Whoever can type it can open the database as well,
/// so no password is asked for; what the account may do, and the record of who did it, stay the same.
///
/// # Errors
/// `NotFound` for an unknown or disabled account.
pub async fn on_console(app: &Arc<App>, login: &str) -> Result<Context> {
    let account = app.store.accounts().by_login(&login_name(login)).await?;
    if account.state != AccountState::Active {
        return Err(Error::NotFound);
    }
    Ok(Context { app: app.clone(), actor: actor(&account) })
}

/// Login names are the same in capitals, so that nobody can sign as GXT beside gxt.
fn login_name(typed: &str) -> String {
    normalise(typed).to_ascii_lowercase()
}

fn actor(account: &Account) -> Actor {
    Actor { account: account.id, name: account.name.clone(), standing: account.standing }
}

/// All accounts.
///
/// # Errors
/// `Denied` without `ManageAccounts`.
pub async fn all(ctx: &Context) -> Result<Vec<Account>> {
    ctx.require(Permission::ManageAccounts)?;
    Ok(ctx.store().accounts().all().await?)
}

/// What a new account needs.
#[derive(Debug, Clone)]
pub struct NewAccount {
    pub login: String,
    pub name: String,
    pub standing: Standing,
    pub password: String,
}

/// Opens an account.
///
/// # Errors
/// `Denied`; `Invalid` for a bad login, name or a weak password; `Duplicate` for a login in use.
pub async fn create(ctx: &Context, new: NewAccount) -> Result<AccountId> {
    ctx.require(Permission::ManageAccounts)?;
    let account = prepare(&ctx.app, new).await?;
    let id = account.id;
    let detail = json!({ "login": account.login, "role": account.standing.role().key() });
    let login = account.login.clone();
    ctx.store()
        .write(async |tx| {
            tx.accounts().insert(vec![account.clone()]).await?;
            ctx.record(tx, Event::new(Action::AccountCreated, "account", id.0, detail.clone())).await
        })
        .await
        .map_err(|error| match error {
            Error::Duplicate(_) => Error::Duplicate(format!("登录名“{login}”已被使用")),
            other => other,
        })?;
    Ok(id)
}

/// Rounds with seated experts, and how many of these still have no account. Nothing else of a round is told.
///
/// # Errors
/// `Denied` without `ManageAccounts`.
pub async fn rounds_to_open(ctx: &Context) -> Result<Vec<(domain::ids::RoundId, String, usize)>> {
    ctx.require(Permission::ManageAccounts)?;
    let taken = experts_with_accounts(ctx).await?;
    let mut rounds = Vec::new();
    for round in ctx.store().rounds().all().await? {
        let seats = ctx.store().panels().seats(round.id).await?;
        let without = seats.iter().filter(|s| !taken.contains(&s.expert)).count();
        if without > 0 {
            rounds.push((round.id, round.title, without));
        }
    }
    Ok(rounds)
}

async fn experts_with_accounts(ctx: &Context) -> Result<std::collections::HashSet<domain::ids::ExpertId>> {
    let accounts = ctx.store().accounts().all().await?;
    let expert = |a: &Account| match a.standing {
        Standing::Expert(expert) => Some(expert),
        _ => None,
    };
    Ok(accounts.iter().filter_map(expert).collect())
}

/// Opens one account for every seated expert of a round who has none, and returns the one-time list of first passwords.
///
/// # Errors
/// `Denied` without `ManageAccounts`.
pub async fn open_for_experts(ctx: &Context, round: domain::ids::RoundId) -> Result<Vec<(String, String, String)>> {
    ctx.require(Permission::ManageAccounts)?;
    let taken = experts_with_accounts(ctx).await?;
    let mut opened = Vec::new();
    let mut accounts = Vec::new();
    for seat in ctx.store().panels().seats(round).await? {
        if taken.contains(&seat.expert) {
            continue;
        }
        let expert = ctx.store().experts().get(seat.expert).await?;
        let password = password::first_password()?;
        let standing = Standing::Expert(expert.id);
        let new = NewAccount {
            login: expert.code.to_lowercase(),
            name: expert.name.clone(),
            standing,
            password: password.clone(),
        };
        let account = prepare(&ctx.app, new).await?;
        opened.push((expert.name, account.login.clone(), password));
        accounts.push(account);
    }
    let detail = json!({ "logins": accounts.iter().map(|a| a.login.clone()).collect::<Vec<_>>() });
    ctx.store()
        .write(async |tx| {
            tx.accounts().insert(accounts.clone()).await?;
            ctx.record(tx, Event::new(Action::AccountCreated, "account", round.0, detail.clone()).in_round(round)).await
        })
        .await?;
    Ok(opened)
}

/// Enables or disables an account; a disabled one is signed out everywhere.
///
/// # Errors
/// `Denied`; `Invalid` on one's own account.
pub async fn set_state(ctx: &Context, id: AccountId, state: AccountState) -> Result<()> {
    ctx.require(Permission::ManageAccounts)?;
    if id == ctx.actor.account {
        return Err(invalid("不能停用自己的账号"));
    }
    ctx.store()
        .write(async |tx| {
            tx.accounts().set_state(id, state).await?;
            if state == AccountState::Disabled {
                tx.accounts().close_sessions_of(id).await?;
            }
            ctx.record(tx, Event::new(Action::AccountChanged, "account", id.0, json!({ "state": state.key() }))).await
        })
        .await
}

/// 重置密码: gives an account a new first password, which is returned once, and signs it out everywhere.
///
/// # Errors
/// `Denied` without `ManageAccounts`; `Invalid` on one's own account; `NotFound`.
pub async fn reset_password(ctx: &Context, id: AccountId) -> Result<(String, String)> {
    ctx.require(Permission::ManageAccounts)?;
    if id == ctx.actor.account {
        return Err(invalid("自己的密码在“修改密码”中修改"));
    }
    let account = ctx.store().accounts().get(id).await?;
    let password = password::first_password()?;
    let hash = ctx.app.passwords.hash(password.clone()).await?;
    ctx.store()
        .write(async |tx| {
            tx.accounts().set_password(id, hash.clone()).await?;
            tx.accounts().close_sessions_of(id).await?;
            ctx.record(tx, Event::new(Action::AccountChanged, "account", id.0, json!({ "password": "reset" }))).await
        })
        .await?;
    Ok((account.login, password))
}

/// Changes the caller's own password and ends every other session.
///
/// # Errors
/// `Invalid` if the old one is wrong or the new one is weak or the same.
pub async fn change_password(ctx: &Context, old: String, new: String) -> Result<()> {
    let account = ctx.store().accounts().get(ctx.actor.account).await?;
    let old_again = old.clone();
    if !ctx.app.passwords.verify(old, Some(account.password_hash)).await? {
        return Err(invalid("现密码不正确，密码没有修改"));
    }
    if old_again == new {
        return Err(invalid("新密码与现密码相同，没有修改"));
    }
    password::check(&new, &account.login)?;
    let hash = ctx.app.passwords.hash(new).await?;
    ctx.store()
        .write(async |tx| {
            tx.accounts().set_password(account.id, hash.clone()).await?;
            tx.accounts().close_sessions_of(account.id).await?;
            ctx.record(tx, Event::new(Action::AccountChanged, "account", account.id.0, json!({ "password": true })))
                .await
        })
        .await
}

/// Checks a new account's data and hashes its password.
pub(crate) async fn prepare(app: &App, new: NewAccount) -> Result<Account> {
    let login = login_name(&new.login);
    let name = normalise(&new.name);
    let plain = login.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if login.len() < 3 || login.len() > 32 || !plain {
        return Err(invalid("登录名应为3至32位字母、数字、点、横线或下划线"));
    }
    if name.is_empty() || name.chars().count() > 40 {
        return Err(invalid("姓名应为1至40字"));
    }
    password::check(&new.password, &login)?;
    Ok(Account {
        id: AccountId(app.ids.next()),
        login,
        name,
        standing: new.standing,
        password_hash: app.passwords.hash(new.password).await?,
        state: AccountState::Active,
        created_at: app.clock.now(),
    })
}
