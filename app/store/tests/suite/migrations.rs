//! The steps of the schema, up and down.

use crate::support::{Opened, a_round, batch, id};
use crate::write;
use domain::ids::ExpertId;
use domain::people::Number;
use store::Repositories;

pub async fn the_schema_goes_up_down_and_up_again(opened: Opened) {
    let store = &opened.store;
    assert!(opened.database.is_migrated().await.unwrap());
    a_round(store).await;
    opened.database.unmigrate().await.unwrap();
    assert!(!opened.database.is_migrated().await.unwrap());
    opened.database.migrate().await.unwrap();
    assert!(opened.database.is_migrated().await.unwrap());
    assert!(store.programme().batches().await.unwrap().is_empty(), "down takes the tables away");
    a_round(store).await;
    opened.database.migrate().await.unwrap();
    assert_eq!(store.programme().batches().await.unwrap(), [batch()], "migrating twice changes nothing");
}

pub async fn one_step_down_at_a_time_leaves_nothing_behind(opened: Opened) {
    use migrations::{Migrator, MigratorTrait};
    let store = &opened.store;
    let steps = Migrator::migrations().len();
    for _ in 0..steps {
        Migrator::down(opened.database.connection(), Some(1)).await.unwrap();
    }
    for done in 1..=steps {
        Migrator::up(opened.database.connection(), Some(1)).await.unwrap();
        assert_eq!(opened.database.is_migrated().await.unwrap(), done == steps);
    }
    write!(store, |tx| tx.programme().insert_batch(batch()).await);
}

pub async fn keys_that_lead_nowhere_are_found(opened: Opened) {
    use sea_orm::{ConnectionTrait, DatabaseBackend};
    a_round(&opened.store).await;
    assert_eq!(opened.database.damage().await.unwrap(), []);
    let connection = opened.database.connection();
    let unbound = match connection.get_database_backend() {
        DatabaseBackend::Sqlite => "PRAGMA foreign_keys = OFF",
        _ => "SET session_replication_role = replica",
    };
    connection.execute_unprepared(unbound).await.unwrap();
    connection.execute_unprepared("DELETE FROM task").await.unwrap();
    let found = opened.database.damage().await.unwrap();
    assert!(!found.is_empty());
    for damage in found {
        let store::Damage::Dangling { table, parent, rows } = damage else { panic!("{damage}") };
        assert_eq!(parent, "task");
        assert!(rows > 0 && ["application", "indicator"].contains(&table.as_str()), "{table}");
    }
}

/// The last steps taken back until `name` is undone as well.
async fn undo(opened: &Opened, name: &str) -> u32 {
    use migrations::{Migrator, MigratorTrait};
    let from = Migrator::migrations().iter().position(|step| step.name() == name).unwrap();
    let steps = u32::try_from(Migrator::migrations().len() - from).unwrap();
    Migrator::down(opened.database.connection(), Some(steps)).await.unwrap();
    steps
}

pub async fn id_numbers_move_to_their_own_table_and_back(opened: Opened) {
    use sea_orm::ConnectionTrait;
    let step = "m0016_personal_data";
    undo(&opened, step).await;
    let expert = id(1);
    let insert = format!(
        "INSERT INTO expert (id, code, name, source, role, sectors, specialities, disciplines, title, employer, region, standing, id_hash, id_masked) \
         VALUES ({}, 'ZJ-1', '示例', 'gxt', 'technical', '', '', '[]', '', '示例大学', '', 'active', 'hash', '620102********0011')",
        opened.literal(expert)
    );
    opened.database.connection().execute_unprepared(&insert).await.unwrap();
    opened.database.migrate().await.unwrap();
    let moved = opened.store.personal().of(ExpertId(expert)).await.unwrap();
    assert_eq!(moved.len(), 1);
    assert_eq!((moved[0].kind, moved[0].masked.as_str()), (Number::IdNumber, "620102********0011"));
    assert_eq!((moved[0].hash.as_deref(), &moved[0].sealed), (Some("hash"), &None));
    undo(&opened, step).await;
    opened.database.migrate().await.unwrap();
    assert_eq!(
        opened.store.personal().of(ExpertId(expert)).await.unwrap()[0].hash,
        moved[0].hash,
        "there and back again"
    );
}
