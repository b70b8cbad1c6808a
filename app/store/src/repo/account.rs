//! Accounts, and the set-up link.

use crate::corrupt::code;
use crate::entity::{account, password_history, setting};
use crate::scope::{named, of_account, of_own_account, of_program};
use crate::within::Within;
use crate::{Result, StoreError};
use domain::access::{Department, Owner, Role, Standing};
use domain::account::{Account, AccountState, NewPassword};
use domain::ids::{AccountId, ExpertId};
use domain::region::Recommender as Region;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;
use uuid::Uuid;

pub struct Accounts<'a, C>(pub(crate) Within<'a, C>);

pub(super) fn read(row: account::Model) -> Result<Account> {
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

/// The department, expert or region that a standing is bound to.
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

impl<C: ConnectionTrait> Accounts<'_, C> {
    /// # Errors
    /// The database cannot be read.
    pub async fn count(&self) -> Result<u64> {
        self.0.find::<account::Entity>(of_account(account::Column::Id)).count().await
    }

    /// # Errors
    /// The database cannot be read.
    pub async fn all(&self) -> Result<Vec<Account>> {
        let rows = self
            .0
            .find::<account::Entity>(of_account(account::Column::Id))
            .order_by_asc(account::Column::Login)
            .all()
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// One page by login, counted from 0, and the number of all accounts that hold `search` in login or name and have the role.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn page(
        &self,
        search: &str,
        role: Option<Role>,
        without: Option<Role>,
        page: u64,
        size: u64,
    ) -> Result<(Vec<Account>, u64)> {
        let mut query = self.0.find::<account::Entity>(of_account(account::Column::Id));
        if let Some(without) = without {
            query = query.filter(account::Column::Role.ne(without.key()));
        }
        if let Some(role) = role {
            query = query.filter(account::Column::Role.eq(role.key()));
        }
        if !search.is_empty() {
            let holds = |column| super::holds(column, search);
            query = query.filter(Condition::any().add(holds(account::Column::Login)).add(holds(account::Column::Name)));
        }
        let (rows, total) = query.order_by_asc(account::Column::Login).page(page, size).await?;
        Ok((rows.into_iter().map(read).collect::<Result<_>>()?, total))
    }

    /// How many accounts have a role.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn count_of(&self, role: Role) -> Result<u64> {
        let query = self.0.find::<account::Entity>(of_account(account::Column::Id));
        query.filter(account::Column::Role.eq(role.key())).count().await
    }

    /// # Errors
    /// `NotFound` for an unknown login.
    pub async fn by_login(&self, login: &str) -> Result<Account> {
        let row = self
            .0
            .find::<account::Entity>(of_account(account::Column::Id))
            .filter(account::Column::Login.eq(login))
            .one()
            .await?;
        read(row.ok_or(StoreError::NotFound)?)
    }

    /// # Errors
    /// `NotFound` for an unknown id.
    pub async fn get(&self, id: AccountId) -> Result<Account> {
        read(
            self.0
                .find::<account::Entity>(of_account(account::Column::Id))
                .filter(account::Column::Id.eq(id.0))
                .one()
                .await?
                .ok_or(StoreError::NotFound)?,
        )
    }

    /// The hashes of the passwords an account had last, the newest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn earlier_passwords(&self, account: AccountId, most: u64) -> Result<Vec<String>> {
        let own = self
            .0
            .find::<password_history::Entity>(of_own_account(password_history::Column::AccountId))
            .filter(password_history::Column::AccountId.eq(account.0));
        let rows = own.order_by_desc(password_history::Column::At).limit(most).all().await?;
        Ok(rows.into_iter().map(|row| row.hash).collect())
    }

    /// Name and role of those who acted, for lists and records.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn names(&self) -> Result<HashMap<AccountId, (String, Role)>> {
        let rows = self.0.find::<account::Entity>(named()).all().await?;
        rows.into_iter().map(|row| Ok((AccountId(row.id), (row.name, code(&row.role)?)))).collect()
    }

    /// The names of these accounts.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn names_of(&self, accounts: &[AccountId]) -> Result<HashMap<AccountId, String>> {
        if accounts.is_empty() {
            return Ok(HashMap::new());
        }
        let own = account::Column::Id.is_in(accounts.iter().map(|account| account.0));
        let rows = self.0.find::<account::Entity>(named()).filter(own).all().await?;
        Ok(rows.into_iter().map(|row| (AccountId(row.id), row.name)).collect())
    }

    /// The password hashes of all accounts.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn hashes(&self) -> Result<Vec<String>> {
        let all = self.0.find::<account::Entity>(of_program()).all().await?;
        Ok(all.into_iter().map(|row| row.password_hash).collect())
    }

    /// # Errors
    /// The database cannot be read.
    pub async fn setting(&self, key: &str) -> Result<Option<String>> {
        Ok(self
            .0
            .find::<setting::Entity>(of_program())
            .filter(setting::Column::Key.eq(key))
            .one()
            .await?
            .map(|row| row.value))
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
        super::insert_all(self.0.writing(Owner::Accounts)?, rows.collect()).await
    }

    /// # Errors
    /// `NotFound` for an unknown id.
    pub async fn set_state(&self, id: AccountId, state: AccountState) -> Result<()> {
        let change = account::ActiveModel { standing: Set(state.key().to_owned()), ..Default::default() };
        let done = account::Entity::update_many()
            .set(change)
            .filter(account::Column::Id.eq(id.0))
            .exec(self.0.writing(Owner::Accounts)?)
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// # Errors
    /// `NotFound` for an unknown id.
    pub async fn rename(&self, id: AccountId, name: &str) -> Result<()> {
        let change = account::ActiveModel { name: Set(name.to_owned()), ..Default::default() };
        let done = account::Entity::update_many()
            .set(change)
            .filter(account::Column::Id.eq(id.0))
            .exec(self.0.writing(Owner::Program)?)
            .await?;
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
        let done = account::Entity::update_many()
            .set(change)
            .filter(account::Column::Id.eq(id.0))
            .exec(self.0.writing(Owner::Roles)?)
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// Sets a password and remembers the one before it under the id `remembered`.
    ///
    /// # Errors
    /// `NotFound` for an unknown id.
    pub async fn set_password(&self, id: AccountId, new: NewPassword, remembered: Uuid) -> Result<()> {
        let tx = self.0.writing(Owner::Credentials(id))?;
        let before = self.get(id).await?;
        let row = password_history::Model {
            id: remembered,
            account_id: id.0,
            hash: before.password_hash,
            at: before.password_changed_at,
        };
        password_history::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
        let change = account::ActiveModel {
            password_hash: Set(new.hash),
            password_state: Set(new.state.key().to_owned()),
            password_changed_at: Set(Some(new.at)),
            ..Default::default()
        };
        let done = account::Entity::update_many().set(change).filter(account::Column::Id.eq(id.0)).exec(tx).await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// Keeps the same password under another hash, if it still has the one that was seen.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn rehash(&self, id: AccountId, seen: &str, hash: &str) -> Result<()> {
        let tx = self.0.writing(Owner::Account(id))?;
        let change = account::ActiveModel { password_hash: Set(hash.to_owned()), ..Default::default() };
        let own = account::Entity::update_many().set(change).filter(account::Column::Id.eq(id.0));
        own.filter(account::Column::PasswordHash.eq(seen)).exec(tx).await?;
        Ok(())
    }

    /// Sets or, with `None`, removes a single value of the installation.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn set_setting(&self, key: &str, value: Option<String>) -> Result<()> {
        setting::Entity::delete_by_id(key).exec(self.0.writing(Owner::Program)?).await?;
        if let Some(value) = value {
            let row = setting::Model { key: key.to_owned(), value };
            setting::Entity::insert(row.into_active_model())
                .exec_without_returning(self.0.writing(Owner::Program)?)
                .await?;
        }
        Ok(())
    }
}
