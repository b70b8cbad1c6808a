//! Numbers, money and dates as officials write them. Integer arithmetic, 四舍五入 (half away from zero).

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use domain::points::round_half_up;

const FEN_PER_YUAN: i64 = 100;
/// 0.01 万元 is 100 元.
const FEN_PER_CENTI_WAN: i64 = 100 * FEN_PER_YUAN;

/// `1234567` → `1,234,567`.
#[must_use]
pub fn thousands(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn with_cents(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "−" } else { "" };
    let value = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}", thousands(value / 100), value % 100)
}

/// Money in 万元 from 分: `6_200_000_000` → `6,200.00 万元`. Half-up at 100 元.
#[must_use]
pub fn money_wan(fen: i64) -> String {
    format!("{} 万元", money_wan_figure(fen))
}

/// The figure alone, for columns whose head says 万元.
#[must_use]
pub fn money_wan_figure(fen: i64) -> String {
    with_cents(round_half_up(fen, FEN_PER_CENTI_WAN))
}

/// Money to the fen: `12_345_678` → `123,456.78 元`.
#[must_use]
pub fn money_yuan(fen: i64) -> String {
    format!("{} 元", with_cents(fen))
}

/// A score from hundredths of a point: `7840` → `78.40`.
#[must_use]
pub fn score(hundredths: i64) -> String {
    with_cents(hundredths)
}

/// A difference of scores, always signed: `602` → `+6.02`, `-168` → `−1.68`.
#[must_use]
pub fn score_difference(hundredths: i64) -> String {
    if hundredths > 0 { format!("+{}", with_cents(hundredths)) } else { with_cents(hundredths) }
}

/// A share in whole per cent, half-up: `percent(2, 3)` → `67%`. Nothing of nothing is a dash.
#[must_use]
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "—".to_owned();
    }
    format!("{}%", round_half_up(u128::from(part) * 100, u128::from(whole)))
}

/// `2025年2月18日`.
#[must_use]
pub fn date(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// `2月18日`, where the year is plain from the place.
#[must_use]
pub fn short_date(day: NaiveDate) -> String {
    format!("{}月{}日", day.month(), day.day())
}

/// `2025年2月`.
#[must_use]
pub fn month(day: NaiveDate) -> String {
    format!("{}年{}月", day.year(), day.month())
}

/// `2025年2月18日 14:03`.
#[must_use]
pub fn date_time(at: NaiveDateTime) -> String {
    format!("{} {:02}:{:02}", date(at.date()), at.hour(), at.minute())
}

/// `14:03:22`.
#[must_use]
pub fn clock(at: NaiveDateTime) -> String {
    format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
}

/// Time left or taken: `6_130` seconds → `1:42:10`.
#[must_use]
pub fn duration(seconds: u64) -> String {
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// File size with one decimal: `1_572_864` → `1.5 MB`.
#[must_use]
pub fn bytes(size: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")];
    UNITS.iter().find(|(unit, _)| size >= *unit).map_or_else(
        || format!("{size} B"),
        |(unit, name)| {
            let tenths = round_half_up(u128::from(size) * 10, u128::from(*unit));
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        },
    )
}

#[cfg(test)]
mod tests;
