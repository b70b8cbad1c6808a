//! 专家.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "expert")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(unique)]
    pub code: String,
    pub name: String,
    pub source: String,
    pub role: String,
    pub sectors: String,
    #[sea_orm(column_type = "Text")]
    pub specialities: String,
    #[sea_orm(column_type = "Text")]
    pub disciplines: String,
    pub title: String,
    pub employer: String,
    pub employer_uscc: Option<String>,
    pub region: String,
    pub standing: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
