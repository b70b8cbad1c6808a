//! 合计: the total of a sheet, exact also where items that do not apply were rescaled.

use num_rational::Rational64;
use num_traits::ToPrimitive;

use crate::decimal::{Decimal, Exact, PLACES, round};

/// Denominators up to this are summed in 128 bits: 2⁵³ sheets of 10⁹ points stay below 2¹²⁷.
const COMMON: i128 = 1 << 40;

/// Points as a fraction in lowest terms: 88 of 94 points on a scale of 100 are 4400/47.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Total(Rational64);

impl Total {
    /// `None` for a denominator of zero, or terms that do not fit 64 bits when reduced.
    #[must_use]
    pub fn from_ratio(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let reduced = num_rational::Ratio::new(numerator, denominator);
        let numerator = reduced.numer().to_i64()?;
        reduced.denom().to_i64().map(|denominator| Self(Rational64::new_raw(numerator, denominator)))
    }

    /// The nearest binary number.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        *self.0.numer() as f64 / *self.0.denom() as f64
    }

    #[must_use]
    pub fn exact(self) -> Exact {
        Exact::new((*self.0.numer()).into(), (*self.0.denom()).into())
    }

    /// Half-up to six places, as it is written. Zero beyond ±9.2·10¹² points, which no reader lets in.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        round(&self.exact(), PLACES).unwrap_or_default()
    }
}

impl From<Decimal> for Total {
    fn from(decimal: Decimal) -> Self {
        Self(Rational64::new(decimal.micros(), 1_000_000))
    }
}

/// The exact sum, over a common denominator while that stays small.
#[must_use]
pub fn sum(totals: impl Iterator<Item = Total> + Clone) -> Exact {
    let common = totals.clone().try_fold(1_i128, |common, total| {
        let denominator = i128::from(*total.0.denom());
        let next = num_integer::lcm(common, denominator);
        (next <= COMMON).then_some(next)
    });
    let Some(common) = common else {
        return totals.fold(Exact::default(), |sum, total| sum + total.exact());
    };
    let scaled = |total: Total| i128::from(*total.0.numer()) * (common / i128::from(*total.0.denom()));
    Exact::new(totals.map(scaled).sum::<i128>().into(), common.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn total(numerator: i128, denominator: i128) -> Total {
        Total::from_ratio(numerator, denominator).unwrap()
    }

    #[test]
    fn a_decimal_and_the_same_fraction_are_one_total() {
        let decimal: Decimal = "84.125".parse().unwrap();
        assert_eq!(Total::from(decimal), total(673, 8));
        assert_eq!(total(8800, 94).decimal().to_string(), "93.617021");
        assert_eq!(Total::from_ratio(1, 0), None);
        assert_eq!(Total::from_ratio(i128::MAX, 2), None);
    }

    proptest! {
        #[test]
        fn sums_do_not_depend_on_the_way(terms in prop::collection::vec((-1_000_000_i128..1_000_000, 1_i128..10_000), 0..40)) {
            let totals: Vec<Total> = terms.iter().map(|(n, d)| total(*n, *d)).collect();
            let one_by_one = totals.iter().fold(Exact::default(), |sum, total| sum + total.exact());
            prop_assert_eq!(sum(totals.iter().copied()), one_by_one);
        }

        #[test]
        fn order_is_that_of_the_numbers(a in -1_000_000_i128..1_000_000, b in 1_i128..10_000, c in -1_000_000_i128..1_000_000, d in 1_i128..10_000) {
            prop_assert_eq!(total(a, b).cmp(&total(c, d)), (a * d).cmp(&(c * b)));
        }
    }
}
