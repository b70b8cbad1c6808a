//! 邀请: one-time links by which seated experts open their accounts.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{string, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("invitation")
                    .col(string("token_hash").primary_key())
                    .col(uuid("expert_id"))
                    .col(uuid("round_id"))
                    .col(timestamp_with_time_zone("issued_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("used_at"))
                    .foreign_key(ForeignKey::create().from("invitation", "expert_id").to("expert", "id"))
                    .foreign_key(ForeignKey::create().from("invitation", "round_id").to("round", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("invitation_expert").table("invitation").col("expert_id").to_owned())
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("invitation").to_owned()).await
    }
}
