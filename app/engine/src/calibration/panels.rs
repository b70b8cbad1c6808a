//! 评审组: what the panel methods need to know of a panel, and how well its experts agree.

use num_traits::{ToPrimitive, Zero};

use super::design::Design;
use super::exact::aggregate;
use super::{Deviation, Options};
use crate::decimal::Exact;

/// One panel, with the applications that belong to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// `None` if the sheets name no panels and all applications form one.
    pub name: Option<String>,
    pub members: Vec<usize>,
    /// m_g, unrounded.
    pub mean: Exact,
    /// s_g; `None` below two applications.
    pub deviation: Option<f64>,
    /// M / m_g; `None` if m_g is not positive.
    pub coefficient: Option<Exact>,
    /// R / m_g; `None` if m_g is not positive.
    pub grand_coefficient: Option<Exact>,
    pub agreement: Option<Agreement>,
}

/// Intraclass correlations of the sheets of one panel, one-way random effects.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// ICC(1): reliability of a single sheet.
    pub single: f64,
    /// ICC(k): reliability of the mean of an application's sheets.
    pub mean: f64,
}

/// All panels with at least one application of their own, in the order of their names.
pub fn panels(design: &Design, options: &Options) -> Vec<Panel> {
    let groups: Vec<(Option<String>, Vec<usize>)> = if design.panels.is_empty() {
        vec![(None, (0..design.applications.len()).collect())]
    } else {
        let name = |panel: usize| Some(design.panels[panel].clone());
        (0..design.panels.len()).map(|panel| (name(panel), design.members(panel).collect())).collect()
    };
    let mut panels: Vec<Panel> = groups
        .into_iter()
        .filter(|(_, members)| !members.is_empty())
        .map(|(name, members)| {
            let scores: Vec<Exact> = members.iter().map(|member| aggregate(design, *member, options)).collect();
            let mean = average(&scores);
            Panel {
                deviation: deviation(&scores, &mean, options.deviation),
                agreement: agreement(design, &members),
                coefficient: None,
                grand_coefficient: None,
                name,
                members,
                mean,
            }
        })
        .collect();
    let overall = grand_mean(&panels);
    let of_means =
        (!panels.is_empty()).then(|| average(&panels.iter().map(|panel| panel.mean.clone()).collect::<Vec<_>>()));
    for panel in &mut panels {
        if panel.mean > Exact::zero() {
            panel.coefficient = overall.as_ref().map(|mean| mean / &panel.mean);
            panel.grand_coefficient = of_means.as_ref().map(|mean| mean / &panel.mean);
        }
    }
    panels
}

/// M: the mean over all applications that belong to a panel.
pub fn grand_mean(panels: &[Panel]) -> Option<Exact> {
    let size = |panel: &Panel| Exact::from_integer(panel.members.len().into());
    let count: usize = panels.iter().map(|panel| panel.members.len()).sum();
    let sum = panels.iter().fold(Exact::zero(), |sum, panel| sum + &panel.mean * size(panel));
    (count > 0).then(|| sum / Exact::from_integer(count.into()))
}

fn average(values: &[Exact]) -> Exact {
    let sum = values.iter().fold(Exact::zero(), |sum, value| sum + value);
    sum / Exact::from_integer(values.len().max(1).into())
}

fn deviation(values: &[Exact], mean: &Exact, kind: Deviation) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let squares = values.iter().fold(Exact::zero(), |sum, value| {
        let distance = value - mean;
        sum + &distance * &distance
    });
    let divisor = match kind {
        Deviation::Sample => values.len() - 1,
        Deviation::Population => values.len(),
    };
    (squares / Exact::from_integer(divisor.into())).to_f64().map(f64::sqrt)
}

/// ICC from the one-way analysis of variance; with unequal numbers of sheets, k is n₀ of the ANOVA estimator.
///
/// `None` with fewer than two applications, without repeated sheets, or if all scores are equal.
///
/// Source: Shrout and Fleiss (1979), "Intraclass correlations", Psychological Bulletin 86, 420–428; n₀ from Searle,
/// Casella and McCulloch (1992), *Variance Components*, §3.6.
fn agreement(design: &Design, members: &[usize]) -> Option<Agreement> {
    let groups: Vec<Vec<f64>> = members
        .iter()
        .map(|member| {
            let sheets = design.of_application[*member].iter().map(|index| &design.sheets[*index]);
            let home = design.panel_of[*member];
            sheets.filter(|sheet| sheet.panel == home).map(|sheet| sheet.score.to_f64()).collect()
        })
        .collect();
    let sheets: usize = groups.iter().map(Vec::len).sum();
    if groups.len() < 2 || sheets <= groups.len() {
        return None;
    }
    let total = sheets as f64;
    let grand = groups.iter().flatten().sum::<f64>() / total;
    let (mut between, mut within, mut squares) = (0.0, 0.0, 0.0);
    for group in &groups {
        let size = group.len() as f64;
        let mean = group.iter().sum::<f64>() / size;
        between += size * (mean - grand).powi(2);
        within += group.iter().map(|score| (score - mean).powi(2)).sum::<f64>();
        squares += size * size;
    }
    let between = between / (groups.len() - 1) as f64;
    let within = within / (sheets - groups.len()) as f64;
    let size = (total - squares / total) / (groups.len() - 1) as f64;
    let spread = between + (size - 1.0) * within;
    (between > 0.0 && spread > 0.0)
        .then(|| Agreement { single: (between - within) / spread, mean: (between - within) / between })
}
