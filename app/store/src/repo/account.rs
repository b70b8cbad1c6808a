//! Accounts, sessions, and the set-up link.

use crate::corrupt::code;
use crate::entity::{account, attempt, password_history, session, setting};
use crate::{Result, StoreError};
use domain::Timestamp;
use domain::access::{Department, Role, Standing};
use domain::ids::{AccountId, ExpertId};
use domain::lockout::Attempts;
use domain::region::Recommender as Region;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

pub struct Accounts<'a, C>(pub(crate) &'a C);

domain::coded! {
    /// 账号状态
    AccountState {
        Active = "active", "启用";
        Disabled = "disabled", "停用";
    }
}

domain::coded! {
    /// 密码由谁设定
    PasswordState {
        /// By its owner.
        Own = "own", "本人设定";
        /// By whoever opened the account: good for nothing but setting one's own.
        First = "first", "初始密码";
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
    pub password_state: PasswordState,
    pub password_changed_at: Timestamp,
}

/// A session as stored: the token itself is only in the cookie.
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

/// A password to be set.
#[derive(Debug, Clone)]
pub struct NewPassword {
    pub hash: String,
    pub state: PasswordState,
    pub at: Timestamp,
}

fn read(row: account::Model) -> Result<Account> {
    let unbound = || StoreError::Corrupt(row.login.clone());
    let standing = match code::<Role>(&row.role)? {
        Role::Coordinator => Standing::Coordinator(code::<Department>(row.department.as_deref().ok_or_else(unbound)?)?),
        Role::Expert => Standing::Expert(ExpertId(row.expert_id.ok_or_else(unbound)?)),
        Role::Recommender => Standing::Recommender(code::<Region>(row.region.as_deref().ok_or_else(unbound)?)?),
        Role::Organizer => Standing::Organizer,
        Role::Supervisor => Standing::Supervisor,
        Role::SystemAdmin => Standing::SystemAdmin,
        Role::SecurityAdmin => Standing::SecurityAdmin,
        Role::Auditor => Standing::Auditor,
        Role::Unassigned => Standing::Unassigned,
    };
    Ok(Account {
        id: AccountId(row.id),
        login: row.login,
        name: row.name,
        standing,
        password_hash: row.password_hash,
        state: code(&row.standing)?,
        created_at: row.created_at,
        password_state: code(&row.password_state)?,
        // Passwords from before they were dated are as old as their accounts.
        password_changed_at: row.password_changed_at.unwrap_or(row.created_at),
    })
}

/// What a standing is bound to.
#[derive(Default)]
struct Bound {
    department: Option<String>,
    expert: Option<Uuid>,
    region: Option<String>,
}

impl Bound {
    fn of(standing: Standing) -> Self {
        match standing {
            Standing::Coordinator(department) => {
                Self { department: Some(department.key().to_owned()), ..Self::default() }
            }
            Standing::Expert(expert) => Self { expert: Some(expert.0), ..Self::default() },
            Standing::Recommender(region) => Self { region: Some(region.key().to_owned()), ..Self::default() },
            _ => Self::default(),
        }
    }
}

fn read_session(row: session::Model) -> Session {
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
        Ok(read_session(row))
    }

    /// The sessions of an account, the last used first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn sessions_of(&self, account: AccountId) -> Result<Vec<Session>> {
        let own = session::Entity::find().filter(session::Column::AccountId.eq(account.0));
        let rows = own.order_by_desc(session::Column::SeenAt).all(self.0).await?;
        Ok(rows.into_iter().map(read_session).collect())
    }

    /// The hashes of the passwords an account had last, the newest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn earlier_passwords(&self, account: AccountId, most: u64) -> Result<Vec<String>> {
        let own = password_history::Entity::find().filter(password_history::Column::AccountId.eq(account.0));
        let rows = own.order_by_desc(password_history::Column::At).limit(most).all(self.0).await?;
        Ok(rows.into_iter().map(|row| row.hash).collect())
    }

    /// What is remembered of failed sign-ins under a key.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn attempts(&self, key: &str) -> Result<Option<Attempts>> {
        let row = attempt::Entity::find_by_id(key).one(self.0).await?;
        Ok(row.map(|row| Attempts {
            failures: u32::try_from(row.failures).unwrap_or(0),
            since: row.since,
            locked_until: row.locked_until,
        }))
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
            let bound = Bound::of(a.standing);
            account::Model {
                id: a.id.0,
                login: a.login,
                name: a.name,
                role: a.standing.role().key().to_owned(),
                department: bound.department,
                expert_id: bound.expert,
                region: bound.region,
                password_hash: a.password_hash,
                standing: a.state.key().to_owned(),
                created_at: a.created_at,
                password_changed_at: Some(a.password_changed_at),
                password_state: a.password_state.key().to_owned(),
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
    pub async fn rename(&self, id: AccountId, name: &str) -> Result<()> {
        let change = account::ActiveModel { name: Set(name.to_owned()), ..Default::default() };
        let done = account::Entity::update_many().set(change).filter(account::Column::Id.eq(id.0)).exec(self.0).await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// Gives an account another standing.
    ///
    /// # Errors
    /// `NotFound` for an unknown id.
    pub async fn set_standing(&self, id: AccountId, standing: Standing) -> Result<()> {
        let bound = Bound::of(standing);
        let change = account::ActiveModel {
            role: Set(standing.role().key().to_owned()),
            department: Set(bound.department),
            expert_id: Set(bound.expert),
            region: Set(bound.region),
            ..Default::default()
        };
        let done = account::Entity::update_many().set(change).filter(account::Column::Id.eq(id.0)).exec(self.0).await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// Sets a password and remembers the one before it under the id `remembered`.
    ///
    /// # Errors
    /// `NotFound` for an unknown id.
    pub async fn set_password(&self, id: AccountId, new: NewPassword, remembered: Uuid) -> Result<()> {
        let before = self.get(id).await?;
        let row = password_history::Model {
            id: remembered,
            account_id: id.0,
            hash: before.password_hash,
            at: before.password_changed_at,
        };
        password_history::Entity::insert(row.into_active_model()).exec_without_returning(self.0).await?;
        let change = account::ActiveModel {
            password_hash: Set(new.hash),
            password_state: Set(new.state.key().to_owned()),
            password_changed_at: Set(Some(new.at)),
            ..Default::default()
        };
        let done = account::Entity::update_many().set(change).filter(account::Column::Id.eq(id.0)).exec(self.0).await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// Replaces or, with `None`, forgets what is remembered of failed sign-ins under a key.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn set_attempts(&self, key: &str, attempts: Option<Attempts>) -> Result<()> {
        attempt::Entity::delete_by_id(key).exec(self.0).await?;
        if let Some(attempts) = attempts {
            let row = attempt::Model {
                key: key.to_owned(),
                failures: i32::try_from(attempts.failures).unwrap_or(i32::MAX),
                since: attempts.since,
                locked_until: attempts.locked_until,
            };
            attempt::Entity::insert(row.into_active_model()).exec_without_returning(self.0).await?;
        }
        Ok(())
    }

    /// Forgets failed sign-ins that began before `moment`.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn forget_attempts_before(&self, moment: Timestamp) -> Result<()> {
        attempt::Entity::delete_many().filter(attempt::Column::Since.lt(moment)).exec(self.0).await?;
        Ok(())
    }

    /// Forgets sessions opened before `moment`.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn forget_sessions_before(&self, moment: Timestamp) -> Result<()> {
        session::Entity::delete_many().filter(session::Column::CreatedAt.lt(moment)).exec(self.0).await?;
        Ok(())
    }

    /// Ends one session of an account.
    ///
    /// # Errors
    /// `NotFound` if it is not that account's, or has ended.
    pub async fn close_session_of(&self, account: AccountId, id: Uuid) -> Result<()> {
        let own = session::Entity::delete_many()
            .filter(session::Column::AccountId.eq(account.0))
            .filter(session::Column::Id.eq(id));
        if own.exec(self.0).await?.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// # Errors
    /// The database refuses the row.
    pub async fn open_session(&self, session: Session) -> Result<()> {
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

    /// Notes that a session's second factor was passed, and puts it under another token.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn verify_session(&self, account: AccountId, id: Uuid, token_hash: String, at: Timestamp) -> Result<()> {
        let query = session::Entity::update_many()
            .col_expr(session::Column::TokenHash, Expr::value(token_hash))
            .col_expr(session::Column::VerifiedAt, Expr::value(at))
            .filter(session::Column::AccountId.eq(account.0))
            .filter(session::Column::Id.eq(id));
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
