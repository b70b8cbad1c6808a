//! Official Excel tables out: plain structs in, bytes of an .xlsx out.
//!
//! Pure: no clock, no database; the same input gives the same bytes, so that the archive can name them by digest. Every
//! value is written as a value: nothing in these files is computed when they are opened.

mod cell;
pub mod panel_summary;
pub mod ranking;
pub mod table;
mod workbook;

pub use cell::{Cell, Milli};
pub use workbook::ExportError;

#[cfg(test)]
mod tests;
