//! The factored system, dense or sparse, and what is asked of its inverse.

use std::sync::Arc;

use nalgebra::{DMatrix, DVector};

use super::fill::Structure;
use super::linalg::{Solve, dense, sparse};

/// A matrix with its Cholesky factor, by what its pattern is worth.
#[derive(Clone, Debug)]
pub enum Factored {
    Dense(dense::Cholesky),
    Sparse(Arc<Structure>, sparse::Cholesky),
}

impl Factored {
    /// ln of the determinant of the factored matrix.
    pub fn log_determinant(&self) -> f64 {
        match self {
            Self::Dense(factor) => factor.log_determinant(),
            Self::Sparse(_, factor) => factor.log_determinant(),
        }
    }

    /// As much of the inverse as the criterion and the posterior ask for: O(m³/3) dense; sparse as much as factoring.
    pub fn inverse(&self) -> Inverse {
        match self {
            Self::Dense(factor) => Inverse::Dense(factor.inverse_factor()),
            Self::Sparse(structure, factor) => {
                Inverse::Sparse(Arc::clone(structure), factor.clone().selected_inverse())
            }
        }
    }
}

impl Solve for Factored {
    fn solve(&self, right: &mut DVector<f64>) {
        match self {
            Self::Dense(factor) => factor.solve(right),
            Self::Sparse(_, factor) => factor.solve(right),
        }
    }
}

/// The inverse of a factored matrix, in the form that costs least.
#[derive(Clone, Debug)]
pub enum Inverse {
    /// `L⁻¹`.
    Dense(DMatrix<f64>),
    /// The entries of the inverse on the pattern of `L`.
    Sparse(Arc<Structure>, sparse::Selected),
}

impl Inverse {
    pub fn size(&self) -> usize {
        match self {
            Self::Dense(inverse_factor) => inverse_factor.ncols(),
            Self::Sparse(_, selected) => selected.factor.size(),
        }
    }

    /// The diagonal of the inverse.
    pub fn diagonal(&self) -> Vec<f64> {
        match self {
            Self::Dense(inverse_factor) => inverse_factor.column_iter().map(|column| column.norm_squared()).collect(),
            Self::Sparse(_, selected) => selected.diagonal(),
        }
    }

    /// `(L⁻¹)ᵀz` for every column of `normals`: standard normals become normals with the inverse as covariance.
    pub fn scatter(&self, normals: &DMatrix<f64>) -> DMatrix<f64> {
        match self {
            Self::Dense(inverse_factor) => dense::transposed_times(inverse_factor, normals),
            Self::Sparse(_, selected) => selected.factor.scatter(normals),
        }
    }
}
