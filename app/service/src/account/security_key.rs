//! 安全密钥: registering keys, and removing them.

use super::factor::{begin, fingerprint, finish, relying_party};
use super::second_factor::{count, has_factor, passed, refuse};
use super::totp::Secret;
use super::{Token, enrolment, present};
use crate::audit::Event;
use crate::audit::kinds::FactorChange;
use crate::{Context, Error, Result};
use domain::account::EnrolmentError;
use domain::ids::KeyId;
use domain::second_factor::{LONGEST_KEY_NAME, MOST_KEYS, Pending, SecurityKey};
use domain::text::normalise;
use store::Repositories;

/// The caller's keys, and whether a new one may be registered now.
#[derive(Debug, Clone)]
pub struct Keys {
    pub keys: Vec<SecurityKey>,
    pub registering: Registering,
}

/// Where the caller stands with registering a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registering {
    /// The session is not fresh: signing in again comes first.
    SignInAgain,
    /// Keys cannot be used at this address, or there are enough.
    Unavailable(EnrolmentError),
    /// What the new key is asked, as JSON for the browser.
    Question(String),
}

/// A key that was registered: how the session goes on, and the recovery codes, if these are the account's first.
#[derive(Debug, Clone)]
pub struct Registered {
    pub token: Token,
    pub recovery_codes: Vec<String>,
}

/// The caller's keys.
///
/// # Errors
/// `Restricted` before the password is the caller's own, or before the second factor was passed.
pub async fn keys(ctx: &Context) -> Result<Keys> {
    enrolment::require_own_password(ctx)?;
    let account = ctx.store().accounts().get(ctx.actor.account).await?;
    let keys = ctx.store().security_keys().of(account.id).await?;
    let registering = if keys.len() >= MOST_KEYS {
        Registering::Unavailable(EnrolmentError::TooManyKeys(MOST_KEYS))
    } else if relying_party(&ctx.app).is_err() {
        Registering::Unavailable(EnrolmentError::NoDomain)
    } else if enrolment::is_fresh(ctx).await? {
        Registering::Question(begin(ctx, &account, &keys)?)
    } else {
        Registering::SignInAgain
    };
    Ok(Keys { keys, registering })
}

/// Registers a key that answers what [`keys`] asked in this session.
///
/// # Errors
/// As [`keys`]; `Rule` for a name that is none, another answer, or before it was begun; `LockedOut` after five wrong answers.
pub async fn register_key(ctx: &Context, name: &str, answer: &str) -> Result<Registered> {
    enrolment::require_own_password(ctx)?;
    let name = normalise(name);
    if name.is_empty() || name.chars().count() > LONGEST_KEY_NAME {
        return Err(EnrolmentError::KeyName.into());
    }
    let account = ctx.store().accounts().get(ctx.actor.account).await?;
    let first = !has_factor(ctx, account.id).await?;
    count(ctx).await?;
    let credential = match finish(ctx, answer) {
        Err(Error::Rule(rule)) => {
            refuse(ctx).await?;
            return Err(Error::Rule(rule));
        }
        other => other?,
    };
    let key = SecurityKey {
        id: KeyId(ctx.id()),
        account: account.id,
        name: name.clone(),
        credential,
        registered_at: ctx.now(),
        used_at: None,
    };
    let recovery_codes = if first { Secret::new(None)?.recovery_codes } else { Vec::new() };
    let hashed = enrolment::secret_codes(ctx, &account, &recovery_codes)?;
    let token = Token::random()?;
    ctx.store()
        .write(async |tx| {
            tx.security_keys().insert(&key).await?;
            if first {
                tx.second_factors().replace_codes(account.id, hashed.clone()).await?;
            }
            passed(ctx, tx, &token).await?;
            let (name, fingerprint) = (name.clone(), fingerprint(&key)?);
            let event = Event::SecurityKeyChanged { key: name, fingerprint, second_factor: FactorChange::KeyAdded };
            ctx.record(tx, event.of(account.id.0)).await
        })
        .await?;
    Ok(Registered { token, recovery_codes })
}

/// Removes a key, after the present password. The last factor stays.
///
/// # Errors
/// As [`keys`]; `Rule` for a wrong password or the last factor; `NotFound`; `LockedOut` after five wrong passwords.
pub async fn remove_key(ctx: &Context, id: KeyId, password: String) -> Result<()> {
    enrolment::require_own_password(ctx)?;
    let account = ctx.store().accounts().get(ctx.actor.account).await?;
    present::require(ctx, &account, password).await?;
    let device = ctx.store().second_factors().get(account.id).await?;
    ctx.store()
        .write(async |tx| {
            let keys = tx.security_keys().of(account.id).await?;
            let key = keys.iter().find(|own| own.id == id).ok_or(Error::NotFound)?;
            if keys.len() == 1 && device.as_ref().is_none_or(|own| own.pending != Pending::No) {
                return Err(EnrolmentError::LastFactor.into());
            }
            tx.security_keys().remove(account.id, id).await?;
            let (name, fingerprint) = (key.name.clone(), fingerprint(key)?);
            let event = Event::SecurityKeyChanged { key: name, fingerprint, second_factor: FactorChange::KeyRemoved };
            ctx.record(tx, event.of(account.id.0)).await
        })
        .await
}
