//! The steps of the schema, up and down.

use crate::support::{Opened, a_round, batch};
use crate::write;
use store::Repositories;

pub async fn the_schema_goes_up_down_and_up_again(opened: Opened) {
    let store = &opened.store;
    assert!(store.is_migrated().await.unwrap());
    a_round(store).await;
    store.unmigrate().await.unwrap();
    assert!(!store.is_migrated().await.unwrap());
    store.migrate().await.unwrap();
    assert!(store.is_migrated().await.unwrap());
    assert!(store.programme().batches().await.unwrap().is_empty(), "down takes the tables away");
    a_round(store).await;
    store.migrate().await.unwrap();
    assert_eq!(store.programme().batches().await.unwrap(), [batch()], "migrating twice changes nothing");
}

pub async fn one_step_down_at_a_time_leaves_nothing_behind(opened: Opened) {
    use migrations::{Migrator, MigratorTrait};
    let store = &opened.store;
    let steps = Migrator::migrations().len();
    for _ in 0..steps {
        Migrator::down(store.connection(), Some(1)).await.unwrap();
    }
    for done in 1..=steps {
        Migrator::up(store.connection(), Some(1)).await.unwrap();
        assert_eq!(store.is_migrated().await.unwrap(), done == steps);
    }
    write!(store, |tx| tx.programme().insert_batch(batch()).await);
}
