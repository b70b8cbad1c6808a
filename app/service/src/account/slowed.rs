//! 登录受限: names and networks under which many guesses were wrong, for the administrator to look at and to clear.

use crate::audit::Event;
use crate::{Context, Result};
use domain::Timestamp;
use domain::access::{Errand, Permission};
use domain::lockout::{CALM, FREE};
use store::Repositories;

/// A name or network that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slowed {
    /// As it is stored: kind and name.
    pub key: String,
    pub failures: u32,
    pub last: Timestamp,
}

impl Slowed {
    /// The name or network by itself.
    pub fn name(&self) -> &str {
        self.key.split_once(':').map_or(self.key.as_str(), |(_, name)| name)
    }

    pub fn is_network(&self) -> bool {
        self.key.starts_with("address:")
    }
}

/// Names and networks that wait, the last tried first.
///
/// # Errors
/// `Denied` without `ManageAccounts`.
pub async fn slowed(ctx: &Context) -> Result<Vec<Slowed>> {
    ctx.require(Permission::ManageAccounts)?;
    let all = ctx.store().attempts().all().await?;
    let mut own: Vec<_> = all
        .into_iter()
        .map(|(key, counted)| Slowed { key, failures: counted.failures, last: counted.since })
        .filter(|own| own.failures > if own.is_network() { CALM } else { FREE })
        .collect();
    own.sort_by_key(|own| std::cmp::Reverse(own.last));
    Ok(own)
}

/// Forgets what was counted under a name or network.
///
/// # Errors
/// `Denied` without `ManageAccounts`.
pub async fn clear(ctx: &Context, key: &str) -> Result<()> {
    ctx.require(Permission::ManageAccounts)?;
    let event = Event::AttemptsCleared { key: key.chars().take(80).collect() };
    ctx.store()
        .write(async |tx| {
            tx.beyond(Errand::SignIn).attempts().set(key, None).await?;
            ctx.record(tx, event.of(ctx.actor.account.0)).await
        })
        .await
}
