//! Long computations off the async threads, and only so many at once: the others wait for a place, and whoever waits too long is told
//! so instead of everybody becoming slow.

use std::time::Duration;
use tokio::sync::Semaphore;

/// Computations of a round: each may take every core and much memory.
static COMPUTATIONS: Semaphore = Semaphore::const_new(2);
/// Work that a page or a slider waits for, and readings of workbooks: a second or a few.
static GLANCES: Semaphore = Semaphore::const_new(4);
/// Password hashes: 19 MiB each.
static HASHES: Semaphore = Semaphore::const_new(16);
const PATIENCE: Duration = Duration::from_mins(1);

/// Every place for a computation is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("同时进行的计算较多，没有执行；请稍后重试")]
pub struct Full;

/// Work that was not done.
#[derive(Debug, thiserror::Error)]
pub enum Unplaced {
    /// A minute went by without a place.
    #[error(transparent)]
    Full(#[from] Full),
    /// The work panicked.
    #[error("{0}")]
    Failed(String),
}

type Result<T> = std::result::Result<T, Unplaced>;

/// Runs a computation when there is a place.
///
/// # Errors
/// `Full` after a minute without a place; `Failed` if the work panics.
pub async fn compute<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    within(&COMPUTATIONS, PATIENCE, work).await
}

/// Runs what a page waits for when there is a place: long computations do not keep it.
///
/// # Errors
/// As [`compute`].
pub async fn glance<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    within(&GLANCES, PATIENCE, work).await
}

/// Runs a password hash when there is a place.
///
/// # Errors
/// As [`compute`].
pub async fn hash<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    within(&HASHES, PATIENCE, work).await
}

async fn within<T: Send + 'static>(
    places: &'static Semaphore,
    patience: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let waited = tokio::time::timeout(patience, places.acquire()).await;
    let place = waited.map_err(|_| Full)?.map_err(|error| Unplaced::Failed(error.to_string()))?;
    // The place belongs to the work, not to the request: whoever leaves does not free it while the work goes on.
    let held = move || {
        let _place = place;
        work()
    };
    tokio::task::spawn_blocking(held).await.map_err(|error| Unplaced::Failed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[tokio::test]
    async fn whoever_finds_no_place_waits_and_is_told_in_the_end() {
        static ONE: Semaphore = Semaphore::const_new(1);
        let (release, wait) = channel::<()>();
        let first = tokio::spawn(within(&ONE, PATIENCE, move || wait.recv().is_ok()));
        while ONE.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let second = within(&ONE, Duration::from_millis(1), || 2).await;
        assert!(matches!(second, Err(Unplaced::Full(_))), "{second:?}");
        first.abort();
        assert!(first.await.unwrap_err().is_cancelled());
        let third = within(&ONE, Duration::from_millis(1), || 2).await;
        assert!(matches!(third, Err(Unplaced::Full(_))), "the work goes on although nobody waits for it: {third:?}");
        release.send(()).unwrap();
        assert_eq!(within(&ONE, PATIENCE, || 3).await.unwrap(), 3, "the place is free again");
    }
}
