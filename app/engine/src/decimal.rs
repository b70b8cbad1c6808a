//! Exact decimal scores and the one place where they are rounded.
//!
//! A score is a decimal of at most six places. Sums, means and coefficients of scores are rationals of unlimited
//! size; [`round`] turns such a rational into a decimal once, at the end. 四舍五入 of 84.125 is 84.13, which the
//! display rounding of a binary `f64` gets wrong.

use std::fmt;
use std::str::FromStr;

use domain::points::round_half_up;
use num_rational::BigRational;
use num_traits::ToPrimitive;
use serde::{Serialize, Serializer};

/// Places that a [`Decimal`] keeps.
pub const PLACES: u32 = 6;
const UNIT: i64 = 1_000_000;
/// Largest absolute value that can be parsed, in points.
const LIMIT: i64 = 1_000_000_000;

/// An exact rational of unlimited size, for results that are not rounded yet.
pub type Exact = BigRational;

/// A decimal number with six places, |value| ≤ 10⁹ when parsed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(i64);

impl Decimal {
    /// From 1/100 point, the unit in which sheets are stored.
    ///
    /// # Errors
    /// `TooLarge` beyond ±10⁹ points.
    pub fn from_hundredths(hundredths: i64) -> Result<Self, DecimalError> {
        if hundredths.unsigned_abs() > LIMIT.unsigned_abs() * 100 {
            return Err(DecimalError::TooLarge);
        }
        Ok(Self(hundredths * (UNIT / 100)))
    }

    /// The exact quotient taken half-up to six places, for totals that were rescaled where items do not apply.
    /// `None` for a denominator of zero or a value beyond ±9.2·10¹² points.
    #[must_use]
    pub fn from_ratio(numerator: i128, denominator: i128) -> Option<Self> {
        (denominator != 0)
            .then(|| Exact::new(numerator.into(), denominator.into()))
            .and_then(|value| round(&value, PLACES))
    }

    /// In millionths of a point.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The nearest binary number; six places of |value| < 2³³ survive the way there and back.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / UNIT as f64
    }

    #[must_use]
    pub fn exact(self) -> Exact {
        Exact::new(self.0.into(), UNIT.into())
    }

    /// Rounded half-up (四舍五入, away from zero) to 1/100 point: the unit in which results are ordered.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "the result is smaller than the number itself")]
    pub fn hundredths(self) -> i64 {
        round_half_up(i128::from(self.0), i128::from(UNIT / 100)) as i64
    }
}

/// Rounds half-up (四舍五入, away from zero) to `places` ≤ 6 decimals. `None` beyond ±9.2·10¹² points.
#[must_use]
pub fn round(value: &Exact, places: u32) -> Option<Decimal> {
    let places = places.min(PLACES);
    let rounded = round_half_up(value.numer() * 10_i64.pow(places), value.denom().clone());
    rounded.to_i64()?.checked_mul(10_i64.pow(PLACES - places)).map(Decimal)
}

/// Decimals to which a statistical result is taken before it is rounded.
const BILLIONTHS: u32 = 9;

/// Rounds a statistical result half-up to `places` ≤ 6 decimals.
///
/// The result is first taken to 10⁻⁹, far above the error of the computation and far below the last place shown, so
/// that 84.125 reached as 84.12499999999999 still becomes 84.13. `None` if not finite or beyond ±9·10⁹ points.
#[must_use]
pub fn round_float(value: f64, places: u32) -> Option<Decimal> {
    let billionths = (value * 1e9).round();
    if !billionths.is_finite() || billionths.abs() > 9e18 {
        return None;
    }
    let places = places.min(PLACES);
    let unit = 10_i128.pow(BILLIONTHS - places);
    let rounded = round_half_up(i128::from(billionths.to_i64()?), unit);
    rounded.to_i64()?.checked_mul(10_i64.pow(PLACES - places)).map(Decimal)
}

/// Why a text is no score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    #[error("不是十进制数")]
    NotANumber,
    #[error("小数超过 6 位")]
    TooPrecise,
    #[error("绝对值超过 1000000000")]
    TooLarge,
}

impl FromStr for Decimal {
    type Err = DecimalError;

    /// Reads `[+-]digits[.digits]`; no exponent, no separators.
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let (negative, digits) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let only_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if !only_digits(whole) || !only_digits(fraction) || whole.len() + fraction.len() == 0 {
            return Err(DecimalError::NotANumber);
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > PLACES as usize {
            return Err(DecimalError::TooPrecise);
        }
        let whole = whole.trim_start_matches('0');
        if whole.len() > 10 {
            return Err(DecimalError::TooLarge);
        }
        let number = |part: &str| part.bytes().fold(0_i64, |sum, byte| sum * 10 + i64::from(byte - b'0'));
        let padding = (fraction.len()..PLACES as usize).fold(1_i64, |power, _| power * 10);
        let micros = number(whole) * UNIT + number(fraction) * padding;
        if micros > LIMIT * UNIT {
            return Err(DecimalError::TooLarge);
        }
        Ok(Self(if negative { -micros } else { micros }))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let whole = self.0.unsigned_abs() / UNIT.unsigned_abs();
        let fraction = format!("{:06}", self.0.unsigned_abs() % UNIT.unsigned_abs());
        let fraction = fraction.trim_end_matches('0');
        let shown = f.precision().map_or(fraction.len(), |places| places.max(fraction.len()));
        if shown == 0 { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{fraction:0<shown$}") }
    }
}

/// Written as a number; the shortest text of the nearest `f64` is the decimal itself.
impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.to_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn half_goes_up_on_decimals() {
        let mean: Decimal = "84.125".parse().unwrap();
        assert_eq!(round(&mean.exact(), 2).unwrap().to_string(), "84.13");
        assert_eq!(mean.hundredths(), 8413);
        assert_eq!(round_float(84.125 - 1e-13, 2).unwrap().to_string(), "84.13");
        let negative: Decimal = "-2.675".parse().unwrap();
        assert_eq!(round(&negative.exact(), 2).unwrap().to_string(), "-2.68");
    }

    #[test]
    fn shown_with_at_least_the_places_asked_for() {
        let score: Decimal = "82".parse().unwrap();
        assert_eq!(format!("{score:.2}"), "82.00");
        assert_eq!(format!("{score}"), "82");
    }

    #[test]
    fn refuses_what_is_no_plain_decimal() {
        for text in ["", ".", "-", "1e3", "8,5", "NaN", "８５", "1.2.3", "--1"] {
            assert_eq!(text.parse::<Decimal>(), Err(DecimalError::NotANumber), "{text}");
        }
        assert_eq!("1.0000001".parse::<Decimal>(), Err(DecimalError::TooPrecise));
        assert_eq!("1000000000.1".parse::<Decimal>(), Err(DecimalError::TooLarge));
        assert_eq!("1.50000000".parse::<Decimal>().unwrap().micros(), 1_500_000);
    }

    proptest! {
        #[test]
        fn text_survives_the_way_there_and_back(micros in -1_000_000_000_000_i64..1_000_000_000_000) {
            let decimal = Decimal(micros);
            prop_assert_eq!(decimal.to_string().parse::<Decimal>().unwrap(), decimal);
        }

        #[test]
        fn parsing_never_panics(text in "\\PC*") {
            let _ = text.parse::<Decimal>();
        }
    }
}
