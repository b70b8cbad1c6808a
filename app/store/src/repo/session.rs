//! Sessions. The token itself is only in the cookie.

use crate::entity::session;
use crate::scope::of_own_account;
use crate::within::Within;
use crate::{Result, StoreError};
use domain::Timestamp;
use domain::access::Owner;
use domain::ids::AccountId;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};
use uuid::Uuid;

pub struct Sessions<'a, C>(pub(crate) Within<'a, C>);

/// A session as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub token_hash: String,
    /// By which it is listed and ended.
    pub id: Uuid,
    pub account: AccountId,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
    pub address: String,
    pub agent: String,
    /// When its second factor was passed.
    pub verified_at: Option<Timestamp>,
}

fn read(row: session::Model) -> Session {
    Session {
        token_hash: row.token_hash,
        id: row.id,
        account: AccountId(row.account_id),
        created_at: row.created_at,
        seen_at: row.seen_at,
        address: row.address,
        agent: row.agent,
        verified_at: row.verified_at,
    }
}

impl<C: ConnectionTrait> Sessions<'_, C> {
    /// # Errors
    /// `NotFound` if no session has this token.
    pub async fn get(&self, token_hash: &str) -> Result<Session> {
        let own = self.0.find::<session::Entity>(of_own_account(session::Column::AccountId));
        let row = own.filter(session::Column::TokenHash.eq(token_hash)).one().await?;
        Ok(read(row.ok_or(StoreError::NotFound)?))
    }

    /// The sessions of an account, the last used first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn of(&self, account: AccountId) -> Result<Vec<Session>> {
        let own = self.0.find::<session::Entity>(of_own_account(session::Column::AccountId));
        let rows = own.filter(session::Column::AccountId.eq(account.0)).order_by_desc(session::Column::SeenAt);
        Ok(rows.all().await?.into_iter().map(read).collect())
    }
}

impl Sessions<'_, DatabaseTransaction> {
    /// # Errors
    /// The database refuses the row.
    pub async fn open(&self, session: Session) -> Result<()> {
        let tx = self.0.writing(Owner::Account(session.account))?;
        let row = session::Model {
            token_hash: session.token_hash,
            account_id: session.account.0,
            created_at: session.created_at,
            seen_at: session.seen_at,
            id: session.id,
            address: session.address,
            agent: session.agent,
            verified_at: session.verified_at,
        };
        session::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
        Ok(())
    }

    /// # Errors
    /// The database cannot be written.
    pub async fn touch(&self, token_hash: &str, at: Timestamp) -> Result<()> {
        let change = session::ActiveModel { seen_at: Set(at), ..Default::default() };
        let query = session::Entity::update_many().set(change).filter(session::Column::TokenHash.eq(token_hash));
        query.exec(self.0.writing(Owner::Program)?).await?;
        Ok(())
    }

    /// Notes that a session's second factor was passed, and puts it under another token.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn verify(&self, account: AccountId, id: Uuid, token_hash: String, at: Timestamp) -> Result<()> {
        let query = session::Entity::update_many()
            .col_expr(session::Column::TokenHash, Expr::value(token_hash))
            .col_expr(session::Column::VerifiedAt, Expr::value(at))
            .filter(session::Column::AccountId.eq(account.0))
            .filter(session::Column::Id.eq(id));
        query.exec(self.0.writing(Owner::Account(account))?).await?;
        Ok(())
    }

    /// Ends the session with this token.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn close(&self, account: AccountId, token_hash: &str) -> Result<()> {
        session::Entity::delete_many()
            .filter(session::Column::AccountId.eq(account.0))
            .filter(session::Column::TokenHash.eq(token_hash))
            .exec(self.0.writing(Owner::Account(account))?)
            .await?;
        Ok(())
    }

    /// Ends one session of an account.
    ///
    /// # Errors
    /// `NotFound` if it is not that account's, or has ended.
    pub async fn close_one_of(&self, account: AccountId, id: Uuid) -> Result<()> {
        let own = session::Entity::delete_many()
            .filter(session::Column::AccountId.eq(account.0))
            .filter(session::Column::Id.eq(id));
        let done = own.exec(self.0.writing(Owner::Account(account))?).await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// # Errors
    /// The database cannot be written.
    pub async fn close_all_of(&self, account: AccountId) -> Result<()> {
        session::Entity::delete_many()
            .filter(session::Column::AccountId.eq(account.0))
            .exec(self.0.writing(Owner::Sessions(account))?)
            .await?;
        Ok(())
    }

    /// Forgets sessions opened before `moment`.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn forget_before(&self, moment: Timestamp) -> Result<()> {
        session::Entity::delete_many()
            .filter(session::Column::CreatedAt.lt(moment))
            .exec(self.0.writing(Owner::Program)?)
            .await?;
        Ok(())
    }
}
