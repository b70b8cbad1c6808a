//! The REML criterion of crossed random effects, its gradient and average information.
//!
//! Model: `y = 1μ + Σₖ Zₖ bₖ + ε`, `bₖ ~ N(0, γₖσ²I)`, `ε ~ N(0, σ²I)`; the parameters are the variance ratios γₖ, with
//! μ and σ² profiled out. In the spherical form `b = Λu`, `Λ = diag(√γ)`, everything rests on the system `Ω` of
//! [`super::reduced`].
//!
//! Sources: Bates et al. (2015), "Fitting linear mixed-effects models using lme4", J. Stat. Softw. 67(1), §3 (criterion);
//! Gilmour, Thompson and Cullis (1995), "Average information REML", Biometrics 51, 1440–1450.

use std::sync::Arc;

use nalgebra::{DMatrix, DVector};

use super::crossed::{Crossed, Levels};
use super::factored::{Factored, Inverse};
use super::linalg::Solve;
use super::reduced::Reduced;

/// The model solved at one point, with what the criterion, its derivatives and the effects need.
#[derive(Clone, Debug)]
pub struct Point<S = Factored> {
    pub system: Reduced<S>,
    pub ratios: Vec<f64>,
    /// μ̂ in the units of `y`.
    pub intercept: f64,
    /// `1ᵀH⁻¹1`; var(μ̂) = σ²/this.
    pub information: f64,
    /// σ̂² in squared units of `y`.
    pub residual_variance: f64,
    /// Modes `u` at μ̂.
    pub modes: Levels,
    /// `Ω⁻¹ΛZᵀ1`: by how much the modes fall per unit of μ.
    pub modes_of_one: Levels,
    /// `Py = H⁻¹(y − μ̂)`.
    pub errors: Vec<f64>,
    /// `H⁻¹1`.
    pub whitened_one: Vec<f64>,
}

/// Solves for `y` (one value per sheet, centred near zero for accuracy).
///
/// `None` where the criterion is not finite: no residual is left, or `M` is numerically singular.
pub fn evaluate(crossed: &Arc<Crossed>, y: &[f64], ratios: &[f64]) -> Option<Point> {
    let point = Point::new(Reduced::factored(crossed, ratios)?, y, ratios);
    point.criterion().is_finite().then_some(point)
}

impl<S: Solve> Point<S> {
    pub fn new(system: Reduced<S>, y: &[f64], ratios: &[f64]) -> Self {
        let (modes_of_one, whitened_one) = system.whiten(&vec![1.0; y.len()]);
        let information = square(&whitened_one) + square(&modes_of_one.large) + square(&modes_of_one.small);
        let intercept = dot(&whitened_one, y) / information;
        let centred: Vec<f64> = y.iter().map(|value| value - intercept).collect();
        let (modes, errors) = system.whiten(&centred);
        // Penalised residual sum of squares: a sum of squares keeps its digits where `yᵀPy` would cancel.
        let penalised = square(&errors) + square(&modes.large) + square(&modes.small);
        let residual_variance = penalised / (y.len() as f64 - 1.0);
        Self {
            system,
            ratios: ratios.to_vec(),
            intercept,
            information,
            residual_variance,
            modes,
            modes_of_one,
            errors,
            whitened_one,
        }
    }
}

/// First derivatives of the criterion by γ, and the average-information approximation of the second.
#[derive(Clone, Debug)]
pub struct Slope {
    pub gradient: DVector<f64>,
    /// q×q, positive semidefinite.
    pub information: DMatrix<f64>,
}

impl Point {
    /// lme4's `REMLcrit`: −2 × the restricted log-likelihood, profiled over μ and σ². O(m).
    pub fn criterion(&self) -> f64 {
        let freedom = self.errors.len() as f64 - 1.0;
        self.system.log_determinant()
            + self.information.ln()
            + freedom * (1.0 + (std::f64::consts::TAU * self.residual_variance).ln())
    }

    /// tr(ZₖᵀH⁻¹Zₖ) per factor, given the inverse of `M`. All γ > 0. As much as [`Reduced::quadratic_forms`].
    pub fn traces(&self, inverse: &Inverse) -> Vec<f64> {
        let system = &self.system;
        let forms = system.quadratic_forms(inverse);
        let diagonal = inverse.diagonal();
        let large = system
            .diagonal
            .iter()
            .zip(&system.crossed.count)
            .zip(&forms)
            .map(|((d, count), form)| count / d - form / (d * d))
            .sum();
        let mut traces = vec![large];
        for (block, ratio) in system.crossed.blocks.iter().zip(self.ratios.iter().skip(1)) {
            let missing: f64 = block.clone().map(|column| 1.0 - diagonal[column]).sum();
            traces.push(missing / ratio);
        }
        traces
    }
}

impl<S: Solve> Point<S> {
    /// ∂/∂γₖ = tr(ZₖᵀH⁻¹Zₖ) − |ZₖᵀH⁻¹1|²/(1ᵀH⁻¹1) − (n−1)·|ZₖᵀPy|²/yᵀPy, given the traces. All γ > 0. O(n + m²).
    pub fn slope(&self, traces: &[f64]) -> Slope {
        let crossed = &self.system.crossed;
        let count = self.ratios.len();
        let freedom = self.errors.len() as f64 - 1.0;
        let penalised = self.residual_variance * freedom;
        let of_one = crossed.sums(&self.whitened_one);
        let of_errors = crossed.sums(&self.errors);

        let pull: Vec<f64> = (0..count).map(|k| square(crossed.block(&of_errors, k))).collect();
        let gradient = DVector::from_iterator(
            count,
            (0..count).map(|k| {
                traces[k] - square(crossed.block(&of_one, k)) / self.information - freedom * pull[k] / penalised
            }),
        );

        let directions: Vec<Vec<f64>> = (0..count).map(|k| self.working_variate(&of_errors, k)).collect();
        let projected: Vec<Vec<f64>> = directions.iter().map(|direction| self.project(direction)).collect();
        let information = DMatrix::from_fn(count, count, |k, l| {
            let inner = f64::midpoint(dot(&directions[k], &projected[l]), dot(&directions[l], &projected[k]));
            freedom * (inner / penalised - pull[k] * pull[l] / (penalised * penalised))
        });
        Slope { gradient, information }
    }

    /// `ZₖZₖᵀPy`.
    fn working_variate(&self, of_errors: &Levels, factor: usize) -> Vec<f64> {
        let crossed = &self.system.crossed;
        let mut only = crossed.zeros();
        match factor.checked_sub(1) {
            None => only.large.clone_from(&of_errors.large),
            Some(index) => {
                let block = crossed.blocks[index].clone();
                only.small[block.clone()].copy_from_slice(&of_errors.small[block]);
            }
        }
        crossed.spread(&only)
    }

    /// `Pv`.
    fn project(&self, values: &[f64]) -> Vec<f64> {
        let slope = dot(&self.whitened_one, values) / self.information;
        let (_, whitened) = self.system.whiten(values);
        whitened.iter().zip(&self.whitened_one).map(|(value, one)| value - slope * one).collect()
    }
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}

fn square(values: &[f64]) -> f64 {
    dot(values, values)
}
