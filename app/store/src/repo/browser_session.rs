//! BrowserSessions. The token itself is only in the cookie.

use crate::corrupt::code;
use crate::entity::{account, browser_session, seat, second_factor, security_key};
use crate::scope::{archived, of_own_account};
use crate::within::{Within, columns};
use crate::{Result, StoreError};
use domain::Timestamp;
use domain::access::Owner;
use domain::account::Account;
use domain::ids::AccountId;
use domain::second_factor::Pending;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, IntoActiveModel,
    QueryFilter, QueryOrder,
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

/// A session with its account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    pub session: BrowserSession,
    pub account: Account,
    /// Whether the account's second factor, if it has one, has still to be confirmed.
    pub factor: Option<Pending>,
    /// Seats in rounds that are not archived; 0 for whoever is no expert.
    pub seats: i64,
}

/// Under which names the columns of these tables come back.
const SESSION: &str = "session_";
const ACCOUNT: &str = "account_";

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
    /// Everything that decides what the holder of a token may do, in one statement: it runs with every request.
    ///
    /// # Errors
    /// `NotFound` if no session has this token.
    pub async fn presented(&self, token_hash: &str) -> Result<Presented> {
        let session = |column| Expr::col((browser_session::Entity, column));
        let account = |column| Expr::col((account::Entity, column));
        let factor = |column| Expr::col((second_factor::Entity, column));
        let mut query = Query::select();
        columns::<browser_session::Entity>(&mut query, SESSION);
        columns::<account::Entity>(&mut query, ACCOUNT);
        let seats = Query::select()
            .expr(Expr::col((seat::Entity, seat::Column::Id)).count())
            .from(seat::Entity)
            .and_where(
                Expr::col((seat::Entity, seat::Column::ExpertId)).equals((account::Entity, account::Column::ExpertId)),
            )
            .and_where(seat::Column::RoundId.not_in_subquery(archived()))
            .to_owned();
        let keys = Query::select()
            .expr(Expr::col((security_key::Entity, security_key::Column::Id)).count())
            .from(security_key::Entity)
            .and_where(
                Expr::col((security_key::Entity, security_key::Column::AccountId))
                    .equals((account::Entity, account::Column::Id)),
            )
            .to_owned();
        let query = query
            .expr_as(factor(second_factor::Column::Pending), "pending")
            .expr_as(Expr::SubQuery(None, Box::new(keys.into())), "keys")
            .expr_as(Expr::SubQuery(None, Box::new(seats.into())), "seats")
            .from(browser_session::Entity)
            .inner_join(
                account::Entity,
                account(account::Column::Id).equals((browser_session::Entity, browser_session::Column::AccountId)),
            )
            .left_join(
                second_factor::Entity,
                factor(second_factor::Column::AccountId).equals((account::Entity, account::Column::Id)),
            )
            .and_where(session(browser_session::Column::TokenHash).eq(token_hash))
            .to_owned();
        let own = of_own_account((browser_session::Entity, browser_session::Column::AccountId));
        let rows = self.0.select(own, query).await?;
        let found = rows.first().ok_or(StoreError::NotFound)?;
        let pending: Option<String> = found.try_get("", "pending")?;
        let keys: i64 = found.try_get("", "keys")?;
        Ok(Presented {
            session: read(browser_session::Model::from_query_result(found, SESSION)?),
            account: super::account::read(account::Model::from_query_result(found, ACCOUNT)?)?,
            factor: if keys > 0 { Some(Pending::No) } else { pending.as_deref().map(code).transpose()? },
            seats: found.try_get("", "seats")?,
        })
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
