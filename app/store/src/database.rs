//! The connection, and the one way to write.

use crate::Result;
use crate::StoreError;
use crate::repo;
use crate::statements::Statements;
use domain::access::Scope;
use migrations::{Migrator, MigratorTrait};
use reaching::Reaching;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use std::time::Duration;

/// An open database. Rows are reached only through [`Store::of`].
///
/// ```compile_fail
/// use store::Repositories;
/// # async fn forgotten(store: store::Store, id: domain::ids::ApplicationId) {
/// store.applications().get(id).await.unwrap();
/// # }
/// ```
///
/// ```no_run
/// use store::Repositories;
/// # async fn kept(store: store::Store, actor: domain::access::Actor, id: domain::ids::ApplicationId) {
/// store.of(actor.scope()).applications().get(id).await.unwrap();
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Store {
    connection: DatabaseConnection,
}

/// The database as one caller reaches it.
#[derive(Debug, Clone)]
pub struct Scoped {
    connection: DatabaseConnection,
    scope: Scope,
}

/// A transaction: everything written in it happens, or none of it. It reaches what its caller reaches.
#[derive(Debug)]
pub struct Tx {
    transaction: DatabaseTransaction,
    scope: Scope,
}

const SQLITE_CONNECTIONS: u32 = 8;
const POSTGRES_CONNECTIONS: u32 = 16;
/// Held until the transaction ends. The number only has to differ from other programs' in the same database.
const POSTGRES_WRITER_LOCK: &str = "SELECT pg_advisory_xact_lock(4937264918)";

impl Store {
    /// Opens `sqlite://path?mode=rwc`, `sqlite::memory:` or `postgres://…`.
    ///
    /// # Errors
    /// The database cannot be reached or opened.
    pub async fn open(url: &str) -> Result<Self> {
        let mut options = ConnectOptions::new(url);
        options.sqlx_logging(false).acquire_timeout(Duration::from_secs(10));
        if url.starts_with("sqlite:") {
            // An in-memory database lives in its one connection.
            let memory = url.contains(":memory:");
            options.max_connections(if memory { 1 } else { SQLITE_CONNECTIONS });
            if memory {
                options.min_connections(1).idle_timeout(None).max_lifetime(None);
            }
            options.map_sqlx_sqlite_opts(|sqlite| {
                sqlite
                    .pragma("journal_mode", "WAL")
                    .pragma("synchronous", "FULL")
                    .pragma("foreign_keys", "ON")
                    .busy_timeout(Duration::from_secs(5))
            });
        } else {
            options.max_connections(POSTGRES_CONNECTIONS);
        }
        Ok(Self { connection: Database::connect(options).await? })
    }

    /// Closes every connection, so that the file can be moved.
    ///
    /// # Errors
    /// A connection cannot be closed.
    pub async fn close(self) -> Result<()> {
        Ok(self.connection.close().await?)
    }

    /// Brings the schema up to date.
    ///
    /// # Errors
    /// A step fails; the steps before it stay.
    pub async fn migrate(&self) -> Result<()> {
        Ok(Migrator::up(&self.connection, None).await?)
    }

    /// Takes the schema down again, for tests of the steps.
    ///
    /// # Errors
    /// A step cannot be undone.
    pub async fn unmigrate(&self) -> Result<()> {
        Ok(Migrator::down(&self.connection, None).await?)
    }

    /// Whether every step of the schema has been applied. Only reads: the account may have no right to change the schema.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn is_migrated(&self) -> Result<bool> {
        Ok(Migrator::get_pending_migrations_read_only(&self.connection).await?.is_empty())
    }

    /// The repositories, within a scope.
    pub fn of(&self, scope: Scope) -> Scoped {
        Scoped { connection: self.connection.clone(), scope }
    }

    /// The same database, and the statements that the returned store and its clones send to it.
    pub fn counted(&self) -> (Self, Statements) {
        let statements = Statements::default();
        let mut connection = self.connection.clone();
        connection.set_metric_callback(statements.noting());
        (Self { connection }, statements)
    }

    /// The bare connection, for what is no row: other databases, steps of the schema.
    pub const fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }
}

impl Scoped {
    /// Runs `work` in one transaction and commits it if it succeeds. The only way to write.
    ///
    /// Writers wait for each other from the start, so that what a transaction has read still holds when it writes. SQLite
    /// takes its write lock at once (`BEGIN IMMEDIATE`): a transaction that reads first would otherwise fail with "database
    /// is locked" whenever another one wrote in between. PostgreSQL takes an advisory lock: without it, two departments that
    /// sign at the same moment would each count two signatures, and neither would complete the three.
    ///
    /// # Errors
    /// What `work` returns, or the database's own failure; nothing is written then.
    pub async fn write<T, E, F>(&self, work: F) -> std::result::Result<T, E>
    where
        F: AsyncFnOnce(&Tx) -> std::result::Result<T, E>,
        E: From<StoreError>,
    {
        let options = TransactionOptions {
            sqlite_transaction_mode: (self.connection.get_database_backend() == DbBackend::Sqlite)
                .then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = self.connection.begin_with_options(options).await.map_err(StoreError::from)?;
        let tx = Tx { transaction, scope: self.scope };
        if tx.transaction.get_database_backend() == DbBackend::Postgres {
            tx.transaction.execute_unprepared(POSTGRES_WRITER_LOCK).await.map_err(StoreError::from)?;
        }
        match work(&tx).await {
            Ok(value) => {
                tx.transaction.commit().await.map_err(StoreError::from)?;
                Ok(value)
            }
            Err(error) => {
                tx.transaction.rollback().await.map_err(StoreError::from)?;
                Err(error)
            }
        }
    }
}

/// Access to the repositories, the same from the store (reading) and from a transaction (reading and writing).
pub trait Repositories: Reaching {
    fn accounts(&self) -> repo::account::Accounts<'_, Self::Connection> {
        repo::account::Accounts(self.within())
    }
    fn browser_sessions(&self) -> repo::browser_session::BrowserSessions<'_, Self::Connection> {
        repo::browser_session::BrowserSessions(self.within())
    }
    fn attempts(&self) -> repo::attempt::Attempts<'_, Self::Connection> {
        repo::attempt::Attempts(self.within())
    }
    fn programme(&self) -> repo::programme::Programme<'_, Self::Connection> {
        repo::programme::Programme(self.within())
    }
    fn applications(&self) -> repo::application::Applications<'_, Self::Connection> {
        repo::application::Applications(self.within())
    }
    fn experts(&self) -> repo::expert::Experts<'_, Self::Connection> {
        repo::expert::Experts(self.within())
    }
    fn rounds(&self) -> repo::round::Rounds<'_, Self::Connection> {
        repo::round::Rounds(self.within())
    }
    fn panels(&self) -> repo::panel::Panels<'_, Self::Connection> {
        repo::panel::Panels(self.within())
    }
    fn conflicts(&self) -> repo::conflict::Conflicts<'_, Self::Connection> {
        repo::conflict::Conflicts(self.within())
    }
    fn draws(&self) -> repo::draw::Draws<'_, Self::Connection> {
        repo::draw::Draws(self.within())
    }
    fn sheets(&self) -> repo::scoring::Sheets<'_, Self::Connection> {
        repo::scoring::Sheets(self.within())
    }
    fn findings(&self) -> repo::finding::Findings<'_, Self::Connection> {
        repo::finding::Findings(self.within())
    }
    fn runs(&self) -> repo::run::Runs<'_, Self::Connection> {
        repo::run::Runs(self.within())
    }
    fn imports(&self) -> repo::import::Imports<'_, Self::Connection> {
        repo::import::Imports(self.within())
    }
    fn second_factors(&self) -> repo::second_factor::SecondFactors<'_, Self::Connection> {
        repo::second_factor::SecondFactors(self.within())
    }
    fn invitations(&self) -> repo::invitation::Invitations<'_, Self::Connection> {
        repo::invitation::Invitations(self.within())
    }
    fn personal(&self) -> repo::personal::Personal<'_, Self::Connection> {
        repo::personal::Personal(self.within())
    }
    fn approaches(&self) -> repo::approach::Approaches<'_, Self::Connection> {
        repo::approach::Approaches(self.within())
    }
    fn audit(&self) -> repo::audit::Audit<'_, Self::Connection> {
        repo::audit::Audit(self.within())
    }
}

impl<R: Reaching> Repositories for R {}

/// Who has repositories. Private, so that nobody else comes by a connection.
mod reaching {
    use super::{Scoped, Tx};
    use crate::within::Within;
    use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction};

    pub trait Reaching {
        type Connection: ConnectionTrait;

        fn within(&self) -> Within<'_, Self::Connection>;
    }

    impl Reaching for Scoped {
        type Connection = DatabaseConnection;

        fn within(&self) -> Within<'_, DatabaseConnection> {
            Within::new(&self.connection, self.scope)
        }
    }

    impl Reaching for Tx {
        type Connection = DatabaseTransaction;

        fn within(&self) -> Within<'_, DatabaseTransaction> {
            Within::new(&self.transaction, self.scope)
        }
    }
}
