//! Factors of symmetric positive definite matrices, dense or sparse.

pub mod dense;
pub mod sparse;

use nalgebra::DVector;

/// Solves with a symmetric positive definite matrix.
pub trait Solve {
    /// Replaces the right-hand side by the solution.
    fn solve(&self, right: &mut DVector<f64>);
}
