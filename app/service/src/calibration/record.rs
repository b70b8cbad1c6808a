//! A calibration as it is kept: every number a page or an export shows, by method.

use domain::points::Points;
use domain::round::Method;
use engine::calibration::Calibration;
use engine::calibration::report::Report;
use engine::decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// 校准记录
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub algorithm: String,
    /// The frozen method.
    pub method: Method,
    /// SHA-256 over the sorted sheets as `application,expert,score` lines.
    pub input_digest: String,
    pub applications: Vec<ApplicationLine>,
    pub experts: Vec<ExpertLine>,
    pub panels: Vec<PanelLine>,
    /// Parts of the round whose scores nothing connects.
    pub components: usize,
    pub variance_application: Option<f64>,
    pub variance_expert: Option<f64>,
    pub variance_residual: Option<f64>,
    pub intercept: Option<f64>,
    pub checks: Vec<String>,
    /// Of the panels, where they have an effect in the mixed model.
    #[serde(default)]
    pub variance_panel: Option<f64>,
    /// Of the posterior draws, hexadecimal, and their number.
    #[serde(default)]
    pub seed: String,
    #[serde(default)]
    pub draws: usize,
    /// The methods on each dimension by itself.
    #[serde(default)]
    pub dimensions: Vec<DimensionRecord>,
    /// Sheets beyond the outlier rule or three standard errors from the model.
    #[serde(default)]
    pub sheets: Vec<SheetLine>,
    /// 追加评审: reviews chosen together. `None` where nothing is uncertain in numbers.
    #[serde(default)]
    pub further: Option<FurtherPlan>,
}

/// All methods on one dimension by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DimensionRecord {
    pub name: String,
    pub full: Points,
    /// Those to whom any of its criteria apply.
    pub applications: Vec<ByMethod>,
}

/// One application under every method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByMethod {
    pub code: String,
    /// Final score by method; a method that cannot give one is absent.
    pub finals: BTreeMap<Method, Points>,
    pub ranks: BTreeMap<Method, usize>,
}

impl DimensionRecord {
    pub(super) fn new(name: String, full: Points, calibration: &Calibration) -> Self {
        Self { name, full, applications: finals(calibration) }
    }
}

/// A sheet worth a look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SheetLine {
    pub application: String,
    pub expert: String,
    pub score: Points,
    /// Deviation from the application's mean, percent of it.
    pub percent: Option<f64>,
    /// Standardised residual of the mixed model.
    pub residual: Option<f64>,
}

/// Further reviews chosen together, each where the expected number of misclassified applications falls most.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FurtherPlan {
    /// Expected number of misclassified applications after 0, 1, 2, … further reviews.
    pub misclassified: Vec<f64>,
    /// The application of each review.
    pub steps: Vec<String>,
    pub applications: Vec<FurtherLine>,
}

/// The effect of the plan on one application that the sheets do not settle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FurtherLine {
    pub application: String,
    pub reviews: usize,
    /// Probability of being misclassified as things stand, and after all steps.
    pub before: f64,
    pub after: f64,
}

/// One application under every method. Scores in 1/100 point, rounded half-up once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApplicationLine {
    pub code: String,
    pub sheets: usize,
    /// Final score by method; a method that cannot give one is absent.
    pub finals: BTreeMap<Method, Points>,
    pub ranks: BTreeMap<Method, usize>,
    /// The untrimmed mean in 1/1000 point, the first tie key.
    pub raw_thousandths: Option<i64>,
    /// The trimmed mean in 1/1000 point.
    pub trimmed_thousandths: Option<i64>,
    /// Standard error of the mixed effect, in points.
    pub se: Option<f64>,
    #[serde(default)]
    pub expected_rank: Option<f64>,
    pub rank_low: Option<usize>,
    pub rank_high: Option<usize>,
    /// P(its merit exceeds that of the next in the order of the frozen method).
    #[serde(default)]
    pub p_beats_next: Option<f64>,
    pub p_top: Option<f64>,
    pub borderline: bool,
}

/// One expert. `effect` in points: negative is 偏严.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExpertLine {
    pub code: String,
    pub sheets: usize,
    pub effect: Option<f64>,
    pub se: Option<f64>,
    pub spread: Option<f64>,
    pub agreement: Option<f64>,
    /// Share of sheets more than 30 % from their application's mean.
    #[serde(default)]
    pub outlying: f64,
    pub flags: Vec<String>,
}

/// One panel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PanelLine {
    pub name: String,
    pub size: usize,
    pub mean: Option<Points>,
    pub sd: Option<f64>,
    /// 修正系数
    pub coefficient: Option<f64>,
    pub icc1: Option<f64>,
    pub icck: Option<f64>,
    /// Kendall's W, of complete panels.
    #[serde(default)]
    pub kendall_w: Option<f64>,
    /// Krippendorff's α.
    #[serde(default)]
    pub alpha: Option<f64>,
}

/// Final scores and ranks by method, in the order of the codes.
pub(super) fn finals(calibration: &Calibration) -> Vec<ByMethod> {
    let orders: Vec<_> = Method::ALL.iter().map(|m| (*m, calibration.order(*m))).collect();
    let of = |(index, code): (usize, &String)| ByMethod {
        code: code.clone(),
        finals: Method::ALL.iter().filter_map(|m| Some((*m, points(calibration.final_score(index, *m)?)))).collect(),
        ranks: orders.iter().filter_map(|(m, order)| Some((*m, (*order.ranks.get(index)?)?))).collect(),
    };
    calibration.design.applications.iter().enumerate().map(of).collect()
}

/// The data with which a record can be computed again.
pub(super) struct Basis {
    pub input_digest: String,
    pub seed: String,
    pub draws: usize,
}

impl Record {
    pub(super) fn new(calibration: &Calibration, report: Report, method: Method, basis: Basis) -> Self {
        let applications = report
            .applications
            .iter()
            .zip(finals(calibration))
            .map(|(row, ByMethod { code, finals, ranks })| ApplicationLine {
                code,
                sheets: row.n,
                finals,
                ranks,
                raw_thousandths: row.raw.map(|raw| raw.micros() / 1000),
                trimmed_thousandths: row.trimmed.map(|trimmed| trimmed.micros() / 1000),
                se: row.se,
                expected_rank: row.expected_rank,
                rank_low: row.rank_low,
                rank_high: row.rank_high,
                p_beats_next: row.p_beats_next,
                p_top: row.p_top,
                borderline: row.borderline,
            })
            .collect();
        Self {
            algorithm: report.algorithm.to_owned(),
            method,
            input_digest: basis.input_digest,
            seed: basis.seed,
            draws: basis.draws,
            dimensions: Vec::new(),
            applications,
            experts: report
                .experts
                .into_iter()
                .map(|e| ExpertLine {
                    code: e.expert,
                    sheets: e.n,
                    effect: e.effect,
                    se: e.se,
                    spread: e.spread,
                    agreement: e.agreement,
                    outlying: e.outlying,
                    flags: e.flags,
                })
                .collect(),
            panels: report
                .panels
                .into_iter()
                .map(|p| PanelLine {
                    name: p.panel.unwrap_or_default(),
                    size: p.size,
                    mean: p.mean.map(points),
                    sd: p.sd,
                    coefficient: p.coefficient,
                    icc1: p.icc1,
                    icck: p.icck,
                    kendall_w: p.kendall_w,
                    alpha: p.alpha,
                })
                .collect(),
            components: report.connectivity.components,
            variance_application: report.model.variance.application,
            variance_expert: report.model.variance.expert,
            variance_panel: report.model.variance.panel,
            variance_residual: report.model.variance.residual,
            intercept: report.model.intercept,
            checks: report.checks,
            sheets: report
                .sheets
                .into_iter()
                .map(|s| SheetLine {
                    application: s.application,
                    expert: s.expert,
                    score: points(s.score),
                    percent: s.percent,
                    residual: s.residual,
                })
                .collect(),
            further: report.further_plan.map(|plan| FurtherPlan {
                misclassified: std::iter::once(plan.now).chain(plan.steps.iter().map(|s| s.misclassified)).collect(),
                steps: plan.steps.into_iter().map(|s| s.application).collect(),
                applications: plan
                    .applications
                    .into_iter()
                    .map(|p| FurtherLine {
                        application: p.application,
                        reviews: p.reviews,
                        before: p.before,
                        after: p.after,
                    })
                    .collect(),
            }),
        }
    }

    pub fn application(&self, code: &str) -> Option<&ApplicationLine> {
        self.applications.iter().find(|a| a.code == code)
    }

    pub fn panel(&self, name: &str) -> Option<&PanelLine> {
        self.panels.iter().find(|p| p.name == name)
    }
}

fn points(value: Decimal) -> Points {
    Points(value.hundredths())
}
