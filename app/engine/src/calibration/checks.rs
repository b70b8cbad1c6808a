//! 假定核查: the assumptions of each method, and where the sheets do not bear them.

use domain::round::Method;
use num_traits::Signed;

use super::crossed::Factor;
use super::finding::{Coefficient, Finding};
use super::{Calibration, Origin, Panel};
use crate::decimal::{Decimal, Exact, round};

/// Outlying sheets that are named one by one.
const NAMED: usize = 20;

/// One finding per assumption that does not hold and per method that cannot give a value.
#[must_use]
pub fn checks(calibration: &Calibration) -> Vec<Finding> {
    let mut findings = Vec::new();
    connectivity(calibration, &mut findings);
    panel_sizes(calibration, &mut findings);
    coefficients(calibration, &mut findings);
    range(calibration, &mut findings);
    sheets(calibration, &mut findings);
    mixed(calibration, &mut findings);
    findings
}

fn connectivity(calibration: &Calibration, findings: &mut Vec<Finding>) {
    let parts = calibration.components.count;
    if parts > 1 {
        findings.push(Finding::Disconnected { parts });
    }
    if calibration.additive.is_none() {
        findings.push(Finding::NoAdditive);
    }
    if parts > 1 && calibration.panels.len() > 1 {
        findings.push(Finding::PanelsApart);
    }
}

fn panel_sizes(calibration: &Calibration, findings: &mut Vec<Finding>) {
    let panels = &calibration.panels;
    if calibration.design.panels.is_empty() {
        findings.push(Finding::NoPanels);
    } else {
        let applications = calibration.design.panel_of.iter().filter(|panel| panel.is_none()).count();
        if applications > 0 {
            findings.push(Finding::WithoutPanel { applications });
        }
        let small = panels.iter().filter(|panel| panel.members.len() < 5);
        let small: Vec<_> = small.map(|panel| (panel.name.clone(), panel.members.len())).collect();
        push_any(findings, small, |panels| Finding::SmallPanels { panels });
    }
    let with = |deviation: Option<f64>| {
        panels.iter().filter(|panel| panel.deviation == deviation).map(|panel| panel.name.clone()).collect::<Vec<_>>()
    };
    push_any(findings, with(None), |panels| Finding::NoDeviation { panels });
    push_any(findings, with(Some(0.0)), |panels| Finding::ZeroDeviation { panels });
    let sizes = || panels.iter().map(|panel| panel.members.len());
    if let (Some(largest), Some(smallest)) = (sizes().max(), sizes().min())
        && largest > 2 * smallest
    {
        findings.push(Finding::UnevenPanels { largest, smallest });
    }
}

fn coefficients(calibration: &Calibration, findings: &mut Vec<Finding>) {
    let low = Exact::new(9.into(), 10.into());
    let high = Exact::new(11.into(), 10.into());
    for coefficient in [Coefficient::Plain, Coefficient::Grand] {
        let factor = |panel: &Panel| match coefficient {
            Coefficient::Plain => panel.coefficient.clone(),
            Coefficient::Grand => panel.grand_coefficient.clone(),
        };
        let panels = || calibration.panels.iter().map(|panel| (panel.name.clone(), factor(panel)));
        let none: Vec<_> = panels().filter(|(_, factor)| factor.is_none()).map(|(name, _)| name).collect();
        push_any(findings, none, |panels| Finding::NoCoefficient { panels, coefficient });
        let extreme = panels().filter_map(|(name, factor)| {
            let factor = factor.filter(|factor| *factor < low || *factor > high)?;
            Some((name, round(&factor, 4)))
        });
        push_any(findings, extreme.collect(), |panels| Finding::ExtremeCoefficient { panels, coefficient });
    }
}

/// One finding for all panels it holds of.
fn push_any<T>(findings: &mut Vec<Finding>, panels: Vec<T>, finding: impl Fn(Vec<T>) -> Finding) {
    if !panels.is_empty() {
        findings.push(finding(panels));
    }
}

fn range(calibration: &Calibration, findings: &mut Vec<Finding>) {
    let full_mark = calibration.options.full_mark;
    for method in Method::ALL.iter().copied() {
        let outside = calibration.results.iter().filter(|results| {
            let beyond = |value: Decimal| {
                let value = value.exact();
                value.is_negative() || value > Exact::from_integer(full_mark.into())
            };
            let beyond_float = |value: f64| !(-1e-9..=full_mark as f64 + 1e-9).contains(&value);
            match method {
                Method::Raw => results.raw.is_some_and(beyond),
                Method::Trimmed => results.trimmed.is_some_and(beyond),
                Method::Coefficient => results.coefficient.is_some_and(beyond),
                Method::Grand => results.grand.is_some_and(beyond),
                Method::Standard => results.standard.is_some_and(beyond),
                Method::Additive => results.additive.is_some_and(beyond_float),
                Method::Mixed => results.mixed.is_some_and(beyond_float),
            }
        });
        let applications = outside.count();
        if applications > 0 {
            findings.push(Finding::OutOfRange { method, applications, full_mark });
        }
    }
}

fn sheets(calibration: &Calibration, findings: &mut Vec<Finding>) {
    let trim_from = calibration.options.trim_from.max(3);
    let below = |least: usize| calibration.results.iter().filter(|results| results.sheets < least).count();
    let (few, untrimmed) = (below(3), below(trim_from));
    if few > 0 {
        findings.push(Finding::FewSheets { applications: few });
    }
    if untrimmed > 0 {
        findings.push(Finding::Untrimmed { applications: untrimmed, trim_from });
    }
    outliers(calibration, findings);
}

/// Names the sheets that deviate most; beyond [`NAMED`] only their number.
fn outliers(calibration: &Calibration, findings: &mut Vec<Finding>) {
    let percent = calibration.options.outlier_percent;
    let mut outliers = calibration.outliers(percent);
    outliers.sort_by(|a, b| b.percent.abs().total_cmp(&a.percent.abs()).then(a.sheet.cmp(&b.sheet)));
    for outlier in outliers.iter().take(NAMED) {
        let sheet = &calibration.design.sheets[outlier.sheet];
        findings.push(Finding::Outlier {
            expert: calibration.design.experts[sheet.expert].clone(),
            application: calibration.design.applications[sheet.application].clone(),
            score: sheet.score.decimal(),
            mean: outlier.mean,
            percent: outlier.percent,
        });
    }
    if outliers.len() > NAMED {
        findings.push(Finding::MoreOutliers { sheets: outliers.len() - NAMED, percent });
    }
}

fn mixed(calibration: &Calibration, findings: &mut Vec<Finding>) {
    let mixed = match &calibration.mixed {
        Ok(mixed) => mixed,
        Err(reason) => {
            findings.push(Finding::Unfit(*reason));
            return;
        }
    };
    match mixed.origin {
        Origin::Converged => {}
        Origin::Unfinished => findings.push(Finding::Unfinished),
        Origin::NoSpread => findings.push(Finding::NoSpread),
        Origin::NoResidual => findings.push(Finding::NoResidual),
    }
    if mixed.posterior.is_none() {
        findings.push(Finding::NoPosterior);
    }
    if mixed.variances.expert.is_none() {
        findings.push(Finding::NoExpertEffect);
    }
    if mixed.variances.panel.is_none() && calibration.design.panels.len() > 1 {
        findings.push(Finding::NoPanelEffect);
    }
    if mixed.origin == Origin::Converged || mixed.origin == Origin::Unfinished {
        let variances = mixed.variances;
        let factors = [
            (Factor::Application, Some(variances.application)),
            (Factor::Expert, variances.expert),
            (Factor::Panel, variances.panel),
        ];
        let zero = factors.into_iter().filter(|(_, variance)| variance.is_some_and(|variance| variance <= 0.0));
        findings.extend(zero.map(|(factor, _)| Finding::ZeroVariance(factor)));
    }
}
