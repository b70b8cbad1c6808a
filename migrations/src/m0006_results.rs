//! 计算记录、会签与导入.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{blob, string, text, timestamp_with_time_zone, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("run")
                    .col(uuid("id").primary_key())
                    .col(uuid("round_id"))
                    .col(string("kind"))
                    .col(string("algorithm"))
                    .col(string("digest"))
                    .col(text("output"))
                    .col(timestamp_with_time_zone("at"))
                    .foreign_key(ForeignKey::create().from("run", "round_id").to("round", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("countersign")
                    .col(uuid("id").primary_key())
                    .col(uuid("round_id"))
                    .col(string("gate"))
                    .col(string("department"))
                    .col(uuid("account_id"))
                    .col(string("digest"))
                    .col(timestamp_with_time_zone("at"))
                    .foreign_key(ForeignKey::create().from("countersign", "round_id").to("round", "id"))
                    .foreign_key(ForeignKey::create().from("countersign", "account_id").to("account", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("import_file")
                    .col(uuid("id").primary_key())
                    .col(string("kind"))
                    .col(uuid_null("batch_id"))
                    .col(string("name"))
                    .col(string("sha256"))
                    .col(blob("content"))
                    .col(string("state"))
                    .col(uuid("account_id"))
                    .col(timestamp_with_time_zone("at"))
                    .foreign_key(ForeignKey::create().from("import_file", "batch_id").to("batch", "id"))
                    .foreign_key(ForeignKey::create().from("import_file", "account_id").to("account", "id"))
                    .to_owned(),
            )
            .await?;
        manager.get_connection().execute_unprepared("CREATE INDEX run_latest ON run (round_id, kind, at)").await?;
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX countersign_once ON countersign (round_id, gate, department, digest)",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["import_file", "countersign", "run"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
