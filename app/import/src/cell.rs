//! One cell's value, and how it becomes text without inventing or losing digits.

use calamine::DataRef;
use chrono::{Days, NaiveDate};
use domain::text::normalise;

/// The content of a cell. Cells without content are not kept.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Text(String),
    Number(f64),
    /// A cell formatted as a date: days since 1899-12-30.
    Date(f64),
    Bool(bool),
    Error(String),
}

/// Excel keeps 15 digits of a number; longer codes typed as numbers have lost their end.
const EXACT_BELOW: f64 = 1e15;

impl Value {
    /// `epoch_shift` turns the days of a workbook counting from 1904 into days from 1900.
    pub fn read(data: &DataRef<'_>, epoch_shift: f64) -> Option<Self> {
        match data {
            DataRef::Empty => None,
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Self::text(text),
            DataRef::SharedString(text) => Self::text(text),
            #[expect(clippy::cast_precision_loss, reason = "Excel itself keeps numbers as doubles")]
            DataRef::Int(n) => Some(Self::Number(*n as f64)),
            DataRef::Float(n) => Some(Self::Number(*n)),
            DataRef::Bool(b) => Some(Self::Bool(*b)),
            DataRef::DateTime(moment) => Some(Self::Date(moment.as_f64() + epoch_shift)),
            DataRef::Error(error) => Some(Self::Error(error.to_string())),
        }
    }

    fn text(text: &str) -> Option<Self> {
        (!normalise(text).is_empty()).then(|| Self::Text(text.to_owned()))
    }

    /// For people to recognise; may round.
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::Error(text) => crate::report::shorten(text),
            Self::Number(n) if n.abs() >= EXACT_BELOW => format!("{n:E}"),
            Self::Number(n) => plain(*n),
            Self::Date(serial) => day_of(*serial).map_or_else(|| plain(*serial), |day| day.to_string()),
            Self::Bool(b) => if *b { "TRUE" } else { "FALSE" }.to_owned(),
        }
    }

    /// The cell as text, exactly.
    ///
    /// # Errors
    /// In words: error values, and numbers whose digits Excel has already dropped.
    pub fn exact_text(&self) -> Result<String, String> {
        match self {
            Self::Text(text) if is_scientific(text) => Err(SCIENTIFIC.to_owned()),
            Self::Text(text) => Ok(normalise(text).trim_start_matches(['\'', '’', '‘']).to_owned()),
            Self::Number(n) if n.abs() >= EXACT_BELOW => Err(SCIENTIFIC.to_owned()),
            Self::Error(error) => Err(format!("单元格是公式错误值 {error}，请改正公式或直接填写内容")),
            other => Ok(other.shown()),
        }
    }

    /// A code: as `exact_text`, and no date either.
    ///
    /// # Errors
    /// In words.
    pub fn code(&self) -> Result<String, String> {
        match self {
            Self::Date(_) => Err("内容被 Excel 当成了日期。请先把该列设为“文本”格式，再重新填写".to_owned()),
            other => other.exact_text(),
        }
    }

    /// Text for comparing with markers and headers.
    pub fn key(&self) -> String {
        match self {
            Self::Text(text) => domain::text::name_key(text),
            other => other.shown(),
        }
    }
}

const SCIENTIFIC: &str = "长数字已被 Excel 改成科学计数法，末尾数字已丢失。请先把该列设为“文本”格式，再重新填写";

/// `6.20102E+17` kept as text.
fn is_scientific(text: &str) -> bool {
    let text = normalise(text).to_ascii_uppercase();
    let Some((mantissa, exponent)) = text.split_once("E+") else { return false };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    digits(exponent) && digits(&mantissa.replacen('.', "", 1))
}

/// Shortest decimal form of the 15 digits Excel shows, without an exponent.
pub fn plain(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    // Adding zero turns −0 into 0.
    format!("{}", rounded + 0.0)
}

/// The day of an Excel serial, for 1900-03-01 to 2173.
pub fn day_of(serial: f64) -> Option<NaiveDate> {
    if !(61.0..100_000.0).contains(&serial) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded above")]
    let days = serial as u64;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_the_text_a_person_sees() {
        assert_eq!(plain(6200.0), "6200");
        assert_eq!(plain(0.1 + 0.2), "0.3");
        assert_eq!(plain(-0.0), "0");
        assert_eq!(plain(13_800_138_000.0), "13800138000");
    }

    #[test]
    fn lost_digits_are_never_guessed() {
        assert!(Value::Number(6.201_021_990_010_1e17).code().is_err());
        assert!(Value::Text("6.20102E+17".to_owned()).code().is_err());
        assert_eq!(Value::Text("91E+".to_owned()).code().as_deref(), Ok("91E+"));
        assert_eq!(Value::Text("'620102".to_owned()).code().as_deref(), Ok("620102"));
    }

    #[test]
    fn serials_are_days() {
        assert_eq!(day_of(45352.0), NaiveDate::from_ymd_opt(2024, 3, 1));
        assert_eq!(day_of(f64::NAN), None);
        assert_eq!(day_of(1e300), None);
    }
}
