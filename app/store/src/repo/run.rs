//! Computations as they were made: never changed, only followed by a newer one.

use crate::corrupt::code;
use crate::entity::run;
use crate::scope::of_staff;
use crate::within::Within;
use crate::{Result, StoreError};
use domain::access::Owner;
use domain::ids::{RoundId, RunId};
use domain::run::{Run, RunKind};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};

pub struct Runs<'a, C>(pub(crate) Within<'a, C>);

impl<C: ConnectionTrait> Runs<'_, C> {
    /// # Errors
    /// `NotFound` if nothing of this kind has been computed.
    pub async fn latest(&self, round: RoundId, kind: RunKind) -> Result<Run> {
        let row = self
            .0
            .find::<run::Entity>(of_staff())
            .filter(run::Column::RoundId.eq(round.0))
            .filter(run::Column::Kind.eq(kind.key()))
            .order_by_desc(run::Column::At)
            .order_by_desc(run::Column::Id)
            .one()
            .await?
            .ok_or(StoreError::NotFound)?;
        Ok(Run {
            id: RunId(row.id),
            round,
            kind: code(&row.kind)?,
            algorithm: row.algorithm,
            digest: row.digest,
            output: row.output,
            at: row.at,
        })
    }
}

impl Runs<'_, DatabaseTransaction> {
    /// # Errors
    /// The database refuses the row.
    pub async fn insert(&self, run: Run) -> Result<()> {
        let row = run::Model {
            id: run.id.0,
            round_id: run.round.0,
            kind: run.kind.key().to_owned(),
            algorithm: run.algorithm,
            digest: run.digest,
            output: run.output,
            at: run.at,
        };
        run::Entity::insert(row.into_active_model()).exec_without_returning(self.0.writing(Owner::Review)?).await?;
        Ok(())
    }
}
