//! Conjugate gradients on the reduced system, without forming it: a solution costs a few passes over the sheets.
//!
//! Every application has several experts and every expert several applications, so the system is close to its diagonal
//! and some tens of steps reach working precision, however many experts there are.
//!
//! Source: Saad (2003), *Iterative Methods for Sparse Linear Systems*, 2nd ed., §9.2.

use std::sync::Arc;

use nalgebra::DVector;

use super::crossed::Crossed;
use super::linalg::Solve;

/// Columns from which a few solutions are faster than one factorisation.
pub const WORTH_IT: usize = 3_000;
/// Residual, relative to the right-hand side in the norm of the preconditioner, at which a solution counts as found.
const TOLERANCE: f64 = 1e-11;
const STEPS: usize = 2_000;

/// `ridge·I + Θ(WᵀW − Cᵀ·diag(weights)·C)Θ` as an operator with its diagonal as preconditioner.
#[derive(Clone, Debug)]
pub struct Conjugate {
    crossed: Arc<Crossed>,
    weights: Vec<f64>,
    theta: Vec<f64>,
    ridge: f64,
    diagonal: Vec<f64>,
}

impl Conjugate {
    /// `weights`: one per level of the large factor; `theta`: one per column of `W`. The operator must be positive
    /// semidefinite.
    pub fn new(crossed: &Arc<Crossed>, weights: Vec<f64>, theta: Vec<f64>, ridge: f64) -> Self {
        let mut diagonal = vec![0.0; crossed.columns()];
        for sheet in 0..crossed.sheets() {
            for column in crossed.columns_of(sheet) {
                diagonal[*column] += 1.0;
            }
        }
        for (shared, weight) in crossed.shared.iter().zip(&weights) {
            for (column, count) in shared {
                diagonal[*column] -= weight * count * count;
            }
        }
        for (value, scale) in diagonal.iter_mut().zip(&theta) {
            *value = ridge + scale * scale * *value;
        }
        Self { crossed: Arc::clone(crossed), weights, theta, ridge, diagonal }
    }

    pub fn diagonal(&self) -> &[f64] {
        &self.diagonal
    }

    /// The operator's image of one vector. O(n).
    pub fn apply(&self, vector: &DVector<f64>) -> DVector<f64> {
        let scaled: Vec<f64> = vector.iter().zip(&self.theta).map(|(value, scale)| value * scale).collect();
        let mut eliminated = self.crossed.to_large(&scaled);
        for (value, weight) in eliminated.iter_mut().zip(&self.weights) {
            *value *= weight;
        }
        let gone = self.crossed.to_columns(&eliminated);
        let mut own = vec![0.0; scaled.len()];
        for sheet in 0..self.crossed.sheets() {
            let columns = self.crossed.columns_of(sheet);
            let sum: f64 = columns.iter().map(|column| scaled[*column]).sum();
            for column in columns {
                own[*column] += sum;
            }
        }
        let change = own.iter().zip(&gone).zip(&self.theta).map(|((own, gone), scale)| scale * (own - gone));
        DVector::from_iterator(
            vector.len(),
            vector.iter().zip(change).map(|(value, change)| self.ridge * value + change),
        )
    }

    fn precondition(&self, residual: &DVector<f64>) -> DVector<f64> {
        // A column that no sheet links to another has nothing to solve for.
        let conditioned = |(value, own): (&f64, &f64)| if *own > 1e-12 { value / own } else { 0.0 };
        DVector::from_iterator(residual.len(), residual.iter().zip(&self.diagonal).map(conditioned))
    }

    /// The solution, and whether it met the tolerance. A singular operator is solved where `right` is in its range.
    pub fn try_solve(&self, right: &DVector<f64>) -> (DVector<f64>, bool) {
        let mut solution = DVector::zeros(right.len());
        let mut residual = right.clone();
        let mut conditioned = self.precondition(&residual);
        let mut direction = conditioned.clone();
        let mut norm = residual.dot(&conditioned);
        let enough = norm * TOLERANCE * TOLERANCE;
        for _ in 0..STEPS {
            if norm <= enough {
                return (solution, true);
            }
            let image = self.apply(&direction);
            let curvature = direction.dot(&image);
            if curvature <= 0.0 {
                return (solution, false);
            }
            let length = norm / curvature;
            solution.axpy(length, &direction, 1.0);
            residual.axpy(-length, &image, 1.0);
            conditioned = self.precondition(&residual);
            let next = residual.dot(&conditioned);
            direction.axpy(1.0, &conditioned, next / norm);
            norm = next;
        }
        (solution, norm <= enough)
    }
}

impl Solve for Conjugate {
    /// The best approximation found, if the tolerance was not met.
    fn solve(&self, right: &mut DVector<f64>) {
        *right = self.try_solve(right).0;
    }
}
