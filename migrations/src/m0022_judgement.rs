//! 同一人的认定: what was decided of two entries of the pool that may be one person.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{text, timestamp_with_time_zone, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let to_expert =
            |column: &'static str| ForeignKey::create().from("judgement", column).to("expert", "id").to_owned();
        let table = Table::create()
            .table("judgement")
            .col(uuid("id").primary_key())
            .col(uuid("first_id"))
            .col(uuid("second_id"))
            .col(uuid_null("kept_id"))
            .col(text("reason"))
            .col(uuid("account_id"))
            .col(timestamp_with_time_zone("decided_at"))
            .foreign_key(&mut to_expert("first_id"))
            .foreign_key(&mut to_expert("second_id"))
            .foreign_key(&mut to_expert("kept_id"))
            .foreign_key(ForeignKey::create().from("judgement", "account_id").to("account", "id"))
            .to_owned();
        manager.create_table(table).await?;
        let one_of_a_pair = Index::create()
            .name("judgement_pair")
            .table("judgement")
            .col("first_id")
            .col("second_id")
            .unique()
            .to_owned();
        manager.create_index(one_of_a_pair).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("judgement").to_owned()).await
    }
}
