//! 北京时间: moments are kept in UTC and read at +08:00, which knows no summer time.

use crate::Timestamp;
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

const AHEAD: TimeDelta = TimeDelta::hours(8);

/// Date and time on the clock in Beijing.
pub fn clock(at: Timestamp) -> NaiveDateTime {
    at.naive_utc() + AHEAD
}

/// `2025年2月18日 14:03`, on the clock in Beijing.
pub fn minute(at: Timestamp) -> String {
    clock(at).format("%Y年%-m月%-d日 %H:%M").to_string()
}

/// `2025年2月18日`.
pub fn written(day: NaiveDate) -> String {
    day.format("%Y年%-m月%-d日").to_string()
}

/// The day it is in Beijing.
pub fn day(at: Timestamp) -> NaiveDate {
    clock(at).date()
}

/// The moment at which the clock in Beijing shows this.
pub fn moment(clock: NaiveDateTime) -> Timestamp {
    clock.and_utc() - AHEAD
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_four_in_the_afternoon_of_utc() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(day(at("2026-11-24T15:59:59Z")).to_string(), "2026-11-24");
        assert_eq!(day(at("2026-11-24T16:00:00Z")).to_string(), "2026-11-25");
        assert_eq!(minute(at("2026-11-24T16:05:00Z")), "2026年11月25日 00:05");
        assert_eq!(moment(clock(at("2026-11-24T16:00:00Z"))), at("2026-11-24T16:00:00Z"));
    }
}
