//! The panel methods from sums that one expert's sheets change in a few places only.

use super::design::Design;
use super::means::aggregate_of;
use super::{Deviation, Method, Options};
use crate::decimal::{Decimal, Exact, round, round_float};
use num_traits::{ToPrimitive, Zero};

/// Where an application starts from, and the panel to which it belongs.
#[derive(Clone)]
struct Base {
    exact: Exact,
    float: f64,
}

/// Count, sum and sum of squares of the bases of one panel.
#[derive(Clone, Default)]
struct Sums {
    count: usize,
    sum: Exact,
    squares: Exact,
}

impl Sums {
    fn add(&mut self, base: &Exact) {
        self.count += 1;
        self.sum += base;
        self.squares += base * base;
    }

    fn take(&mut self, base: &Exact) {
        self.count -= 1;
        self.sum -= base;
        self.squares -= base * base;
    }

    fn mean(&self) -> Option<Exact> {
        (self.count > 0).then(|| &self.sum / whole(self.count))
    }

    /// `None` below two applications.
    fn deviation(&self, kind: Deviation) -> Option<f64> {
        let divisor = match kind {
            Deviation::Sample => self.count.checked_sub(1).filter(|divisor| *divisor > 0)?,
            Deviation::Population => self.count,
        };
        if self.count < 2 {
            return None;
        }
        let about_mean = &self.squares - &self.sum * &self.sum / whole(self.count);
        (about_mean / whole(divisor)).to_f64().map(f64::sqrt)
    }
}

fn whole(count: usize) -> Exact {
    Exact::from_integer(count.into())
}

/// The bases of all applications, by panel.
#[derive(Clone)]
pub struct Bases {
    /// `None` for an application without a sheet or without a panel.
    of_application: Vec<Option<(usize, Base)>>,
    panels: Vec<Sums>,
}

impl Bases {
    pub fn of(design: &Design, options: &Options) -> Self {
        let mut bases = Self {
            of_application: vec![None; design.applications.len()],
            panels: vec![Sums::default(); design.panels.len().max(1)],
        };
        for application in 0..design.applications.len() {
            bases.put(design, application, &design.of_application[application], options);
        }
        bases
    }

    /// The same without an expert; `None` where no panel is left, and all applications would be one.
    pub fn without(&self, design: &Design, expert: usize, options: &Options) -> Option<Self> {
        let mut bases = self.clone();
        for gone in &design.of_expert[expert] {
            let application = design.sheets[*gone].application;
            if let Some((panel, base)) = bases.of_application[application].take() {
                bases.panels[panel].take(&base.exact);
            }
            let left: Vec<usize> =
                design.of_application[application].iter().filter(|sheet| *sheet != gone).copied().collect();
            if !left.is_empty() {
                bases.put(design, application, &left, options);
            }
        }
        let named = || design.sheets.iter().any(|sheet| sheet.expert != expert && sheet.panel.is_some());
        (design.panels.is_empty() || bases.panels.iter().any(|panel| panel.count > 0) || named()).then_some(bases)
    }

    fn put(&mut self, design: &Design, application: usize, sheets: &[usize], options: &Options) {
        let home = design.home_of(sheets);
        let panel = if design.panels.is_empty() { Some(0) } else { home };
        let Some(panel) = panel else { return };
        let exact = aggregate_of(design, sheets, home, options);
        self.panels[panel].add(&exact);
        let float = exact.to_f64().unwrap_or(f64::NAN);
        self.of_application[application] = Some((panel, Base { exact, float }));
    }

    /// Scores to 1/100 point of a method that starts from panels.
    pub fn scores(&self, method: Method, options: &Options) -> Vec<Option<Decimal>> {
        let means: Vec<Option<Exact>> = self.panels.iter().map(Sums::mean).collect();
        let count: usize = self.panels.iter().map(|panel| panel.count).sum();
        let sum = self.panels.iter().fold(Exact::zero(), |sum, panel| sum + &panel.sum);
        let overall = (count > 0).then(|| sum / whole(count));
        match method {
            Method::Standard => self.standard(&means, overall.as_ref(), options),
            Method::Grand => {
                let own: Vec<&Exact> = means.iter().flatten().collect();
                let sum = own.iter().fold(Exact::zero(), |sum, mean| sum + *mean);
                let of_means = (!own.is_empty()).then(|| sum / whole(own.len()));
                self.multiplied(&means, of_means.as_ref())
            }
            _ => self.multiplied(&means, overall.as_ref()),
        }
    }

    /// Every base by what brings the mean of its panel to the target.
    fn multiplied(&self, means: &[Option<Exact>], target: Option<&Exact>) -> Vec<Option<Decimal>> {
        let factor = |mean: &Option<Exact>| {
            let mean = mean.as_ref().filter(|mean| **mean > Exact::zero())?;
            let exact = target? / mean;
            Some((exact.to_f64()?, exact))
        };
        let factors: Vec<Option<(f64, Exact)>> = means.iter().map(factor).collect();
        let score = |(panel, base): &(usize, Base)| {
            let (float, exact) = factors[*panel].as_ref()?;
            plainly(base.float * float).or_else(|| round(&(&base.exact * exact), 2))
        };
        self.of_application.iter().map(|base| base.as_ref().and_then(score)).collect()
    }

    /// As `exact::standard`.
    fn standard(&self, means: &[Option<Exact>], overall: Option<&Exact>, options: &Options) -> Vec<Option<Decimal>> {
        let none = || vec![None; self.of_application.len()];
        let Some(grand_mean) = overall.and_then(ToPrimitive::to_f64) else { return none() };
        let spread = |panel: &Sums| panel.deviation(options.deviation).filter(|spread| *spread > 0.0);
        let spreads: Vec<Option<f64>> = self.panels.iter().map(spread).collect();
        let usable: Vec<f64> = spreads.iter().flatten().copied().collect();
        if usable.is_empty() {
            return none();
        }
        let float = |mean: &Option<Exact>| mean.as_ref().and_then(ToPrimitive::to_f64);
        let means: Vec<Option<f64>> = means.iter().map(float).collect();
        let distance = |(panel, base): &(usize, Base)| Some((base.float - means[*panel]?) / spreads[*panel]?);
        let distances: Vec<Option<f64>> =
            self.of_application.iter().map(|base| base.as_ref().and_then(distance)).collect();
        let mean = usable.iter().sum::<f64>() / usable.len() as f64;
        let least = usable.iter().copied().fold(f64::INFINITY, f64::min);
        let full = options.full_mark as f64;
        let exceeds = distances.iter().flatten().any(|z| grand_mean + z * mean > full + 1e-9);
        let scale = if exceeds { least } else { mean };
        distances.into_iter().map(|z| z.and_then(|z| round_float(grand_mean + z * scale, 2))).collect()
    }
}

/// Half-up to 1/100 point where the error of a product of two binary numbers cannot matter.
fn plainly(value: f64) -> Option<Decimal> {
    const NEAR: f64 = 1e-6;
    let shifted = value * 100.0 + 0.5;
    let rest = shifted - shifted.floor();
    let plain = (0.0..1e9).contains(&value) && rest > NEAR && rest < 1.0 - NEAR;
    #[expect(clippy::cast_possible_truncation, reason = "below 10¹¹")]
    plain.then(|| Decimal::from_hundredths(shifted.floor() as i64).ok()).flatten()
}
