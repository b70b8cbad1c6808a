//! Revisions: how often the rows of each topic were changed, so that what was made of them is known to be true still.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, string};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TOPICS: &str = "INSERT INTO revision (topic, number) VALUES ('programme', 0), ('applications', 0), ('experts', 0), \
    ('rounds', 0), ('panels', 0), ('conflicts', 0), ('draws', 0), ('sheets', 0), ('findings', 0), ('runs', 0)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table =
            Table::create().table("revision").col(string("topic").primary_key()).col(big_integer("number")).to_owned();
        manager.create_table(table).await?;
        manager.get_connection().execute_unprepared(TOPICS).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("revision").to_owned()).await
    }
}
