//! 抽取: the pool as it was closed, the departments' commitments, and the record.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    string, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("draw")
                    .col(uuid("id").primary_key())
                    .col(uuid("round_id"))
                    .col(string("state"))
                    .col(text("demand"))
                    .col(text("pool"))
                    .col(string("pool_digest"))
                    .col(text("pledges"))
                    .col(text_null("record"))
                    .col(timestamp_with_time_zone("opened_at"))
                    .col(timestamp_with_time_zone_null("drawn_at"))
                    .col(text("void_reason"))
                    .foreign_key(ForeignKey::create().from("draw", "round_id").to("round", "id"))
                    .to_owned(),
            )
            .await?;
        // One draw counts; those before it were voided and stay.
        manager
            .get_connection()
            .execute_unprepared("CREATE UNIQUE INDEX draw_current ON draw (round_id) WHERE state <> 'void'")
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("draw").to_owned()).await
    }
}
