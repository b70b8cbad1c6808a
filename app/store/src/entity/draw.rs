//! 抽取.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "draw")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub round_id: Uuid,
    pub state: String,
    #[sea_orm(column_type = "Text")]
    pub demand: String,
    #[sea_orm(column_type = "Text")]
    pub pool: String,
    pub pool_digest: String,
    #[sea_orm(column_type = "Text")]
    pub pledges: String,
    #[sea_orm(column_type = "Text")]
    pub record: Option<String>,
    pub opened_at: DateTime<Utc>,
    pub drawn_at: Option<DateTime<Utc>>,
    #[sea_orm(column_type = "Text")]
    pub void_reason: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
