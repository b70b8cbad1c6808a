//! 逐份评分诊断: how far each sheet stands from what the mixed model expects of it.

use super::Calibration;
use super::influence::Influence;

/// A standardised residual beyond this is worth a look: 1 in 370 sheets without any cause.
pub const REMARKABLE: f64 = 3.0;

impl Calibration {
    /// Standardised residual per sheet, in the order of `design.sheets`: the distance from `μ + α + β (+ γ)` over its
    /// standard error. Empty where the mixed model has none; `None` for a sheet that determines its own fit.
    #[must_use]
    pub fn standardised_residuals(&self) -> Vec<Option<f64>> {
        let at = self.mixed.as_ref().ok().and_then(|mixed| mixed.at.as_ref());
        at.and_then(Influence::new).map_or_else(Vec::new, |influence| influence.standardised())
    }
}
