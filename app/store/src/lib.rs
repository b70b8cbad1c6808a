//! Tables and queries: one entity file per table, one repository file per aggregate.
//!
//! Every query starts from a caller's scope: there is no repository without [`Store::of`], and within a repository no connection without a
//! rule that says which rows are read or whose are written (`within`). Writing goes only through [`Scoped::write`]: the methods that
//! change something exist only on repositories of a [`Tx`].

mod corrupt;
mod current;
mod database;
mod entity;
mod guard;
mod integrity;
mod memory;
pub mod repo;
mod revision;
mod scope;
mod statements;
mod transport;
mod within;
mod writer;

pub use current::Current;
pub use database::{Beyond, Repositories, Scoped, Store, Tx};
pub use integrity::Damage;
pub use revision::Topic;
pub use statements::Statements;

/// The failures below the services.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The row asked for is not there, or not in the caller's scope.
    #[error("记录不存在")]
    NotFound,
    /// The row is not the caller's to write.
    #[error("不在权限范围内")]
    OutOfScope,
    /// A unique rule of the schema refused the change.
    #[error("记录已存在")]
    Duplicate,
    /// Another change came first.
    #[error("记录已被他人更新")]
    Stale,
    /// A stored value that no version of the program writes.
    #[error("数据库中的值无法识别：{0}")]
    Corrupt(String),
    #[error("数据库错误：{0}")]
    Database(sea_orm::DbErr),
}

impl From<sea_orm::DbErr> for StoreError {
    fn from(error: sea_orm::DbErr) -> Self {
        match error.sql_err() {
            Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => Self::Duplicate,
            Some(sea_orm::SqlErr::ForeignKeyConstraintViolation(_)) => Self::NotFound,
            _ => Self::Database(error),
        }
    }
}

pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Where there may rightly be none: `NotFound` becomes `None`, every other failure stays one.
///
/// # Errors
/// All but `NotFound`.
pub fn if_any<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(StoreError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}
