//! The kinds of content of a cell, and the one number format of each.

use chrono::NaiveDate;
use domain::points::Points;

/// A value in 1/1000: `Milli(79_405)` is 79.405.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Milli(pub i64);

#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Blank,
    /// Always text, also where it looks like a formula or a number.
    Text(String),
    /// Whole or decimal, shown as it is.
    Number(f64),
    /// Two decimals.
    Score(Points),
    /// Three decimals.
    Exact(Milli),
    /// In 1/10000: 修正系数, shown with four decimals.
    Factor(i64),
    /// Three decimals with its sign.
    Shift(Milli),
    /// A share of one, shown in percent with one decimal.
    Share(Milli),
    Date(NaiveDate),
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        // Some characters are none in XML: one of them, and no program opens the workbook.
        Self::Text(domain::text::kept(&text.into()))
    }

    pub fn count(count: u32) -> Self {
        Self::Number(f64::from(count))
    }

    /// Blank where there is no value.
    pub fn or_blank<T>(value: Option<T>, cell: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Blank, cell)
    }

    pub(crate) const fn number_format(&self) -> &'static str {
        match self {
            Self::Blank | Self::Number(_) => "General",
            Self::Text(_) => "@",
            Self::Score(_) => "0.00",
            Self::Exact(_) => "0.000",
            Self::Factor(_) => "0.0000",
            Self::Shift(_) => "+0.000;-0.000;0.000",
            Self::Share(_) => "0.0%",
            Self::Date(_) => "yyyy\"年\"m\"月\"d\"日\"",
        }
    }

    /// The number that is stored, if the cell holds one.
    pub(crate) fn stored(&self) -> Option<f64> {
        match self {
            Self::Blank | Self::Text(_) => None,
            Self::Number(number) => Some(*number),
            Self::Factor(value) => Some(*value as f64 / 10_000.0),
            Self::Score(points) => Some(points.0 as f64 / 100.0),
            Self::Exact(value) | Self::Shift(value) | Self::Share(value) => Some(value.0 as f64 / 1000.0),
            Self::Date(day) => Some(excel_serial(*day) as f64),
        }
    }
}

/// Days since 1899-12-30, as Excel counts from March 1900 on.
fn excel_serial(day: NaiveDate) -> i64 {
    NaiveDate::from_ymd_opt(1899, 12, 30).map_or(0, |epoch| (day - epoch).num_days())
}
