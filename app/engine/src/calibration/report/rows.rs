//! The rows of the published form.

use domain::round::Method;
use serde::Serialize;

use crate::decimal::Decimal;

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
    /// By the deciding method, rounded once from the exact value: the other columns are rounded already.
    #[serde(rename = "final")]
    pub deciding: Option<Decimal>,
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
