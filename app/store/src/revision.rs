//! Revisions: what was made of rows may be kept until rows of the same topics change.

use crate::entity::revision;
use crate::{Result, StoreError};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Rows that change together. The transaction that changes any of them raises the revision of their topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    Programme,
    Applications,
    Experts,
    /// Rounds, what is under review in them, signatures.
    Rounds,
    /// Panels, seats, bridges.
    Panels,
    Conflicts,
    Draws,
    /// Sheets as they are handed out, submitted and set aside. A draft that is saved raises nothing: drafts change at every moment
    /// while scoring is open, and never afterwards.
    Sheets,
    Findings,
    Runs,
    /// What waits for others to agree.
    Consents,
}

impl Topic {
    pub const ALL: [Self; 11] = [
        Self::Programme,
        Self::Applications,
        Self::Experts,
        Self::Rounds,
        Self::Panels,
        Self::Conflicts,
        Self::Draws,
        Self::Sheets,
        Self::Findings,
        Self::Runs,
        Self::Consents,
    ];

    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Programme => "programme",
            Self::Applications => "applications",
            Self::Experts => "experts",
            Self::Rounds => "rounds",
            Self::Panels => "panels",
            Self::Conflicts => "conflicts",
            Self::Draws => "draws",
            Self::Sheets => "sheets",
            Self::Findings => "findings",
            Self::Runs => "runs",
            Self::Consents => "consents",
        }
    }
}

/// The revision of every topic, by its key.
pub type Revisions = HashMap<String, i64>;

pub async fn all(connection: &impl ConnectionTrait) -> Result<Revisions> {
    let rows = revision::Entity::find().all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.topic, row.number)).collect())
}

/// The topics that a transaction has changed so far.
#[derive(Debug, Default)]
pub struct Changes {
    /// Whose revisions are raised.
    raised: Mutex<BTreeSet<Topic>>,
    /// Whose digests in the audit are to be written anew.
    unrecorded: Mutex<BTreeSet<Topic>>,
    /// Whether digests were taken in this transaction.
    taken: AtomicBool,
}

fn locked(topics: &Mutex<BTreeSet<Topic>>) -> MutexGuard<'_, BTreeSet<Topic>> {
    topics.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Changes {
    pub fn note(&self, topic: Topic) {
        locked(&self.raised).insert(topic);
    }

    /// Notes what the audit has to vouch for.
    pub fn note_unrecorded(&self, topic: Topic) {
        locked(&self.unrecorded).insert(topic);
    }

    /// The topics changed since the last time this was asked.
    pub fn take_unrecorded(&self) -> BTreeSet<Topic> {
        self.taken.store(true, Ordering::Relaxed);
        std::mem::take(&mut *locked(&self.unrecorded))
    }

    /// Whether nothing was changed after the last digests, if any were taken.
    pub fn is_recorded(&self) -> bool {
        !self.taken.load(Ordering::Relaxed) || locked(&self.unrecorded).is_empty()
    }

    /// Raises the revisions of what was changed, before the transaction commits.
    pub async fn raise(&self, tx: &DatabaseTransaction) -> Result<()> {
        let topics = std::mem::take(&mut *locked(&self.raised));
        if topics.is_empty() {
            return Ok(());
        }
        let raised = revision::Entity::update_many()
            .col_expr(revision::Column::Number, Expr::col(revision::Column::Number).add(1))
            .filter(revision::Column::Topic.is_in(topics.iter().map(|topic| topic.key())))
            .exec(tx)
            .await?;
        if raised.rows_affected == topics.len() as u64 {
            Ok(())
        } else {
            Err(StoreError::Corrupt("revision".to_owned()))
        }
    }
}
