//! The published form of a calibration: the JSON of `hengping calibrate`.

mod rows;

use std::collections::BTreeSet;

use domain::round::Method;
use num_traits::ToPrimitive;

use super::checks::checks;
use super::finding::Finding;
use super::further::Further;
use super::further::plan::{FurtherPlan, Planned};
use super::{ALGORITHM, Calibration, Order, REMARKABLE, RankUncertainty, Sheet};
use crate::decimal::round;
pub use rows::{
    ApplicationRow, ComponentRow, Connectivity, ExpertRow, FurtherRow, Model, PanelRow, PlanRow, PlannedRow, Report,
    SheetRow, StepRow, Timing, VarianceRow,
};

/// Puts a calibration and its draws into the published form. `order` is that of the deciding `method`; without a `plan`
/// there are no places to plan for.
#[must_use]
pub fn report(
    calibration: &Calibration,
    method: Method,
    order: &Order,
    draws: Option<&[RankUncertainty]>,
    plan: Option<&FurtherPlan>,
) -> Report {
    Report {
        algorithm: ALGORITHM,
        method,
        model: model(calibration),
        applications: applications(calibration, method, order, draws),
        experts: experts(calibration),
        panels: panels(calibration),
        sheets: sheets(calibration),
        further_reviews: further_reviews(calibration, draws.unwrap_or_default()),
        further_plan: plan.map(|plan| further_plan(calibration, plan)),
        connectivity: connectivity(calibration),
        checks: checks(calibration).iter().chain(&of_method(calibration, method)).map(ToString::to_string).collect(),
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

fn applications(
    calibration: &Calibration,
    method: Method,
    order: &Order,
    draws: Option<&[RankUncertainty]>,
) -> Vec<ApplicationRow> {
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
                deciding: calibration.final_score(index, method),
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
            flags: diagnosis.flags.iter().map(ToString::to_string).collect(),
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

/// Names a deciding method that is not the model from which the uncertainty comes.
fn of_method(calibration: &Calibration, method: Method) -> Option<Finding> {
    let drawn = calibration.mixed.as_ref().is_ok_and(|mixed| mixed.posterior.is_some());
    (drawn && method != Method::Mixed).then_some(Finding::OtherMethodDecides(method))
}

fn further_plan(calibration: &Calibration, plan: &FurtherPlan) -> PlanRow {
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
