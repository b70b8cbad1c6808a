//! 账号: signing in and out, first-run set-up, passwords, and the accounts themselves.

mod demonstration;
mod device;
mod enrolment;
mod factor;
mod grant;
mod guess;
mod invitation;
mod list;
mod password;
mod present;
mod recover;
mod second_factor;
mod security_key;
mod setup;
mod sign_in;
mod slowed;
mod totp;

pub use demonstration::{DEMONSTRATION, is_demonstration, mark_as_demonstration};
pub use device::{DEVICE_DAYS, remember};
pub use enrolment::{Device, Enrolment, begin_enrolment, confirm, enrolment};
pub use factor::{Ceremonies, Statement, check_proof};
pub(crate) use factor::{Signed, sign_offer, signed};
pub use grant::{Granting, count_to_grant, grant, grant_all, to_grant};
pub use invitation::{Invited, Welcome, accept, invitation, invite, rounds_to_invite};
pub use list::{create_all, list_template};
pub(crate) use password::first_password;
pub(crate) use recover::CONSOLE;
pub use recover::recover;
pub use second_factor::{codes_left, key_question, pass, pass_with_key, reseal};
pub use security_key::{Keys, Registered, Registering, keys, register_key, remove_key};
pub use setup::{open_setup_links, set_up, setup_is_open, setup_role};
pub use sign_in::{BrowserSession, end_browser_sessions, own_browser_sessions, resume, sign_in, sign_out};
pub use slowed::{Slowed, clear, slowed};

use crate::audit::kinds::{List, PasswordChange};
use crate::audit::{Event, note_reading};
use crate::veil::{LATER, veiled_rounds};
use crate::{App, Client, Context, Error, Restriction, Result, RuleError, crypto};
use domain::access::{Actor, Errand, Permission, Role, Standing};
use domain::account::{Account, AccountError, AccountState, NewPassword, PasswordError, PasswordState, check_login};
use domain::digest::sha256;
use domain::ids::AccountId;
use domain::text::normalise;
use std::sync::Arc;
use store::Repositories;

/// A new password must not be among so many before the present one: five with it.
const EARLIER: u64 = 4;

/// The secret a browser keeps in its cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// # Errors
    /// The system's random source fails.
    fn random() -> Result<Self> {
        Ok(Self(hex::encode(crypto::random::<32>()?)))
    }

    pub fn from_cookie(value: &str) -> Self {
        Self(value.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Stands for the secret in memory.
    pub fn handle(&self) -> uuid::Uuid {
        uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, self.0.as_bytes())
    }

    fn hash(&self) -> String {
        sha256(self.0.as_bytes())
    }
}

/// Acts for an account in a command typed on the server's own console. Whoever can type it can open the database as well,
/// so no password is asked for; what the account may do, and the record of who did it, stay the same.
///
/// # Errors
/// `NotFound` for an unknown or disabled account.
pub async fn on_console(app: &Arc<App>, login: &str) -> Result<Context> {
    let account = app.program(Errand::SignIn).accounts().by_login(&login_name(login)).await?;
    if account.state != AccountState::Active {
        return Err(Error::NotFound);
    }
    Ok(Context::new(app.clone(), actor(&account), Client::default()))
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
pub async fn page(ctx: &Context, wanted: &Wanted<'_>) -> Result<(Vec<Account>, u64)> {
    ctx.require(Permission::ManageAccounts)?;
    listed(ctx, wanted).await
}

/// The part of the list of accounts that a page shows.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Part of a login or a name; empty for all.
    pub search: &'a str,
    pub role: Option<Role>,
    /// From 0.
    pub page: u64,
    pub size: u64,
}

/// The accounts with their holders' names, which is recorded. While drawn experts are known by numbers alone, accounts of experts have no names
/// here and are found by none: one that has just been opened would tell who was drawn.
async fn listed(ctx: &Context, wanted: &Wanted<'_>) -> Result<(Vec<Account>, u64)> {
    let Wanted { search, role, page, size } = *wanted;
    let veiled = !veiled_rounds(&ctx.app).await?.is_empty();
    let without = (veiled && !search.is_empty()).then_some(Role::Expert);
    let (mut accounts, total) = ctx.store().accounts().page(search, role, without, page, size).await?;
    for account in accounts.iter_mut().filter(|own| veiled && own.standing.role() == Role::Expert) {
        (account.login, account.name) = (LATER.to_owned(), "专家".to_owned());
    }
    let event = Event::AccountsRead { list: List::Accounts, rows: accounts.len() };
    note_reading(ctx, event.of(ctx.actor.account.0)).await?;
    Ok((accounts, total))
}

/// The data of a new account.
#[derive(Debug, Clone)]
pub struct NewAccount {
    pub login: String,
    pub name: String,
    pub password: String,
}

/// Opens an account without any role: that is for the security administrator to give.
///
/// # Errors
/// `Denied`; `Rule` for a bad login, name or a weak password, or for a login in use.
pub async fn create(ctx: &Context, new: NewAccount) -> Result<AccountId> {
    ctx.require(Permission::ManageAccounts)?;
    let account =
        Account { password_state: PasswordState::First, ..prepare(&ctx.app, new, Standing::Unassigned).await? };
    let codes = ctx.app.program(Errand::Rule).experts().codes().await?;
    if codes.keys().any(|code| login_name(code) == account.login) {
        return Err(AccountError::ExpertCode(account.login).into());
    }
    let id = account.id;
    let login = account.login.clone();
    ctx.store()
        .write(async |tx| {
            tx.accounts().insert(vec![account.clone()]).await?;
            ctx.record(tx, Event::AccountCreated { login: account.login.clone(), by: None }.of(id.0)).await
        })
        .await
        .map_err(|error| match error {
            Error::Rule(RuleError::AlreadyThere(_)) => AccountError::LoginTaken(login).into(),
            other => other,
        })?;
    Ok(id)
}

/// Enables or disables an account; a disabled one is signed out everywhere.
///
/// # Errors
/// `Denied`; `Rule` on one's own account.
pub async fn set_state(ctx: &Context, id: AccountId, state: AccountState) -> Result<()> {
    ctx.require(Permission::ManageAccounts)?;
    if id == ctx.actor.account {
        return Err(AccountError::OwnState.into());
    }
    ctx.store()
        .write(async |tx| {
            let account = tx.accounts().get(id).await?;
            let before = account.state;
            tx.accounts().set_state(id, state).await?;
            if state == AccountState::Disabled {
                tx.browser_sessions().close_all_of(id).await?;
            }
            let event = Event::AccountStateSet { login: account.login, state };
            ctx.record(tx, event.of(id.0).changing(before.key(), state.key())?).await
        })
        .await
}

/// Changes the caller's own password and ends every other session.
///
/// # Errors
/// `Rule` if the old one is wrong, or the new one is weak or one of the last five; `LockedOut` after five wrong ones.
pub async fn change_password(ctx: &Context, old: String, new: String) -> Result<()> {
    if let Some(restriction @ Restriction::SecondFactor) = ctx.restriction {
        return Err(Error::Restricted(restriction));
    }
    let account = ctx.store().accounts().get(ctx.actor.account).await?;
    present::require(ctx, &account, old).await?;
    password::check(&new, &account.login)?;
    let earlier = ctx.store().accounts().earlier_passwords(account.id, EARLIER).await?;
    for hash in std::iter::once(account.password_hash.clone()).chain(earlier) {
        if ctx.app.passwords.verify(new.clone(), Some(hash)).await? {
            return Err(PasswordError::Reused.into());
        }
    }
    let new = NewPassword { hash: ctx.app.passwords.hash(new).await?, state: PasswordState::Own, at: ctx.now() };
    ctx.store()
        .write(async |tx| {
            tx.accounts().set_password(account.id, new.clone(), ctx.id()).await?;
            tx.browser_sessions().close_all_of(account.id).await?;
            let event = Event::PasswordChanged { login: None, password: PasswordChange::Changed };
            ctx.record(tx, event.of(account.id.0)).await
        })
        .await
}

/// Checks a new account's data and hashes its password.
///
/// # Errors
/// `Rule` for a bad login, name or a weak password.
pub async fn prepare(app: &App, new: NewAccount, standing: Standing) -> Result<Account> {
    let login = login_name(&new.login);
    let name = normalise(&new.name);
    check_login(&login)?;
    if name.is_empty() || name.chars().count() > 40 {
        return Err(AccountError::Name.into());
    }
    password::check(&new.password, &login)?;
    Ok(Account {
        id: AccountId(app.ids.next()),
        login,
        name,
        standing,
        password_hash: app.passwords.hash(new.password).await?,
        state: AccountState::Active,
        created_at: app.clock.now(),
        password_state: PasswordState::Own,
        password_changed_at: app.clock.now(),
    })
}
