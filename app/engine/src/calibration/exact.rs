//! The five methods that are arithmetic, and the side-by-side results of all seven.

use num_traits::ToPrimitive;

use super::Options;
use super::additive::Additive;
use super::design::Design;
use super::means::{aggregate, means};
use super::mixed::Mixed;
use super::panels::{Panel, grand_mean};
use crate::decimal::{Decimal, Exact, round, round_float};

/// All methods for one application. Means are rounded to three decimals, finals to two, each once.
#[derive(Clone, Debug, PartialEq)]
pub struct Results {
    /// Number of valid sheets.
    pub sheets: usize,
    pub exact_mean: Exact,
    pub exact_trimmed: Exact,
    pub raw: Option<Decimal>,
    pub trimmed: Option<Decimal>,
    pub coefficient: Option<Decimal>,
    pub grand: Option<Decimal>,
    pub standard: Option<Decimal>,
    /// μ + α in points, unrounded; comparable within one connected component only.
    pub additive: Option<f64>,
    /// μ + α in points, unrounded.
    pub mixed: Option<f64>,
}

pub fn results(
    design: &Design,
    options: &Options,
    panels: &[Panel],
    additive: Option<&Additive>,
    mixed: Option<&Mixed>,
) -> Vec<Results> {
    let standard = standard(design, options, panels);
    let mut panel_of = vec![None; design.applications.len()];
    for panel in panels {
        for member in &panel.members {
            panel_of[*member] = Some(panel);
        }
    }
    (0..design.applications.len())
        .map(|application| {
            let (exact_mean, exact_trimmed) = means(design, application, options);
            let base = aggregate(design, application, options);
            let panel = panel_of[application];
            let times = |factor: Option<&Exact>| factor.and_then(|factor| round(&(&base * factor), 2));
            Results {
                sheets: design.of_application[application].len(),
                raw: round(&exact_mean, 3),
                trimmed: round(&exact_trimmed, 3),
                coefficient: times(panel.and_then(|panel| panel.coefficient.as_ref())),
                grand: times(panel.and_then(|panel| panel.grand_coefficient.as_ref())),
                standard: standard[application].and_then(|value| round_float(value, 2)),
                additive: additive.map(|additive| additive.applications[application]),
                mixed: mixed.map(|mixed| mixed.intercept + mixed.applications[application].effect),
                exact_mean,
                exact_trimmed,
            }
        })
        .collect()
}

/// 标准分转换法: M + z·S, z = (x − m_g)/s_g, S = mean of s_g; S = min s_g if any result exceeds full marks.
///
/// A panel with s_g = 0 or fewer than two applications has no z and takes no part in S.
fn standard(design: &Design, options: &Options, panels: &[Panel]) -> Vec<Option<f64>> {
    let mut results = vec![None; design.applications.len()];
    let usable: Vec<(&Panel, f64)> =
        panels.iter().filter_map(|panel| panel.deviation.filter(|sd| *sd > 0.0).map(|sd| (panel, sd))).collect();
    let Some(grand_mean) = grand_mean(panels).and_then(|mean| mean.to_f64()) else {
        return results;
    };
    if usable.is_empty() {
        return results;
    }
    let mut scores = Vec::new();
    for (panel, deviation) in &usable {
        for member in &panel.members {
            let distance = (aggregate(design, *member, options) - &panel.mean).to_f64().unwrap_or(0.0);
            scores.push((*member, distance / deviation));
        }
    }
    let mean_deviation = usable.iter().map(|(_, sd)| sd).sum::<f64>() / usable.len() as f64;
    let least_deviation = usable.iter().map(|(_, sd)| *sd).fold(f64::INFINITY, f64::min);
    let full = options.full_mark as f64;
    let exceeds = scores.iter().any(|(_, z)| grand_mean + z * mean_deviation > full + 1e-9);
    let scale = if exceeds { least_deviation } else { mean_deviation };
    for (application, z) in scores {
        results[application] = Some(grand_mean + z * scale);
    }
    results
}
