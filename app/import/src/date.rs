//! Dates as people type them.

use crate::cell::{Value, day_of, plain};
use chrono::NaiveDate;
use domain::text::normalise;

/// A date as exact as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// 至今, or a dash.
    Open,
    Day(NaiveDate),
    Month(i32, u32),
    Year(i32),
}

impl When {
    /// The first day it may mean: a tie's beginning is read so that recusal sees the longer tie.
    pub fn first(self) -> Option<NaiveDate> {
        match self {
            Self::Open => None,
            Self::Day(day) => Some(day),
            Self::Month(year, month) => NaiveDate::from_ymd_opt(year, month, 1),
            Self::Year(year) => NaiveDate::from_ymd_opt(year, 1, 1),
        }
    }

    /// The last day it may mean.
    pub fn last(self) -> Option<NaiveDate> {
        match self {
            Self::Month(year, month) => {
                let (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
                NaiveDate::from_ymd_opt(year, month, 1)?.pred_opt()
            }
            Self::Year(year) => NaiveDate::from_ymd_opt(year, 12, 31),
            other => other.first(),
        }
    }
}

const FORMS: &str = "无法识别的日期，请写成 2024-03-01 或 2024年3月";

/// Reads a date cell, a number or a text.
///
/// # Errors
/// In words, also where the day or month cannot be told.
pub fn read(value: &Value) -> Result<When, String> {
    match value {
        Value::Date(serial) => day_of(*serial).map(When::Day).ok_or_else(|| FORMS.to_owned()),
        Value::Number(number) => from_number(*number),
        Value::Text(text) => from_text(text),
        Value::Bool(_) => Err(FORMS.to_owned()),
        Value::Error(_) => Err(value.exact_text().err().unwrap_or_default()),
    }
}

/// `202403`, `20240301`, `2024`, the serial 45352; and `2024.3`, which a spreadsheet keeps as a number.
fn from_number(number: f64) -> Result<When, String> {
    let text = plain(number);
    if text.contains('.') && (1900.0..2101.0).contains(&number) {
        // A number cannot tell 2024.1 from 2024.10.
        return match text.split_once('.') {
            Some((year, "1")) => Err(format!("分不清{year}年1月与10月，请写成 {year}-01 或 {year}-10")),
            _ => from_text(&text),
        };
    }
    if let Some(whole) = text.split('.').next()
        && (2101.0..100_000.0).contains(&number)
    {
        return whole.parse().ok().and_then(day_of).map(When::Day).ok_or_else(|| FORMS.to_owned());
    }
    from_text(&text)
}

fn from_text(text: &str) -> Result<When, String> {
    const OPEN: [&str; 13] =
        ["至今", "今", "迄今", "现在", "目前", "现任", "在职", "在任", "长期", "无", "-", "—", "/"];
    let text = normalise(text);
    if OPEN.contains(&text.trim_matches(['（', '）', '(', ')', '—', ' ']))
        || text.chars().all(|c| matches!(c, '-' | '—' | '/'))
    {
        return Ok(When::Open);
    }
    let mut groups: Vec<String> = vec![String::new()];
    // A clock time behind the day says nothing here.
    let day_part =
        if text.contains(':') || text.contains('：') { text.split([' ', 'T']).next().unwrap_or("") } else { &text };
    for c in day_part.chars() {
        match c {
            '0'..='9' => groups.last_mut().into_iter().for_each(|g| g.push(c)),
            '-' | '/' | '.' | '年' | '月' | '日' | '号' | '\\' | '。' | '、' | '—' | '－' => {
                groups.push(String::new());
            }
            ' ' => {}
            _ => return Err(FORMS.to_owned()),
        }
    }
    groups.retain(|g| !g.is_empty());
    let numbers: Vec<&str> = groups.iter().map(String::as_str).collect();
    match numbers[..] {
        [all] if all.len() == 8 => date(&all[..4], &all[4..6], Some(&all[6..])),
        [all] if all.len() == 6 => date(&all[..4], &all[4..6], None),
        [year] if year.len() == 4 => sane_year(year).map(When::Year),
        [year, month] => date(year, month, None),
        [year, month, day] => date(year, month, Some(day)),
        _ => Err(FORMS.to_owned()),
    }
}

fn sane_year(text: &str) -> Result<i32, String> {
    text.parse().ok().filter(|y| text.len() == 4 && (1900..=2100).contains(y)).ok_or_else(|| FORMS.to_owned())
}

fn date(year: &str, month: &str, day: Option<&str>) -> Result<When, String> {
    let year = sane_year(year)?;
    let number = |text: &str| text.parse::<u32>().map_err(|_| FORMS.to_owned());
    let month = number(month)?;
    if !(1..=12).contains(&month) {
        return Err(format!("没有{month}月"));
    }
    let Some(day) = day else { return Ok(When::Month(year, month)) };
    NaiveDate::from_ymd_opt(year, month, number(day)?)
        .map(When::Day)
        .ok_or_else(|| format!("{year}年{month}月没有{day}日"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> When {
        When::Day(NaiveDate::from_ymd_opt(y, m, d).unwrap())
    }

    #[test]
    fn every_usual_way_of_writing_a_date_is_read() {
        for text in [
            "2024-03-01",
            "2024/3/1",
            "2024.3.1",
            "2024年3月1日",
            "２０２４－０３－０１",
            "20240301",
            "2024-03-01 00:00:00",
            "2024-03-01T08:30:00",
            "2024 年 3 月 1 日",
        ] {
            assert_eq!(from_text(text), Ok(day(2024, 3, 1)), "{text}");
        }
        for text in ["2024.3", "2024年3月", "202403", "2024-03", "2024/3", "2024.03"] {
            assert_eq!(from_text(text), Ok(When::Month(2024, 3)), "{text}");
        }
        for text in ["至今", "现在", "—", "--", "/", "（至今）"] {
            assert_eq!(from_text(text), Ok(When::Open), "{text}");
        }
        assert_eq!(from_text("2024年"), Ok(When::Year(2024)));
        assert_eq!(read(&Value::Number(45352.0)), Ok(day(2024, 3, 1)));
        assert_eq!(read(&Value::Number(45352.75)), Ok(day(2024, 3, 1)));
        assert_eq!(read(&Value::Date(45352.5)), Ok(day(2024, 3, 1)));
        assert_eq!(read(&Value::Number(202_403.0)), Ok(When::Month(2024, 3)));
        assert_eq!(read(&Value::Number(20_240_301.0)), Ok(day(2024, 3, 1)));
        assert_eq!(read(&Value::Number(2024.0)), Ok(When::Year(2024)));
        assert_eq!(read(&Value::Number(2024.12)), Ok(When::Month(2024, 12)));
    }

    #[test]
    fn what_cannot_be_told_is_refused() {
        for text in ["2024-13-01", "2024-02-30", "去年", "3月", "2019.3-2022.6", "0024-01-01", "2024-99999999999"] {
            assert!(from_text(text).is_err(), "{text}");
        }
        assert!(read(&Value::Number(2024.1)).unwrap_err().contains("1月与10月"));
        assert!(read(&Value::Number(-5.0)).is_err());
        assert!(read(&Value::Number(f64::NAN)).is_err());
        assert!(read(&Value::Date(f64::INFINITY)).is_err());
    }

    #[test]
    fn months_span_from_their_first_to_their_last_day() {
        let month = When::Month(2024, 2);
        assert_eq!(month.first(), NaiveDate::from_ymd_opt(2024, 2, 1));
        assert_eq!(month.last(), NaiveDate::from_ymd_opt(2024, 2, 29));
        assert_eq!(When::Month(2024, 12).last(), NaiveDate::from_ymd_opt(2024, 12, 31));
    }
}
