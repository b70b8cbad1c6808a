//! The panel methods from sums that one expert's sheets change in a few places only.

use super::design::Design;
use super::means::aggregate_of;
use super::{Deviation, Method, Options};
use crate::decimal::{Decimal, Exact, round, round_float};
use num_traits::{ToPrimitive, Zero};
use std::cell::OnceCell;

/// Where an application starts from.
struct Base {
    panel: usize,
    exact: Exact,
    float: f64,
}

impl Base {
    /// `None` without a sheet, or a panel where most of them were written.
    fn of(design: &Design, sheets: &[usize], options: &Options) -> Option<Self> {
        let home = design.home_of(sheets);
        let panel = if design.panels.is_empty() { Some(0) } else { home };
        let panel = panel.filter(|_| !sheets.is_empty())?;
        let exact = aggregate_of(design, sheets, home, options);
        Some(Self { panel, float: exact.to_f64().unwrap_or(f64::NAN), exact })
    }
}

/// Count and sum of the bases of one panel.
#[derive(Clone, Default)]
struct Sum {
    count: usize,
    sum: Exact,
}

impl Sum {
    fn mean(&self) -> Option<Exact> {
        (self.count > 0).then(|| &self.sum / whole(self.count))
    }
}

fn whole(count: usize) -> Exact {
    Exact::from_integer(count.into())
}

/// The bases of all applications, by panel.
pub struct Bases {
    of_application: Vec<Option<Base>>,
    panels: Vec<Sum>,
}

impl Bases {
    pub fn of(design: &Design, options: &Options) -> Self {
        let base = |sheets: &Vec<usize>| Base::of(design, sheets, options);
        let of_application: Vec<Option<Base>> = design.of_application.iter().map(base).collect();
        let mut panels = vec![Sum::default(); design.panels.len().max(1)];
        for base in of_application.iter().flatten() {
            panels[base.panel].count += 1;
            panels[base.panel].sum += &base.exact;
        }
        Self { of_application, panels }
    }

    /// Scores to 1/100 point of a method that starts from panels.
    pub fn scores(&self, method: Method, options: &Options) -> Vec<Option<Decimal>> {
        let bases: Vec<Option<&Base>> = self.of_application.iter().map(Option::as_ref).collect();
        Picture { bases, panels: &self.panels }.scores(method, options)
    }

    /// The same without an expert; `None` where no sheet that is left names a panel, and all applications would be one.
    pub fn scores_without(
        &self,
        design: &Design,
        expert: usize,
        method: Method,
        options: &Options,
    ) -> Option<Vec<Option<Decimal>>> {
        let mut panels = self.panels.clone();
        let mut changed = Vec::with_capacity(design.of_expert[expert].len());
        for gone in &design.of_expert[expert] {
            let application = design.sheets[*gone].application;
            let own = &design.of_application[application];
            let left: Vec<usize> = own.iter().filter(|sheet| *sheet != gone).copied().collect();
            if let Some(base) = &self.of_application[application] {
                panels[base.panel].count -= 1;
                panels[base.panel].sum -= &base.exact;
            }
            let base = Base::of(design, &left, options);
            if let Some(base) = &base {
                panels[base.panel].count += 1;
                panels[base.panel].sum += &base.exact;
            }
            changed.push((application, base));
        }
        let named = || design.sheets.iter().any(|sheet| sheet.expert != expert && sheet.panel.is_some());
        if !design.panels.is_empty() && panels.iter().all(|panel| panel.count == 0) && !named() {
            return None;
        }
        let mut bases: Vec<Option<&Base>> = self.of_application.iter().map(Option::as_ref).collect();
        for (application, base) in &changed {
            bases[*application] = base.as_ref();
        }
        Some(Picture { bases, panels: &panels }.scores(method, options))
    }
}

/// The bases of some of the sheets.
struct Picture<'a> {
    bases: Vec<Option<&'a Base>>,
    panels: &'a [Sum],
}

impl Picture<'_> {
    fn scores(&self, method: Method, options: &Options) -> Vec<Option<Decimal>> {
        if method == Method::Standard { self.standard(options) } else { self.multiplied(method) }
    }

    /// Per panel, the mean of its bases.
    fn means(&self) -> Vec<Option<f64>> {
        let mean = |panel: &Sum| Some(panel.sum.to_f64()? / panel.count as f64);
        self.panels.iter().map(|panel| mean(panel).filter(|_| panel.count > 0)).collect()
    }

    /// The mean over all applications that belong to a panel.
    fn grand_mean(&self) -> Option<f64> {
        let count: usize = self.panels.iter().map(|panel| panel.count).sum();
        let sum: f64 = self.panels.iter().filter_map(|panel| panel.sum.to_f64()).sum();
        (count > 0).then(|| sum / count as f64)
    }

    /// Every base by what brings the mean of its panel to the mean of all, or to the mean of the panels' means.
    fn multiplied(&self, method: Method) -> Vec<Option<Decimal>> {
        let means = self.means();
        let own: Vec<f64> = means.iter().flatten().copied().collect();
        let target = if method == Method::Grand {
            (!own.is_empty()).then(|| own.iter().sum::<f64>() / own.len() as f64)
        } else {
            self.grand_mean()
        };
        let exact = OnceCell::new();
        let score = |base: &Base| {
            let mean = means[base.panel].filter(|mean| *mean > 0.0)?;
            plainly(base.float * (target? / mean)).or_else(|| {
                let factors = exact.get_or_init(|| self.exact_factors(method));
                round(&(&base.exact * factors[base.panel].as_ref()?), 2)
            })
        };
        self.bases.iter().map(|base| base.and_then(score)).collect()
    }

    fn exact_factors(&self, method: Method) -> Vec<Option<Exact>> {
        let means: Vec<Option<Exact>> = self.panels.iter().map(Sum::mean).collect();
        let target = if method == Method::Grand {
            let own: Vec<&Exact> = means.iter().flatten().collect();
            let sum = own.iter().fold(Exact::zero(), |sum, mean| sum + *mean);
            (!own.is_empty()).then(|| sum / whole(own.len()))
        } else {
            let count: usize = self.panels.iter().map(|panel| panel.count).sum();
            let sum = self.panels.iter().fold(Exact::zero(), |sum, panel| sum + &panel.sum);
            (count > 0).then(|| sum / whole(count))
        };
        let factor =
            |mean: &Option<Exact>| Some(target.as_ref()? / mean.as_ref().filter(|mean| **mean > Exact::zero())?);
        means.iter().map(factor).collect()
    }

    /// As `exact::standard`.
    fn standard(&self, options: &Options) -> Vec<Option<Decimal>> {
        let none = || vec![None; self.bases.len()];
        let Some(grand_mean) = self.grand_mean() else { return none() };
        let means = self.means();
        let mut squares = vec![0.0; self.panels.len()];
        for base in self.bases.iter().flatten() {
            squares[base.panel] += means[base.panel].map_or(0.0, |mean| (base.float - mean).powi(2));
        }
        let spread = |(panel, squares): (&Sum, f64)| {
            let divisor = panel.count - usize::from(options.deviation == Deviation::Sample && panel.count > 0);
            let spread = (squares / divisor as f64).sqrt();
            // What is left of equal bases by the error of binary numbers is no spread.
            (panel.count > 1 && spread > EQUAL).then_some(spread)
        };
        let spreads: Vec<Option<f64>> = self.panels.iter().zip(squares).map(spread).collect();
        let usable: Vec<f64> = spreads.iter().flatten().copied().collect();
        if usable.is_empty() {
            return none();
        }
        let distance = |base: &Base| Some((base.float - means[base.panel]?) / spreads[base.panel]?);
        let distances: Vec<Option<f64>> = self.bases.iter().map(|base| base.and_then(distance)).collect();
        let mean = usable.iter().sum::<f64>() / usable.len() as f64;
        let least = usable.iter().copied().fold(f64::INFINITY, f64::min);
        let full = options.full_mark as f64;
        let exceeds = distances.iter().flatten().any(|z| grand_mean + z * mean > full + 1e-9);
        let scale = if exceeds { least } else { mean };
        distances.into_iter().map(|z| z.and_then(|z| round_float(grand_mean + z * scale, 2))).collect()
    }
}

/// Points.
const EQUAL: f64 = 1e-10;

/// Half-up to 1/100 point where the error of a product of two binary numbers cannot matter.
fn plainly(value: f64) -> Option<Decimal> {
    const NEAR: f64 = 1e-6;
    let shifted = value * 100.0 + 0.5;
    let rest = shifted - shifted.floor();
    let plain = (0.0..1e9).contains(&value) && rest > NEAR && rest < 1.0 - NEAR;
    #[expect(clippy::cast_possible_truncation, reason = "below 10¹¹")]
    plain.then(|| Decimal::from_hundredths(shifted.floor() as i64).ok()).flatten()
}
