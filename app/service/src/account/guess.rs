//! Guesses at a secret. Each is counted before it is looked at, so that many at once are no more than a few one after the other; a right
//! one forgets the count. After some wrong ones the next waits, longer every time.

use crate::audit::Entry;
use crate::{Context, Error, Result};
use domain::Timestamp;
use domain::lockout::Attempts;
use store::{Repositories, Tx};

/// The answer to a guess before it is looked at.
pub(super) enum Admitted {
    /// It is counted, and may be looked at.
    Counted,
    /// It is not looked at for so many seconds.
    Waits { seconds: i64, noted: Option<u32> },
}

/// Counts a guess, unless it has to wait.
pub(super) async fn admit(tx: &Tx, key: &str, now: Timestamp) -> Result<Admitted> {
    if let Some(locked) = locked(tx, key, now).await? {
        return Ok(locked);
    }
    let attempts = Attempts::failed(tx.attempts().of(key).await?, now);
    tx.attempts().set(key, Some(attempts)).await?;
    Ok(Admitted::Counted)
}

/// Whether the next guess under the key has to wait. One that comes too early is not looked at, and makes the wait no longer; `noted` is the
/// number of wrong ones where it should be written down.
pub(super) async fn locked(tx: &Tx, key: &str, now: Timestamp) -> Result<Option<Admitted>> {
    let Some(attempts) = tx.attempts().of(key).await? else { return Ok(None) };
    let Some(seconds) = attempts.wait(now) else { return Ok(None) };
    Ok(Some(Admitted::Waits { seconds, noted: attempts.is_noted().then_some(attempts.failures) }))
}

/// Counts a guess of the caller's. `entry` says what was tried, for attempts on a lock.
///
/// # Errors
/// `LockedOut` after some wrong ones, for a while.
pub(super) async fn require(ctx: &Context, key: &str, entry: impl FnOnce(u32) -> Entry) -> Result<()> {
    let admitted = ctx
        .store()
        .write(async |tx| {
            let admitted = admit(tx, key, ctx.now()).await?;
            if let Admitted::Waits { noted: Some(times), .. } = admitted {
                ctx.record(tx, entry(times).refused()).await?;
            }
            Ok::<_, Error>(admitted)
        })
        .await?;
    match admitted {
        Admitted::Counted => Ok(()),
        Admitted::Waits { seconds, .. } => Err(Error::LockedOut(seconds)),
    }
}
