//! 轮次.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "round")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub batch_id: Uuid,
    pub kind: String,
    pub seq: i32,
    pub title: String,
    pub step: String,
    #[sea_orm(column_type = "Text")]
    pub rubric: String,
    #[sea_orm(column_type = "Text")]
    pub terms: String,
    pub frozen_at: Option<DateTime<Utc>>,
    pub frozen_digest: Option<String>,
    pub reference_day: NaiveDate,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
