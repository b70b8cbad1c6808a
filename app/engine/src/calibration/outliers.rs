//! 偏离均值: sheets that stand far from the mean of their application.

use super::Calibration;
use crate::decimal::{Decimal, Exact, round};
use num_traits::{Signed, ToPrimitive};

/// A sheet further from the mean than the rule allows; its expert owes a written explanation.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlier {
    /// Index into `design.sheets`.
    pub sheet: usize,
    /// The application's untrimmed mean, three decimals.
    pub mean: Option<Decimal>,
    /// Deviation from the mean in percent of it, signed.
    pub percent: f64,
}

impl Calibration {
    /// Sheets that deviate by more than `percent` of their application's untrimmed mean. Exact comparison.
    #[must_use]
    pub fn outliers(&self, percent: u32) -> Vec<Outlier> {
        let mut found = Vec::new();
        for (application, sheets) in self.design.of_application.iter().enumerate() {
            let exact = &self.results[application].exact_mean;
            let mean = exact.to_f64().unwrap_or(0.0);
            for sheet in sheets {
                let score = self.design.sheets[*sheet].score;
                let distance = score.to_f64() - mean;
                let ratio = distance.abs() * 100.0 - f64::from(percent) * mean.abs();
                // Only near the limit does it take the exact numbers to tell.
                let beyond = if ratio.abs() > 1e-6 * (1.0 + mean.abs()) {
                    ratio > 0.0
                } else {
                    let far = (score.exact() - exact).abs() * Exact::from_integer(100.into());
                    far > exact.abs() * Exact::from_integer(percent.into())
                };
                if beyond && mean != 0.0 {
                    let percent = distance / mean.abs() * 100.0;
                    found.push(Outlier { sheet: *sheet, mean: round(exact, 3), percent });
                }
            }
        }
        found
    }
}
