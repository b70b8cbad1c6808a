//! Second factors with their recovery codes.

use crate::Result;
use crate::corrupt::code;
use crate::entity::{recovery_code, second_factor};
use crate::scope::of_own_account;
use crate::within::Within;
use domain::Timestamp;
use domain::access::Owner;
use domain::ids::AccountId;
use domain::second_factor::{Factor, RecoveryCode};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
};

pub struct SecondFactors<'a, C>(pub(crate) Within<'a, C>);

fn read(row: second_factor::Model) -> Result<Factor> {
    Ok(Factor {
        account: AccountId(row.account_id),
        sealed: row.sealed,
        last_step: row.last_step,
        pending: code(&row.pending)?,
    })
}

impl<C: ConnectionTrait> SecondFactors<'_, C> {
    /// # Errors
    /// The database cannot be read.
    pub async fn get(&self, account: AccountId) -> Result<Option<Factor>> {
        self.0
            .find::<second_factor::Entity>(of_own_account(second_factor::Column::AccountId))
            .filter(second_factor::Column::AccountId.eq(account.0))
            .one()
            .await?
            .map(read)
            .transpose()
    }

    /// # Errors
    /// The database cannot be read.
    pub async fn all(&self) -> Result<Vec<Factor>> {
        self.0
            .find::<second_factor::Entity>(of_own_account(second_factor::Column::AccountId))
            .all()
            .await?
            .into_iter()
            .map(read)
            .collect()
    }

    /// # Errors
    /// The database cannot be read.
    pub async fn codes_left(&self, account: AccountId) -> Result<u64> {
        let own = self
            .0
            .find::<recovery_code::Entity>(of_own_account(recovery_code::Column::AccountId))
            .filter(recovery_code::Column::AccountId.eq(account.0));
        own.filter(recovery_code::Column::UsedAt.is_null()).count().await
    }
}

impl SecondFactors<'_, DatabaseTransaction> {
    /// Replaces the account's second factor.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn set(&self, factor: &Factor) -> Result<()> {
        second_factor::Entity::delete_by_id(factor.account.0)
            .exec(self.0.writing(Owner::Account(factor.account))?)
            .await?;
        let row = second_factor::Model {
            account_id: factor.account.0,
            sealed: factor.sealed.clone(),
            last_step: factor.last_step,
            pending: factor.pending.key().to_owned(),
        };
        second_factor::Entity::insert(row.into_active_model())
            .exec_without_returning(self.0.writing(Owner::Account(factor.account))?)
            .await?;
        Ok(())
    }

    /// Removes second factor and codes.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn remove(&self, account: AccountId) -> Result<()> {
        self.replace_codes(account, Vec::new()).await?;
        second_factor::Entity::delete_by_id(account.0).exec(self.0.writing(Owner::Credentials(account))?).await?;
        Ok(())
    }

    /// Remembers a step as used. `false` if it, or a later one, was used before.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn advance(&self, account: AccountId, step: i64) -> Result<bool> {
        let change = second_factor::ActiveModel { last_step: Set(step), ..Default::default() };
        let query = second_factor::Entity::update_many()
            .set(change)
            .filter(second_factor::Column::AccountId.eq(account.0))
            .filter(second_factor::Column::LastStep.lt(step));
        Ok(query.exec(self.0.writing(Owner::Account(account))?).await?.rows_affected == 1)
    }

    /// # Errors
    /// The database cannot be written.
    pub async fn replace_codes(&self, account: AccountId, codes: Vec<RecoveryCode>) -> Result<()> {
        let own = recovery_code::Entity::delete_many().filter(recovery_code::Column::AccountId.eq(account.0));
        own.exec(self.0.writing(Owner::Credentials(account))?).await?;
        let row = |code: RecoveryCode| {
            recovery_code::Model { id: code.id, account_id: account.0, hash: code.hash, used_at: None }
                .into_active_model()
        };
        super::insert_all(self.0.writing(Owner::Credentials(account))?, codes.into_iter().map(row).collect()).await
    }

    /// Uses a code up. `false` if there is none such, or it was used before.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn use_code(&self, account: AccountId, hash: &str, at: Timestamp) -> Result<bool> {
        let change = recovery_code::ActiveModel { used_at: Set(Some(at)), ..Default::default() };
        let query = recovery_code::Entity::update_many()
            .set(change)
            .filter(recovery_code::Column::AccountId.eq(account.0))
            .filter(recovery_code::Column::Hash.eq(hash))
            .filter(recovery_code::Column::UsedAt.is_null());
        Ok(query.exec(self.0.writing(Owner::Account(account))?).await?.rows_affected == 1)
    }
}
