//! 连接评审: applications that the holder of a seat reviews beyond those of the own panel.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // By panel and number, not by expert: whoever takes over the seat takes over the reviews.
        manager
            .create_table(
                Table::create()
                    .table("bridge")
                    .col(uuid("round_id"))
                    .col(uuid("panel_id"))
                    .col(integer("number"))
                    .col(uuid("application_id"))
                    .primary_key(Index::create().col("panel_id").col("number").col("application_id"))
                    .foreign_key(ForeignKey::create().from("bridge", "round_id").to("round", "id"))
                    .foreign_key(ForeignKey::create().from("bridge", "panel_id").to("panel", "id"))
                    .foreign_key(ForeignKey::create().from("bridge", "application_id").to("application", "id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(Index::create().name("bridge_round").table("bridge").col("round_id").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("bridge").to_owned()).await
    }
}
