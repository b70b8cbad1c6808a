//! 混合效应校准: restricted maximum likelihood for `y = μ + α[application] + β[expert] (+ γ[panel]) + ε`.

use std::sync::Arc;

use super::additive::Additive;
use super::connectivity::{self, Components};
use super::crossed::{Crossed, Factor, Levels};
use super::design::Design;
use super::effect::Effect;
use super::factored::Inverse;
use super::optimise::{Minimum, minimise};
use super::posterior::Posterior;
use super::reml::Point;
use super::start::{Saturated, mean, starts, variance};

/// Share of the total sum of squares below which a residual is rounding, not scatter.
const NOTHING_LEFT: f64 = 1e-18;

/// Variances in points²; `None` for a factor that is not in the model.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Variances {
    pub application: f64,
    pub expert: Option<f64>,
    pub panel: Option<f64>,
    pub residual: f64,
}

/// The way in which the fit was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The search met its tolerance.
    Converged,
    /// The search ended early; the values are the best found.
    Unfinished,
    /// All scores are equal: all variances are zero.
    NoSpread,
    /// The additive model fits without residual, and the mixed model becomes it.
    NoResidual,
}

/// The fitted mixed model.
#[derive(Clone, Debug)]
pub struct Mixed {
    pub intercept: f64,
    pub intercept_se: f64,
    pub variances: Variances,
    /// lme4's `REMLcrit`; `None` where it has no finite value.
    pub criterion: Option<f64>,
    pub applications: Vec<Effect>,
    /// Empty if experts are not in the model.
    pub experts: Vec<Effect>,
    /// Empty if panels are not in the model.
    pub panels: Vec<Effect>,
    pub origin: Origin,
    /// `None` where the fit is exact and there is no uncertainty to draw from.
    pub posterior: Option<Posterior>,
    /// `None` where the fit is exact.
    pub(super) at: Option<At>,
}

/// The point at which the search ended.
#[derive(Clone, Debug)]
pub(super) struct At {
    pub point: Point,
    /// The inverse of the reduced system at the point.
    pub inverse: Arc<Inverse>,
    /// Subtracted from every score before fitting, points.
    pub shift: f64,
}

/// Why the model cannot be fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    OneApplication,
    /// Every application has a single sheet: merit and residual cannot be told apart.
    OneSheetEach,
    /// As many effects as sheets: no sheet is left to estimate the residual.
    NoFreedom,
    /// No residual, and components that no sheet links.
    ExactButDisconnected,
    /// The criterion is finite nowhere on the search.
    Singular,
}

/// Which factors the sheets can tell apart. Applications always take part.
pub fn factors(design: &Design) -> Vec<Factor> {
    let sheets = design.sheets.len();
    let mut factors = vec![Factor::Application];
    let experts = design.experts.len();
    if experts > 1 && experts < sheets {
        factors.push(Factor::Expert);
    }
    let panels = design.panels.len() + usize::from(design.sheets.iter().any(|sheet| sheet.panel.is_none()));
    let distinct = |pairs: Vec<(usize, usize)>| pairs.into_iter().collect::<std::collections::BTreeSet<_>>().len();
    let panel = |sheet: &super::design::Sheet| sheet.panel.unwrap_or(usize::MAX);
    let one_to_one = |levels: usize, pairs: Vec<(usize, usize)>| levels == panels && distinct(pairs) == panels;
    let with_applications = design.sheets.iter().map(|sheet| (sheet.application, panel(sheet))).collect();
    let with_experts = design.sheets.iter().map(|sheet| (sheet.expert, panel(sheet))).collect();
    if panels > 1 && !one_to_one(design.applications.len(), with_applications) && !one_to_one(experts, with_experts) {
        factors.push(Factor::Panel);
    }
    factors
}

/// Fits by REML over the variance ratios (see [`super::reml`], [`super::optimise`]).
///
/// Scores in points; effects and standard errors in points, variances in points². Time O(n + m³) per step for the
/// m levels outside the largest factor, memory O(n + m²); where few levels are linked, the fill of the factor instead. Ratios below 10⁻⁹ are reported as zero.
///
/// # Errors
/// [`Unfit`]: the cases in which the sheets do not determine the model.
///
/// Source: Bates et al. (2015), "Fitting linear mixed-effects models using lme4", J. Stat. Softw. 67(1), §3.
pub fn fit(design: &Design, components: &Components, additive: Option<&Additive>) -> Result<Mixed, Unfit> {
    if design.applications.len() < 2 {
        return Err(Unfit::OneApplication);
    }
    let factors = factors(design);
    let scores: Vec<f64> = design.sheets.iter().map(|sheet| sheet.score.to_f64()).collect();
    let shift = scores.iter().sum::<f64>() / scores.len() as f64;
    let first = design.sheets.first().map(|sheet| sheet.score);
    if design.sheets.iter().all(|sheet| Some(sheet.score) == first) {
        return Ok(no_spread(design, &factors, shift));
    }
    if design.applications.len() == design.sheets.len() {
        return Err(Unfit::OneSheetEach);
    }
    let total: f64 = scores.iter().map(|score| (score - shift).powi(2)).sum();
    let saturated = if factors.contains(&Factor::Expert) {
        additive.map(Saturated::from)
    } else {
        Some(Saturated::one_way(design))
    };
    if let Some(saturated) = &saturated {
        if saturated.freedom == 0 {
            return Err(Unfit::NoFreedom);
        }
        if saturated.residual <= NOTHING_LEFT * total {
            return no_residual(saturated, components);
        }
    }

    let crossed = Arc::new(Crossed::new(design, &factors));
    let y: Vec<f64> = scores.iter().map(|score| score - shift).collect();
    let starts = starts(&crossed, &y, saturated.as_ref(), design);
    let minimum = minimise(&crossed, &y, &starts).ok_or(Unfit::Singular)?;
    let apart = if factors.contains(&Factor::Panel) { &connectivity::with_panels(design) } else { components };
    Ok(assemble(minimum, shift, &apart.of_application))
}

/// `part_of`: per application, the part of the round within which sheets or panels link it.
fn assemble(minimum: Minimum, shift: f64, part_of: &[usize]) -> Mixed {
    let Minimum { point, inverse, converged } = minimum;
    let inverse = Arc::new(inverse);
    let crossed = &point.system.crossed;
    let system = &point.system;
    let variance = point.residual_variance;
    let effects = system.effects(&point.modes);
    let diagonal = system.inverse_diagonal(&inverse);
    let spread = Levels {
        large: diagonal.large.iter().map(|value| (variance * value).sqrt() * system.theta_large()).collect(),
        small: diagonal
            .small
            .iter()
            .zip(&system.theta)
            .map(|(value, scale)| (variance * value).sqrt() * scale)
            .collect(),
    };
    let of = |factor: Factor| -> Vec<Effect> {
        let Some(place) = crossed.position(factor) else {
            return Vec::new();
        };
        let values = crossed.block(&effects, place).iter();
        values.zip(crossed.block(&spread, place)).map(|(effect, se)| Effect { effect: *effect, se: *se }).collect()
    };
    let variance_of = |factor: Factor| crossed.position(factor).map(|place| point.ratios[place] * variance);
    let applications = of(Factor::Application);
    let intercept = point.intercept + shift;
    let scores = applications.iter().map(|application| intercept + application.effect).collect();
    Mixed {
        intercept,
        intercept_se: (variance / point.information).sqrt(),
        variances: Variances {
            application: variance_of(Factor::Application).unwrap_or(0.0),
            expert: variance_of(Factor::Expert),
            panel: variance_of(Factor::Panel),
            residual: variance,
        },
        criterion: Some(point.criterion()),
        posterior: Some(Posterior::new(&point, &inverse, scores, &applications, part_of)),
        experts: of(Factor::Expert),
        panels: of(Factor::Panel),
        applications,
        origin: if converged { Origin::Converged } else { Origin::Unfinished },
        at: Some(At { point, inverse, shift }),
    }
}

fn no_spread(design: &Design, factors: &[Factor], score: f64) -> Mixed {
    let has = |factor: Factor| factors.contains(&factor);
    Mixed {
        intercept: score,
        intercept_se: 0.0,
        variances: Variances {
            application: 0.0,
            expert: has(Factor::Expert).then_some(0.0),
            panel: has(Factor::Panel).then_some(0.0),
            residual: 0.0,
        },
        criterion: None,
        applications: vec![Effect::default(); design.applications.len()],
        experts: if has(Factor::Expert) { vec![Effect::default(); design.experts.len()] } else { Vec::new() },
        panels: Vec::new(),
        origin: Origin::NoSpread,
        posterior: None,
        at: None,
    }
}

/// The limit of the mixed model as σ² → 0 in one component: effects are known but for their common level.
fn no_residual(exact: &Saturated, components: &Components) -> Result<Mixed, Unfit> {
    if components.count > 1 && !exact.experts.is_empty() {
        return Err(Unfit::ExactButDisconnected);
    }
    let intercept = mean(&exact.applications);
    let known = |effect: f64| Effect { effect, se: 0.0 };
    let application = variance(&exact.applications);
    let expert = (!exact.experts.is_empty()).then(|| variance(&exact.experts));
    let of_mean = application / exact.applications.len() as f64
        + expert.map_or(0.0, |variance| variance / exact.experts.len() as f64);
    Ok(Mixed {
        intercept,
        intercept_se: of_mean.sqrt(),
        variances: Variances { application, expert, panel: None, residual: 0.0 },
        criterion: None,
        applications: exact.applications.iter().map(|score| known(score - intercept)).collect(),
        experts: exact.experts.iter().map(|effect| known(*effect)).collect(),
        panels: Vec::new(),
        origin: Origin::NoResidual,
        posterior: None,
        at: None,
    })
}
