//! Official Excel tables out: plain structs in, bytes of an .xlsx out.
//!
//! Pure: no clock, no database; the same input gives the same bytes, so that the archive can name them by digest. Every
//! value is written as a value: nothing in these files is computed when they are opened.

pub mod applications;
mod cell;
pub mod conflicts;
pub mod draw_record;
pub mod experts;
pub mod invitations;
pub mod panel_summary;
pub mod ranking;
pub mod table;
mod workbook;

pub use cell::{Cell, Milli};
pub use workbook::ExportError;

use domain::points::Points;

/// Which columns a table has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// 签署版: what is signed, on A4.
    Signing,
    /// 全表: everything, as its annex.
    Full,
}

impl Edition {
    const fn purpose(self) -> workbook::Purpose {
        match self {
            Self::Signing => workbook::Purpose::Signing,
            Self::Full => workbook::Purpose::Reading,
        }
    }

    /// What a file's name says of it.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Signing => "（签署版）",
            Self::Full => "",
        }
    }
}

/// Why the dimensions of an application do not add up to its score: criteria that do not apply leave the base.
fn rescaled(base: Points) -> Option<String> {
    (base > Points::ZERO && base < Points::whole(100))
        .then(|| format!("有不适用项：各维度为实得分，适用分值{}，总分已折算为百分制", base.short()))
}

#[cfg(test)]
mod tests;
