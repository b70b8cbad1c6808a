//! 同一人的认定.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "judgement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The lesser id of the two.
    pub first_id: Uuid,
    pub second_id: Uuid,
    /// The entry that is kept, if they are one person.
    pub kept_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub account_id: Uuid,
    pub decided_at: DateTime<Utc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
