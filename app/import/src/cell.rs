//! One cell's value, and how it becomes text without inventing or losing digits.

use crate::format::{Format, Precision, Shown};
use calamine::DataRef;
use chrono::{Days, NaiveDate};
use domain::text::normalise;

/// Columns behind this one are not looked at.
pub const MAX_COLUMNS: u16 = 256;

/// The content of a cell. Cells without content are not kept.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Text(String),
    Number(f64),
    /// A number that the cell shows as this text: 1 as 001.
    Shown(String),
    /// A number or text that the cell shows in a way that is not worked out here.
    Otherwise(String),
    /// A cell formatted as a date: days since 1899-12-30.
    Date(f64, Precision),
    Bool(bool),
    Error(String),
    /// A formula whose result the file does not hold.
    Unvalued,
}

/// Excel keeps 15 digits of a number; longer codes typed as numbers have lost their end.
const EXACT_BELOW: f64 = 1e15;

impl Value {
    /// `epoch_shift` turns the days of a workbook counting from 1904 into days from 1900.
    pub fn read(data: &DataRef<'_>, format: Option<&Format>, epoch_shift: f64) -> Option<Self> {
        match data {
            DataRef::Empty => None,
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Self::text(text, format),
            DataRef::SharedString(text) => Self::text(text, format),
            #[expect(clippy::cast_precision_loss, reason = "Excel itself keeps numbers as doubles")]
            DataRef::Int(n) => Some(Self::number(*n as f64, format)),
            DataRef::Float(n) => Some(Self::number(*n, format)),
            DataRef::Bool(b) => Some(Self::Bool(*b)),
            DataRef::DateTime(moment) => {
                let precision = format.map_or(Precision::Day, Format::precision);
                Some(Self::Date(moment.as_f64() + epoch_shift, precision))
            }
            DataRef::Error(error) => Some(Self::Error(error.to_string())),
        }
    }

    fn number(number: f64, format: Option<&Format>) -> Self {
        if number.abs() >= EXACT_BELOW {
            return Self::Number(number);
        }
        match format.map_or(Shown::AsKept, |format| format.number(number)) {
            Shown::AsKept => Self::Number(number),
            Shown::As(text) => Self::Shown(text),
            Shown::Otherwise => Self::Otherwise(plain(number)),
        }
    }

    fn text(text: &str, format: Option<&Format>) -> Option<Self> {
        if normalise(text).is_empty() {
            return None;
        }
        Some(match format.map_or(Shown::AsKept, |format| format.text(text)) {
            Shown::AsKept => Self::Text(text.to_owned()),
            Shown::As(shown) => Self::Shown(shown),
            Shown::Otherwise => Self::Otherwise(text.to_owned()),
        })
    }

    /// For people to recognise; may round.
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::Error(text) | Self::Shown(text) | Self::Otherwise(text) => {
                crate::report::shorten(text)
            }
            Self::Number(n) if n.abs() >= EXACT_BELOW => format!("{n:E}"),
            Self::Number(n) => plain(*n),
            Self::Date(serial, precision) => day_of(*serial).map_or_else(
                || plain(*serial),
                |day| match precision {
                    Precision::Year => day.format("%Y年").to_string(),
                    Precision::Month => day.format("%Y年%-m月").to_string(),
                    Precision::Day => day.to_string(),
                },
            ),
            Self::Bool(b) => if *b { "TRUE" } else { "FALSE" }.to_owned(),
            Self::Unvalued => "（公式）".to_owned(),
        }
    }

    /// The cell as text, exactly, as it shows.
    ///
    /// # Errors
    /// In words: error values, formulas without a kept result, numbers whose digits Excel has already dropped or that show otherwise.
    pub fn exact_text(&self) -> Result<String, String> {
        match self {
            Self::Text(text) if is_scientific(text) => Err(SCIENTIFIC.to_owned()),
            Self::Text(text) => Ok(normalise(text).trim_start_matches(APOSTROPHES).to_owned()),
            Self::Number(n) if n.abs() >= EXACT_BELOW => Err(SCIENTIFIC.to_owned()),
            Self::Error(error) => Err(format!("单元格是公式错误值 {error}，请改正公式或直接填写内容")),
            Self::Shown(text) => Ok(text.clone()),
            Self::Unvalued => Err(UNVALUED.to_owned()),
            Self::Otherwise(_) => Err(OTHERWISE.to_owned()),
            other => Ok(other.shown()),
        }
    }

    /// What was typed for reading a number or a date from it: as `exact_text`, without signs of money and groups that only the format shows.
    ///
    /// # Errors
    /// As `exact_text`.
    pub fn figure(&self) -> Result<String, String> {
        match self {
            Self::Shown(text) => Ok(text.replace(['¥', '￥', ','], "").trim().to_owned()),
            other => other.exact_text(),
        }
    }

    /// A code: as `exact_text`, and no date either.
    ///
    /// # Errors
    /// In words.
    pub fn code(&self) -> Result<String, String> {
        match self {
            Self::Date(..) => Err("内容被 Excel 当成了日期。请先把该列设为“文本”格式，再重新填写".to_owned()),
            other => other.exact_text(),
        }
    }

    /// Text for comparing with markers and headers.
    pub fn key(&self) -> String {
        match self {
            Self::Text(text) | Self::Shown(text) => domain::text::name_key(text),
            other => other.shown(),
        }
    }
}

/// What Excel puts before a number to keep it as text, and what input methods make of it.
pub const APOSTROPHES: [char; 4] = ['\'', '’', '‘', '＇'];
const UNVALUED: &str = "单元格是公式，文件中没有保存它的结果。请用 Excel 或 WPS 打开、重新计算并保存，或直接填写内容";
const OTHERWISE: &str =
    "单元格显示的内容与保存的内容不同（数字格式所致）。请把该单元格设为“文本”格式，按显示的内容重新填写";
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
