//! 冻结摘要: rows of the audit carry the digests of what a round rests on; a submitted sheet has a salt of its own. From now on no
//! row of the audit may be completed afterwards: every one is written with its hash.

use crate::guard::guards;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text_null;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

const INDICES: [&str; 2] = [
    "CREATE INDEX audit_imprints ON audit (round_id, seq) WHERE imprints IS NOT NULL",
    "CREATE INDEX audit_after ON audit (round_id, object_id, seq) WHERE after IS NOT NULL",
];

/// As the steps before leave the triggers, by kind of database.
const BEFORE: [&[&str]; 2] = [
    &[
        "DROP TRIGGER audit_is_not_changed",
        "CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit WHEN OLD.hash <> '' \
         BEGIN SELECT RAISE(ABORT, 'audit rows are not changed'); END",
    ],
    &["CREATE OR REPLACE FUNCTION audit_is_kept() RETURNS trigger AS $$ BEGIN \
       IF TG_OP = 'UPDATE' AND OLD.hash = '' THEN RETURN NEW; END IF; \
       RAISE EXCEPTION 'audit rows are neither changed nor removed'; END $$ LANGUAGE plpgsql"],
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("audit").add_column(text_null("imprints")).to_owned()).await?;
        manager.alter_table(Table::alter().table("sheet").add_column(text_null("salt")).to_owned()).await?;
        let guards = guards(manager.get_database_backend()).iter().flat_map(|guard| guard.renew);
        for statement in INDICES.iter().chain(guards) {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let before = BEFORE[usize::from(manager.get_database_backend() == DbBackend::Postgres)];
        for statement in ["DROP INDEX audit_after", "DROP INDEX audit_imprints"].iter().chain(before) {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        manager.alter_table(Table::alter().table("sheet").drop_column("salt").to_owned()).await?;
        manager.alter_table(Table::alter().table("audit").drop_column("imprints").to_owned()).await
    }
}
