//! Draws: one that counts per round, and those that were voided.

use crate::corrupt::code;
use crate::entity::draw;
use crate::scope::of_staff;
use crate::within::Within;
use crate::{Result, StoreError};
use domain::access::{Department, Owner};
use domain::draw::{Draw, DrawState, Pledges};
use domain::ids::{DrawId, RoundId};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};

pub struct Draws<'a, C>(pub(crate) Within<'a, C>);

fn read(row: draw::Model) -> Result<Draw> {
    Ok(Draw {
        id: DrawId(row.id),
        round: RoundId(row.round_id),
        state: code(&row.state)?,
        demand: row.demand,
        pool: row.pool,
        pool_digest: row.pool_digest,
        pledges: serde_json::from_str(&row.pledges).map_err(|error| StoreError::Corrupt(error.to_string()))?,
        record: row.record,
        opened_at: row.opened_at,
        drawn_at: row.drawn_at,
        void_reason: row.void_reason,
    })
}

fn write(draw: &Draw) -> Result<draw::Model> {
    Ok(draw::Model {
        id: draw.id.0,
        round_id: draw.round.0,
        state: draw.state.key().to_owned(),
        demand: draw.demand.clone(),
        pool: draw.pool.clone(),
        pool_digest: draw.pool_digest.clone(),
        pledges: serde_json::to_string(&draw.pledges).map_err(|error| StoreError::Corrupt(error.to_string()))?,
        record: draw.record.clone(),
        opened_at: draw.opened_at,
        drawn_at: draw.drawn_at,
        void_reason: draw.void_reason.clone(),
    })
}

impl<C: ConnectionTrait> Draws<'_, C> {
    /// The draw that counts.
    ///
    /// # Errors
    /// `NotFound` if none was opened or the last one was voided.
    pub async fn current(&self, round: RoundId) -> Result<Draw> {
        let row = self
            .0
            .find::<draw::Entity>(of_staff())
            .filter(draw::Column::RoundId.eq(round.0))
            .filter(draw::Column::State.ne(DrawState::Void.key()))
            .one()
            .await?;
        read(row.ok_or(StoreError::NotFound)?)
    }

    /// Draws that were voided, oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn voided(&self, round: RoundId) -> Result<Vec<Draw>> {
        let rows = self
            .0
            .find::<draw::Entity>(of_staff())
            .filter(draw::Column::RoundId.eq(round.0))
            .filter(draw::Column::State.eq(DrawState::Void.key()))
            .order_by_asc(draw::Column::OpenedAt)
            .all()
            .await?;
        rows.into_iter().map(read).collect()
    }
}

impl Draws<'_, DatabaseTransaction> {
    /// # Errors
    /// `OutOfScope` where a pledge is not the caller's; `Duplicate` if a draw that counts is there already.
    pub async fn insert(&self, draw: &Draw) -> Result<()> {
        self.pledging(&Pledges::default(), &draw.pledges)?;
        let tx = self.0.writing(Owner::Review)?;
        draw::Entity::insert(write(draw)?.into_active_model()).exec_without_returning(tx).await?;
        Ok(())
    }

    /// # Errors
    /// `OutOfScope` where a changed pledge is not the caller's; `NotFound` if there is no such draw.
    pub async fn save(&self, draw: &Draw) -> Result<()> {
        let tx = self.0.writing(Owner::Review)?;
        let stored = self.0.find::<draw::Entity>(of_staff()).filter(draw::Column::Id.eq(draw.id.0)).one().await?;
        self.pledging(&read(stored.ok_or(StoreError::NotFound)?)?.pledges, &draw.pledges)?;
        let row = write(draw)?.into_active_model().reset_all();
        let done = draw::Entity::update_many().set(row).filter(draw::Column::Id.eq(draw.id.0)).exec(tx).await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// A department's pledge is changed by its coordinators and nobody else.
    fn pledging(&self, before: &Pledges, after: &Pledges) -> Result<()> {
        for department in Department::ALL.iter().filter(|d| before.get(**d) != after.get(**d)) {
            self.0.writing(Owner::Department(*department))?;
        }
        Ok(())
    }
}
