//! 恢复账号: the way back in for an administrator whom no other account can help, from the machine's own console.

use super::password::first_password;
use crate::audit::kinds::{FactorChange, PasswordChange};
use crate::audit::{Event, record_unsigned};
use crate::{App, Client, Result};
use domain::access::{Errand, Role};
use domain::account::{AccountError, NewPassword, PasswordState};
use store::Repositories;

/// The name under which the console acts in the audit.
pub(crate) const CONSOLE: &str = "控制台";

/// Gives one of the three administrators a new first password, returned once; removes the second factor and ends every session.
///
/// # Errors
/// `Rule` for any other account; `NotFound`.
pub async fn recover(app: &App, login: &str) -> Result<String> {
    let account = app.program(Errand::Recovery).accounts().by_login(login.trim()).await?;
    if !matches!(account.standing.role(), Role::SystemAdmin | Role::SecurityAdmin | Role::Auditor) {
        return Err(AccountError::NotAdministrator.into());
    }
    let password = first_password()?;
    let new = NewPassword {
        hash: app.passwords.hash(password.clone()).await?,
        state: PasswordState::First,
        at: app.clock.now(),
    };
    app.program(Errand::Recovery)
        .write(async |tx| {
            tx.accounts().set_password(account.id, new.clone(), app.ids.next()).await?;
            tx.second_factors().remove(account.id).await?;
            tx.security_keys().remove_all(account.id).await?;
            for key in [format!("login:{}", account.login), format!("second:{}", account.id)] {
                tx.attempts().set(&key, None).await?;
            }
            tx.browser_sessions().close_all_of(account.id).await?;
            let event = Event::AccountRecovered { password: PasswordChange::Reset, second_factor: FactorChange::Reset };
            record_unsigned(tx, app, &Client::default(), CONSOLE, event.of(account.id.0)).await
        })
        .await?;
    Ok(password)
}
