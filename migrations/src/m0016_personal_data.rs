//! 个人敏感信息: ID numbers, phones and bank cards of experts, sealed, in a table of their own.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{string, string_null, text_null, timestamp_with_time_zone, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The parts of an ID number that were kept until now: its mask and its keyed hash. The number itself was not kept.
const MOVE: &str = "INSERT INTO personal_datum (id, expert_id, kind, masked, hash, sealed, filed_at) \
    SELECT id, id, 'id_number', id_masked, id_hash, NULL, CURRENT_TIMESTAMP FROM expert WHERE id_masked <> ''";
const FORGET_WAITING: &str = "DELETE FROM import_file WHERE state = 'checked'";
const BACK: &str = "UPDATE expert SET \
    id_masked = COALESCE((SELECT masked FROM personal_datum WHERE expert_id = expert.id AND kind = 'id_number'), ''), \
    id_hash = (SELECT hash FROM personal_datum WHERE expert_id = expert.id AND kind = 'id_number')";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("personal_datum")
                    .col(uuid("id").primary_key())
                    .col(uuid("expert_id"))
                    .col(string("kind"))
                    .col(string("masked"))
                    .col(string_null("hash"))
                    .col(text_null("sealed"))
                    .col(timestamp_with_time_zone("filed_at"))
                    .foreign_key(ForeignKey::create().from("personal_datum", "expert_id").to("expert", "id"))
                    .to_owned(),
            )
            .await?;
        let index = |name: &str| Index::create().name(name).table("personal_datum").to_owned();
        manager.create_index(index("personal_datum_kind").col("expert_id").col("kind").unique().to_owned()).await?;
        manager.create_index(index("personal_datum_hash").col("hash").to_owned()).await?;
        manager.get_connection().execute_unprepared(MOVE).await?;
        // Workbooks that wait for confirmation lie in clear: they are uploaded again.
        manager.get_connection().execute_unprepared(FORGET_WAITING).await?;
        manager.drop_index(Index::drop().name("expert_id_hash").table("expert").to_owned()).await?;
        for column in ["id_hash", "id_masked"] {
            manager.alter_table(Table::alter().table("expert").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [string_null("id_hash"), string("id_masked").default("").to_owned()];
        for column in columns {
            manager.alter_table(Table::alter().table("expert").add_column(column).to_owned()).await?;
        }
        manager.get_connection().execute_unprepared(BACK).await?;
        // … and the sealed ones the program before cannot read.
        manager.get_connection().execute_unprepared(FORGET_WAITING).await?;
        manager.create_index(Index::create().name("expert_id_hash").table("expert").col("id_hash").to_owned()).await?;
        manager.drop_table(Table::drop().table("personal_datum").to_owned()).await
    }
}
