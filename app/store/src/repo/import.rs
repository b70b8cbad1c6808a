//! Uploaded files between dry run and import.

use crate::corrupt::code;
use crate::entity::import_file;
use crate::scope::of_staff;
use crate::within::Within;
use crate::{Result, StoreError};
use domain::Timestamp;
use domain::access::Owner;
use domain::ids::{AccountId, BatchId, ImportId};
use domain::import::{ImportKind, ImportState};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};

pub struct Imports<'a, C>(pub(crate) Within<'a, C>);

/// An uploaded file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportFile {
    pub id: ImportId,
    pub kind: ImportKind,
    pub batch: Option<BatchId>,
    pub name: String,
    pub sha256: String,
    /// Sealed; empty once it is imported.
    pub content: String,
    pub state: ImportState,
    pub account: AccountId,
    pub at: Timestamp,
}

fn read(row: import_file::Model) -> Result<ImportFile> {
    let unreadable = |_| StoreError::Corrupt(row.id.to_string());
    Ok(ImportFile {
        id: ImportId(row.id),
        kind: code(&row.kind)?,
        batch: row.batch_id.map(BatchId),
        name: row.name,
        sha256: row.sha256,
        content: String::from_utf8(row.content).map_err(unreadable)?,
        state: code(&row.state)?,
        account: AccountId(row.account_id),
        at: row.at,
    })
}

impl<C: ConnectionTrait> Imports<'_, C> {
    /// # Errors
    /// `NotFound` for an unknown id.
    pub async fn get(&self, id: ImportId) -> Result<ImportFile> {
        read(
            self.0
                .find::<import_file::Entity>(of_staff())
                .filter(import_file::Column::Id.eq(id.0))
                .one()
                .await?
                .ok_or(StoreError::NotFound)?,
        )
    }

    /// Files that were checked and not imported, the oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn waiting(&self) -> Result<Vec<ImportFile>> {
        let checked = self
            .0
            .find::<import_file::Entity>(of_staff())
            .filter(import_file::Column::State.eq(ImportState::Checked.key()));
        checked.order_by_asc(import_file::Column::At).all().await?.into_iter().map(read).collect()
    }
}

impl Imports<'_, DatabaseTransaction> {
    /// # Errors
    /// The database refuses the row.
    pub async fn insert(&self, file: ImportFile) -> Result<()> {
        let row = import_file::Model {
            id: file.id.0,
            kind: file.kind.key().to_owned(),
            batch_id: file.batch.map(|b| b.0),
            name: file.name,
            sha256: file.sha256,
            content: file.content.into_bytes(),
            state: file.state.key().to_owned(),
            account_id: file.account.0,
            at: file.at,
        };
        import_file::Entity::insert(row.into_active_model())
            .exec_without_returning(self.0.writing(Owner::Review)?)
            .await?;
        Ok(())
    }

    /// Replaces the sealed content of a waiting file, when keys change.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn reseal(&self, id: ImportId, sealed: String) -> Result<()> {
        import_file::Entity::update_many()
            .col_expr(import_file::Column::Content, Expr::value(sealed.into_bytes()))
            .filter(import_file::Column::Id.eq(id.0))
            .filter(import_file::Column::State.eq(ImportState::Checked.key()))
            .exec(self.0.writing(Owner::Program)?)
            .await?;
        Ok(())
    }

    /// Forgets a file that nobody imported.
    ///
    /// # Errors
    /// `Stale` if it has been imported, or is not there.
    pub async fn drop(&self, id: ImportId) -> Result<()> {
        let waiting = import_file::Entity::delete_many()
            .filter(import_file::Column::Id.eq(id.0))
            .filter(import_file::Column::State.eq(ImportState::Checked.key()));
        if waiting.exec(self.0.writing(Owner::Program)?).await?.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::Stale)
        }
    }

    /// Marks the file as imported and forgets its content, which holds more of people than is kept.
    ///
    /// # Errors
    /// `Stale` if the file has been imported already.
    pub async fn finish(&self, id: ImportId) -> Result<()> {
        let done = import_file::Entity::update_many()
            .col_expr(import_file::Column::State, Expr::value(ImportState::Done.key()))
            .col_expr(import_file::Column::Content, Expr::value(Vec::<u8>::new()))
            .filter(import_file::Column::Id.eq(id.0))
            .filter(import_file::Column::State.eq(ImportState::Checked.key()))
            .exec(self.0.writing(Owner::Review)?)
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }
}
