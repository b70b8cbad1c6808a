//! 推荐单位: the region an account acts for.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::string_null;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("account").add_column(string_null("region")).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The program before this step does not know the role.
        let without_role = "UPDATE account SET role = 'unassigned' WHERE role = 'recommender'";
        manager.get_connection().execute_unprepared(without_role).await?;
        manager.alter_table(Table::alter().table("account").drop_column("region").to_owned()).await
    }
}
