//! Units and people as cells name them: several in one cell, with numbers, codes, titles and remarks.
//!
//! Who is named here is compared with every expert. A name that swallowed its neighbour is found by nobody, so what cannot
//! be told apart is a problem at its cell.

mod list;
mod person;
mod unit;

pub use list::{is_placeholder, parts};
pub use person::{PersonName, people, person};
pub use unit::{UnitName, is_unit, unit, units};

/// The text at fault and the reason in words.
pub type Unclear = (String, String);

fn unclear(text: &str, reason: impl Into<String>) -> Unclear {
    (crate::report::shorten(text), reason.into())
}
