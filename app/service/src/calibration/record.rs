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
    pub rank_low: Option<usize>,
    pub rank_high: Option<usize>,
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
}

impl Record {
    pub(super) fn new(calibration: &Calibration, report: Report, method: Method, input_digest: String) -> Self {
        let orders: Vec<_> = Method::ALL.iter().map(|m| (*m, calibration.order(super::engine_method(*m)))).collect();
        let applications = report
            .applications
            .iter()
            .enumerate()
            .map(|(i, row)| ApplicationLine {
                code: row.application.clone(),
                sheets: row.n,
                finals: Method::ALL
                    .iter()
                    .filter_map(|m| Some((*m, points(calibration.final_score(i, super::engine_method(*m))?))))
                    .collect(),
                ranks: orders.iter().filter_map(|(m, order)| Some((*m, (*order.ranks.get(i)?)?))).collect(),
                raw_thousandths: row.raw.map(|raw| raw.micros() / 1000),
                trimmed_thousandths: row.trimmed.map(|trimmed| trimmed.micros() / 1000),
                se: row.se,
                rank_low: row.rank_low,
                rank_high: row.rank_high,
                p_top: row.p_top,
                borderline: row.borderline,
            })
            .collect();
        Self {
            algorithm: report.algorithm.to_owned(),
            method,
            input_digest,
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
                })
                .collect(),
            components: report.connectivity.components,
            variance_application: report.model.variance.application,
            variance_expert: report.model.variance.expert,
            variance_residual: report.model.variance.residual,
            intercept: report.model.intercept,
            checks: report.checks,
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
