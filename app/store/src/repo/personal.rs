//! 个人敏感信息 of experts: masks to show, sealed numbers, and keyed hashes by which doubles are found.

use crate::corrupt::code;
use crate::entity::{expert, personal_datum};
use crate::scope::of_expert;
use crate::within::Within;
use crate::{Result, StoreError};
use domain::Timestamp;
use domain::access::Owner;
use domain::ids::ExpertId;
use domain::people::Number;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use std::collections::HashMap;
use uuid::Uuid;

pub struct Personal<'a, C>(pub(crate) Within<'a, C>);

/// One number of one expert as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Datum {
    pub id: Uuid,
    pub expert: ExpertId,
    pub kind: Number,
    /// Empty once its retention has ended.
    pub masked: String,
    /// Only of what doubles are found by.
    pub hash: Option<String>,
    /// `None` once its retention has ended, and where it was never kept.
    pub sealed: Option<String>,
    pub filed_at: Timestamp,
}

fn read(row: personal_datum::Model) -> Result<Datum> {
    Ok(Datum {
        id: row.id,
        expert: ExpertId(row.expert_id),
        kind: code(&row.kind)?,
        masked: row.masked,
        hash: row.hash,
        sealed: row.sealed,
        filed_at: row.filed_at,
    })
}

impl<C: ConnectionTrait> Personal<'_, C> {
    /// One expert's numbers, by kind.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn of(&self, expert: ExpertId) -> Result<Vec<Datum>> {
        let own = self
            .0
            .find::<personal_datum::Entity>(of_expert(personal_datum::Column::ExpertId))
            .filter(personal_datum::Column::ExpertId.eq(expert.0));
        let rows = own.order_by_asc(personal_datum::Column::Kind).all().await?;
        rows.into_iter().map(read).collect()
    }

    /// All of all experts.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn all(&self) -> Result<Vec<Datum>> {
        let rows = self.0.find::<personal_datum::Entity>(of_expert(personal_datum::Column::ExpertId)).all().await?;
        rows.into_iter().map(read).collect()
    }

    /// All that are kept sealed.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn sealed(&self) -> Result<Vec<Datum>> {
        let kept = self
            .0
            .find::<personal_datum::Entity>(of_expert(personal_datum::Column::ExpertId))
            .filter(personal_datum::Column::Sealed.is_not_null());
        let rows = kept.order_by_asc(personal_datum::Column::Id).all().await?;
        rows.into_iter().map(read).collect()
    }

    /// By hash, the code of the expert whose ID number it is.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn hashes(&self) -> Result<HashMap<String, String>> {
        let codes: HashMap<Uuid, String> = self
            .0
            .find::<expert::Entity>(of_expert(expert::Column::Id))
            .all()
            .await?
            .into_iter()
            .map(|row| (row.id, row.code))
            .collect();
        let hashed = self
            .0
            .find::<personal_datum::Entity>(of_expert(personal_datum::Column::ExpertId))
            .filter(personal_datum::Column::Hash.is_not_null());
        let known = |row: personal_datum::Model| Some((row.hash?, codes.get(&row.expert_id)?.clone()));
        Ok(hashed.all().await?.into_iter().filter_map(known).collect())
    }
}

impl Personal<'_, DatabaseTransaction> {
    /// # Errors
    /// `Duplicate` if an expert has a number of the kind already.
    pub async fn insert(&self, data: Vec<Datum>) -> Result<()> {
        let row = |datum: Datum| {
            personal_datum::Model {
                id: datum.id,
                expert_id: datum.expert.0,
                kind: datum.kind.key().to_owned(),
                masked: datum.masked,
                hash: datum.hash,
                sealed: datum.sealed,
                filed_at: datum.filed_at,
            }
            .into_active_model()
        };
        super::insert_all(self.0.writing(Owner::Review)?, data.into_iter().map(row).collect()).await
    }

    /// Files one number of an expert in place of what was kept of that kind.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn put(&self, datum: Datum) -> Result<()> {
        personal_datum::Entity::delete_many()
            .filter(personal_datum::Column::ExpertId.eq(datum.expert.0))
            .filter(personal_datum::Column::Kind.eq(datum.kind.key()))
            .exec(self.0.writing(Owner::Review)?)
            .await?;
        self.insert(vec![datum]).await
    }

    /// Gives an expert the numbers of another that the first has none of.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn hand_over(&self, from: ExpertId, to: ExpertId) -> Result<()> {
        let known: Vec<_> = self.of(to).await?.into_iter().map(|datum| datum.kind.key()).collect();
        personal_datum::Entity::update_many()
            .col_expr(personal_datum::Column::ExpertId, Expr::value(to.0))
            .filter(personal_datum::Column::ExpertId.eq(from.0))
            .filter(personal_datum::Column::Kind.is_not_in(known))
            .exec(self.0.writing(Owner::Review)?)
            .await?;
        Ok(())
    }

    /// Replaces a sealed number, when keys change.
    ///
    /// # Errors
    /// `NotFound` for an unknown id, or a number that is forgotten.
    pub async fn reseal(&self, id: Uuid, sealed: String) -> Result<()> {
        let kept = personal_datum::Entity::update_many()
            .col_expr(personal_datum::Column::Sealed, Expr::value(sealed))
            .filter(personal_datum::Column::Id.eq(id))
            .filter(personal_datum::Column::Sealed.is_not_null());
        if kept.exec(self.0.writing(Owner::Program)?).await?.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::NotFound)
        }
    }

    /// Forgets one number: sealed text and mask. The keyed hash stays, by which the same person is found again.
    ///
    /// # Errors
    /// `NotFound` for an unknown id.
    pub async fn end(&self, id: Uuid) -> Result<()> {
        let own = personal_datum::Entity::update_many()
            .col_expr(personal_datum::Column::Sealed, Expr::value(Option::<String>::None))
            .col_expr(personal_datum::Column::Masked, Expr::value(""))
            .filter(personal_datum::Column::Id.eq(id));
        if own.exec(self.0.writing(Owner::Program)?).await?.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::NotFound)
        }
    }

    /// Forgets an expert's numbers with their masks and hashes.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn forget(&self, expert: ExpertId) -> Result<()> {
        personal_datum::Entity::delete_many()
            .filter(personal_datum::Column::ExpertId.eq(expert.0))
            .exec(self.0.writing(Owner::Program)?)
            .await?;
        Ok(())
    }
}
