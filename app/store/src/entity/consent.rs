//! 复核.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub round_id: Uuid,
    /// JSON.
    #[sea_orm(column_type = "Text")]
    pub proposal: String,
    /// JSON.
    #[sea_orm(column_type = "Text")]
    pub assents: String,
    pub state: String,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub closed_at: Option<DateTime<Utc>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
