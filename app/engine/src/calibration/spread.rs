//! Five figures of a distribution, for box plots.

use domain::points::round_half_up;

/// The extremes, the quartiles and the median of at least one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FiveNumbers {
    pub min: i64,
    pub q1: i64,
    pub median: i64,
    pub q3: i64,
    pub max: i64,
    /// Number of values.
    pub count: usize,
}

impl FiveNumbers {
    /// Quartiles by linear interpolation (Hyndman and Fan's type 7), rounded half-up. `None` without values.
    #[must_use]
    pub fn of(mut values: Vec<i64>) -> Option<Self> {
        values.sort_unstable();
        let (min, max) = (*values.first()?, *values.last()?);
        let [q1, median, q3] = [1, 2, 3].map(|quarters| quantile(&values, quarters));
        Some(Self { min, q1, median, q3, max, count: values.len() })
    }
}

fn quantile(sorted: &[i64], quarters: usize) -> i64 {
    let last = sorted.len() - 1;
    let (index, rest) = (last * quarters / 4, last * quarters % 4);
    let low = sorted[index];
    let high = sorted.get(index + 1).copied().unwrap_or(low);
    low + round_half_up((high - low) * i64::try_from(rest).unwrap_or(0), 4)
}

#[cfg(test)]
mod tests {
    use super::quantile;

    #[test]
    fn quarters_lie_between_the_values() {
        let values = [6000, 7000, 8000, 9000];
        assert_eq!([1, 2, 3].map(|q| quantile(&values, q)), [6750, 7500, 8250]);
        assert_eq!(quantile(&[7000], 3), 7000);
    }
}
