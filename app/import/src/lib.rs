//! Untidy Excel files in, typed rows and problems out.
//!
//! Pure: bytes in, values out; no clock, no database. A row is either read whole or left out and reported: a row that
//! lost a unit code or a former employer would still be imported, but recusal would no longer see what was lost.

pub mod accounts;
mod anatomy;
pub mod applications;
mod cell;
mod container;
mod date;
pub mod experts;
mod format;
mod header;
mod names;
mod record;
mod report;
pub mod table;
pub mod tasks;
mod template;
mod whole;
mod workbook;

pub use cell::MAX_COLUMNS;
pub use container::{MAX_PART, MAX_RATIO, MAX_UNPACKED};
pub use report::{Aside, Hidden, Located, Parsed, Problem, Seen, SheetKind, Unreadable, WhyAside};
pub use whole::Whole;
pub use workbook::MAX_ROWS;

#[cfg(test)]
mod tests;
