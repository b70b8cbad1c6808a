//! 安全密钥: keys of accounts, and what they have signed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    string, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("security_key")
            .col(uuid("id").primary_key())
            .col(uuid("account_id"))
            .col(string("name"))
            .col(text("credential"))
            .col(timestamp_with_time_zone("registered_at"))
            .col(timestamp_with_time_zone_null("used_at"))
            .foreign_key(ForeignKey::create().from("security_key", "account_id").to("account", "id"))
            .to_owned();
        manager.create_table(table).await?;
        let of_account =
            Index::create().name("security_key_account").table("security_key").col("account_id").to_owned();
        manager.create_index(of_account).await?;
        let proof = Table::alter().table("countersign").add_column(text_null("proof")).to_owned();
        manager.alter_table(proof).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("countersign").drop_column("proof").to_owned()).await?;
        manager.drop_table(Table::drop().table("security_key").to_owned()).await
    }
}
