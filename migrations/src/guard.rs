//! The triggers that keep the audit from being changed, as every step after the last one that touches them leaves them.

use sea_orm_migration::sea_orm::DbBackend;

/// A trigger of the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guard {
    pub name: &'static str,
    /// Selects the text by which it is known; no row where it is not there.
    pub look: &'static str,
    pub text: &'static str,
    /// Put it up where it is not, or is another.
    pub renew: &'static [&'static str],
}

macro_rules! sqlite {
    ($name:literal, $text:literal) => {
        Guard {
            name: $name,
            look: concat!("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = '", $name, "'"),
            text: $text,
            renew: &[concat!("DROP TRIGGER IF EXISTS ", $name), $text],
        }
    };
}

macro_rules! postgres {
    ($name:literal, $event:literal) => {
        Guard {
            name: $name,
            look: concat!(
                "SELECT tgname::text FROM pg_trigger WHERE tgrelid = 'audit'::regclass AND tgenabled IN ('O', 'A') AND tgname = '",
                $name,
                "'"
            ),
            text: $name,
            renew: &[
                concat!("DROP TRIGGER IF EXISTS ", $name, " ON audit"),
                concat!("CREATE TRIGGER ", $name, " BEFORE ", $event, " EXECUTE PROCEDURE audit_is_kept()"),
            ],
        }
    };
}

const KEPT: &str = " BEGIN RAISE EXCEPTION 'audit rows are neither changed nor removed'; END ";

const SQLITE: &[Guard] = &[
    sqlite!(
        "audit_is_not_changed",
        "CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows are not changed'); END"
    ),
    sqlite!(
        "audit_is_not_removed",
        "CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows are not removed'); END"
    ),
];

const POSTGRES: &[Guard] = &[
    Guard {
        name: "audit_is_kept()",
        look: "SELECT prosrc FROM pg_proc WHERE proname = 'audit_is_kept' AND pg_function_is_visible(oid)",
        text: KEPT,
        renew: &["CREATE OR REPLACE FUNCTION audit_is_kept() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION \
                  'audit rows are neither changed nor removed'; END $$ LANGUAGE plpgsql"],
    },
    postgres!("audit_is_kept", "UPDATE OR DELETE ON audit FOR EACH ROW"),
    postgres!("audit_is_not_emptied", "TRUNCATE ON audit FOR EACH STATEMENT"),
];

/// The guards of a database of this kind.
pub const fn guards(backend: DbBackend) -> &'static [Guard] {
    match backend {
        DbBackend::Postgres => POSTGRES,
        _ => SQLITE,
    }
}
