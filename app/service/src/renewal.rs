//! 凭据重置: for whoever forgot a password or lost a device. The system administrator asks, the security administrator agrees, and only then
//! does the first carry it out: nobody comes into somebody else's account alone.

use crate::account::first_password;
use crate::audit::Event;
use crate::audit::kinds::{FactorChange, PasswordChange};
use crate::veil::{LATER, veiled_rounds};
use crate::{Context, Error, Result};
use chrono::Duration;
use domain::access::{Errand, Permission, Role};
use domain::account::{Account, AccountError, NewPassword, PasswordState};
use domain::ids::{AccountId, RenewalId};
use domain::reason::{Reason, Unreasoned};
use domain::renewal::{Credential, LIFE_HOURS, Renewal, RenewalError, RenewalState};
use std::collections::HashMap;
use store::{Repositories, Tx};

/// A renewal as it is shown to the two administrators.
#[derive(Debug, Clone)]
pub struct Shown {
    pub renewal: Renewal,
    pub login: String,
    pub name: String,
    /// The one who asked.
    pub asker: String,
    /// Whether it waits for the caller.
    pub awaits_caller: bool,
}

/// What was reset, and the new first password, which is told once.
#[derive(Debug, Clone)]
pub struct Reset {
    pub login: String,
    pub credential: Credential,
    pub password: Option<String>,
}

/// What is open, for whoever asks and whoever agrees.
///
/// # Errors
/// `Denied` without `ManageAccounts` or `ReviewRenewals`.
pub async fn open(ctx: &Context) -> Result<Vec<Shown>> {
    let reviews = ctx.may(Permission::ReviewRenewals);
    if !reviews {
        ctx.require(Permission::ManageAccounts)?;
    }
    let now = ctx.now();
    let mut waiting = ctx.store().renewals().since(now - Duration::hours(LIFE_HOURS)).await?;
    waiting.retain(|renewal| renewal.is_open(now));
    if waiting.is_empty() {
        return Ok(Vec::new());
    }
    let veiled = !veiled_rounds(&ctx.app).await?.is_empty();
    let accounts: HashMap<AccountId, Account> =
        ctx.store().accounts().all().await?.into_iter().map(|own| (own.id, own)).collect();
    let mut all = Vec::new();
    for renewal in waiting {
        let account = accounts.get(&renewal.account).cloned().ok_or(Error::NotFound)?;
        let asker = accounts.get(&renewal.asked_by).map(|own| own.name.clone()).unwrap_or_default();
        let awaits_caller = match renewal.state {
            RenewalState::Asked => reviews && ![renewal.asked_by, renewal.account].contains(&ctx.actor.account),
            _ => renewal.asked_by == ctx.actor.account,
        };
        let hidden = veiled && account.standing.role() == Role::Expert;
        let (login, name) =
            if hidden { (LATER.to_owned(), "专家".to_owned()) } else { (account.login, account.name) };
        all.push(Shown { renewal, login, name, asker, awaits_caller });
    }
    Ok(all)
}

/// The account whose credentials are about to be asked for.
///
/// # Errors
/// `Denied` without `ManageAccounts`; `Rule` on one's own account; `NotFound`.
pub async fn subject(ctx: &Context, id: AccountId) -> Result<Account> {
    ctx.require(Permission::ManageAccounts)?;
    if id == ctx.actor.account {
        return Err(AccountError::OwnReset.into());
    }
    let mut account = ctx.store().accounts().get(id).await?;
    if account.standing.role() == Role::Expert && !veiled_rounds(&ctx.app).await?.is_empty() {
        (account.login, account.name) = (LATER.to_owned(), "专家".to_owned());
    }
    Ok(account)
}

/// Asks that a credential be reset.
///
/// # Errors
/// `Denied` without `ManageAccounts`; `Rule` on one's own account, without words about how the person was recognised, or while the same waits;
/// `NotFound`.
pub async fn ask(ctx: &Context, id: AccountId, credential: Credential, recognised: &str) -> Result<()> {
    ctx.require(Permission::ManageAccounts)?;
    if id == ctx.actor.account {
        return Err(AccountError::OwnReset.into());
    }
    let recognised = Reason::of(recognised, Unreasoned::Unrecognised)?;
    let now = ctx.now();
    ctx.store()
        .write(async |tx| {
            let account = tx.accounts().get(id).await?;
            let waiting = tx.renewals().since(now - Duration::hours(LIFE_HOURS)).await?;
            let same = |own: &&Renewal| own.account == id && own.credential == credential && own.is_open(now);
            if waiting.iter().any(|own| same(&own)) {
                return Err(RenewalError::Asked(credential).into());
            }
            let renewal = Renewal {
                id: RenewalId(ctx.id()),
                account: id,
                credential,
                recognised: recognised.clone(),
                asked_by: ctx.actor.account,
                asked_at: now,
                agreed_by: None,
                state: RenewalState::Asked,
            };
            tx.renewals().insert(&renewal).await?;
            let recognised = recognised.as_str().to_owned();
            ctx.record(tx, Event::RenewalAsked { login: account.login, credential, recognised }.of(id.0)).await
        })
        .await
}

/// Agrees to what the other administrator asked for.
///
/// # Errors
/// `Denied` without `ReviewRenewals`; `Rule` for the one who asked and for the owner of the account, and where it is over; `NotFound`.
pub async fn agree(ctx: &Context, id: RenewalId) -> Result<()> {
    ctx.require(Permission::ReviewRenewals)?;
    ctx.store()
        .write(async |tx| {
            let (mut renewal, account) = found(tx, id).await?;
            let names = tx.accounts().names().await?;
            let name_of = |account: AccountId| names.get(&account).map(|(name, _)| name.as_str());
            renewal.agree(ctx.actor.account, ctx.now(), name_of)?;
            tx.renewals().save(&renewal).await?;
            let event = Event::RenewalAgreed { login: account.login, credential: renewal.credential };
            ctx.record(tx, event.of(account.id.0)).await
        })
        .await
}

/// Sends it back.
///
/// # Errors
/// `Denied` without `ReviewRenewals`; `Rule` without a reason, or where it is over; `NotFound`.
pub async fn decline(ctx: &Context, id: RenewalId, reason: &str) -> Result<()> {
    ctx.require(Permission::ReviewRenewals)?;
    let reason = Reason::of(reason, Unreasoned::Declined)?;
    Box::pin(end(ctx, id, reason)).await
}

/// Takes back what the caller asked for.
///
/// # Errors
/// `Denied` without `ManageAccounts`; `Rule` for what somebody else asked for, or where it is over; `NotFound`.
pub async fn withdraw(ctx: &Context, id: RenewalId) -> Result<()> {
    ctx.require(Permission::ManageAccounts)?;
    if ctx.store().renewals().get(id).await?.asked_by != ctx.actor.account {
        return Err(RenewalError::Asker.into());
    }
    Box::pin(end(ctx, id, Reason::of("提请人撤回", Unreasoned::Declined)?)).await
}

async fn end(ctx: &Context, id: RenewalId, reason: Reason) -> Result<()> {
    ctx.store()
        .write(async |tx| {
            let (mut renewal, account) = found(tx, id).await?;
            renewal.decline()?;
            tx.renewals().save(&renewal).await?;
            let reason = reason.as_str().to_owned();
            let event = Event::RenewalDeclined { login: account.login, credential: renewal.credential, reason };
            ctx.record(tx, event.of(account.id.0)).await
        })
        .await
}

/// Carries out what was agreed to, and signs the account out everywhere. A new first password is returned once.
///
/// # Errors
/// `Denied` without `ManageAccounts`; `Rule` before somebody agreed, for anybody but the one who asked, or where it is over; `NotFound`.
pub async fn carry_out(ctx: &Context, id: RenewalId) -> Result<Reset> {
    ctx.require(Permission::ManageAccounts)?;
    let password = first_password()?;
    let new = NewPassword {
        hash: ctx.app.passwords.hash(password.clone()).await?,
        state: PasswordState::First,
        at: ctx.now(),
    };
    let (login, credential) = ctx
        .store()
        .write(async |tx| {
            let (mut renewal, account) = found(tx, id).await?;
            renewal.carry_out(ctx.actor.account, ctx.now())?;
            tx.renewals().save(&renewal).await?;
            let agreed = tx.beyond(Errand::Renewal);
            let login = Some(account.login.clone());
            let event = match renewal.credential {
                Credential::Password => {
                    agreed.accounts().set_password(account.id, new.clone(), ctx.id()).await?;
                    tx.attempts().set(&format!("login:{}", account.login), None).await?;
                    Event::PasswordChanged { login, password: PasswordChange::Reset }
                }
                Credential::SecondFactor => {
                    agreed.second_factors().remove(account.id).await?;
                    agreed.security_keys().remove_all(account.id).await?;
                    Event::SecondFactorChanged { login, second_factor: FactorChange::Reset }
                }
            };
            agreed.browser_sessions().close_all_of(account.id).await?;
            ctx.record(tx, event.of(account.id.0)).await?;
            Ok::<_, Error>((account.login, renewal.credential))
        })
        .await?;
    let password = (credential == Credential::Password).then_some(password);
    Ok(Reset { login, credential, password })
}

async fn found(tx: &Tx, id: RenewalId) -> Result<(Renewal, Account)> {
    let renewal = tx.renewals().get(id).await?;
    let account = tx.accounts().get(renewal.account).await?;
    Ok((renewal, account))
}
