//! 复核: acts that nobody does alone, with those who have agreed to them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{string, text, timestamp_with_time_zone_null, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("consent")
            .col(uuid("id").primary_key())
            .col(uuid("round_id"))
            .col(text("proposal"))
            .col(text("assents"))
            .col(string("state"))
            .col(text("reason"))
            .col(timestamp_with_time_zone_null("closed_at"))
            .foreign_key(ForeignKey::create().from("consent", "round_id").to("round", "id"))
            .to_owned();
        manager.create_table(table).await?;
        let of_round = Index::create().name("consent_round").table("consent").col("round_id").to_owned();
        manager.create_index(of_round).await?;
        let topic = "INSERT INTO revision (topic, number) VALUES ('consents', 0)";
        manager.get_connection().execute_unprepared(topic).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DELETE FROM revision WHERE topic = 'consents'").await?;
        manager.drop_table(Table::drop().table("consent").to_owned()).await
    }
}
