//! Words and rules of the review: ids, state machines, rubric arithmetic, recusal rules.
//!
//! Pure: no clock, no random source, no I/O. The same code runs in the browser.

pub mod acceptance;
pub mod access;
pub mod account;
pub mod application;
pub mod approach;
pub mod audit;
pub mod beijing;
pub mod bridge;
pub mod bridging;
pub mod changes;
pub mod code;
pub mod conflict;
pub mod consent;
pub mod countersign;
pub mod demand;
pub mod digest;
pub mod discipline;
pub mod draw;
pub mod expert;
pub mod gate;
pub mod identity;
pub mod ids;
pub mod import;
pub mod imprint;
pub mod indicator;
pub mod invariant;
pub mod invitation;
pub mod leave;
pub mod lockout;
pub mod money;
pub mod numeral;
pub mod objective;
pub mod panel;
pub mod people;
pub mod points;
pub mod quantity;
pub mod ranking;
pub mod reason;
pub mod region;
pub mod renewal;
pub mod result;
pub mod round;
pub mod rubric;
pub mod rubric_default;
pub mod run;
pub mod seat;
pub mod second_factor;
pub mod sector;
pub mod sheet;
pub mod text;
pub mod uscc;

pub use chrono::{DateTime, NaiveDate, Utc};

/// A moment, always UTC; the page shows it in Beijing time.
pub type Timestamp = DateTime<Utc>;
