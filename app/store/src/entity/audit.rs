//! 审计记录.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub account_id: Option<Uuid>,
    pub actor: String,
    pub role: String,
    pub action: String,
    pub object: String,
    pub object_id: Option<Uuid>,
    pub round_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub detail: String,
    #[sea_orm(unique)]
    pub seq: i64,
    pub address: String,
    pub result: String,
    pub before: Option<String>,
    pub after: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub imprints: Option<String>,
    pub previous: String,
    pub hash: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
