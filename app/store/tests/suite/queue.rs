//! The promises of the queue of writers: each write stands or falls by itself, in its turn, and nobody waits who only reads.

use crate::support::{Opened, batch, expert};
use crate::write;
use std::time::Duration;
use store::{Repositories, Scoped, StoreError, Tx};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Nothing here waits so long unless it waits for ever.
const LONG: Duration = Duration::from_secs(20);

/// Adds a word to a list, as services do: it reads and then writes.
async fn add(tx: &Tx, word: &str) -> Result<(), StoreError> {
    let list = tx.accounts().setting("list").await?.unwrap_or_default();
    tx.accounts().set_setting("list", Some(format!("{list}{word} "))).await
}

async fn list(store: &Scoped) -> String {
    store.accounts().setting("list").await.unwrap().unwrap_or_default()
}

/// A write that has its turn and keeps it until it is told to end.
async fn long_write(store: &Scoped) -> (JoinHandle<Result<(), StoreError>>, oneshot::Sender<()>) {
    let (begun, has_begun) = oneshot::channel();
    let (end, ends) = oneshot::channel::<()>();
    let store = store.clone();
    let writing = tokio::spawn(async move {
        store
            .write(async |tx| {
                add(tx, "long").await?;
                begun.send(()).unwrap();
                let _ = ends.await;
                Ok(())
            })
            .await
    });
    has_begun.await.unwrap();
    (writing, end)
}

fn queued(store: &Scoped, word: &'static str) -> JoinHandle<Result<(), StoreError>> {
    let store = store.clone();
    tokio::spawn(async move { store.write(async |tx| add(tx, word).await).await })
}

/// Lets the tasks that were spawned so far take their places in the queue.
async fn let_them_queue() {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

pub async fn writes_happen_in_the_order_of_asking(opened: Opened) {
    let (long, end) = long_write(&opened.store).await;
    let mut waiting = Vec::new();
    for word in ["a", "b", "c", "d", "e"] {
        waiting.push(queued(&opened.store, word));
        let_them_queue().await;
    }
    end.send(()).unwrap();
    for write in waiting.into_iter().chain([long]) {
        timeout(LONG, write).await.unwrap().unwrap().unwrap();
    }
    assert_eq!(list(&opened.store).await, "long a b c d e ");
}

pub async fn a_write_that_fails_takes_no_other_down(opened: Opened) {
    let store = &opened.store;
    write!(store, |tx| tx.programme().insert_batch(batch()).await);
    let (long, end) = long_write(store).await;
    let before = queued(store, "before");
    let refused_by_rule = {
        let store = store.clone();
        tokio::spawn(async move {
            store
                .write(async |tx| {
                    add(tx, "refused").await?;
                    Err::<(), _>(StoreError::Stale)
                })
                .await
        })
    };
    let refused_by_schema = {
        let store = store.clone();
        tokio::spawn(async move {
            store
                .write(async |tx| {
                    add(tx, "duplicate").await?;
                    tx.programme().insert_batch(batch()).await
                })
                .await
        })
    };
    let after = queued(store, "after");
    let_them_queue().await;
    end.send(()).unwrap();
    for write in [long, before, after] {
        timeout(LONG, write).await.unwrap().unwrap().unwrap();
    }
    assert!(matches!(refused_by_rule.await.unwrap(), Err(StoreError::Stale)));
    assert!(matches!(refused_by_schema.await.unwrap(), Err(StoreError::Duplicate)));
    assert_eq!(list(store).await, "long before after ");
}

/// Whatever a write makes of a statement that failed, it is told what became of it.
pub async fn a_write_that_ignores_a_failure_is_told_the_truth(opened: Opened) {
    let store = &opened.store;
    write!(store, |tx| tx.programme().insert_batch(batch()).await);
    let (long, end) = long_write(store).await;
    let ignoring = {
        let store = store.clone();
        tokio::spawn(async move {
            store
                .write(async |tx| {
                    tx.experts().insert(vec![expert(1)]).await?;
                    let _ = tx.programme().insert_batch(batch()).await;
                    Ok::<_, StoreError>(())
                })
                .await
        })
    };
    let after = queued(store, "after");
    let_them_queue().await;
    end.send(()).unwrap();
    for write in [long, after] {
        timeout(LONG, write).await.unwrap().unwrap().unwrap();
    }
    let told = ignoring.await.unwrap().is_ok();
    assert_eq!(store.experts().count().await.unwrap() == 1, told);
    assert_eq!(list(store).await, "long after ");
}

pub async fn a_caller_that_goes_away_leaves_nothing_and_holds_nobody_up(opened: Opened) {
    let store = &opened.store;
    let (gone, _end) = long_write(store).await;
    let waiting = queued(store, "waiting");
    let_them_queue().await;
    let after = queued(store, "after");
    let_them_queue().await;
    waiting.abort();
    gone.abort();
    assert!(gone.await.unwrap_err().is_cancelled());
    timeout(LONG, after).await.unwrap().unwrap().unwrap();
    assert_eq!(list(store).await, "after ");
}

pub async fn who_reads_does_not_wait_for_a_long_write(opened: Opened) {
    let store = &opened.store;
    write!(store, |tx| add(tx, "first").await);
    let (long, end) = long_write(store).await;
    let reading = (0..40).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { list(&store).await })
    });
    for read in reading.collect::<Vec<_>>() {
        assert_eq!(timeout(LONG, read).await.unwrap().unwrap(), "first ", "what is not committed is not seen");
    }
    end.send(()).unwrap();
    long.await.unwrap().unwrap();
    assert_eq!(list(store).await, "first long ");
}
