//! 专家评分诊断: severity, spread and agreement of each expert, and what a supervisor should look at.

use statrs::statistics::Statistics;
use std::collections::BTreeMap;

use super::{Calibration, Effect};
use crate::total::Total;

/// Sheets below which spread and agreement raise no flag.
const ENOUGH: usize = 5;
/// Experts with the same sheets that are named in a flag.
const NAMED: usize = 5;

/// A finding that a supervisor should look at.
#[derive(Clone, Debug, PartialEq)]
pub enum Flag {
    Strict,
    Lenient,
    /// The scores lie too close together.
    Narrow,
    /// The scores lie too far apart.
    Wide,
    LowAgreement,
    /// Share of sheets, 0–1, that deviate by more than so many percent.
    Outlying {
        share: f64,
        percent: u32,
    },
    /// All scores are the same.
    Constant,
    /// These experts gave the same scores to the same applications.
    SameAs(Vec<String>),
}

/// The diagnosis of one expert.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnosis {
    pub sheets: usize,
    /// 宽严: BLUP in points, positive is generous; `None` if experts are not in the mixed model.
    pub severity: Option<Effect>,
    /// Standard deviation of the expert's scores over that of the others' means for the same applications.
    pub spread: Option<f64>,
    /// Pearson correlation with the others' means, over at least three shared applications.
    pub agreement: Option<f64>,
    /// Share of sheets outside the outlier rule, 0–1.
    pub outlying: f64,
    pub flags: Vec<Flag>,
}

impl Calibration {
    /// One diagnosis per expert, in the order of `design.experts`. O(n log n).
    #[must_use]
    pub fn diagnose_experts(&self) -> Vec<Diagnosis> {
        let design = &self.design;
        let mut outlying = vec![0_usize; design.experts.len()];
        for outlier in self.outliers(self.options.outlier_percent) {
            outlying[design.sheets[outlier.sheet].expert] += 1;
        }
        let effects = self.mixed.as_ref().map_or(&[][..], |mixed| &mixed.experts[..]);
        let typical = self.mixed.as_ref().ok().and_then(|mixed| mixed.variances.expert).unwrap_or(0.0).sqrt();
        let sums: Vec<f64> = design
            .of_application
            .iter()
            .map(|sheets| sheets.iter().map(|sheet| design.sheets[*sheet].score.to_f64()).sum())
            .collect();
        let twins = self.twins();
        design
            .of_expert
            .iter()
            .enumerate()
            .map(|(expert, sheets)| {
                let pairs: Vec<(f64, f64)> = sheets
                    .iter()
                    .map(|sheet| &design.sheets[*sheet])
                    .filter(|sheet| design.of_application[sheet.application].len() > 1)
                    .map(|sheet| {
                        let own = sheet.score.to_f64();
                        let others = design.of_application[sheet.application].len() as f64 - 1.0;
                        (own, (sums[sheet.application] - own) / others)
                    })
                    .collect();
                let (spread, agreement) = compare(&pairs);
                let mut diagnosis = Diagnosis {
                    sheets: sheets.len(),
                    severity: effects.get(expert).copied(),
                    spread,
                    agreement,
                    outlying: outlying[expert] as f64 / sheets.len().max(1) as f64,
                    flags: Vec::new(),
                };
                diagnosis.flags = flags(&diagnosis, typical, self.options.outlier_percent);
                if sheets.len() >= 3 && self.is_constant(sheets) {
                    diagnosis.flags.push(Flag::Constant);
                }
                if let Some(others) = twins.get(&expert) {
                    diagnosis.flags.push(Flag::SameAs(others.clone()));
                }
                diagnosis
            })
            .collect()
    }

    fn is_constant(&self, sheets: &[usize]) -> bool {
        sheets.windows(2).all(|pair| self.design.sheets[pair[0]].score == self.design.sheets[pair[1]].score)
    }

    /// Experts with at least three sheets whose applications and scores are all the same as another's.
    fn twins(&self) -> BTreeMap<usize, Vec<String>> {
        let mut alike: BTreeMap<Vec<(usize, Total)>, Vec<usize>> = BTreeMap::new();
        for (expert, sheets) in self.design.of_expert.iter().enumerate().filter(|(_, sheets)| sheets.len() >= 3) {
            let sheet = |index: &usize| (self.design.sheets[*index].application, self.design.sheets[*index].score);
            alike.entry(sheets.iter().map(sheet).collect()).or_default().push(expert);
        }
        let mut twins = BTreeMap::new();
        for group in alike.values().filter(|group| group.len() > 1) {
            for expert in group {
                let others = group.iter().filter(|other| *other != expert);
                twins.insert(*expert, others.take(NAMED).map(|other| self.design.experts[*other].clone()).collect());
            }
        }
        twins
    }
}

/// Ratio of standard deviations and Pearson correlation; `None` below three pairs or without variation.
fn compare(pairs: &[(f64, f64)]) -> (Option<f64>, Option<f64>) {
    if pairs.len() < 3 {
        return (None, None);
    }
    let (own, other): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let noise = 1e-9 * own.iter().mean().hypot(other.iter().mean());
    let (own_spread, other_spread) = (own.iter().std_dev(), other.iter().std_dev());
    if other_spread <= noise {
        return (None, None);
    }
    let correlation = || own.iter().covariance(other.iter()) / (own_spread * other_spread);
    (Some(own_spread / other_spread), (own_spread > noise).then(|| correlation().clamp(-1.0, 1.0)))
}

fn flags(diagnosis: &Diagnosis, typical: f64, percent: u32) -> Vec<Flag> {
    let mut flags = Vec::new();
    if let Some(Effect { effect, se }) = diagnosis.severity
        && effect.abs() > 2.0 * se
        && effect.abs() > typical.max(1e-9)
    {
        flags.push(if effect < 0.0 { Flag::Strict } else { Flag::Lenient });
    }
    if diagnosis.sheets >= ENOUGH {
        match diagnosis.spread {
            Some(spread) if spread < 0.5 => flags.push(Flag::Narrow),
            Some(spread) if spread > 2.0 => flags.push(Flag::Wide),
            _ => {}
        }
        if diagnosis.agreement.is_some_and(|agreement| agreement < 0.2) {
            flags.push(Flag::LowAgreement);
        }
    }
    if diagnosis.outlying > 0.2 {
        flags.push(Flag::Outlying { share: diagnosis.outlying, percent });
    }
    flags
}
