//! 第二因素: time-based one-time codes (TOTP, RFC 6238), with recovery codes for whoever loses the device.
//!
//! Mandatory for coordinators and the three administrators. A code is good once: the step it belongs to is remembered.

use super::totp::{code_hash, opened, purpose, step_of};
use super::{Token, guess};
use crate::audit::Event;
use crate::audit::kinds::{FactorChange, FactorUse};
use crate::{App, Context, Error, Result};
use domain::access::{Errand, Permission};
use domain::account::{AccountError, EnrolmentError, PasswordError};
use domain::ids::AccountId;
use domain::second_factor::{Factor, Pending};
use store::Repositories;

/// Passes the second factor with a code of the device, or with a recovery code, which is used up. The session goes on under the
/// returned secret: one that was stolen before is worth nothing.
///
/// # Errors
/// `Rule` for a wrong or used code; `LockedOut` after five of them; `Rule` without a second factor.
pub async fn pass(ctx: &Context, code: &str) -> Result<Token> {
    let account = ctx.store().accounts().get(ctx.actor.account).await?;
    let factor = ctx.store().second_factors().get(account.id).await?;
    let factor = factor.filter(|factor| factor.pending == Pending::No);
    let factor = factor.ok_or(EnrolmentError::NoFactor)?;
    count(ctx).await?;
    let secret = opened(&ctx.app, account.id, &factor.sealed)?;
    let step = step_of(ctx, &account, &secret, factor.last_step, code)?;
    let recovery = code_hash(&ctx.app, account.id, code)?;
    let now = ctx.now();
    let token = Token::random()?;
    let with = ctx
        .store()
        .write(async |tx| {
            let with = match step {
                Some(step) => tx.second_factors().advance(account.id, step).await?.then_some(FactorUse::Code),
                None => tx.second_factors().use_code(account.id, &recovery, now).await?.then_some(FactorUse::Recovery),
            };
            if let Some(with) = with {
                passed(ctx, tx, &token).await?;
                ctx.record(tx, Event::SecondFactorPassed { second_factor: with }.of(account.id.0)).await?;
            }
            Ok::<_, Error>(with)
        })
        .await?;
    if with.is_some() { Ok(token) } else { Err(refuse(ctx).await?) }
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
    let factor = ctx.store().second_factors().get(ctx.actor.account).await?;
    if factor.is_none_or(|factor| factor.pending != Pending::No) {
        return Ok(None);
    }
    Ok(Some(ctx.store().second_factors().codes_left(ctx.actor.account).await?))
}

/// 重置第二因素: for whoever lost device and codes. The account is signed out and sets up a new device.
///
/// # Errors
/// `Denied` without `ManageAccounts`; `Rule` on one's own account; `NotFound`.
pub async fn reset_second_factor(ctx: &Context, id: AccountId) -> Result<String> {
    ctx.require(Permission::ManageAccounts)?;
    if id == ctx.actor.account {
        return Err(AccountError::OwnFactor.into());
    }
    let account = ctx.store().accounts().get(id).await?;
    ctx.store()
        .write(async |tx| {
            tx.second_factors().remove(id).await?;
            tx.browser_sessions().close_all_of(id).await?;
            let login = Some(account.login.clone());
            ctx.record(tx, Event::SecondFactorChanged { login, second_factor: FactorChange::Reset }.of(id.0)).await
        })
        .await?;
    Ok(account.login)
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
