//! 连接评审: reviews across panels that make panels comparable, placed where they tell most.
//!
//! Scores follow `y = μ + α[application] + β[expert] + γ[panel] + ε`, all effects normal with variances that are stated, not estimated; the panel is the
//! expert's. A panel's severity is `δ = γ + mean of its experts' β`. What panels do not share rests on the assumption that their applications are of
//! equal average merit; every review across panels replaces some of that assumption by evidence, and the standard error of `δ_p − δ_q` says how much.
//!
//! Source: Bayesian A-optimality: Chaloner and Verdinelli (1995), "Bayesian experimental design: a review", Statistical Science 10(3).

mod anchor;
mod contrasts;
mod information;
mod planner;
#[cfg(test)]
mod tests;

pub use anchor::anchors;
pub use contrasts::Contrasts;
pub use planner::bridges;

use information::Information;

pub const ALGORITHM: &str = "bridging/1";

/// Of effects, in points².
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variances {
    pub application: f64,
    pub expert: f64,
    pub panel: f64,
    pub residual: f64,
}

/// One expert scoring one application, by index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Review {
    pub expert: usize,
    pub application: usize,
}

/// The reviews of a round before it begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    pub panels: usize,
    /// Per expert, the panel they sit in.
    pub expert_panel: Vec<usize>,
    /// Per application, the panel it is reviewed in.
    pub application_panel: Vec<usize>,
    pub reviews: Vec<Review>,
    pub variances: Variances,
}

/// A review across panels that could be asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    pub review: Review,
    /// Among equally telling reviews the one with the greatest preference is taken.
    pub preference: f64,
}

/// Additional reviews, at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub per_expert: u32,
    pub per_application: u32,
}

/// How precisely panels can be compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Precision {
    /// Standard error of `δ_p − δ_q` in points, panels × panels, 0 on the diagonal.
    pub standard_errors: Vec<Vec<f64>>,
    /// Mean variance over the pairs, in points².
    pub mean_variance: f64,
}

/// Additional reviews, with the precision before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// By expert, then application.
    pub reviews: Vec<Review>,
    pub before: Precision,
    pub after: Precision,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BridgingError {
    #[error("至少要有两个评审组才谈得上组间比较")]
    OnePanel,
    #[error("方差须为正数（申报、专家、评审组的方差可以为0）")]
    Variance,
    #[error("评审组中有的没有专家")]
    EmptyPanel,
}

/// How precisely panels can be compared under `design`.
///
/// # Errors
/// `OnePanel`, `EmptyPanel`, `Variance`.
pub fn precision(design: &Design) -> Result<Precision, BridgingError> {
    Ok(Information::new(design)?.precision())
}
