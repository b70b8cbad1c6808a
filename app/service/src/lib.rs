//! Use cases: who may do what, in one transaction, recorded in the audit.
//!
//! Every function here asks for the permission first, applies a rule of `domain`, writes through `store`, and records the
//! change in the same transaction.

pub mod account;
pub mod agreement;
pub mod application;
pub mod approach;
pub mod assignment;
pub mod audit;
pub mod calibration;
pub mod conflict;
pub mod consent;
pub mod context;
pub mod crypto;
pub mod decision;
pub mod dossier;
pub mod draw;
pub mod error;
pub mod expert;
pub mod export;
pub mod finding;
mod heavy;
pub mod identity;
pub mod import;
mod imprint;
pub mod integrity;
pub mod invariant;
mod kept;
pub mod panel;
pub mod personal;
pub mod programme;
pub mod ranking;
pub mod region;
pub mod renewal;
pub mod retention;
pub mod round;
pub mod scoring;
pub mod session;
mod veil;
pub mod workbench;

pub use context::{App, Client, Clock, Context, Ids, Policy, RandomIds, SystemClock, Transport};
pub use domain::access::Restriction;
pub use error::{Case, Error, Result, RuleError};
