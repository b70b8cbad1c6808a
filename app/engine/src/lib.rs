//! The mathematics of the review: panels, assignment, calibration, ranking.
//!
//! Pure: no clock, no random source, no I/O. Seeds come in as arguments; every result carries the version of its rules.

pub mod assignment;
pub mod bridging;
pub mod calibration;
pub mod csv_input;
pub mod decimal;
pub mod draw;
pub mod expertise;
pub mod panels;
pub mod ranking;
pub mod simulation;
pub mod total;
