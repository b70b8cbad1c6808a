//! 凭据重置: resets of other people's credentials, which two administrators agree to.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{string, text, timestamp_with_time_zone, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("renewal")
            .col(uuid("id").primary_key())
            .col(uuid("account_id"))
            .col(string("credential"))
            .col(text("recognised"))
            .col(uuid("asked_by"))
            .col(timestamp_with_time_zone("asked_at"))
            .col(uuid_null("agreed_by"))
            .col(string("state"))
            .foreign_key(ForeignKey::create().from("renewal", "account_id").to("account", "id"))
            .to_owned();
        manager.create_table(table).await?;
        let by_time = Index::create().name("renewal_asked").table("renewal").col("asked_at").to_owned();
        manager.create_index(by_time).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("renewal").to_owned()).await
    }
}
