//! The queue of those who want to write. See `docs/adr/0013-one-writer.md`.

use crate::{Result, StoreError};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// So many writes share one transaction at most, and none joins it when it is older than this.
const MOST: usize = 64;
const OLDEST: Duration = Duration::from_millis(10);
/// A write that does not get its turn within this time fails.
const PATIENCE: Duration = Duration::from_secs(30);
/// Held until the transaction ends, against other servers on the same database. The number only has to differ from other programs'.
const POSTGRES_WRITER_LOCK: &str = "SELECT pg_advisory_xact_lock(4937264918)";

type Grant = oneshot::Sender<Result<Turn, DbErr>>;
type Told = oneshot::Sender<Result<(), DbErr>>;

/// Gives turns at the one writing connection. Clones share the queue.
#[derive(Debug, Clone)]
pub struct Writer(mpsc::UnboundedSender<Grant>);

impl Writer {
    /// Starts the task that commits. It ends with the last clone.
    pub fn start(connection: DatabaseConnection) -> Self {
        let (sender, mut queue) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Some(first) = queue.recv().await {
                commit_together(&connection, first, &mut queue).await;
            }
        });
        Self(sender)
    }

    /// Waits for a turn; turns come in the order of asking.
    ///
    /// # Errors
    /// `Database` if no transaction could be begun, or the turn did not come in time.
    pub async fn turn(&self) -> Result<Turn> {
        let (grant, turn) = oneshot::channel();
        self.0.send(grant).map_err(|_| failed("the writer has stopped"))?;
        let turn = tokio::time::timeout(PATIENCE, turn).await.map_err(|_| failed("other writes took too long"))?;
        Ok(turn.map_err(|_| failed("the writer has stopped"))??)
    }
}

/// The right to write, until it is kept or dropped. A dropped one is undone, also when its caller is gone in the middle of it.
#[derive(Debug)]
pub struct Turn {
    /// Dropped before `keep`: the writer goes on as soon as `keep` is gone.
    transaction: Arc<DatabaseTransaction>,
    keep: oneshot::Sender<Told>,
}

impl Turn {
    pub fn transaction(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// Returns when what was written is durable.
    ///
    /// # Errors
    /// `Database` if it could not be committed; then nothing is written.
    pub async fn keep(self) -> Result<()> {
        let (told, outcome) = oneshot::channel();
        drop(self.transaction);
        self.keep.send(told).map_err(|_| failed("the writer has stopped"))?;
        Ok(outcome.await.map_err(|_| failed("the writer has stopped"))??)
    }
}

fn failed(what: &str) -> StoreError {
    StoreError::Database(DbErr::Custom(what.to_owned()))
}

/// Gives turns to `first` and to those who wait, in one transaction, so that they share the wait for the disk.
async fn commit_together(connection: &DatabaseConnection, first: Grant, queue: &mut mpsc::UnboundedReceiver<Grant>) {
    let transaction = match begin(connection).await {
        Ok(transaction) => transaction,
        Err(error) => return drop(first.send(Err(error))),
    };
    let began = Instant::now();
    let mut kept = Vec::new();
    let mut next = Some(first);
    let outcome = loop {
        let Some(grant) = next else { break transaction.commit().await };
        match give_turn(&transaction, grant).await {
            Ok(told) => kept.extend(told),
            Err(error) => break transaction.rollback().await.and(Err(error)),
        }
        let joins = kept.len() < MOST && began.elapsed() < OLDEST;
        next = if joins { queue.try_recv().ok() } else { None };
    };
    for told in kept {
        // Nobody listens any more where the caller is gone; what was written stays.
        let _ = told.send(outcome.as_ref().copied().map_err(|error| DbErr::Custom(error.to_string())));
    }
}

/// Writers wait for each other from the start, so that what a transaction has read still holds when it writes. Within a program they
/// wait in the queue. Between programs SQLite takes its write lock at once (`BEGIN IMMEDIATE`): a transaction that reads first would
/// otherwise fail with "database is locked" whenever another one wrote in between. PostgreSQL takes an advisory lock: without it, two
/// departments that sign at the same moment on two servers would each count two signatures, and neither would complete the three.
async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: (connection.get_database_backend() == DbBackend::Sqlite)
            .then_some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = connection.begin_with_options(options).await?;
    if connection.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared(POSTGRES_WRITER_LOCK).await?;
    }
    Ok(transaction)
}

/// One write, in a savepoint of its own: if it fails, nobody else's does. Returns whom to tell of the commit.
///
/// # Errors
/// The transaction as a whole cannot go on.
async fn give_turn(transaction: &DatabaseTransaction, grant: Grant) -> Result<Option<Told>, DbErr> {
    if grant.is_closed() {
        return Ok(None);
    }
    let own = Arc::new(transaction.begin().await?);
    let (keep, kept) = oneshot::channel();
    // A caller that has gone in the meantime drops the turn, which undoes it.
    let _ = grant.send(Ok(Turn { transaction: own.clone(), keep }));
    let told = kept.await.ok();
    let own = Arc::into_inner(own).ok_or_else(|| DbErr::Custom("a turn was given back and not let go".to_owned()))?;
    let Some(told) = told else { return own.rollback().await.map(|()| None) };
    match own.commit().await {
        Ok(()) => Ok(Some(told)),
        // PostgreSQL keeps nothing of a write in which a statement failed. Its savepoint is undone when it is dropped.
        Err(error) => {
            let _ = told.send(Err(error));
            Ok(None)
        }
    }
}
