//! 评审组: what the panel methods need to know of a panel, and how well its experts agree.

use num_traits::{ToPrimitive, Zero};

use super::agreement::Agreement;
use super::design::Design;
use super::means::aggregate;
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
    pub agreement: Agreement,
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
                agreement: Agreement::of(design, &members),
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
