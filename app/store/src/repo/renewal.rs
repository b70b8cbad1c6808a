//! 凭据重置: what administrators ask and agree about other people's credentials.

use crate::corrupt::code;
use crate::entity::renewal;
use crate::scope::of_keepers;
use crate::within::Within;
use crate::{Result, StoreError};
use domain::Timestamp;
use domain::access::Owner;
use domain::ids::{AccountId, RenewalId};
use domain::reason::Reason;
use domain::renewal::Renewal;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};

pub struct Renewals<'a, C>(pub(crate) Within<'a, C>);

fn read(row: &renewal::Model) -> Result<Renewal> {
    Ok(Renewal {
        id: RenewalId(row.id),
        account: AccountId(row.account_id),
        credential: code(&row.credential)?,
        recognised: Reason::new(&row.recognised).ok_or_else(|| StoreError::Corrupt(row.id.to_string()))?,
        asked_by: AccountId(row.asked_by),
        asked_at: row.asked_at,
        agreed_by: row.agreed_by.map(AccountId),
        state: code(&row.state)?,
    })
}

fn row(renewal: &Renewal) -> renewal::Model {
    renewal::Model {
        id: renewal.id.0,
        account_id: renewal.account.0,
        credential: renewal.credential.key().to_owned(),
        recognised: renewal.recognised.as_str().to_owned(),
        asked_by: renewal.asked_by.0,
        asked_at: renewal.asked_at,
        agreed_by: renewal.agreed_by.map(|own| own.0),
        state: renewal.state.key().to_owned(),
    }
}

impl<C: ConnectionTrait> Renewals<'_, C> {
    /// Those that were asked for since then, the first first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn since(&self, at: Timestamp) -> Result<Vec<Renewal>> {
        let query = self.0.find::<renewal::Entity>(of_keepers()).filter(renewal::Column::AskedAt.gte(at));
        query.order_by_asc(renewal::Column::AskedAt).all().await?.iter().map(read).collect()
    }

    /// # Errors
    /// `NotFound`.
    pub async fn get(&self, id: RenewalId) -> Result<Renewal> {
        let query = self.0.find::<renewal::Entity>(of_keepers()).filter(renewal::Column::Id.eq(id.0));
        read(&query.one().await?.ok_or(StoreError::NotFound)?)
    }
}

impl Renewals<'_, DatabaseTransaction> {
    /// # Errors
    /// The database refuses the row.
    pub async fn insert(&self, renewal: &Renewal) -> Result<()> {
        let tx = self.0.writing(Owner::Renewals)?;
        renewal::Entity::insert(row(renewal).into_active_model()).exec_without_returning(tx).await?;
        Ok(())
    }

    /// # Errors
    /// `NotFound` for an unknown one.
    pub async fn save(&self, renewal: &Renewal) -> Result<()> {
        let tx = self.0.writing(Owner::Renewals)?;
        let change = row(renewal).into_active_model().reset_all();
        let own = renewal::Entity::update_many().set(change).filter(renewal::Column::Id.eq(renewal.id.0));
        if own.exec(tx).await?.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }
}
