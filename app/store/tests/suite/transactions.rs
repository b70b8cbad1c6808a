//! The promises of `Scoped::write`.

use crate::support::{Opened, a_round, batch, expert, id, is_not_found, panel, round, seat};
use crate::{refused, write};
use domain::access::{Errand, Scope};
use domain::ids::RoundId;
use domain::sector::Sector;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::{Repositories, StoreError, Topic};

pub async fn an_error_leaves_nothing_behind(opened: Opened) {
    let store = &opened.store;
    let error = refused!(store, |tx| {
        tx.programme().insert_batch(batch()).await?;
        tx.experts().insert(vec![expert(1)]).await?;
        assert_eq!(tx.experts().count().await?, 1, "visible inside");
        Err::<(), _>(StoreError::Stale)
    });
    assert!(matches!(error, StoreError::Stale));
    assert!(store.programme().batches().await.unwrap().is_empty());
    assert_eq!(store.experts().count().await.unwrap(), 0);
    write!(store, |tx| tx.programme().insert_batch(batch()).await);
    let error = refused!(store, |tx| {
        tx.experts().insert(vec![expert(1)]).await?;
        tx.programme().insert_batch(batch()).await
    });
    assert!(matches!(error, StoreError::Duplicate), "{error}");
    assert_eq!(store.experts().count().await.unwrap(), 0, "what came before the refused row is gone too");
}

/// Every service reads before it writes; none of them may fail, and none may overwrite another's change.
pub async fn two_hundred_writers_that_read_first_all_succeed(opened: Opened) {
    let writers: Vec<_> = (0..200)
        .map(|_| {
            let store = opened.store.clone();
            tokio::spawn(async move {
                store
                    .write(async |tx| {
                        let count = tx.accounts().setting("count").await?.map_or(0, |n| n.parse().unwrap_or(0));
                        tokio::task::yield_now().await;
                        tx.accounts().set_setting("count", Some((count + 1).to_string())).await
                    })
                    .await
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap().unwrap();
    }
    let count = opened.store.accounts().setting("count").await.unwrap();
    assert_eq!(count.as_deref(), Some("200"));
}

pub async fn a_foreign_key_that_points_nowhere_is_not_found(opened: Opened) {
    let store = &opened.store;
    a_round(store).await;
    let nowhere = RoundId(id(9));
    let entries = [crate::support::application(1, crate::support::task(10).id).id];
    assert!(is_not_found(&refused!(store, |tx| tx.rounds().add_entries(nowhere, &entries).await)));
    let own = panel(1, Sector::Materials);
    let stranger = vec![seat(1, own.id, expert(99).id)];
    let error = refused!(store, |tx| {
        tx.panels().replace(round().id, std::slice::from_ref(&own)).await?;
        tx.panels().replace_seats(round().id, stranger).await
    });
    assert!(is_not_found(&error), "{error}");
    assert!(store.panels().of_round(round().id).await.unwrap().is_empty());
    let sheet = crate::support::sheet(1, 99, 1);
    assert!(is_not_found(&refused!(store, |tx| tx.sheets().insert(std::slice::from_ref(&sheet)).await)));
}

pub async fn statements_are_counted_inside_and_outside_a_transaction(opened: Opened) {
    let (store, sent) = opened.database.counted();
    let store = store.of(Scope::program(Errand::Demonstration));
    store.programme().batches().await.unwrap();
    assert_eq!(sent.take().len(), 1);
    write!(store, |tx| {
        tx.programme().insert_batch(batch()).await?;
        tx.programme().batches().await
    });
    opened.store.programme().batches().await.unwrap();
    let texts = sent.take();
    let begins: Vec<_> = texts.iter().filter_map(|text| text.split(' ').next()).collect();
    assert_eq!(begins, ["INSERT", "SELECT", "UPDATE"], "the last raises the revision: {texts:?}");
}

pub async fn what_is_kept_is_made_again_after_a_change(opened: Opened) {
    let store = &opened.store;
    let made = AtomicUsize::new(0);
    let count = async || {
        let load = async || {
            made.fetch_add(1, Ordering::Relaxed);
            Ok::<_, StoreError>(store.programme().batches().await?.len())
        };
        *store.current().await.unwrap().kept(id(1), &[Topic::Programme], load).await.unwrap()
    };
    assert_eq!((count().await, count().await, made.load(Ordering::Relaxed)), (0, 0, 1));
    write!(store, |tx| tx.experts().insert(vec![expert(1)]).await);
    assert_eq!((count().await, made.load(Ordering::Relaxed)), (0, 1), "another topic");
    write!(store, |tx| tx.programme().insert_batch(batch()).await);
    assert_eq!((count().await, count().await, made.load(Ordering::Relaxed)), (1, 1, 2));
    refused!(store, |tx| tx.programme().insert_batch(batch()).await);
    assert_eq!((count().await, made.load(Ordering::Relaxed)), (1, 2), "nothing was changed");
}
