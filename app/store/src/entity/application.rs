//! 申报.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "application")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub batch_id: Uuid,
    pub task_id: Uuid,
    pub code: String,
    pub title: String,
    pub form: String,
    pub recommender: String,
    pub investment: i64,
    pub committed_on: Option<NaiveDate>,
    pub state: String,
    #[sea_orm(column_type = "Text")]
    pub state_reason: String,
    #[sea_orm(column_type = "Text")]
    pub sections: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
