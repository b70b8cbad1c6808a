//! Failed attempts to prove who one is, by key: an account, an address. Counted by whoever fails.

use crate::Result;
use crate::entity::attempt;
use crate::scope::traces;
use crate::within::Within;
use domain::Timestamp;
use domain::access::Owner;
use domain::lockout::Attempts as Counted;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter};

pub struct Attempts<'a, C>(pub(crate) Within<'a, C>);

impl<C: ConnectionTrait> Attempts<'_, C> {
    /// # Errors
    /// The database cannot be read.
    pub async fn of(&self, key: &str) -> Result<Option<Counted>> {
        let row = self.0.find::<attempt::Entity>(traces()).filter(attempt::Column::Key.eq(key)).one().await?;
        Ok(row.map(|row| Counted {
            failures: u32::try_from(row.failures).unwrap_or(0),
            since: row.since,
            locked_until: row.locked_until,
        }))
    }
}

impl<C: ConnectionTrait> Attempts<'_, C> {
    /// Everything that is counted, by key.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn all(&self) -> Result<Vec<(String, Counted)>> {
        let rows = self.0.find::<attempt::Entity>(traces()).all().await?;
        let counted = |row: attempt::Model| {
            let failures = u32::try_from(row.failures).unwrap_or(0);
            (row.key, Counted { failures, since: row.since, locked_until: row.locked_until })
        };
        Ok(rows.into_iter().map(counted).collect())
    }
}

impl Attempts<'_, DatabaseTransaction> {
    /// Replaces or, with `None`, forgets what is counted under a key.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn set(&self, key: &str, attempts: Option<Counted>) -> Result<()> {
        let tx = self.0.leaving_traces();
        attempt::Entity::delete_by_id(key).exec(tx).await?;
        if let Some(attempts) = attempts {
            let row = attempt::Model {
                key: key.to_owned(),
                failures: i32::try_from(attempts.failures).unwrap_or(i32::MAX),
                since: attempts.since,
                locked_until: attempts.locked_until,
            };
            attempt::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
        }
        Ok(())
    }

    /// Forgets what began before `moment`.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn forget_before(&self, moment: Timestamp) -> Result<()> {
        attempt::Entity::delete_many()
            .filter(attempt::Column::Since.lt(moment))
            .exec(self.0.writing(Owner::Program)?)
            .await?;
        Ok(())
    }
}
