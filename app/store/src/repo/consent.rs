//! 复核: acts that wait for others to agree, and those that did.

use crate::corrupt::{code, json, to_json};
use crate::entity::consent;
use crate::scope::of_staff;
use crate::within::Within;
use crate::{Result, StoreError};
use domain::access::Owner;
use domain::consent::Consent;
use domain::ids::{ConsentId, RoundId};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};

pub struct Consents<'a, C>(pub(crate) Within<'a, C>);

fn read(row: consent::Model) -> Result<Consent> {
    Ok(Consent {
        id: ConsentId(row.id),
        round: RoundId(row.round_id),
        proposal: json(&row.proposal)?,
        assents: json(&row.assents)?,
        state: code(&row.state)?,
        reason: row.reason,
        closed_at: row.closed_at,
    })
}

fn row(consent: &Consent) -> Result<consent::Model> {
    Ok(consent::Model {
        id: consent.id.0,
        round_id: consent.round.0,
        proposal: to_json(&consent.proposal)?,
        assents: to_json(&consent.assents)?,
        state: consent.state.key().to_owned(),
        reason: consent.reason.clone(),
        closed_at: consent.closed_at,
    })
}

impl<C: ConnectionTrait> Consents<'_, C> {
    /// Those of a round, the last first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn of_round(&self, round: RoundId) -> Result<Vec<Consent>> {
        let query = self.0.find::<consent::Entity>(of_staff()).filter(consent::Column::RoundId.eq(round.0));
        query.order_by_desc(consent::Column::Id).all().await?.into_iter().map(read).collect()
    }

    /// Those of all rounds that are in this state.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn in_state(&self, state: domain::consent::ConsentState) -> Result<Vec<Consent>> {
        let query = self.0.find::<consent::Entity>(of_staff()).filter(consent::Column::State.eq(state.key()));
        query.order_by_asc(consent::Column::Id).all().await?.into_iter().map(read).collect()
    }

    /// # Errors
    /// `NotFound` unless it belongs to the round.
    pub async fn get(&self, round: RoundId, id: ConsentId) -> Result<Consent> {
        let query = self
            .0
            .find::<consent::Entity>(of_staff())
            .filter(consent::Column::Id.eq(id.0))
            .filter(consent::Column::RoundId.eq(round.0));
        read(query.one().await?.ok_or(StoreError::NotFound)?)
    }
}

impl Consents<'_, DatabaseTransaction> {
    /// # Errors
    /// The database refuses the row.
    pub async fn insert(&self, consent: &Consent) -> Result<()> {
        let tx = self.0.writing(Owner::Review)?;
        consent::Entity::insert(row(consent)?.into_active_model()).exec_without_returning(tx).await?;
        Ok(())
    }

    /// # Errors
    /// `NotFound` for an unknown one.
    pub async fn save(&self, consent: &Consent) -> Result<()> {
        let tx = self.0.writing(Owner::Review)?;
        let change = row(consent)?.into_active_model().reset_all();
        let done =
            consent::Entity::update_many().set(change).filter(consent::Column::Id.eq(consent.id.0)).exec(tx).await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }
}
