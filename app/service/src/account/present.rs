//! The present password, asked again before what decides who one is may change.

use super::{Account, guess};
use crate::audit::Event;
use crate::audit::kinds::PasswordRefusal;
use crate::{Context, Result};
use domain::account::PasswordError;
use store::Repositories;

/// Under which guesses are counted.
fn key(account: &Account) -> String {
    format!("password:{}", account.id)
}

/// Checks what was typed as the present password. A wrong one is counted and recorded; a right one forgets the count.
///
/// # Errors
/// `Rule` for a wrong one; `LockedOut` after five.
pub(super) async fn require(ctx: &Context, account: &Account, typed: String) -> Result<()> {
    let refused = |password, times| {
        Event::PasswordRefused { login: account.login.clone(), password, times }.of(account.id.0).refused()
    };
    let on_a_lock = |times| refused(PasswordRefusal::Locked, Some(times));
    guess::require(ctx, &key(account), on_a_lock).await?;
    if ctx.app.passwords.verify(typed, Some(account.password_hash.clone())).await? {
        return ctx.store().write(async |tx| Ok(tx.attempts().set(&key(account), None).await?)).await;
    }
    let entry = refused(PasswordRefusal::Wrong, None);
    ctx.store().write(async |tx| ctx.record(tx, entry).await).await?;
    Err(PasswordError::Wrong.into())
}
