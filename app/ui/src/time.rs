//! Moments as pages show them: Beijing time.

use crate::components::format;
use domain::Timestamp;
pub use domain::beijing::clock as beijing;

/// `2025年2月18日`.
#[must_use]
pub fn date(at: Timestamp) -> String {
    format::date(beijing(at).date())
}

/// `2025年2月18日 14:03`.
#[must_use]
pub fn date_time(at: Timestamp) -> String {
    format::date_time(beijing(at))
}

/// `2025年2月18日 14:03:22`, for columns of moments that follow each other closely.
#[must_use]
pub fn stamp(at: Timestamp) -> String {
    let at = beijing(at);
    format!("{} {}", format::date(at.date()), at.format("%H:%M:%S"))
}

#[cfg(test)]
mod tests {
    use super::{date, date_time, stamp};
    use domain::Timestamp;

    #[test]
    fn the_evening_in_greenwich_is_the_next_day_in_lanzhou() {
        let at = Timestamp::from_timestamp(1_739_897_000, 0).unwrap();
        assert_eq!(at.to_rfc3339(), "2025-02-18T16:43:20+00:00");
        assert_eq!(date(at), "2025年2月19日");
        assert_eq!(date_time(at), "2025年2月19日 00:43");
        assert_eq!(stamp(at), "2025年2月19日 00:43:20");
    }
}
