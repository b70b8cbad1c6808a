//! 第二因素: time-based one-time codes (TOTP, RFC 6238) or a security key (WebAuthn), with recovery codes for whoever loses the device.
//!
//! Mandatory for whoever organizes, supervises or administers, and for everybody where an installation says so. A code is good once: the step it belongs to is remembered.

use super::factor::{Factor as Kind, Key, Recovery, Totp, offer, relying_party};
use super::totp::purpose;
use super::{Account, Token, guess};
use crate::audit::Event;
use crate::{App, Context, Error, Result};
use domain::access::Errand;
use domain::account::{EnrolmentError, PasswordError};
use domain::ids::AccountId;
use domain::second_factor::{Factor, Pending};
use store::Repositories;

/// Passes the second factor with a code of the device, or with a recovery code, which is used up. The session goes on under the
/// returned secret: one that was stolen before is worth nothing.
///
/// # Errors
/// `Rule` for a wrong or used code; `LockedOut` after five of them; `Rule` without a second factor.
pub async fn pass(ctx: &Context, code: &str) -> Result<Token> {
    let account = with_factor(ctx).await?;
    count(ctx).await?;
    if let Some(token) = try_pass(ctx, &Totp, &account, code).await? {
        return Ok(token);
    }
    match try_pass(ctx, &Recovery, &account, code).await? {
        Some(token) => Ok(token),
        None => Err(refuse(ctx).await?),
    }
}

/// Passes it with a security key, which answers what [`key_question`] asked in this session.
///
/// # Errors
/// `Rule` for any other answer; `LockedOut` after five of them; `Rule` without a second factor.
pub async fn pass_with_key(ctx: &Context, answer: &str) -> Result<Token> {
    let account = with_factor(ctx).await?;
    count(ctx).await?;
    match try_pass(ctx, &Key, &account, answer).await? {
        Some(token) => Ok(token),
        None => Err(refuse(ctx).await?),
    }
}

/// What the caller's keys are asked at sign-in, as JSON for the browser. `None` without keys, or where keys cannot be used.
///
/// # Errors
/// The database cannot be read.
pub async fn key_question(ctx: &Context) -> Result<Option<String>> {
    let keys = ctx.store().security_keys().of(ctx.actor.account).await?;
    if relying_party(&ctx.app).is_err() { Ok(None) } else { offer(ctx, &keys) }
}

/// The caller's account, if it has a second factor.
async fn with_factor(ctx: &Context) -> Result<Account> {
    let account = ctx.store().accounts().get(ctx.actor.account).await?;
    if has_factor(ctx, account.id).await? { Ok(account) } else { Err(EnrolmentError::NoFactor.into()) }
}

pub(super) async fn has_factor(ctx: &Context, account: AccountId) -> Result<bool> {
    let device = ctx.store().second_factors().get(account).await?;
    let confirmed = device.is_some_and(|own| own.pending == Pending::No);
    Ok(confirmed || !ctx.store().security_keys().of(account).await?.is_empty())
}

/// Passes the session by an answer that is right and was not used. `None` if it is not.
async fn try_pass<F: Kind>(ctx: &Context, factor: &F, account: &Account, answer: &str) -> Result<Option<Token>> {
    let Some(used) = factor.check(ctx, account, answer).await? else { return Ok(None) };
    let token = Token::random()?;
    let done = ctx
        .store()
        .write(async |tx| {
            if !factor.spend(ctx, tx, account, &used).await? {
                return Ok(false);
            }
            passed(ctx, tx, &token).await?;
            ctx.record(tx, Event::SecondFactorPassed { second_factor: F::USE }.of(account.id.0)).await?;
            Ok::<_, Error>(true)
        })
        .await?;
    Ok(done.then_some(token))
}

pub(super) async fn passed(ctx: &Context, tx: &store::Tx, token: &Token) -> Result<()> {
    tx.attempts().set(&key(ctx), None).await?;
    if let Some(session) = ctx.session {
        tx.browser_sessions().verify(ctx.actor.account, session, token.hash(), ctx.now()).await?;
    }
    Ok(())
}

fn key(ctx: &Context) -> String {
    format!("second:{}", ctx.actor.account)
}

/// Counts a code before it is looked at.
pub(super) async fn count(ctx: &Context) -> Result<()> {
    let on_a_lock = |times| Event::SecondFactorFailed { times: Some(times) }.of(ctx.actor.account.0);
    guess::require(ctx, &key(ctx), on_a_lock).await
}

/// Records a wrong code, and says so.
pub(super) async fn refuse(ctx: &Context) -> Result<Error> {
    let entry = Event::SecondFactorFailed { times: None }.of(ctx.actor.account.0).refused();
    ctx.store().write(async |tx| ctx.record(tx, entry).await).await?;
    Ok(PasswordError::WrongCode.into())
}

/// How many recovery codes the caller has left; `None` without a second factor.
///
/// # Errors
/// The database cannot be read.
pub async fn codes_left(ctx: &Context) -> Result<Option<u64>> {
    if !has_factor(ctx, ctx.actor.account).await? {
        return Ok(None);
    }
    Ok(Some(ctx.store().second_factors().codes_left(ctx.actor.account).await?))
}

/// Seals again, with the newest key, what was sealed with another. Returns how many.
///
/// # Errors
/// A text cannot be opened; nothing is changed then.
pub async fn reseal(app: &App) -> Result<usize> {
    let old: Vec<Factor> = app
        .program(Errand::Keys)
        .second_factors()
        .all()
        .await?
        .into_iter()
        .filter(|f| !app.keys.is_current(&f.sealed))
        .collect();
    let renew = |factor: &Factor| {
        let text = app.keys.open(&purpose(factor.account), &factor.sealed)?;
        Ok(Factor { sealed: app.keys.seal(&purpose(factor.account), &text)?, ..factor.clone() })
    };
    let renewed: Vec<Factor> = old.iter().map(renew).collect::<Result<_>>()?;
    app.program(Errand::Keys)
        .write(async |tx| {
            for factor in &renewed {
                tx.second_factors().set(factor).await?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    Ok(renewed.len())
}
