//! 评分表、客观分、指标完成与一票否决.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, integer, string, string_null, text, timestamp_with_time_zone_null, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("sheet")
                    .col(uuid("id").primary_key())
                    .col(uuid("round_id"))
                    .col(uuid("expert_id"))
                    .col(uuid("application_id"))
                    .col(integer("version"))
                    .col(text("entries"))
                    .col(string_null("vote"))
                    .col(text("comment"))
                    .col(string("state"))
                    .col(timestamp_with_time_zone_null("state_at"))
                    .col(text("state_reason"))
                    .col(timestamp_with_time_zone_null("saved_at"))
                    .foreign_key(ForeignKey::create().from("sheet", "round_id").to("round", "id"))
                    .foreign_key(ForeignKey::create().from("sheet", "expert_id").to("expert", "id"))
                    .foreign_key(ForeignKey::create().from("sheet", "application_id").to("application", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("sheet_expert_id").table("sheet").col("expert_id").to_owned())
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("objective_score")
                    .col(uuid("id").primary_key())
                    .col(uuid("round_id"))
                    .col(uuid("application_id"))
                    .col(string("criterion"))
                    .col(big_integer("points"))
                    .col(text("evidence"))
                    .foreign_key(ForeignKey::create().from("objective_score", "round_id").to("round", "id"))
                    .foreign_key(ForeignKey::create().from("objective_score", "application_id").to("application", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("indicator_result")
                    .col(uuid("id").primary_key())
                    .col(uuid("round_id"))
                    .col(uuid("application_id"))
                    .col(uuid("indicator_id"))
                    .col(big_integer("actual"))
                    .col(text("evidence"))
                    .foreign_key(ForeignKey::create().from("indicator_result", "round_id").to("round", "id"))
                    .foreign_key(
                        ForeignKey::create().from("indicator_result", "application_id").to("application", "id"),
                    )
                    .foreign_key(ForeignKey::create().from("indicator_result", "indicator_id").to("indicator", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("knockout")
                    .col(uuid("id").primary_key())
                    .col(uuid("round_id"))
                    .col(uuid("application_id"))
                    .col(string("code"))
                    .col(text("reason"))
                    .foreign_key(ForeignKey::create().from("knockout", "round_id").to("round", "id"))
                    .foreign_key(ForeignKey::create().from("knockout", "application_id").to("application", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX sheet_live ON sheet (round_id, application_id, expert_id) WHERE state <> 'voided'",
            )
            .await?;
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX objective_once ON objective_score (round_id, application_id, criterion)",
            )
            .await?;
        manager.get_connection().execute_unprepared("CREATE UNIQUE INDEX indicator_result_once ON indicator_result (round_id, application_id, indicator_id)").await?;
        manager
            .get_connection()
            .execute_unprepared("CREATE UNIQUE INDEX knockout_once ON knockout (round_id, application_id, code)")
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["knockout", "indicator_result", "objective_score", "sheet"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
