//! 安全密钥.

use crate::entity::security_key;
use crate::scope::of_own_account;
use crate::within::Within;
use crate::{Result, StoreError};
use domain::access::Owner;
use domain::ids::{AccountId, KeyId};
use domain::second_factor::SecurityKey;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};

pub struct SecurityKeys<'a, C>(pub(crate) Within<'a, C>);

fn read(row: security_key::Model) -> SecurityKey {
    SecurityKey {
        id: KeyId(row.id),
        account: AccountId(row.account_id),
        name: row.name,
        credential: row.credential,
        registered_at: row.registered_at,
        used_at: row.used_at,
    }
}

fn row(key: &SecurityKey) -> security_key::Model {
    security_key::Model {
        id: key.id.0,
        account_id: key.account.0,
        name: key.name.clone(),
        credential: key.credential.clone(),
        registered_at: key.registered_at,
        used_at: key.used_at,
    }
}

impl<C: ConnectionTrait> SecurityKeys<'_, C> {
    /// Those of an account, the first registered first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn of(&self, account: AccountId) -> Result<Vec<SecurityKey>> {
        let own = self.0.find::<security_key::Entity>(of_own_account(security_key::Column::AccountId));
        let own = own.filter(security_key::Column::AccountId.eq(account.0));
        Ok(own.order_by_asc(security_key::Column::RegisteredAt).all().await?.into_iter().map(read).collect())
    }
}

impl SecurityKeys<'_, DatabaseTransaction> {
    /// # Errors
    /// The database refuses the row.
    pub async fn insert(&self, key: &SecurityKey) -> Result<()> {
        let tx = self.0.writing(Owner::Account(key.account))?;
        security_key::Entity::insert(row(key).into_active_model()).exec_without_returning(tx).await?;
        Ok(())
    }

    /// # Errors
    /// `NotFound` for an unknown one.
    pub async fn save(&self, key: &SecurityKey) -> Result<()> {
        let tx = self.0.writing(Owner::Account(key.account))?;
        let change = row(key).into_active_model().reset_all();
        let own = security_key::Entity::update_many().set(change).filter(security_key::Column::Id.eq(key.id.0));
        if own.exec(tx).await?.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// # Errors
    /// `NotFound` unless the account has it.
    pub async fn remove(&self, account: AccountId, key: KeyId) -> Result<()> {
        let own = security_key::Entity::delete_many()
            .filter(security_key::Column::Id.eq(key.0))
            .filter(security_key::Column::AccountId.eq(account.0));
        let gone = own.exec(self.0.writing(Owner::Credentials(account))?).await?.rows_affected;
        if gone == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// # Errors
    /// The database cannot be written.
    pub async fn remove_all(&self, account: AccountId) -> Result<()> {
        let own = security_key::Entity::delete_many().filter(security_key::Column::AccountId.eq(account.0));
        own.exec(self.0.writing(Owner::Credentials(account))?).await?;
        Ok(())
    }
}
