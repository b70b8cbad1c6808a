//! Stochastic REML: finds the optimum of a large round without factoring anything, by a gradient with estimated traces.
//!
//! Only the traces of the gradient need the inverse of `M`. `tr(A) = E zᵀAz` for random signs `z`; the diagonal of `M`,
//! whose inverse has a known trace, is subtracted first, and the rest is small. The signs are the same in every
//! step, so the estimate is a smooth function of the ratios with a zero of its own. Where exact traces are known at one
//! point, [`Probes::search`] corrects the estimates around it by the error found there.
//!
//! Source: Hutchinson (1990), "A stochastic estimator of the trace of the influence matrix", Commun. Stat. Simul.
//! Comput. 19, 433–450.

use std::sync::Arc;

use nalgebra::DVector;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::conjugate::Conjugate;
use super::crossed::Crossed;
use super::linalg::Solve;
use super::newton::{advance, decrease, free, newton};
use super::reduced::Reduced;
use super::reml::Point;
use super::threads::on_all_cores;

const PROBES: usize = 16;
const STEPS: usize = 20;
/// Predicted decrease of the criterion at which the search ends.
const TOLERANCE: f64 = 1e-11;

/// Random signs, one vector of columns each; always the same for one size.
pub struct Probes {
    signs: Vec<DVector<f64>>,
}

impl Probes {
    pub fn new(columns: usize) -> Self {
        Self::many(columns, PROBES)
    }

    pub(super) fn many(columns: usize, count: usize) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(0x5EED);
        let signs = (0..count)
            .map(|_| DVector::from_fn(columns, |_, _| if random.random::<bool>() { 1.0 } else { -1.0 }))
            .collect();
        Self { signs }
    }

    /// Estimates tr(ZₖᵀH⁻¹Zₖ) per factor. All γ > 0. O(n) per probe and step of its solution, probes in parallel.
    pub(super) fn traces(&self, point: &Point<Conjugate>) -> Vec<f64> {
        let known = known(point);
        let estimates = on_all_cores(self.signs.len(), |worker, workers| {
            let own = self.signs.iter().enumerate().skip(worker).step_by(workers);
            own.map(|(place, signs)| (place, estimate(point, known, signs))).collect::<Vec<_>>()
        });
        // Summed in the order of the probes, whatever the number of threads.
        let mut ordered = vec![Vec::new(); self.signs.len()];
        for (place, estimate) in estimates.into_iter().flatten() {
            ordered[place] = estimate;
        }
        let count = point.ratios.len();
        (0..count).map(|k| ordered.iter().map(|estimate| estimate[k]).sum::<f64>() / ordered.len() as f64).collect()
    }

    /// Newton steps with average information from `start` until the estimated gradient vanishes.
    ///
    /// `exact`: traces known at `start`. `None` if the search does not converge.
    pub fn search(&self, crossed: &Arc<Crossed>, y: &[f64], start: &[f64], exact: Option<&[f64]>) -> Option<Vec<f64>> {
        let mut ratios = start.to_vec();
        let mut missing = vec![0.0; ratios.len()];
        for step in 0..STEPS {
            let point = Point::new(Reduced::matrix_free(crossed, &ratios), y, &ratios);
            let mut traces = self.traces(&point);
            if let (0, Some(exact)) = (step, exact) {
                missing = exact.iter().zip(&traces).map(|(exact, estimate)| exact - estimate).collect();
            }
            for (trace, missing) in traces.iter_mut().zip(&missing) {
                *trace += missing;
            }
            let slope = point.slope(&traces);
            if slope.gradient.iter().any(|value| !value.is_finite()) {
                return None;
            }
            let free = free(&ratios, &slope);
            let change = newton(&slope, &free, &ratios, 0.0);
            ratios = advance(&ratios, &free, &change);
            if decrease(&slope, &free, &change) < TOLERANCE {
                return Some(ratios);
            }
        }
        None
    }
}

/// tr(Z₀ᵀH⁻¹Z₀) as far as it is known exactly: Σ nᵢ/dᵢ, less tr(B/diag M) of [`estimate`].
fn known(point: &Point<Conjugate>) -> f64 {
    let system = &point.system;
    let rows = system.crossed.shared.iter().zip(&system.diagonal).zip(&system.crossed.count);
    rows.map(|((shared, d), count)| {
        let by_diagonal = |(column, sheets): &(usize, f64)| {
            let scale = sheets * system.theta[*column] / d;
            scale * scale / system.small.diagonal()[*column]
        };
        count / d - shared.iter().map(by_diagonal).sum::<f64>()
    })
    .sum()
}

/// One probe's share: `zᵀAz` less what the diagonal of `M` gives, which is known.
fn estimate(point: &Point<Conjugate>, known: f64, signs: &DVector<f64>) -> Vec<f64> {
    let system = &point.system;
    let crossed = &system.crossed;
    // tr(Z₀ᵀH⁻¹Z₀) = Σ nᵢ/dᵢ − tr(M⁻¹B), B = Θᵀ·Cᵀdiag(1/d²)C·Θ.
    let scaled: Vec<f64> = signs.iter().zip(&system.theta).map(|(sign, scale)| sign * scale).collect();
    let squares = system.diagonal.iter().map(|d| d * d);
    let eliminated: Vec<f64> =
        crossed.to_large(&scaled).iter().zip(squares).map(|(value, square)| value / square).collect();
    let mut image = DVector::from_vec(crossed.to_columns(&eliminated));
    for (value, scale) in image.iter_mut().zip(&system.theta) {
        *value *= scale;
    }
    let mut solved = signs.clone();
    system.small.solve(&mut solved);
    let by_diagonal: f64 =
        image.iter().zip(system.small.diagonal()).zip(signs.iter()).map(|((b, m), z)| z * b / m).sum();
    let mut traces = vec![known - (solved.dot(&image) - by_diagonal)];
    // tr(ZₖᵀH⁻¹Zₖ) = (columns − tr M⁻¹ over the block)/γₖ; with signs, the diagonal is exact as it stands.
    for (block, ratio) in crossed.blocks.iter().zip(point.ratios.iter().skip(1)) {
        let missing: f64 = block.clone().map(|column| 1.0 - solved[column] * signs[column]).sum();
        traces.push(missing / ratio);
    }
    traces
}
