//! 同一人的认定 of entries of the pool.

use crate::entity::judgement;
use crate::scope::of_staff;
use crate::within::Within;
use crate::{Result, StoreError};
use domain::Timestamp;
use domain::access::Owner;
use domain::identity::persons::{Judgement, Ruling};
use domain::ids::{AccountId, ExpertId};
use domain::reason::Reason;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use uuid::Uuid;

pub struct Judgements<'a, C>(pub(crate) Within<'a, C>);

/// A judgement as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub id: Uuid,
    pub judgement: Judgement,
    pub by: AccountId,
    pub at: Timestamp,
}

impl<C: ConnectionTrait> Judgements<'_, C> {
    /// All, the last first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn all(&self) -> Result<Vec<Stored>> {
        let rows =
            self.0.find::<judgement::Entity>(of_staff()).order_by_desc(judgement::Column::DecidedAt).all().await?;
        let read = |row: judgement::Model| {
            let ruling = row.kept_id.map_or(Ruling::Distinct, |kept| Ruling::Same { kept: ExpertId(kept) });
            let reason =
                Reason::new(&row.reason).ok_or_else(|| StoreError::Corrupt("reason of a judgement".to_owned()))?;
            Ok(Stored {
                id: row.id,
                judgement: Judgement { first: ExpertId(row.first_id), second: ExpertId(row.second_id), ruling, reason },
                by: AccountId(row.account_id),
                at: row.decided_at,
            })
        };
        rows.into_iter().map(read).collect()
    }
}

impl Judgements<'_, DatabaseTransaction> {
    /// # Errors
    /// `Duplicate` for a pair that is decided.
    pub async fn insert(&self, stored: &Stored) -> Result<()> {
        let Judgement { first, second, ruling, reason } = &stored.judgement;
        let row = judgement::Model {
            id: stored.id,
            first_id: (*first).min(*second).0,
            second_id: (*first).max(*second).0,
            kept_id: match ruling {
                Ruling::Distinct => None,
                Ruling::Same { kept } => Some(kept.0),
            },
            reason: reason.to_string(),
            account_id: stored.by.0,
            decided_at: stored.at,
        };
        judgement::Entity::insert(row.into_active_model())
            .exec_without_returning(self.0.writing(Owner::Review)?)
            .await?;
        Ok(())
    }

    /// Takes back that two entries are two people.
    ///
    /// # Errors
    /// `NotFound` for an unknown id, or where one entry was given up.
    pub async fn withdraw(&self, id: Uuid) -> Result<()> {
        let own = judgement::Entity::delete_many()
            .filter(judgement::Column::Id.eq(id))
            .filter(judgement::Column::KeptId.is_null());
        if own.exec(self.0.writing(Owner::Review)?).await?.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::NotFound)
        }
    }
}
