//! Number formats: what a cell shows of the number it keeps.
//!
//! A code kept as 1 under the format 000 is 001 to everybody who looks at it; a day kept under a format without days is a month.

mod section;

use section::Section;

/// How exactly a date is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    Year,
    Month,
    Day,
}

/// What a cell shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// The value as it is kept, but perhaps for rounding, grouping and colour.
    AsKept,
    /// This text.
    As(String),
    /// Something else, which is not worked out here: scaled numbers, fractions, conditions, nothing at all.
    Otherwise,
}

/// A number format: up to four sections, for numbers above, below and at zero, and for text.
#[derive(Debug, Clone)]
pub struct Format {
    sections: Vec<Section>,
}

impl Format {
    /// `id` is the number that the file gives the format: those that depend on the user's language come without a code.
    pub fn new(code: &str, id: Option<u32>) -> Self {
        let code = match id.and_then(east_asian) {
            Some(own) if code == GENERAL => own,
            _ if code.is_empty() => GENERAL,
            _ => code,
        };
        Self { sections: section::split(code).map(Section::new).collect() }
    }

    /// How exactly the format shows a date.
    pub fn precision(&self) -> Precision {
        self.sections.first().map_or(Precision::Day, Section::precision)
    }

    pub fn number(&self, number: f64) -> Shown {
        if self.sections.iter().any(Section::is_conditional) {
            return Shown::Otherwise;
        }
        let numeric: Vec<&Section> = self.sections.iter().filter(|section| !section.is_of_text()).collect();
        match (&numeric[..], number) {
            ([], _) => Shown::AsKept,
            ([_, below, ..], n) if n < 0.0 => below.number(-n),
            ([_, _, zero, ..], 0.0) => zero.number(0.0),
            ([first, ..], n) if n < 0.0 => match first.number(-n) {
                Shown::As(text) => Shown::As(format!("-{text}")),
                other => other,
            },
            ([first, ..], n) => first.number(n),
        }
    }

    pub fn text(&self, text: &str) -> Shown {
        match self.sections.iter().find(|section| section.is_of_text()) {
            Some(section) => section.text(text),
            None if self.sections.len() > 3 => Shown::Otherwise,
            None => Shown::AsKept,
        }
    }
}

const GENERAL: &str = "General";

/// The formats that are built in without a code, as Chinese Excel and WPS show them.
const fn east_asian(id: u32) -> Option<&'static str> {
    match id {
        27 | 36 | 50 | 52 | 57 => Some(r#"yyyy"年"m"月""#),
        28 | 29 | 51 | 53 | 54 | 58 => Some(r#"m"月"d"日""#),
        30 => Some("m-d-yy"),
        31 => Some(r#"yyyy"年"m"月"d"日""#),
        32..=35 | 55 | 56 => Some(r#"h"时"mm"分""#),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shows(code: &str, number: f64) -> Shown {
        Format::new(code, None).number(number)
    }

    fn text(text: &str) -> Shown {
        Shown::As(text.to_owned())
    }

    #[test]
    fn a_padded_or_lettered_code_is_what_is_shown() {
        assert_eq!(shows("000", 1.0), text("001"));
        assert_eq!(shows("\"ZJ-\"0000", 12.0), text("ZJ-0012"));
        assert_eq!(shows("\\Z\\J0000", 7.0), text("ZJ0007"));
        assert_eq!(shows("000-0000-0000", 13_800_138_000.0), text("138-0013-8000"));
        assert_eq!(shows("00", 2025.0), Shown::AsKept);
        assert_eq!(shows("0000", 2025.0), Shown::AsKept);
        assert_eq!(shows("[$-804]00000", 42.0), text("00042"));
        assert_eq!(shows("0\"万元\"", 6200.0), text("6200万元"));
        assert_eq!(shows("0.00\"亿\"", 6.2), text("6.20亿"));
        assert_eq!(shows("0%", 0.5), text("50%"));
    }

    #[test]
    fn figures_grouped_coloured_or_rounded_are_as_kept() {
        for code in [
            "General",
            "0",
            "0.00",
            "#,##0",
            "#,##0.00",
            "0_ ",
            "0_);[Red]\\(0\\)",
            "#,##0_);(#,##0)",
            "@",
            "0.00E+00",
            "",
            "#",
        ] {
            assert_eq!(shows(code, 6200.5), Shown::AsKept, "{code}");
        }
        assert_eq!(shows("_(* #,##0.00_);_(* (#,##0.00);_(* \"-\"??_);_(@_)", 6200.5), Shown::AsKept);
        assert_eq!(shows("¥#,##0.00", 6200.0), text("¥6,200.00"));
        assert_eq!(shows("0_);[Red]\\(0\\)", -3.0), text("(3)"));
    }

    #[test]
    fn what_is_not_worked_out_is_not_taken_as_kept() {
        for code in ["0.0,", "0!.0,\"万\"", "# ?/?", "[>100]0;0.0", ";;;", "\"已核\""] {
            assert_eq!(shows(code, 62_000.0), Shown::Otherwise, "{code}");
        }
        assert_eq!(Format::new(";;;", None).text("甲"), Shown::Otherwise);
        assert_eq!(Format::new("0;0;0", None).text("甲"), Shown::AsKept);
        assert_eq!(Format::new("\"ZJ-\"@", None).text("001"), text("ZJ-001"));
        assert_eq!(Format::new("@", None).text("001"), Shown::AsKept);
    }

    #[test]
    fn dates_are_as_exact_as_their_format() {
        let precision = |code: &str, id| Format::new(code, id).precision();
        for code in ["yyyy\"年\"m\"月\"", "mmm-yy", "yyyy/mm", "[$-804]yyyy.m;@", "e\"年\"m\"月\"", "yyyy\\-mm"] {
            assert_eq!(precision(code, None), Precision::Month, "{code}");
        }
        for code in ["yyyy", "yyyy\"年\"", "yy"] {
            assert_eq!(precision(code, None), Precision::Year, "{code}");
        }
        for code in ["yyyy-mm-dd", "m/d/yy h:mm", "[$-F800]dddd, mmmm dd, yyyy", "m\"月\"d\"日\"", "General"] {
            assert_eq!(precision(code, None), Precision::Day, "{code}");
        }
        assert_eq!(precision("General", Some(57)), Precision::Month);
        assert_eq!(precision("General", Some(31)), Precision::Day);
    }
}
