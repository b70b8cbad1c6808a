//! The database against the rules of its schema: keys that lead nowhere, and a file that is damaged.

use crate::{Result, Store};
use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseConnection, Statement};

/// Damage that the database itself can see.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    #[error("数据库文件：{0}")]
    File(String),
    #[error("表 {table} 有 {rows} 行指向表 {parent} 中不存在的行")]
    Dangling { table: String, parent: String, rows: i64 },
}

impl Store {
    /// Everything that is damaged; only reads.
    ///
    /// # Errors
    /// The database cannot be read at all.
    pub async fn damage(&self) -> Result<Vec<Damage>> {
        match self.connection().get_database_backend() {
            DatabaseBackend::Sqlite => of_file(self.connection()).await,
            _ => of_constraints(self.connection()).await,
        }
    }
}

async fn of_file(connection: &DatabaseConnection) -> Result<Vec<Damage>> {
    let rows = async |sql: &str| connection.query_all_raw(Statement::from_string(DatabaseBackend::Sqlite, sql)).await;
    let mut found = Vec::new();
    for row in rows("PRAGMA integrity_check").await? {
        let text: String = row.try_get_by_index(0)?;
        if text != "ok" {
            found.push(Damage::File(text));
        }
    }
    let dangling = r#"SELECT "table", "parent", COUNT(*) FROM pragma_foreign_key_check GROUP BY 1, 2 ORDER BY 1, 2"#;
    for row in rows(dangling).await? {
        let (table, parent, rows) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        found.push(Damage::Dangling { table, parent, rows });
    }
    Ok(found)
}

/// PostgreSQL trusts its constraints; who was allowed to switch them off may have left rows that break them.
async fn of_constraints(connection: &DatabaseConnection) -> Result<Vec<Damage>> {
    let rows =
        async |sql: String| connection.query_all_raw(Statement::from_string(DatabaseBackend::Postgres, sql)).await;
    let keys = "SELECT c.conrelid::regclass::text, c.confrelid::regclass::text, \
                quote_ident(own.attname::text), quote_ident(other.attname::text) \
                FROM pg_constraint c \
                JOIN pg_attribute own ON own.attrelid = c.conrelid AND own.attnum = c.conkey[1] \
                JOIN pg_attribute other ON other.attrelid = c.confrelid AND other.attnum = c.confkey[1] \
                WHERE c.contype = 'f' AND array_length(c.conkey, 1) = 1 AND pg_table_is_visible(c.conrelid) \
                ORDER BY 1, 2, 3";
    let mut found = Vec::new();
    for row in rows(keys.to_owned()).await? {
        let (table, parent): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let (own, other): (String, String) = (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
        let count = format!(
            "SELECT COUNT(*) FROM {table} child WHERE child.{own} IS NOT NULL \
             AND NOT EXISTS (SELECT 1 FROM {parent} parent WHERE parent.{other} = child.{own})"
        );
        for row in rows(count).await? {
            let rows: i64 = row.try_get_by_index(0)?;
            if rows > 0 {
                found.push(Damage::Dangling { table: table.clone(), parent: parent.clone(), rows });
            }
        }
    }
    Ok(found)
}
