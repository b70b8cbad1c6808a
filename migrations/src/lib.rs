//! The schema, one file per step.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod guard;
mod m0001_accounts;
mod m0002_programme;
mod m0003_experts;
mod m0004_rounds;
mod m0005_scoring;
mod m0006_results;
mod m0007_audit;
mod m0008_draw;
mod m0009_bridges;
mod m0010_disciplines;
mod m0011_audit_chain;
mod m0012_sign_in;
mod m0013_second_factor;
mod m0014_approaches;
mod m0015_invitations;
mod m0016_personal_data;
mod m0017_region;
mod m0018_audit_by_object;
mod m0019_browser_session;
mod m0020_revision;
mod m0021_save;
mod m0022_judgement;
mod m0023_imprints;
mod m0024_consent;
mod m0025_renewal;
mod m0026_security_key;

pub use guard::{Guard, guards};

/// Every step in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_accounts::Migration),
            Box::new(m0002_programme::Migration),
            Box::new(m0003_experts::Migration),
            Box::new(m0004_rounds::Migration),
            Box::new(m0005_scoring::Migration),
            Box::new(m0006_results::Migration),
            Box::new(m0007_audit::Migration),
            Box::new(m0008_draw::Migration),
            Box::new(m0009_bridges::Migration),
            Box::new(m0010_disciplines::Migration),
            Box::new(m0011_audit_chain::Migration),
            Box::new(m0012_sign_in::Migration),
            Box::new(m0013_second_factor::Migration),
            Box::new(m0014_approaches::Migration),
            Box::new(m0015_invitations::Migration),
            Box::new(m0016_personal_data::Migration),
            Box::new(m0017_region::Migration),
            Box::new(m0018_audit_by_object::Migration),
            Box::new(m0019_browser_session::Migration),
            Box::new(m0020_revision::Migration),
            Box::new(m0021_save::Migration),
            Box::new(m0022_judgement::Migration),
            Box::new(m0023_imprints::Migration),
            Box::new(m0024_consent::Migration),
            Box::new(m0025_renewal::Migration),
            Box::new(m0026_security_key::Migration),
        ]
    }
}
