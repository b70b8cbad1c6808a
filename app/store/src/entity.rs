//! Tables as rows. Nothing outside this crate sees them.

pub mod account;
pub mod affiliation;
pub mod application;
pub mod application_member;
pub mod application_person;
pub mod audit;
pub mod authority;
pub mod batch;
pub mod conflict;
pub mod countersign;
pub mod expert;
pub mod expert_tie;
pub mod import_file;
pub mod indicator;
pub mod indicator_result;
pub mod knockout;
pub mod objective_score;
pub mod panel;
pub mod round;
pub mod round_application;
pub mod run;
pub mod seat;
pub mod session;
pub mod setting;
pub mod sheet;
pub mod task;
