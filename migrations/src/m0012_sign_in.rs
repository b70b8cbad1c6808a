//! 登录: where sessions come from, failed attempts, passwords used before and when they were changed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, string, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// Sessions are begun anew: whoever is signed in signs in again.
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DELETE FROM session").await?;
        for mut column in [
            uuid("id").default("00000000-0000-0000-0000-000000000000").take(),
            string("address").default("").take(),
            string("agent").default("").take(),
        ] {
            manager.alter_table(Table::alter().table("session").add_column(&mut column).to_owned()).await?;
        }
        manager.create_index(Index::create().name("session_id").table("session").col("id").unique().to_owned()).await?;
        for mut column in [
            timestamp_with_time_zone_null("password_changed_at").take(),
            string("password_state").default("own").take(),
        ] {
            manager.alter_table(Table::alter().table("account").add_column(&mut column).to_owned()).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("password_history")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(string("hash"))
                    .col(timestamp_with_time_zone("at"))
                    .foreign_key(ForeignKey::create().from("password_history", "account_id").to("account", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("password_history_account_id")
                    .table("password_history")
                    .col("account_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("attempt")
                    .col(string("key").primary_key())
                    .col(integer("failures"))
                    .col(timestamp_with_time_zone("since"))
                    .col(timestamp_with_time_zone_null("locked_until"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["attempt", "password_history"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        for column in ["password_state", "password_changed_at"] {
            manager.alter_table(Table::alter().table("account").drop_column(column).to_owned()).await?;
        }
        manager.drop_index(Index::drop().name("session_id").table("session").to_owned()).await?;
        for column in ["agent", "address", "id"] {
            manager.alter_table(Table::alter().table("session").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
