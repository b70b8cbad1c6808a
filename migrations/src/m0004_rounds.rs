//! 轮次、评审组、席位与回避.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    date, integer, string, string_null, text, timestamp_with_time_zone_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    #[expect(clippy::too_many_lines, reason = "one list of tables")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("round")
                    .col(uuid("id").primary_key())
                    .col(uuid("batch_id"))
                    .col(string("kind"))
                    .col(integer("seq"))
                    .col(string("title"))
                    .col(string("step"))
                    .col(text("rubric"))
                    .col(text("terms"))
                    .col(timestamp_with_time_zone_null("frozen_at"))
                    .col(string_null("frozen_digest"))
                    .col(date("reference_day"))
                    .foreign_key(ForeignKey::create().from("round", "batch_id").to("batch", "id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(Index::create().name("round_batch_id").table("round").col("batch_id").to_owned()).await?;
        manager
            .create_table(
                Table::create()
                    .table("panel")
                    .col(uuid("id").primary_key())
                    .col(uuid("round_id"))
                    .col(integer("seq"))
                    .col(string("name"))
                    .col(string("sector"))
                    .foreign_key(ForeignKey::create().from("panel", "round_id").to("round", "id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(Index::create().name("panel_round_id").table("panel").col("round_id").to_owned()).await?;
        manager
            .create_table(
                Table::create()
                    .table("round_application")
                    .col(uuid("id").primary_key())
                    .col(uuid("round_id"))
                    .col(uuid("application_id"))
                    .col(uuid_null("panel_id"))
                    .foreign_key(ForeignKey::create().from("round_application", "round_id").to("round", "id"))
                    .foreign_key(
                        ForeignKey::create().from("round_application", "application_id").to("application", "id"),
                    )
                    .foreign_key(ForeignKey::create().from("round_application", "panel_id").to("panel", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("round_application_application_id")
                    .table("round_application")
                    .col("application_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("seat")
                    .col(uuid("id").primary_key())
                    .col(uuid("round_id"))
                    .col(uuid("panel_id"))
                    .col(uuid("expert_id"))
                    .col(integer("number"))
                    .col(string("role"))
                    .col(string("presence"))
                    .foreign_key(ForeignKey::create().from("seat", "round_id").to("round", "id"))
                    .foreign_key(ForeignKey::create().from("seat", "panel_id").to("panel", "id"))
                    .foreign_key(ForeignKey::create().from("seat", "expert_id").to("expert", "id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(Index::create().name("seat_round_id").table("seat").col("round_id").to_owned()).await?;
        manager.create_index(Index::create().name("seat_expert_id").table("seat").col("expert_id").to_owned()).await?;
        manager
            .create_table(
                Table::create()
                    .table("conflict")
                    .col(uuid("id").primary_key())
                    .col(uuid("round_id"))
                    .col(uuid("expert_id"))
                    .col(uuid("application_id"))
                    .col(string("rule"))
                    .col(string("origin"))
                    .col(text("expert_side"))
                    .col(text("application_side"))
                    .col(string("decision"))
                    .col(text("reason"))
                    .foreign_key(ForeignKey::create().from("conflict", "round_id").to("round", "id"))
                    .foreign_key(ForeignKey::create().from("conflict", "expert_id").to("expert", "id"))
                    .foreign_key(ForeignKey::create().from("conflict", "application_id").to("application", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("conflict_round_id").table("conflict").col("round_id").to_owned())
            .await?;
        manager
            .create_index(Index::create().name("conflict_expert_id").table("conflict").col("expert_id").to_owned())
            .await?;
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX round_application_once ON round_application (round_id, application_id)",
            )
            .await?;
        manager
            .get_connection()
            .execute_unprepared("CREATE UNIQUE INDEX seat_number ON seat (panel_id, number)")
            .await?;
        manager
            .get_connection()
            .execute_unprepared("CREATE UNIQUE INDEX seat_expert ON seat (round_id, expert_id)")
            .await?;
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX conflict_once ON conflict (expert_id, application_id, round_id, rule, origin)",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["conflict", "seat", "round_application", "panel", "round"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
