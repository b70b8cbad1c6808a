//! Setting up a second factor: the secret goes to whoever has just proved to know the password, in that session and in no other.

use super::second_factor::{count, passed, refuse};
use super::totp::{Secret, code_hash, opened, seal, step_of, totp};
use super::{Account, Token, present};
use crate::audit::Event;
use crate::audit::kinds::FactorChange;
use crate::{Context, Error, Restriction, Result};
use domain::second_factor::{Factor, Pending, RecoveryCode};
use store::Repositories;

/// A session of at most so many minutes is fresh: its holder has just typed the password.
const FRESH_MINUTES: i64 = 5;

/// How far setting up has come.
#[derive(Debug, Clone)]
pub enum Enrolment {
    /// The password is asked for first: the session is not fresh, or it was begun in another one.
    Password,
    Device(Device),
}

/// The data with which a person sets up a device. Shown until it is confirmed.
#[derive(Debug, Clone)]
pub struct Device {
    /// To be typed where no picture can be taken.
    pub secret: String,
    /// `otpauth://…`, for the picture.
    pub url: String,
    pub recovery_codes: Vec<String>,
}

/// Where the caller stands with setting up a second factor. After a fresh sign-in it begins by itself.
///
/// # Errors
/// `Restricted` before the password is the caller's own; `Rule` if there is one already.
pub async fn enrolment(ctx: &Context) -> Result<Enrolment> {
    require_own_password(ctx)?;
    let account = ctx.store().accounts().get(ctx.actor.account).await?;
    let secret = match begun(ctx, &account).await? {
        Some(secret) if secret.session == ctx.session => secret,
        _ if is_fresh(ctx).await? => start(ctx, &account).await?,
        _ => return Ok(Enrolment::Password),
    };
    let url = totp(&secret.totp, &account.login)?.to_url().map_err(|error| Error::Internal(error.to_string()))?;
    Ok(Enrolment::Device(Device { secret: secret.totp, url, recovery_codes: secret.recovery_codes }))
}

/// Begins in this session, after the present password.
///
/// # Errors
/// `Rule` if there is a second factor already, or for a wrong password; `LockedOut` after five.
pub async fn begin_enrolment(ctx: &Context, password: String) -> Result<()> {
    require_own_password(ctx)?;
    let account = ctx.store().accounts().get(ctx.actor.account).await?;
    begun(ctx, &account).await?;
    present::require(ctx, &account, password).await?;
    start(ctx, &account).await?;
    Ok(())
}

/// A password that somebody else knows, or that is too old, is no ground for a second factor; nor is one alone where there is a factor already.
pub(super) const fn require_own_password(ctx: &Context) -> Result<()> {
    match ctx.restriction {
        Some(restriction @ (Restriction::FirstPassword | Restriction::OldPassword | Restriction::SecondFactor)) => {
            Err(Error::Restricted(restriction))
        }
        _ => Ok(()),
    }
}

/// The secret that was begun and not confirmed.
async fn begun(ctx: &Context, account: &Account) -> Result<Option<Secret>> {
    match ctx.store().second_factors().get(account.id).await? {
        None => Ok(None),
        Some(Factor { pending: Pending::Yes, sealed, .. }) => Ok(Some(opened(&ctx.app, account.id, &sealed)?)),
        Some(_) => Err(EnrolmentError::Done.into()),
    }
}

/// A new secret for this session; one begun elsewhere is worth nothing from now on.
async fn start(ctx: &Context, account: &Account) -> Result<Secret> {
    let secret = Secret::new(ctx.session)?;
    let sealed = seal(&ctx.app, account.id, &secret)?;
    let factor = Factor { account: account.id, sealed, last_step: 0, pending: Pending::Yes };
    ctx.store().write(async |tx| Ok::<_, Error>(tx.second_factors().set(&factor).await?)).await?;
    Ok(secret)
}

pub(super) async fn is_fresh(ctx: &Context) -> Result<bool> {
    let Some(id) = ctx.session else { return Ok(false) };
    let sessions = ctx.store().browser_sessions().of(ctx.actor.account).await?;
    let since = ctx.now() - chrono::Duration::minutes(FRESH_MINUTES);
    Ok(sessions.iter().any(|session| session.id == id && session.created_at >= since))
}

/// Confirms the device with its first code. From now on it is asked for at every sign-in. The session goes on under the returned
/// secret.
///
/// # Errors
/// `Restricted` where there is another factor by now that was not passed; `Rule` before it was begun in this session, or after it is confirmed, or for a wrong code; `LockedOut` after five of them.
pub async fn confirm(ctx: &Context, code: &str) -> Result<Token> {
    require_own_password(ctx)?;
    let account = ctx.store().accounts().get(ctx.actor.account).await?;
    let secret = begun(ctx, &account).await?.filter(|secret| secret.session == ctx.session);
    let secret = secret.ok_or(EnrolmentError::NotBegun)?;
    count(ctx).await?;
    let Some(step) = step_of(ctx, &account, &secret, 0, code)? else { return Err(refuse(ctx).await?) };
    let token = Token::random()?;
    let codes = secret_codes(ctx, &account, &secret.recovery_codes)?;
    let kept = Secret { recovery_codes: Vec::new(), session: None, ..secret };
    let sealed = seal(&ctx.app, account.id, &kept)?;
    let factor = Factor { account: account.id, sealed, last_step: step, pending: Pending::No };
    ctx.store()
        .write(async |tx| {
            tx.second_factors().set(&factor).await?;
            tx.second_factors().replace_codes(account.id, codes.clone()).await?;
            passed(ctx, tx, &token).await?;
            let event = Event::SecondFactorChanged { login: None, second_factor: FactorChange::Enrolled };
            ctx.record(tx, event.of(account.id.0)).await
        })
        .await?;
    Ok(token)
}

pub(super) fn secret_codes(ctx: &Context, account: &Account, codes: &[String]) -> Result<Vec<RecoveryCode>> {
    let code = |code: &String| Ok(RecoveryCode { id: ctx.id(), hash: code_hash(&ctx.app, account.id, code)? });
    codes.iter().map(code).collect()
}
use domain::account::EnrolmentError;
