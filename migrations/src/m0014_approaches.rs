//! 请托登记: who approached whom about a review, sealed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{date, string, text, timestamp_with_time_zone, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("approach")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(timestamp_with_time_zone("reported_at"))
                    .col(date("day"))
                    .col(string("channel"))
                    .col(text("sealed"))
                    .foreign_key(ForeignKey::create().from("approach", "account_id").to("account", "id"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("approach").to_owned()).await
    }
}
