//! 专家库.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{date_null, integer, string, string_null, text, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("expert")
                    .col(uuid("id").primary_key())
                    .col(string("code").unique_key())
                    .col(string("name"))
                    .col(string("source"))
                    .col(string("role"))
                    .col(string("sectors"))
                    .col(text("specialities"))
                    .col(string("title"))
                    .col(string("employer"))
                    .col(string_null("employer_uscc"))
                    .col(string("region"))
                    .col(string("standing"))
                    .col(string_null("id_hash"))
                    .col(string("id_masked"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(Index::create().name("expert_id_hash").table("expert").col("id_hash").to_owned()).await?;
        manager
            .create_table(
                Table::create()
                    .table("expert_tie")
                    .col(uuid("id").primary_key())
                    .col(uuid("expert_id"))
                    .col(integer("seq"))
                    .col(string("kind"))
                    .col(string_null("uscc"))
                    .col(string("unit"))
                    .col(string("position"))
                    .col(date_null("since"))
                    .col(date_null("until"))
                    .foreign_key(ForeignKey::create().from("expert_tie", "expert_id").to("expert", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("expert_tie_expert_id").table("expert_tie").col("expert_id").to_owned())
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("affiliation")
                    .col(uuid("id").primary_key())
                    .col(string("parent"))
                    .col(string("child"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("authority")
                    .col(uuid("id").primary_key())
                    .col(string_null("uscc"))
                    .col(string("name"))
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["authority", "affiliation", "expert_tie", "expert"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
