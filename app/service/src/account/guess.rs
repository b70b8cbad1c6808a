//! Guesses at a secret. Each is counted before it is looked at, so that many at once are no more than five one after the other; a right
//! one forgets the count.

use crate::audit::Entry;
use crate::{Context, Error, Result};
use domain::Timestamp;
use domain::lockout::Attempts;
use store::{Repositories, Tx};

/// The answer to a guess before it is looked at.
pub(super) enum Admitted {
    /// It is counted, and may be looked at.
    Counted,
    /// Nobody gets in for so many minutes.
    Locked { minutes: i64, noted: Option<u32> },
}

/// Counts a guess, unless the key is locked.
pub(super) async fn admit(tx: &Tx, key: &str, now: Timestamp) -> Result<Admitted> {
    if let Some(locked) = locked(tx, key, now).await? {
        return Ok(locked);
    }
    let attempts = Attempts::failed(tx.attempts().of(key).await?, now);
    tx.attempts().set(key, Some(attempts)).await?;
    Ok(Admitted::Counted)
}

/// Whether the key is locked. That it was tried is counted too; `noted` is the number where it should be written down.
pub(super) async fn locked(tx: &Tx, key: &str, now: Timestamp) -> Result<Option<Admitted>> {
    let Some(attempts) = tx.attempts().of(key).await? else { return Ok(None) };
    let Some(minutes) = attempts.locked_for(now) else { return Ok(None) };
    let again = attempts.while_locked();
    tx.attempts().set(key, Some(again)).await?;
    Ok(Some(Admitted::Locked { minutes, noted: again.noted() }))
}

/// Counts a guess of the caller's. `entry` says what was tried, for attempts on a lock.
///
/// # Errors
/// `LockedOut` after five.
pub(super) async fn require(ctx: &Context, key: &str, entry: impl FnOnce(u32) -> Entry) -> Result<()> {
    let admitted = ctx
        .store()
        .write(async |tx| {
            let admitted = admit(tx, key, ctx.now()).await?;
            if let Admitted::Locked { noted: Some(times), .. } = admitted {
                ctx.record(tx, entry(times).refused()).await?;
            }
            Ok::<_, Error>(admitted)
        })
        .await?;
    match admitted {
        Admitted::Counted => Ok(()),
        Admitted::Locked { minutes, .. } => Err(Error::LockedOut(minutes)),
    }
}
