//! BrowserSessions. The token itself is only in the cookie.

use crate::entity::browser_session;
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

pub struct BrowserSessions<'a, C>(pub(crate) Within<'a, C>);

/// A session as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrowserSession {
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

fn read(row: browser_session::Model) -> BrowserSession {
    BrowserSession {
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

impl<C: ConnectionTrait> BrowserSessions<'_, C> {
    /// # Errors
    /// `NotFound` if no session has this token.
    pub async fn get(&self, token_hash: &str) -> Result<BrowserSession> {
        let own = self.0.find::<browser_session::Entity>(of_own_account(browser_session::Column::AccountId));
        let row = own.filter(browser_session::Column::TokenHash.eq(token_hash)).one().await?;
        Ok(read(row.ok_or(StoreError::NotFound)?))
    }

    /// The sessions of an account, the last used first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn of(&self, account: AccountId) -> Result<Vec<BrowserSession>> {
        let own = self.0.find::<browser_session::Entity>(of_own_account(browser_session::Column::AccountId));
        let rows =
            own.filter(browser_session::Column::AccountId.eq(account.0)).order_by_desc(browser_session::Column::SeenAt);
        Ok(rows.all().await?.into_iter().map(read).collect())
    }
}

impl BrowserSessions<'_, DatabaseTransaction> {
    /// # Errors
    /// The database refuses the row.
    pub async fn open(&self, session: BrowserSession) -> Result<()> {
        let tx = self.0.writing(Owner::Account(session.account))?;
        let row = browser_session::Model {
            token_hash: session.token_hash,
            account_id: session.account.0,
            created_at: session.created_at,
            seen_at: session.seen_at,
            id: session.id,
            address: session.address,
            agent: session.agent,
            verified_at: session.verified_at,
        };
        browser_session::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
        Ok(())
    }

    /// # Errors
    /// The database cannot be written.
    pub async fn touch(&self, token_hash: &str, at: Timestamp) -> Result<()> {
        let change = browser_session::ActiveModel { seen_at: Set(at), ..Default::default() };
        let query = browser_session::Entity::update_many()
            .set(change)
            .filter(browser_session::Column::TokenHash.eq(token_hash));
        query.exec(self.0.writing(Owner::Program)?).await?;
        Ok(())
    }

    /// Notes that a session's second factor was passed, and puts it under another token.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn verify(&self, account: AccountId, id: Uuid, token_hash: String, at: Timestamp) -> Result<()> {
        let query = browser_session::Entity::update_many()
            .col_expr(browser_session::Column::TokenHash, Expr::value(token_hash))
            .col_expr(browser_session::Column::VerifiedAt, Expr::value(at))
            .filter(browser_session::Column::AccountId.eq(account.0))
            .filter(browser_session::Column::Id.eq(id));
        query.exec(self.0.writing(Owner::Account(account))?).await?;
        Ok(())
    }

    /// Ends the session with this token.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn close(&self, account: AccountId, token_hash: &str) -> Result<()> {
        browser_session::Entity::delete_many()
            .filter(browser_session::Column::AccountId.eq(account.0))
            .filter(browser_session::Column::TokenHash.eq(token_hash))
            .exec(self.0.writing(Owner::Account(account))?)
            .await?;
        Ok(())
    }

    /// Ends one session of an account.
    ///
    /// # Errors
    /// `NotFound` if it is not that account's, or has ended.
    pub async fn close_one_of(&self, account: AccountId, id: Uuid) -> Result<()> {
        let own = browser_session::Entity::delete_many()
            .filter(browser_session::Column::AccountId.eq(account.0))
            .filter(browser_session::Column::Id.eq(id));
        let done = own.exec(self.0.writing(Owner::Account(account))?).await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// # Errors
    /// The database cannot be written.
    pub async fn close_all_of(&self, account: AccountId) -> Result<()> {
        browser_session::Entity::delete_many()
            .filter(browser_session::Column::AccountId.eq(account.0))
            .exec(self.0.writing(Owner::BrowserSessions(account))?)
            .await?;
        Ok(())
    }

    /// Forgets sessions opened before `moment`.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn forget_before(&self, moment: Timestamp) -> Result<()> {
        browser_session::Entity::delete_many()
            .filter(browser_session::Column::CreatedAt.lt(moment))
            .exec(self.0.writing(Owner::Program)?)
            .await?;
        Ok(())
    }
}
