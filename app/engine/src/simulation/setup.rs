//! The design of a simulated round, with the variances it is tried under.

use serde::{Deserialize, Serialize};

/// A design of a round, with the variances it is tried under.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    pub name: String,
    pub applications: usize,
    /// Experts in all, divided evenly among the panels.
    pub experts: usize,
    /// 评审组; applications are divided evenly among them.
    #[serde(default = "one")]
    pub panels: usize,
    /// Sheets per application by experts of its own panel, before recusals.
    pub reviews: usize,
    /// Share of sheets that fall away through 回避 and are not replaced, 0–1.
    #[serde(default)]
    pub recusal: f64,
    /// 连接评审 by experts of other panels, as a share of the panels' own sheets.
    #[serde(default)]
    pub bridging: f64,
    /// 入围名额 in all.
    pub places: usize,
    #[serde(default)]
    pub spread: Spread,
}

const fn one() -> usize {
    1
}

/// Mean and standard deviations, in points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Spread {
    pub mean: f64,
    /// Of the applications' merit.
    pub merit: f64,
    /// Of the experts' severity.
    pub severity: f64,
    /// Of what all experts of a panel share.
    pub panel: f64,
    /// Of a sheet about merit and severity.
    pub residual: f64,
}

impl Default for Spread {
    fn default() -> Self {
        Self { mean: 75.0, merit: 6.0, severity: 4.0, panel: 0.0, residual: 5.0 }
    }
}

/// Why a setup cannot be simulated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    #[error("方案“{0}”：至少 2 项申报、2 名专家、每项 1 份评审、1 轮模拟")]
    TooSmall(String),
    #[error("方案“{0}”：评审组数应在 1 与申报数、专家数之间")]
    Panels(String),
    #[error("方案“{0}”：每项申报 {1} 份评审，而最小的评审组只有 {2} 名专家")]
    Reviews(String, usize, usize),
    #[error("方案“{0}”：回避比例应不小于 0 且小于 1，连接评审比例应在 0 与 1 之间，只有一个评审组时为 0")]
    Share(String),
    #[error("方案“{0}”：标准差应为不小于 0 的有限数，申报水平的标准差应大于 0")]
    Spread(String),
    #[error("方案“{0}”：入围名额应在 1 与申报数之间")]
    Places(String),
    #[error(
        "方案“{0}”：规模过大，申报应不超过 {MOST_APPLICATIONS} 项，评审份数合计应不超过 {MOST_SHEETS} 份，专家应不超过 {MOST_EXPERTS} 名"
    )]
    TooLarge(String),
}

/// Largest round that is simulated: ten times a province's.
const MOST_APPLICATIONS: usize = 20_000;
const MOST_EXPERTS: usize = 5_000;
const MOST_SHEETS: usize = 200_000;

impl Setup {
    /// # Errors
    /// The first thing that keeps the setup from being simulated.
    pub fn check(&self) -> Result<(), SetupError> {
        let name = || self.name.clone();
        if self.applications < 2 || self.experts < 2 || self.reviews == 0 {
            return Err(SetupError::TooSmall(name()));
        }
        let sheets = self.applications.saturating_mul(self.reviews);
        if self.applications > MOST_APPLICATIONS || self.experts > MOST_EXPERTS || sheets > MOST_SHEETS {
            return Err(SetupError::TooLarge(name()));
        }
        if self.panels == 0 || self.panels > self.applications.min(self.experts) {
            return Err(SetupError::Panels(name()));
        }
        let smallest = self.experts / self.panels;
        if self.reviews > smallest {
            return Err(SetupError::Reviews(name(), self.reviews, smallest));
        }
        let bridges = if self.panels == 1 { self.bridging == 0.0 } else { (0.0..=1.0).contains(&self.bridging) };
        if !(0.0..1.0).contains(&self.recusal) || !bridges {
            return Err(SetupError::Share(name()));
        }
        let Spread { mean, merit, severity, panel, residual } = self.spread;
        let negative = |value: f64| !value.is_finite() || value < 0.0;
        if !mean.is_finite() || merit <= 0.0 || [merit, severity, panel, residual].into_iter().any(negative) {
            return Err(SetupError::Spread(name()));
        }
        if self.places == 0 || self.places > self.applications {
            return Err(SetupError::Places(name()));
        }
        Ok(())
    }
}
