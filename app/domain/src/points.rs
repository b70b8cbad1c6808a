//! 分数: exact hundredths of a point. No floats.

use crate::numeral::{self, NumeralError, Precision};
use num_integer::Integer;
use serde::{Deserialize, Serialize};

/// A score in 1/100 point: `Points(8413)` is 84.13.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Points(pub i64);

impl Points {
    pub const ZERO: Self = Self(0);

    /// Whole points.
    pub const fn whole(points: i64) -> Self {
        Self(points * 100)
    }

    /// Reads what a person types: `10`, `10.5`, `１０．５`, `10。5`, blanks around. Nothing is rounded.
    ///
    /// # Errors
    /// Empty text, anything but a plain decimal number, a third decimal, or more than 9 digits.
    pub fn parse(text: &str) -> Result<Self, NumeralError> {
        numeral::parse(text, Precision { whole_digits: 9, decimals: 2 }).map(Self)
    }

    /// Shortest form, as a person would write it: `10`, `10.5`, `84.13`.
    pub fn short(self) -> String {
        let fixed = self.to_string();
        fixed
            .strip_suffix(".00")
            .map_or_else(|| fixed.strip_suffix('0').unwrap_or(&fixed).to_owned(), ToOwned::to_owned)
    }
}

impl std::fmt::Display for Points {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let value = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", value / 100, value % 100)
    }
}

impl std::ops::Add for Points {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::iter::Sum for Points {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        Self(iter.map(|p| p.0).sum())
    }
}

/// `numerator / denominator` rounded half-up (四舍五入), away from zero on the half. The denominator is positive.
pub fn round_half_up<N: Integer + Clone>(numerator: N, denominator: N) -> N {
    let rest = numerator.clone() % denominator.clone();
    let quotient = numerator / denominator.clone();
    let negative = rest < N::zero();
    let rest = if negative { N::zero() - rest } else { rest };
    if rest < denominator - rest.clone() {
        quotient
    } else if negative {
        quotient - N::one()
    } else {
        quotient + N::one()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_type() {
        assert_eq!(Points::parse(" 10.5 "), Ok(Points(1050)));
        assert_eq!(Points::parse("１０。５"), Ok(Points(1050)));
        assert_eq!(Points::parse("10.500"), Ok(Points(1050)));
        assert_eq!(Points::parse("8.125"), Err(NumeralError::TooPrecise(2)));
        assert_eq!(Points::parse("99999999999"), Err(NumeralError::TooLarge));
    }

    #[test]
    fn shows_two_decimals_or_the_shortest() {
        assert_eq!(Points(8413).to_string(), "84.13");
        assert_eq!(Points(-5).to_string(), "-0.05");
        assert_eq!(Points(1050).short(), "10.5");
        assert_eq!(Points(1000).short(), "10");
        assert_eq!(Points(1005).short(), "10.05");
    }

    #[test]
    fn halves_round_up_where_binary_floats_do_not() {
        assert_eq!(round_half_up(84_125_i128, 10), 8413);
        assert_eq!(round_half_up(2675_u64, 10), 268);
        assert_eq!(round_half_up(-25, 10), -3);
        assert_eq!((round_half_up(i64::MIN, 1), round_half_up(i64::MAX, 1)), (i64::MIN, i64::MAX));
    }
}
