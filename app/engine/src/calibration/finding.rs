//! Findings of the checks, as data.

use domain::round::Method;

use super::crossed::Factor;
use super::mixed::Unfit;
use crate::decimal::Decimal;

/// The name of a panel; `None` if the sheets name no panels.
type PanelName = Option<String>;

/// A factor by which a panel method multiplies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coefficient {
    /// 修正系数
    Plain,
    /// 二次平均系数
    Grand,
}

/// An assumption that does not hold, or a value that a method cannot give.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// Sheets do not link all applications.
    Disconnected {
        parts: usize,
    },
    NoAdditive,
    /// Panels without a common expert or application.
    PanelsApart,
    NoPanels,
    WithoutPanel {
        applications: usize,
    },
    /// Panels with fewer than five applications, with their sizes.
    SmallPanels {
        panels: Vec<(PanelName, usize)>,
    },
    /// Panels with fewer than two applications.
    NoDeviation {
        panels: Vec<PanelName>,
    },
    /// Panels whose applications all have the same score.
    ZeroDeviation {
        panels: Vec<PanelName>,
    },
    UnevenPanels {
        largest: usize,
        smallest: usize,
    },
    NoCoefficient {
        panels: Vec<PanelName>,
        coefficient: Coefficient,
    },
    /// Panels with their values; `None` for one that is too large to be shown.
    ExtremeCoefficient {
        panels: Vec<(PanelName, Option<Decimal>)>,
        coefficient: Coefficient,
    },
    OutOfRange {
        method: Method,
        applications: usize,
        full_mark: i64,
    },
    FewSheets {
        applications: usize,
    },
    Untrimmed {
        applications: usize,
        trim_from: usize,
    },
    Outlier {
        expert: String,
        application: String,
        score: Decimal,
        mean: Option<Decimal>,
        percent: f64,
    },
    /// Further outlying sheets that are not named.
    MoreOutliers {
        sheets: usize,
        percent: u32,
    },
    Unfit(Unfit),
    Unfinished,
    NoSpread,
    NoResidual,
    NoPosterior,
    NoExpertEffect,
    NoPanelEffect,
    ZeroVariance(Factor),
    /// Ranks follow this method, their uncertainty the mixed model.
    OtherMethodDecides(Method),
}
