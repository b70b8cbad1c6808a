//! 第二因素: sealed secrets, recovery codes, and which sessions have passed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, string, text, timestamp_with_time_zone_null, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut verified = timestamp_with_time_zone_null("verified_at").take();
        manager.alter_table(Table::alter().table("session").add_column(&mut verified).to_owned()).await?;
        manager
            .create_table(
                Table::create()
                    .table("second_factor")
                    .col(uuid("account_id").primary_key())
                    .col(text("sealed"))
                    .col(big_integer("last_step"))
                    .col(string("pending"))
                    .foreign_key(ForeignKey::create().from("second_factor", "account_id").to("account", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("recovery_code")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(string("hash"))
                    .col(timestamp_with_time_zone_null("used_at"))
                    .foreign_key(ForeignKey::create().from("recovery_code", "account_id").to("account", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("recovery_code_account_id").table("recovery_code").col("account_id").to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["recovery_code", "second_factor"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        manager.alter_table(Table::alter().table("session").drop_column("verified_at").to_owned()).await
    }
}
