//! The triggers that keep the audit from being changed: whoever may change the schema can take them down, and that is noticed.

use crate::{Result, Store};
use migrations::{Guard, guards};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};

async fn stands(connection: &DatabaseConnection, guard: &Guard) -> Result<bool> {
    let look = Statement::from_string(connection.get_database_backend(), guard.look);
    let found = connection.query_one_raw(look).await?;
    Ok(found.map(|row| row.try_get_by_index::<String>(0)).transpose()?.as_deref() == Some(guard.text))
}

impl Store {
    /// The names of the audit's triggers that are not there, or are others. Only reads.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn unguarded(&self) -> Result<Vec<&'static str>> {
        let connection = self.connection();
        let mut gone = Vec::new();
        for guard in guards(connection.get_database_backend()) {
            if !stands(connection, guard).await? {
                gone.push(guard.name);
            }
        }
        Ok(gone)
    }

    /// Puts the audit's triggers up again where they are not there, or are others.
    ///
    /// # Errors
    /// The account may not change the schema.
    pub async fn guard(&self) -> Result<()> {
        let connection = self.connection();
        for guard in guards(connection.get_database_backend()) {
            if !stands(connection, guard).await? {
                for statement in guard.renew {
                    connection.execute_unprepared(statement).await?;
                }
            }
        }
        Ok(())
    }
}
