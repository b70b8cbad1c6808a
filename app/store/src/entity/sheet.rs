//! 评分表.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sheet")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub round_id: Uuid,
    pub expert_id: Uuid,
    pub application_id: Uuid,
    pub version: i32,
    #[sea_orm(column_type = "Text")]
    pub entries: String,
    pub vote: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub comment: String,
    pub state: String,
    pub state_at: Option<DateTime<Utc>>,
    #[sea_orm(column_type = "Text")]
    pub state_reason: String,
    pub saved_at: Option<DateTime<Utc>>,
    pub last_save: Option<Uuid>,
    /// 摘要用的盐, sealed, since the last submission.
    #[sea_orm(column_type = "Text", nullable)]
    pub salt: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
