//! The published form of a calibration: the JSON of `hengping calibrate`.

use std::collections::BTreeSet;

use num_traits::ToPrimitive;
use serde::Serialize;

use super::further::Further;
use super::further::plan::{Plan, Planned};
use super::{ALGORITHM, Calibration, Decimal, Method, Order, REMARKABLE, RankUncertainty, Sheet, checks::checks};
use crate::decimal::round;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    pub algorithm: &'static str,
    /// The deciding method; `rank` follows it.
    pub method: Method,
    pub model: Model,
    pub applications: Vec<ApplicationRow>,
    pub experts: Vec<ExpertRow>,
    pub panels: Vec<PanelRow>,
    /// Sheets that deviate from their application's mean by more than the rule allows, or from the model by more than
    /// three standard errors.
    pub sheets: Vec<SheetRow>,
    pub further_reviews: Vec<FurtherRow>,
    /// Further reviews chosen together; `null` without places.
    pub further_plan: Option<PlanRow>,
    pub connectivity: Connectivity,
    pub checks: Vec<String>,
    /// Filled in by the caller, who has a clock.
    pub timing_ms: Timing,
}

/// Points and points²; `null` where the mixed model has no value.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Model {
    pub intercept: Option<f64>,
    pub intercept_se: Option<f64>,
    pub variance: VarianceRow,
    pub reml_criterion: Option<f64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct VarianceRow {
    pub application: Option<f64>,
    pub expert: Option<f64>,
    pub panel: Option<f64>,
    pub residual: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ApplicationRow {
    pub application: String,
    pub n: usize,
    pub raw: Option<Decimal>,
    pub trimmed: Option<Decimal>,
    pub coefficient: Option<Decimal>,
    pub grand: Option<Decimal>,
    pub standard: Option<Decimal>,
    pub additive: Option<f64>,
    pub mixed: Option<f64>,
    pub effect: Option<f64>,
    pub se: Option<f64>,
    pub rank: Option<usize>,
    pub expected_rank: Option<f64>,
    pub rank_low: Option<usize>,
    pub rank_high: Option<usize>,
    pub p_top: Option<f64>,
    pub p_beats_next: Option<f64>,
    /// 边界区
    pub borderline: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExpertRow {
    pub expert: String,
    pub n: usize,
    pub effect: Option<f64>,
    pub se: Option<f64>,
    pub spread: Option<f64>,
    pub agreement: Option<f64>,
    /// Share of sheets outside the outlier rule, 0–1.
    pub outlying: f64,
    pub flags: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PanelRow {
    /// `null` if the sheets name no panels.
    pub panel: Option<String>,
    pub size: usize,
    pub mean: Option<Decimal>,
    pub sd: Option<f64>,
    /// 修正系数
    pub coefficient: Option<f64>,
    /// 二次平均系数
    pub grand_coefficient: Option<f64>,
    /// Effect in the mixed model, where panels are part of it.
    pub effect: Option<f64>,
    pub se: Option<f64>,
    pub icc1: Option<f64>,
    pub icck: Option<f64>,
    /// Kendall's W, of complete panels.
    pub kendall_w: Option<f64>,
    /// Krippendorff's α, interval.
    pub alpha: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SheetRow {
    pub application: String,
    pub expert: String,
    pub score: Decimal,
    /// Deviation from the application's mean, percent of it.
    pub percent: Option<f64>,
    /// Standardised residual of the mixed model.
    pub residual: Option<f64>,
    /// The deviation is beyond the rule: a written explanation is due.
    pub outlying: bool,
}

/// 追加评审
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FurtherRow {
    pub application: String,
    /// Expected probability of misclassification after 0, 1, 2, … further reviews.
    pub misclassified: Vec<f64>,
    /// Reviews that settle it (at most 10 %); `null` if even the last of `misclassified` does not.
    pub settled_after: Option<usize>,
}

/// 追加评审方案
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlanRow {
    /// Expected number of misclassified applications as things stand.
    pub now: f64,
    /// Each further review with the expected number after it.
    pub steps: Vec<StepRow>,
    pub applications: Vec<PlannedRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepRow {
    pub application: String,
    pub misclassified: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlannedRow {
    pub application: String,
    pub reviews: usize,
    /// Chance of being misclassified before and after all steps.
    pub before: f64,
    pub after: f64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Connectivity {
    pub components: usize,
    pub sizes: Vec<ComponentRow>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ComponentRow {
    pub applications: usize,
    pub experts: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Timing {
    pub read: f64,
    pub fit: f64,
    pub draws: f64,
}

/// Puts a calibration and its draws into the published form. `order` is that of the deciding `method`; without a `plan`
/// there are no places to plan for.
#[must_use]
pub fn report(
    calibration: &Calibration,
    method: Method,
    order: &Order,
    draws: Option<&[RankUncertainty]>,
    plan: Option<&Plan>,
) -> Report {
    Report {
        algorithm: ALGORITHM,
        method,
        model: model(calibration),
        applications: applications(calibration, order, draws),
        experts: experts(calibration),
        panels: panels(calibration),
        sheets: sheets(calibration),
        further_reviews: further_reviews(calibration, draws.unwrap_or_default()),
        further_plan: plan.map(|plan| further_plan(calibration, plan)),
        connectivity: connectivity(calibration),
        checks: checks(calibration).into_iter().chain(of_method(calibration, method)).collect(),
        timing_ms: Timing::default(),
    }
}

fn model(calibration: &Calibration) -> Model {
    let Ok(mixed) = &calibration.mixed else {
        return Model::default();
    };
    Model {
        intercept: Some(mixed.intercept),
        intercept_se: Some(mixed.intercept_se),
        variance: VarianceRow {
            application: Some(mixed.variances.application),
            expert: mixed.variances.expert,
            panel: mixed.variances.panel,
            residual: Some(mixed.variances.residual),
        },
        reml_criterion: mixed.criterion,
    }
}

fn applications(calibration: &Calibration, order: &Order, draws: Option<&[RankUncertainty]>) -> Vec<ApplicationRow> {
    let mixed = calibration.mixed.as_ref().ok();
    calibration
        .design
        .applications
        .iter()
        .zip(&calibration.results)
        .enumerate()
        .map(|(index, (application, results))| {
            let effect = mixed.and_then(|mixed| mixed.applications.get(index));
            let chances = draws.and_then(|draws| draws.get(index));
            ApplicationRow {
                application: application.clone(),
                n: results.sheets,
                raw: results.raw,
                trimmed: results.trimmed,
                coefficient: results.coefficient,
                grand: results.grand,
                standard: results.standard,
                additive: results.additive,
                mixed: results.mixed,
                effect: effect.map(|effect| effect.effect),
                se: effect.map(|effect| effect.se),
                rank: order.ranks.get(index).copied().flatten(),
                expected_rank: chances.map(|chances| chances.expected_rank),
                rank_low: chances.map(|chances| chances.rank_low),
                rank_high: chances.map(|chances| chances.rank_high),
                p_top: chances.and_then(|chances| chances.p_top),
                p_beats_next: chances.and_then(|chances| chances.p_beats_next),
                borderline: chances.is_some_and(RankUncertainty::is_borderline),
            }
        })
        .collect()
}

fn experts(calibration: &Calibration) -> Vec<ExpertRow> {
    calibration
        .design
        .experts
        .iter()
        .zip(calibration.diagnose_experts())
        .map(|(expert, diagnosis)| ExpertRow {
            expert: expert.clone(),
            n: diagnosis.sheets,
            effect: diagnosis.severity.map(|severity| severity.effect),
            se: diagnosis.severity.map(|severity| severity.se),
            spread: diagnosis.spread,
            agreement: diagnosis.agreement,
            outlying: diagnosis.outlying,
            flags: diagnosis.flags,
        })
        .collect()
}

fn panels(calibration: &Calibration) -> Vec<PanelRow> {
    let mixed = calibration.mixed.as_ref().ok();
    calibration
        .panels
        .iter()
        .map(|panel| {
            let level = panel.name.as_ref().and_then(|name| calibration.design.panels.binary_search(name).ok());
            let effect = level.and_then(|level| mixed?.panels.get(level));
            PanelRow {
                panel: panel.name.clone(),
                size: panel.members.len(),
                mean: round(&panel.mean, 3),
                sd: panel.deviation,
                coefficient: panel.coefficient.as_ref().and_then(ToPrimitive::to_f64),
                grand_coefficient: panel.grand_coefficient.as_ref().and_then(ToPrimitive::to_f64),
                effect: effect.map(|effect| effect.effect),
                se: effect.map(|effect| effect.se),
                icc1: panel.agreement.intraclass.map(|icc| icc.single),
                icck: panel.agreement.intraclass.map(|icc| icc.mean),
                kendall_w: panel.agreement.concordance,
                alpha: panel.agreement.alpha,
            }
        })
        .collect()
}

fn sheets(calibration: &Calibration) -> Vec<SheetRow> {
    let Calibration { design, options, .. } = calibration;
    let outlying: BTreeSet<usize> =
        calibration.outliers(options.outlier_percent).into_iter().map(|outlier| outlier.sheet).collect();
    let residuals = calibration.standardised_residuals();
    let row = |(index, sheet): (usize, &Sheet)| {
        let residual = residuals.get(index).copied().flatten();
        let remarkable = residual.is_some_and(|residual| residual.abs() > REMARKABLE);
        let mean = calibration.results[sheet.application].exact_mean.to_f64().filter(|mean| *mean != 0.0);
        (remarkable || outlying.contains(&index)).then(|| SheetRow {
            application: design.applications[sheet.application].clone(),
            expert: design.experts[sheet.expert].clone(),
            score: sheet.score.decimal(),
            percent: mean.map(|mean| (sheet.score.to_f64() - mean) / mean.abs() * 100.0),
            residual,
            outlying: outlying.contains(&index),
        })
    };
    design.sheets.iter().enumerate().filter_map(row).collect()
}

fn further_reviews(calibration: &Calibration, chances: &[RankUncertainty]) -> Vec<FurtherRow> {
    let row = |further: Further| FurtherRow {
        application: calibration.design.applications[further.application].clone(),
        misclassified: further.misclassified,
        settled_after: further.settled_after,
    };
    calibration.further_reviews(chances).into_iter().map(row).collect()
}

/// Where the deciding method is not the model that the uncertainty comes from.
fn of_method(calibration: &Calibration, method: Method) -> Option<String> {
    let drawn = calibration.mixed.as_ref().is_ok_and(|mixed| mixed.posterior.is_some());
    (drawn && method != Method::Mixed).then(|| {
        format!(
            "名次区间、入围概率与标准误由{}得出；名次按{}排列，两者可能相差较大，区间不一定包含名次",
            Method::Mixed.name(),
            method.name()
        )
    })
}

fn further_plan(calibration: &Calibration, plan: &Plan) -> PlanRow {
    let name = |application: usize| calibration.design.applications[application].clone();
    let step = |(application, misclassified): &(usize, f64)| StepRow {
        application: name(*application),
        misclassified: *misclassified,
    };
    let planned = |planned: &Planned| PlannedRow {
        application: name(planned.application),
        reviews: planned.reviews,
        before: planned.before,
        after: planned.after,
    };
    PlanRow {
        now: plan.now,
        steps: plan.steps.iter().map(step).collect(),
        applications: plan.applications.iter().map(planned).collect(),
    }
}

fn connectivity(calibration: &Calibration) -> Connectivity {
    let components = &calibration.components;
    let mut sizes = vec![ComponentRow::default(); components.count];
    for component in &components.of_application {
        sizes[*component].applications += 1;
    }
    for component in &components.of_expert {
        sizes[*component].experts += 1;
    }
    Connectivity { components: components.count, sizes }
}
