//! 审计链: every row carries the digest of the row before it, and neither is changed nor removed.
//!
//! Rows from before the chain get their place in it here, and their digests from the program, which alone knows how they are
//! computed: a row without digest may still be completed, one with digest is closed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, string, string_null};
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

const NUMBERED: &str = "UPDATE audit SET seq = (SELECT COUNT(*) FROM audit AS other WHERE other.at < audit.at \
    OR (other.at = audit.at AND other.id <= audit.id))";

const SQLITE: [&str; 2] = [
    "CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit WHEN OLD.hash <> '' \
     BEGIN SELECT RAISE(ABORT, 'audit rows are not changed'); END",
    "CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit \
     BEGIN SELECT RAISE(ABORT, 'audit rows are not removed'); END",
];

const POSTGRES: [&str; 3] = [
    "CREATE FUNCTION audit_is_kept() RETURNS trigger AS $$ BEGIN \
     IF TG_OP = 'UPDATE' AND OLD.hash = '' THEN RETURN NEW; END IF; \
     RAISE EXCEPTION 'audit rows are neither changed nor removed'; END $$ LANGUAGE plpgsql",
    "CREATE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE PROCEDURE audit_is_kept()",
    "CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE PROCEDURE audit_is_kept()",
];

const COLUMNS: [&str; 7] = ["seq", "address", "result", "before", "after", "previous", "hash"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            big_integer("seq").default(0).take(),
            string("address").default("").take(),
            string("result").default("done").take(),
            string_null("before").take(),
            string_null("after").take(),
            string("previous").default("").take(),
            string("hash").default("").take(),
        ];
        for mut column in columns {
            manager.alter_table(Table::alter().table("audit").add_column(&mut column).to_owned()).await?;
        }
        let connection = manager.get_connection();
        connection.execute_unprepared(NUMBERED).await?;
        manager.create_index(Index::create().name("audit_seq").table("audit").col("seq").unique().to_owned()).await?;
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        for statement in if postgres { &POSTGRES[..] } else { &SQLITE[..] } {
            connection.execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let statements: &[&str] = if manager.get_database_backend() == DbBackend::Postgres {
            &[
                "DROP TRIGGER audit_is_not_emptied ON audit",
                "DROP TRIGGER audit_is_kept ON audit",
                "DROP FUNCTION audit_is_kept()",
            ]
        } else {
            &["DROP TRIGGER audit_is_not_removed", "DROP TRIGGER audit_is_not_changed"]
        };
        for statement in statements {
            connection.execute_unprepared(statement).await?;
        }
        manager.drop_index(Index::drop().name("audit_seq").table("audit").to_owned()).await?;
        for column in COLUMNS {
            manager.alter_table(Table::alter().table("audit").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
