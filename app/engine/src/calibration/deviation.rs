//! 偏离均值: sheets that stand far from the mean of their application.

use super::Calibration;
use crate::decimal::{Decimal, round};

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
            let micros = |sheet: &usize| i128::from(self.design.sheets[*sheet].score.micros());
            let sum: i128 = sheets.iter().map(micros).sum();
            for sheet in sheets {
                // |x − S/n| > p·|S/n|, in integers: below 10³⁰ for a million sheets of 10⁹ points.
                let distance = micros(sheet) * sheets.len() as i128 - sum;
                if sum != 0 && distance.abs() * 100 > i128::from(percent) * sum.abs() {
                    let mean = round(&self.results[application].exact_mean, 3);
                    let percent = distance as f64 / sum.abs() as f64 * 100.0;
                    found.push(Outlier { sheet: *sheet, mean, percent });
                }
            }
        }
        found
    }
}
