//! Computations as they were made: never changed, only followed by a newer one.

use crate::corrupt::code;
use crate::entity::run;
use crate::scope::of_staff;
use crate::within::Within;
use crate::{Result, StoreError};
use domain::access::Owner;
use domain::ids::{RoundId, RunId};
use domain::run::{Run, RunKind};
use sea_orm::sea_query::{Order, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QueryResult,
};

pub struct Runs<'a, C>(pub(crate) Within<'a, C>);

fn read(row: run::Model) -> Result<Run> {
    Ok(Run {
        id: RunId(row.id),
        round: RoundId(row.round_id),
        kind: code(&row.kind)?,
        algorithm: row.algorithm,
        digest: row.digest,
        output: row.output,
        at: row.at,
    })
}

impl<C: ConnectionTrait> Runs<'_, C> {
    /// Every computation of a round, oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn of_round(&self, round: RoundId) -> Result<Vec<Run>> {
        let of_round = self.0.find::<run::Entity>(of_staff()).filter(run::Column::RoundId.eq(round.0));
        of_round.order_by_asc(run::Column::Id).all().await?.into_iter().map(read).collect()
    }

    /// The computations of a round without what they put out, oldest first: id, kind, digest.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn digests(&self, round: RoundId) -> Result<Vec<(RunId, RunKind, String)>> {
        let query = Query::select()
            .columns([run::Column::Id, run::Column::Kind, run::Column::Digest])
            .from(run::Entity)
            .and_where(run::Column::RoundId.eq(round.0))
            .order_by(run::Column::Id, Order::Asc)
            .to_owned();
        let read = |row: QueryResult| {
            let kind: String = row.try_get_by_index(1)?;
            Ok((RunId(row.try_get_by_index(0)?), code(&kind)?, row.try_get_by_index(2)?))
        };
        self.0.select(of_staff(), query).await?.into_iter().map(read).collect()
    }

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
        read(row)
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
