//! 回避记录.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conflict")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub round_id: Uuid,
    pub expert_id: Uuid,
    pub application_id: Uuid,
    pub rule: String,
    pub origin: String,
    #[sea_orm(column_type = "Text")]
    pub expert_side: String,
    #[sea_orm(column_type = "Text")]
    pub application_side: String,
    pub decision: String,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
