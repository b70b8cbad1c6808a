//! 批次、任务与申报.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, date, date_null, integer, string, text, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    #[expect(clippy::too_many_lines, reason = "one list of tables")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("batch")
                    .col(uuid("id").primary_key())
                    .col(integer("year"))
                    .col(integer("seq"))
                    .col(string("title"))
                    .col(text("basis"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("task")
                    .col(uuid("id").primary_key())
                    .col(uuid("batch_id"))
                    .col(string("code"))
                    .col(string("title"))
                    .col(string("category"))
                    .col(string("sector"))
                    .col(text("content"))
                    .col(date("deadline"))
                    .foreign_key(ForeignKey::create().from("task", "batch_id").to("batch", "id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(Index::create().name("task_batch_id").table("task").col("batch_id").to_owned()).await?;
        manager
            .create_table(
                Table::create()
                    .table("indicator")
                    .col(uuid("id").primary_key())
                    .col(uuid("task_id"))
                    .col(integer("seq"))
                    .col(string("kind"))
                    .col(string("name"))
                    .col(string("unit"))
                    .col(string("direction"))
                    .col(big_integer("target"))
                    .col(string("weighting"))
                    .foreign_key(ForeignKey::create().from("indicator", "task_id").to("task", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("indicator_task_id").table("indicator").col("task_id").to_owned())
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("application")
                    .col(uuid("id").primary_key())
                    .col(uuid("batch_id"))
                    .col(uuid("task_id"))
                    .col(string("code"))
                    .col(string("title"))
                    .col(string("form"))
                    .col(string("recommender"))
                    .col(big_integer("investment"))
                    .col(date_null("committed_on"))
                    .col(string("state"))
                    .col(text("state_reason"))
                    .col(text("sections"))
                    .foreign_key(ForeignKey::create().from("application", "batch_id").to("batch", "id"))
                    .foreign_key(ForeignKey::create().from("application", "task_id").to("task", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("application_batch_id").table("application").col("batch_id").to_owned())
            .await?;
        manager
            .create_index(Index::create().name("application_task_id").table("application").col("task_id").to_owned())
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("application_member")
                    .col(uuid("id").primary_key())
                    .col(uuid("application_id"))
                    .col(integer("seq"))
                    .col(string("uscc"))
                    .col(string("name"))
                    .col(string("kind"))
                    .col(string("role"))
                    .foreign_key(
                        ForeignKey::create().from("application_member", "application_id").to("application", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("application_member_application_id")
                    .table("application_member")
                    .col("application_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("application_member_uscc").table("application_member").col("uscc").to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("application_person")
                    .col(uuid("id").primary_key())
                    .col(uuid("application_id"))
                    .col(integer("seq"))
                    .col(string("name"))
                    .col(string("unit"))
                    .col(string("duty"))
                    .foreign_key(
                        ForeignKey::create().from("application_person", "application_id").to("application", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("application_person_application_id")
                    .table("application_person")
                    .col("application_id")
                    .to_owned(),
            )
            .await?;
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX application_one_lead ON application_member (application_id) WHERE role = 'lead'",
            )
            .await?;
        manager
            .get_connection()
            .execute_unprepared("CREATE UNIQUE INDEX application_code ON application (batch_id, code)")
            .await?;
        manager.get_connection().execute_unprepared("CREATE UNIQUE INDEX task_code ON task (batch_id, code)").await?;
        manager.get_connection().execute_unprepared("CREATE UNIQUE INDEX batch_year_seq ON batch (year, seq)").await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["application_person", "application_member", "application", "indicator", "task", "batch"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
