//! Accounts, sessions, and the set-up link.

use crate::corrupt::code;
use crate::entity::{account, session, setting};
use crate::{Result, StoreError};
use domain::Timestamp;
use domain::access::{Department, Role, Standing};
use domain::ids::{AccountId, ExpertId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder,
};

pub struct Accounts<'a, C>(pub(crate) &'a C);

domain::coded! {
    /// 账号状态
    AccountState {
        Active = "active", "启用";
        Disabled = "disabled", "停用";
    }
}

/// An account as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub login: String,
    pub name: String,
    pub standing: Standing,
    pub password_hash: String,
    pub state: AccountState,
    pub created_at: Timestamp,
}

/// A session as stored: the token itself is only in the cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub token_hash: String,
    pub account: AccountId,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
}

fn read(row: account::Model) -> Result<Account> {
    let standing = match (code::<Role>(&row.role)?, row.department, row.expert_id) {
        (Role::Coordinator, Some(department), _) => Standing::Coordinator(code::<Department>(&department)?),
        (Role::Expert, _, Some(expert)) => Standing::Expert(ExpertId(expert)),
        (Role::Organizer, ..) => Standing::Organizer,
        (Role::Supervisor, ..) => Standing::Supervisor,
        (Role::SystemAdmin, ..) => Standing::SystemAdmin,
        (Role::Coordinator | Role::Expert, ..) => return Err(StoreError::Corrupt(row.login)),
    };
    Ok(Account {
        id: AccountId(row.id),
        login: row.login,
        name: row.name,
        standing,
        password_hash: row.password_hash,
        state: code(&row.standing)?,
        created_at: row.created_at,
    })
}

impl<C: ConnectionTrait> Accounts<'_, C> {
    /// # Errors
    /// The database cannot be read.
    pub async fn count(&self) -> Result<u64> {
        Ok(account::Entity::find().count(self.0).await?)
    }

    /// # Errors
    /// The database cannot be read.
    pub async fn all(&self) -> Result<Vec<Account>> {
        let rows = account::Entity::find().order_by_asc(account::Column::Login).all(self.0).await?;
        rows.into_iter().map(read).collect()
    }

    /// # Errors
    /// `NotFound` for an unknown login.
    pub async fn by_login(&self, login: &str) -> Result<Account> {
        let row = account::Entity::find().filter(account::Column::Login.eq(login)).one(self.0).await?;
        read(row.ok_or(StoreError::NotFound)?)
    }

    /// # Errors
    /// `NotFound` for an unknown id.
    pub async fn get(&self, id: AccountId) -> Result<Account> {
        read(account::Entity::find_by_id(id.0).one(self.0).await?.ok_or(StoreError::NotFound)?)
    }

    /// # Errors
    /// `NotFound` if no session has this token.
    pub async fn session(&self, token_hash: &str) -> Result<Session> {
        let row = session::Entity::find_by_id(token_hash).one(self.0).await?.ok_or(StoreError::NotFound)?;
        Ok(Session {
            token_hash: row.token_hash,
            account: AccountId(row.account_id),
            created_at: row.created_at,
            seen_at: row.seen_at,
        })
    }

    /// # Errors
    /// The database cannot be read.
    pub async fn setting(&self, key: &str) -> Result<Option<String>> {
        Ok(setting::Entity::find_by_id(key).one(self.0).await?.map(|row| row.value))
    }
}

impl Accounts<'_, DatabaseTransaction> {
    /// # Errors
    /// `Duplicate` if the login is taken.
    pub async fn insert(&self, accounts: Vec<Account>) -> Result<()> {
        let rows = accounts.into_iter().map(|a| {
            let (department, expert) = match a.standing {
                Standing::Coordinator(department) => (Some(department.key().to_owned()), None),
                Standing::Expert(expert) => (None, Some(expert.0)),
                Standing::Organizer | Standing::Supervisor | Standing::SystemAdmin => (None, None),
            };
            account::Model {
                id: a.id.0,
                login: a.login,
                name: a.name,
                role: a.standing.role().key().to_owned(),
                department,
                expert_id: expert,
                password_hash: a.password_hash,
                standing: a.state.key().to_owned(),
                created_at: a.created_at,
            }
            .into_active_model()
        });
        super::insert_all(self.0, rows.collect()).await
    }

    /// # Errors
    /// `NotFound` for an unknown id.
    pub async fn set_state(&self, id: AccountId, state: AccountState) -> Result<()> {
        let change = account::ActiveModel { standing: Set(state.key().to_owned()), ..Default::default() };
        let done = account::Entity::update_many().set(change).filter(account::Column::Id.eq(id.0)).exec(self.0).await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// # Errors
    /// `NotFound` for an unknown id.
    pub async fn set_password(&self, id: AccountId, hash: String) -> Result<()> {
        let change = account::ActiveModel { password_hash: Set(hash), ..Default::default() };
        let done = account::Entity::update_many().set(change).filter(account::Column::Id.eq(id.0)).exec(self.0).await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// # Errors
    /// The database refuses the row.
    pub async fn open_session(&self, session: Session) -> Result<()> {
        let row = session::Model {
            token_hash: session.token_hash,
            account_id: session.account.0,
            created_at: session.created_at,
            seen_at: session.seen_at,
        };
        session::Entity::insert(row.into_active_model()).exec_without_returning(self.0).await?;
        Ok(())
    }

    /// # Errors
    /// The database cannot be written.
    pub async fn touch_session(&self, token_hash: &str, at: Timestamp) -> Result<()> {
        let change = session::ActiveModel { seen_at: Set(at), ..Default::default() };
        let query = session::Entity::update_many().set(change).filter(session::Column::TokenHash.eq(token_hash));
        query.exec(self.0).await?;
        Ok(())
    }

    /// # Errors
    /// The database cannot be written.
    pub async fn close_session(&self, token_hash: &str) -> Result<()> {
        session::Entity::delete_by_id(token_hash).exec(self.0).await?;
        Ok(())
    }

    /// # Errors
    /// The database cannot be written.
    pub async fn close_sessions_of(&self, account: AccountId) -> Result<()> {
        session::Entity::delete_many().filter(session::Column::AccountId.eq(account.0)).exec(self.0).await?;
        Ok(())
    }

    /// Sets or, with `None`, removes a single value of the installation.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn set_setting(&self, key: &str, value: Option<String>) -> Result<()> {
        setting::Entity::delete_by_id(key).exec(self.0).await?;
        if let Some(value) = value {
            let row = setting::Model { key: key.to_owned(), value };
            setting::Entity::insert(row.into_active_model()).exec_without_returning(self.0).await?;
        }
        Ok(())
    }
}
