//! 请托登记: added, never changed.

use crate::Result;
use crate::corrupt::code;
use crate::entity::approach;
use crate::scope::of_approaches;
use crate::within::Within;
use domain::access::Owner;
use domain::approach::Channel;
use domain::ids::AccountId;
use domain::{NaiveDate, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryOrder};
use uuid::Uuid;

pub struct Approaches<'a, C>(pub(crate) Within<'a, C>);

/// An approach as stored: who, about what and what was said are sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub id: Uuid,
    pub account: AccountId,
    pub reported_at: Timestamp,
    pub day: NaiveDate,
    pub channel: Channel,
    pub sealed: String,
}

impl<C: ConnectionTrait> Approaches<'_, C> {
    /// All, the last reported first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn all(&self) -> Result<Vec<Stored>> {
        let rows =
            self.0.find::<approach::Entity>(of_approaches()).order_by_desc(approach::Column::ReportedAt).all().await?;
        let read = |row: approach::Model| {
            Ok(Stored {
                id: row.id,
                account: AccountId(row.account_id),
                reported_at: row.reported_at,
                day: row.day,
                channel: code(&row.channel)?,
                sealed: row.sealed,
            })
        };
        rows.into_iter().map(read).collect()
    }
}

impl Approaches<'_, DatabaseTransaction> {
    /// # Errors
    /// `OutOfScope` for somebody else's report; the database refuses the row.
    pub async fn insert(&self, stored: Stored) -> Result<()> {
        let tx = self.0.writing(Owner::Account(stored.account))?;
        let row = approach::Model {
            id: stored.id,
            account_id: stored.account.0,
            reported_at: stored.reported_at,
            day: stored.day,
            channel: stored.channel.key().to_owned(),
            sealed: stored.sealed,
        };
        approach::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
        Ok(())
    }

    /// Replaces the sealed text, when keys change.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn reseal(&self, id: Uuid, sealed: String) -> Result<()> {
        use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};
        let change = approach::ActiveModel { sealed: Set(sealed), ..Default::default() };
        approach::Entity::update_many()
            .set(change)
            .filter(approach::Column::Id.eq(id))
            .exec(self.0.writing(Owner::Program)?)
            .await?;
        Ok(())
    }
}
