//! Dates as people type them.

use crate::cell::{APOSTROPHES, Value, day_of, plain};
use crate::format::Precision;
use chrono::{Datelike, NaiveDate};

/// A date as exact as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// 至今, or a dash.
    Open,
    Day(NaiveDate),
    Month(i32, u32),
    Year(i32),
    /// Months from a first to a last one of a year: 上半年, 年初.
    Part(i32, u32, u32),
}

impl When {
    /// The first day it may mean: a tie's beginning is read so that recusal sees the longer tie.
    pub fn first(self) -> Option<NaiveDate> {
        match self {
            Self::Open => None,
            Self::Day(day) => Some(day),
            Self::Month(year, month) | Self::Part(year, month, _) => NaiveDate::from_ymd_opt(year, month, 1),
            Self::Year(year) => NaiveDate::from_ymd_opt(year, 1, 1),
        }
    }

    /// The last day it may mean.
    pub fn last(self) -> Option<NaiveDate> {
        match self {
            Self::Month(year, month) | Self::Part(year, _, month) => {
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
        Value::Date(serial, precision) => {
            let day = day_of(*serial).ok_or_else(|| FORMS.to_owned())?;
            Ok(match precision {
                Precision::Day => When::Day(day),
                Precision::Month => When::Month(day.year(), day.month()),
                Precision::Year => When::Year(day.year()),
            })
        }
        Value::Number(number) => from_number(*number),
        Value::Text(text) => from_text(text),
        Value::Shown(_) => from_text(&value.figure()?),
        Value::Bool(_) => Err(FORMS.to_owned()),
        Value::Error(_) | Value::Unvalued | Value::Otherwise(_) => Err(value.exact_text().err().unwrap_or_default()),
    }
}

/// Reads a beginning and an end from one cell: `2018.3-2022.6`, `2018年3月至今`.
///
/// # Errors
/// In words.
pub fn span(value: &Value) -> Result<(When, When), String> {
    const SPANS: &str = "应写明起止，如 2018.3-2022.6 或 2018年3月至今";
    let Value::Text(text) = value else { return Err(SPANS.to_owned()) };
    let text = domain::text::plain(text);
    let text = text.trim_start_matches(APOSTROPHES);
    // Each place where the text may fall into two; both sides must then be dates.
    let halves = text.char_indices().filter(|(_, c)| is_joint(*c)).filter_map(|(at, c)| {
        let (before, after) = (&text[..at], &text[at + c.len_utf8()..]);
        let open = c == '至' && matches!(after.trim(), "今");
        let after = if open { "至今" } else { after.trim_start_matches(is_joint) };
        let (since, until) = (from_text(before).ok()?, from_text(after).ok()?);
        (!matches!(since, When::Open)).then_some((since, until))
    });
    let mut found: Vec<(When, When)> =
        halves.filter(|(since, until)| until.last().is_none_or(|last| since.first() <= Some(last))).collect();
    found.dedup();
    match found[..] {
        [one] => Ok(one),
        _ => Err(SPANS.to_owned()),
    }
}

const fn is_joint(c: char) -> bool {
    matches!(c, '-' | '—' | '–' | '－' | '~' | '～' | '至' | '到' | '/')
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
    const OPEN: [&str; 15] = [
        "至今",
        "今",
        "迄今",
        "到今",
        "现在",
        "目前",
        "至现在",
        "至目前",
        "现任",
        "在职",
        "在任",
        "长期",
        "无",
        "-",
        "—",
    ];
    let text = domain::text::plain(text);
    let text = text.trim_start_matches(APOSTROPHES);
    let closed: String = text.chars().filter(|c| *c != ' ').collect();
    if OPEN.contains(&closed.trim_matches(['（', '）', '(', ')', '—', '-']))
        || closed.chars().all(|c| matches!(c, '-' | '—' | '/'))
    {
        return Ok(When::Open);
    }
    // A clock time behind the day says nothing here.
    let day_part = if text.contains([':', '：']) { text.split([' ', 'T']).next().unwrap_or("") } else { text };
    let closed: String = if day_part.contains('年') { closed } else { day_part.to_owned() };
    let (day_part, part) = part_of(&closed);
    let mut groups: Vec<String> = vec![String::new()];
    for c in day_part.chars() {
        match c {
            '0'..='9' => groups.last_mut().into_iter().for_each(|g| g.push(c)),
            '-' | '/' | '.' | '年' | '月' | '日' | '号' | '\\' | '。' | '、' | '—' | '－' | '–' => {
                groups.push(String::new());
            }
            ' ' => {}
            _ => return Err(FORMS.to_owned()),
        }
    }
    groups.retain(|g| !g.is_empty());
    let numbers: Vec<&str> = groups.iter().map(String::as_str).collect();
    let when = match numbers[..] {
        [all] if all.len() == 8 => date(&all[..4], &all[4..6], Some(&all[6..])),
        [all] if all.len() == 6 => date(&all[..4], &all[4..6], None),
        [year] if year.len() == 4 => sane_year(year).map(When::Year),
        [year, month] => date(year, month, None),
        [year, month, day] => date(year, month, Some(day)),
        _ => Err(FORMS.to_owned()),
    }?;
    match (part, when) {
        (None, when) | (Some(Part::Within), when @ When::Month(..)) => Ok(when),
        (Some(Part::Months(first, last)), When::Year(year)) => Ok(When::Part(year, first, last)),
        (Some(Part::Within), When::Year(year)) => Ok(When::Year(year)),
        _ => Err(FORMS.to_owned()),
    }
}

/// What stands behind a year or a month instead of a day.
enum Part {
    Months(u32, u32),
    /// 底, 末, 初, 中旬: a month so told is the whole month.
    Within,
}

fn part_of(text: &str) -> (&str, Option<Part>) {
    const PARTS: [(&str, Part); 12] = [
        ("上半年", Part::Months(1, 6)),
        ("下半年", Part::Months(7, 12)),
        ("第一季度", Part::Months(1, 3)),
        ("第二季度", Part::Months(4, 6)),
        ("第三季度", Part::Months(7, 9)),
        ("第四季度", Part::Months(10, 12)),
        ("年初", Part::Months(1, 3)),
        ("年底", Part::Months(10, 12)),
        ("年末", Part::Months(10, 12)),
        ("上旬", Part::Within),
        ("中旬", Part::Within),
        ("下旬", Part::Within),
    ];
    let text = text.trim();
    for (word, part) in PARTS {
        if let Some(rest) = text.strip_suffix(word) {
            return (rest, Some(part));
        }
    }
    for word in ["月底", "月末", "月初", "月中", "月份"] {
        if let Some(rest) = text.strip_suffix(word) {
            return (rest, Some(Part::Within));
        }
    }
    (text, None)
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
        for text in [
            "2024.3",
            "2024年3月",
            "202403",
            "2024-03",
            "2024/3",
            "2024.03",
            "2024年3月底",
            "2024年3月初",
            "2024年3月份",
            "'2024-03",
            "’2024.3",
            "2024 年 3 月 底",
            "2024年3月中旬",
            "2024\u{200b}年3月",
        ] {
            assert_eq!(from_text(text), Ok(When::Month(2024, 3)), "{text}");
        }
        for text in ["至今", "至 今", "现在", "—", "--", "/", "（至今）", "至　今", "'至今", "—至今"]
        {
            assert_eq!(from_text(text), Ok(When::Open), "{text}");
        }
        assert_eq!(from_text("2024年"), Ok(When::Year(2024)));
        assert_eq!(read(&Value::Number(45352.0)), Ok(day(2024, 3, 1)));
        assert_eq!(read(&Value::Number(45352.75)), Ok(day(2024, 3, 1)));
        assert_eq!(read(&Value::Date(45352.5, Precision::Day)), Ok(day(2024, 3, 1)));
        assert_eq!(read(&Value::Date(45352.0, Precision::Month)), Ok(When::Month(2024, 3)));
        assert_eq!(read(&Value::Date(45352.0, Precision::Year)), Ok(When::Year(2024)));
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
        assert!(read(&Value::Date(f64::INFINITY, Precision::Day)).is_err());
    }

    #[test]
    fn parts_of_a_year_span_their_months() {
        for (text, first, last) in [
            ("2022年上半年", 1, 6),
            ("2022下半年", 7, 12),
            ("2022年底", 10, 12),
            ("2022年初", 1, 3),
            ("2022年第二季度", 4, 6),
        ] {
            let when = from_text(text).unwrap();
            assert_eq!((when.first().unwrap().month(), when.last().unwrap().month()), (first, last), "{text}");
        }
    }

    #[test]
    fn a_beginning_and_an_end_may_stand_in_one_cell() {
        let text = |text: &str| span(&Value::Text(text.to_owned()));
        let months = Ok((When::Month(2019, 3), When::Month(2022, 6)));
        for one in [
            "2019.3-2022.6",
            "2019.03—2022.06",
            "2019年3月至2022年6月",
            "2019/3~2022/6",
            "2019.3～2022.6",
            "2019.3 - 2022.6",
            "2019.3到2022.6",
            "201903-202206",
            "2019-03至2022-06",
            "'2019.3-2022.6",
            "2019.3——2022.6",
        ] {
            assert_eq!(text(one), months, "{one}");
        }
        for one in ["2019.3-至今", "2019.3至今", "2019年3月-今", "2019.3—", "2019.3 至 今", "2019.3-现在"]
        {
            assert_eq!(text(one), Ok((When::Month(2019, 3), When::Open)), "{one}");
        }
        assert_eq!(text("2019-2022"), Ok((When::Year(2019), When::Year(2022))));
        for one in ["2019.3", "2022.6-2019.3", "2019年", "去年至今"] {
            assert!(text(one).is_err(), "{one}");
        }
    }

    #[test]
    fn months_span_from_their_first_to_their_last_day() {
        let month = When::Month(2024, 2);
        assert_eq!(month.first(), NaiveDate::from_ymd_opt(2024, 2, 1));
        assert_eq!(month.last(), NaiveDate::from_ymd_opt(2024, 2, 29));
        assert_eq!(When::Month(2024, 12).last(), NaiveDate::from_ymd_opt(2024, 12, 31));
    }
}
