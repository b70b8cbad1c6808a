//! The connection, and the one way to write.

use crate::Result;
use crate::StoreError;
use crate::memory::Memory;
use crate::repo;
use crate::revision::{self, Changes, Revisions, Topic};
use crate::statements::Statements;
use crate::transport::guarded;
use crate::writer::{Turn, Writer};
use domain::access::{Errand, Reach, Scope};
use migrations::{Migrator, MigratorTrait};
use reaching::Reaching;
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use std::collections::BTreeSet;
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
    readers: DatabaseConnection,
    /// The one connection that writes.
    writing: DatabaseConnection,
    writer: Writer,
    memory: Memory,
}

/// The database as one caller reaches it.
#[derive(Debug, Clone)]
pub struct Scoped {
    readers: DatabaseConnection,
    writer: Writer,
    memory: Memory,
    scope: Scope,
}

/// A transaction: everything written in it happens, or none of it. It reaches what its caller reaches.
#[derive(Debug)]
pub struct Tx {
    turn: Turn,
    scope: Scope,
    changes: Changes,
}

/// A transaction as one of the program's errands reaches it: it sees what its caller's rows are part of.
pub struct Beyond<'a> {
    tx: &'a Tx,
    scope: Scope,
}

impl Tx {
    /// The same transaction beyond what its caller reaches, to do what belongs to the errand.
    pub const fn beyond(&self, errand: Errand) -> Beyond<'_> {
        Beyond { tx: self, scope: Scope::program(errand) }
    }

    /// The topics of a review that were changed since the last time this was asked, drafts of sheets aside.
    pub fn take_unrecorded(&self) -> BTreeSet<Topic> {
        self.changes.take_unrecorded()
    }
}

const SQLITE_READERS: u32 = 8;
const POSTGRES_READERS: u32 = 15;

impl Store {
    /// Opens `sqlite://path?mode=rwc`, `sqlite::memory:` or `postgres://…`.
    ///
    /// # Errors
    /// The database cannot be reached or opened.
    pub async fn open(url: &str) -> Result<Self> {
        let writing = writing(url).await?;
        // An in-memory database lives in its one connection.
        let readers = if url.contains(":memory:") { writing.clone() } else { readers(url).await? };
        Ok(Self { readers, writer: Writer::start(writing.clone()), writing, memory: Memory::default() })
    }

    /// Closes every connection, so that the file can be moved.
    ///
    /// # Errors
    /// A connection cannot be closed.
    pub async fn close(self) -> Result<()> {
        self.readers.close().await?;
        Ok(self.writing.close().await?)
    }

    /// Brings the schema up to date.
    ///
    /// # Errors
    /// A step fails; the steps before it stay.
    pub async fn migrate(&self) -> Result<()> {
        Ok(Migrator::up(&self.writing, None).await?)
    }

    /// Takes the schema down again, for tests of the steps.
    ///
    /// # Errors
    /// A step cannot be undone.
    pub async fn unmigrate(&self) -> Result<()> {
        Ok(Migrator::down(&self.writing, None).await?)
    }

    /// Whether every step of the schema has been applied. Only reads: the account may have no right to change the schema.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn is_migrated(&self) -> Result<bool> {
        Ok(Migrator::get_pending_migrations_read_only(&self.readers).await?.is_empty())
    }

    /// The repositories, within a scope.
    pub fn of(&self, scope: Scope) -> Scoped {
        let (readers, writer) = (self.readers.clone(), self.writer.clone());
        Scoped { readers, writer, memory: self.memory.clone(), scope }
    }

    /// The same database without anything that was kept of it in memory, for whoever looks for what was changed behind the program.
    #[must_use]
    pub fn afresh(&self) -> Self {
        Self { memory: Memory::default(), ..self.clone() }
    }

    /// The same database, and the statements that the returned store and its clones send to it.
    pub fn counted(&self) -> (Self, Statements) {
        let statements = Statements::default();
        let (mut readers, mut writing) = (self.readers.clone(), self.writing.clone());
        readers.set_metric_callback(statements.noting());
        writing.set_metric_callback(statements.noting());
        let writer = Writer::start(writing.clone());
        (Self { readers, writer, writing, memory: self.memory.clone() }, statements)
    }

    /// The bare writing connection, for what is no row: other databases, steps of the schema.
    pub const fn connection(&self) -> &DatabaseConnection {
        &self.writing
    }
}

async fn writing(url: &str) -> Result<DatabaseConnection> {
    let mut options = options(url, 1);
    options.min_connections(1).idle_timeout(None).max_lifetime(None);
    options.map_sqlx_sqlite_opts(|sqlite| {
        sqlite
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "FULL")
            .pragma("foreign_keys", "ON")
            .busy_timeout(Duration::from_secs(5))
    });
    Ok(Database::connect(options).await?)
}

async fn readers(url: &str) -> Result<DatabaseConnection> {
    let most = if url.starts_with("sqlite:") { SQLITE_READERS } else { POSTGRES_READERS };
    let mut options = options(url, most);
    options.map_sqlx_sqlite_opts(|sqlite| sqlite.pragma("query_only", "ON").busy_timeout(Duration::from_secs(5)));
    Ok(Database::connect(options).await?)
}

fn options(url: &str, most: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.map_sqlx_postgres_opts(guarded);
    options.sqlx_logging(false).acquire_timeout(Duration::from_secs(10)).max_connections(most);
    options
}

impl Scoped {
    /// The same database without anything that was kept of it in memory, for whoever must see what is stored now.
    #[must_use]
    pub fn afresh(&self) -> Self {
        Self { memory: Memory::default(), ..self.clone() }
    }

    /// The same database, and what is kept of it, beyond what the caller reaches, on one of the program's errands.
    #[must_use]
    pub fn beyond(&self, errand: Errand) -> Self {
        Self { scope: Scope::program(errand), ..self.clone() }
    }

    /// The present revisions; `None` for callers whose queries are bounded further: they do not share what others read.
    pub(crate) async fn revisions(&self) -> Result<Option<Revisions>> {
        Ok(match self.scope.reach() {
            Reach::All => Some(revision::all(&self.readers).await?),
            _ => None,
        })
    }

    pub(crate) const fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Runs `work` in one transaction and returns when it is committed, if it succeeds. The only way to write.
    ///
    /// Writes happen one after the other, in the order of asking; `work` reads what the writes before it have written.
    ///
    /// # Errors
    /// The error of `work`, or the database's own failure; nothing is written then.
    pub async fn write<T, E, F>(&self, work: F) -> std::result::Result<T, E>
    where
        F: AsyncFnOnce(&Tx) -> std::result::Result<T, E>,
        E: From<StoreError>,
    {
        let tx = Tx { turn: self.writer.turn().await?, scope: self.scope, changes: Changes::default() };
        let value = work(&tx).await?;
        debug_assert!(tx.changes.is_recorded(), "something was changed after the audit had taken its digest");
        tx.changes.raise(tx.turn.transaction()).await?;
        tx.turn.keep().await?;
        Ok(value)
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
        repo::programme::Programme(self.within().about(Topic::Programme))
    }
    fn applications(&self) -> repo::application::Applications<'_, Self::Connection> {
        repo::application::Applications(self.within().about(Topic::Applications))
    }
    fn experts(&self) -> repo::expert::Experts<'_, Self::Connection> {
        repo::expert::Experts(self.within().about(Topic::Experts))
    }
    fn rounds(&self) -> repo::round::Rounds<'_, Self::Connection> {
        repo::round::Rounds(self.within().about(Topic::Rounds))
    }
    fn panels(&self) -> repo::panel::Panels<'_, Self::Connection> {
        repo::panel::Panels(self.within().about(Topic::Panels))
    }
    fn conflicts(&self) -> repo::conflict::Conflicts<'_, Self::Connection> {
        repo::conflict::Conflicts(self.within().about(Topic::Conflicts))
    }
    fn consents(&self) -> repo::consent::Consents<'_, Self::Connection> {
        repo::consent::Consents(self.within().about(Topic::Consents))
    }
    fn security_keys(&self) -> repo::security_key::SecurityKeys<'_, Self::Connection> {
        repo::security_key::SecurityKeys(self.within())
    }
    fn renewals(&self) -> repo::renewal::Renewals<'_, Self::Connection> {
        repo::renewal::Renewals(self.within())
    }
    fn draws(&self) -> repo::draw::Draws<'_, Self::Connection> {
        repo::draw::Draws(self.within().about(Topic::Draws))
    }
    fn sheets(&self) -> repo::scoring::Sheets<'_, Self::Connection> {
        repo::scoring::Sheets(self.within().about(Topic::Sheets))
    }
    fn findings(&self) -> repo::finding::Findings<'_, Self::Connection> {
        repo::finding::Findings(self.within().about(Topic::Findings))
    }
    fn runs(&self) -> repo::run::Runs<'_, Self::Connection> {
        repo::run::Runs(self.within().about(Topic::Runs))
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
        repo::personal::Personal(self.within().about(Topic::Experts))
    }
    fn judgements(&self) -> repo::judgement::Judgements<'_, Self::Connection> {
        repo::judgement::Judgements(self.within().about(Topic::Experts))
    }
    fn approaches(&self) -> repo::approach::Approaches<'_, Self::Connection> {
        repo::approach::Approaches(self.within())
    }
    fn audit(&self) -> repo::audit::Audit<'_, Self::Connection> {
        repo::audit::Audit(self.within())
    }
}

impl<R: Reaching> Repositories for R {}

/// Values that have repositories. Private, so that nobody else comes by a connection.
mod reaching {
    use super::{Beyond, Scoped, Tx};
    use crate::within::Within;
    use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction};

    pub trait Reaching {
        type Connection: ConnectionTrait;

        fn within(&self) -> Within<'_, Self::Connection>;
    }

    impl Reaching for Scoped {
        type Connection = DatabaseConnection;

        fn within(&self) -> Within<'_, DatabaseConnection> {
            Within::new(&self.readers, self.scope, None)
        }
    }

    impl Reaching for Beyond<'_> {
        type Connection = DatabaseTransaction;

        fn within(&self) -> Within<'_, DatabaseTransaction> {
            Within::new(self.tx.turn.transaction(), self.scope, Some(&self.tx.changes))
        }
    }

    impl Reaching for Tx {
        type Connection = DatabaseTransaction;

        fn within(&self) -> Within<'_, DatabaseTransaction> {
            Within::new(self.turn.transaction(), self.scope, Some(&self.changes))
        }
    }
}
