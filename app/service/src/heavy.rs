//! Long computations off the async threads, and only so many at once: the others wait for a place, and whoever waits too long is told
//! so instead of everybody becoming slow.

use crate::{Error, Result};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Computations of a round and readings of workbooks: each may take every core and much memory.
static COMPUTATIONS: Semaphore = Semaphore::const_new(2);
/// Password hashes: 19 MiB each.
static HASHES: Semaphore = Semaphore::const_new(16);
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs a computation when there is a place.
///
/// # Errors
/// `NotNow` after a minute without a place; `Internal` if the work panics.
pub async fn compute<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    within(&COMPUTATIONS, PATIENCE, work).await
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
    let _place = waited
        .map_err(|_| Error::NotNow("同时进行的计算较多，没有执行；请稍后重试".to_owned()))?
        .map_err(|error| Error::Internal(error.to_string()))?;
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Internal(error.to_string()))
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
        assert!(matches!(second, Err(Error::NotNow(_))), "{second:?}");
        release.send(()).unwrap();
        assert!(first.await.unwrap().unwrap());
        assert_eq!(within(&ONE, PATIENCE, || 3).await.unwrap(), 3, "the place is free again");
    }
}
