//! Cholesky factor, its inverse and their products on dense matrices, by `faer` in place.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt::factor::{LltRegularization, cholesky_in_place, cholesky_in_place_scratch};
use faer::linalg::matmul::triangular::{BlockStructure, matmul};
use faer::linalg::triangular_inverse::invert_lower_triangular;
use faer::linalg::triangular_solve::{solve_lower_triangular_in_place, solve_upper_triangular_in_place};
use faer::{Accum, MatMut, MatRef, Par, Spec};
use nalgebra::{DMatrix, DVector};

use super::Solve;

/// Columns from which a second thread pays; below, results do not depend on the number of cores.
const PARALLEL_FROM: usize = 3_000;

/// The lower factor `L` of a symmetric positive definite matrix `L·Lᵀ`; above the diagonal are zeros.
#[derive(Clone, Debug)]
pub struct Cholesky {
    lower: DMatrix<f64>,
}

impl Cholesky {
    /// Factors an m×m matrix of which only the lower triangle is read, in its own memory. O(m³/3).
    ///
    /// `None` if a pivot is not positive: the matrix is not positive definite to working precision.
    pub fn new(mut matrix: DMatrix<f64>) -> Option<Self> {
        let size = matrix.nrows();
        let par = threads(size);
        let mut memory = MemBuffer::new(cholesky_in_place_scratch::<f64>(size, par, Spec::default()));
        let stack = MemStack::new(&mut memory);
        let plain = LltRegularization::default();
        cholesky_in_place(of_mut(&mut matrix), plain, par, stack, Spec::default()).ok()?;
        matrix.fill_upper_triangle(0.0, 1);
        matrix.diagonal().iter().all(|pivot| pivot.is_finite()).then_some(Self { lower: matrix })
    }

    /// ln of the determinant of the factored matrix.
    pub fn log_determinant(&self) -> f64 {
        2.0 * self.lower.diagonal().iter().map(|pivot| pivot.ln()).sum::<f64>()
    }

    /// `L⁻¹`, lower triangular, m×m. O(m³/3).
    pub fn inverse_factor(&self) -> DMatrix<f64> {
        let size = self.lower.nrows();
        let mut inverse = DMatrix::zeros(size, size);
        invert_lower_triangular(of_mut(&mut inverse), of(&self.lower), threads(size));
        inverse
    }
}

impl Solve for Cholesky {
    /// O(m²).
    fn solve(&self, right: &mut DVector<f64>) {
        let lower = of(&self.lower);
        let size = right.len();
        let mut right = MatMut::from_column_major_slice_mut(right.as_mut_slice(), size, 1);
        solve_lower_triangular_in_place(lower, right.as_mut(), Par::Seq);
        solve_upper_triangular_in_place(lower.transpose(), right, Par::Seq);
    }
}

/// `XᵀB` for lower triangular `X`, m×m, and `B`, m×k. O(m²k), half of a full product.
pub fn transposed_times(factor: &DMatrix<f64>, right: &DMatrix<f64>) -> DMatrix<f64> {
    let mut product = DMatrix::zeros(factor.ncols(), right.ncols());
    matmul(
        of_mut(&mut product),
        BlockStructure::Rectangular,
        Accum::Replace,
        of(factor).transpose(),
        BlockStructure::TriangularUpper,
        of(right),
        BlockStructure::Rectangular,
        1.0,
        Par::Seq,
    );
    product
}

/// `XᵀX` for lower triangular `X`, m×m; with `X = L⁻¹` the inverse of the factored matrix. Both triangles are filled.
pub fn gram(factor: &DMatrix<f64>) -> DMatrix<f64> {
    let size = factor.nrows();
    let mut product = DMatrix::zeros(size, size);
    matmul(
        of_mut(&mut product),
        BlockStructure::TriangularLower,
        Accum::Replace,
        of(factor).transpose(),
        BlockStructure::TriangularUpper,
        of(factor),
        BlockStructure::TriangularLower,
        1.0,
        threads(size),
    );
    product.fill_upper_triangle_with_lower_triangle();
    product
}

fn threads(size: usize) -> Par {
    if size < PARALLEL_FROM { Par::Seq } else { Par::rayon(0) }
}

fn of(matrix: &DMatrix<f64>) -> MatRef<'_, f64> {
    MatRef::from_column_major_slice(matrix.as_slice(), matrix.nrows(), matrix.ncols())
}

fn of_mut(matrix: &mut DMatrix<f64>) -> MatMut<'_, f64> {
    let (rows, columns) = matrix.shape();
    MatMut::from_column_major_slice_mut(matrix.as_mut_slice(), rows, columns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::{Rng, SeedableRng};

    fn random_spd(size: usize, seed: u64) -> DMatrix<f64> {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
        let root = DMatrix::from_fn(size, size, |_, _| f64::from(rng.next_u32()) / f64::from(u32::MAX) - 0.5);
        &root * root.transpose() + DMatrix::identity(size, size)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn factor_and_inverse_give_the_matrix_back(size in 0_usize..200, seed: u64) {
            let matrix = random_spd(size, seed);
            let factor = Cholesky::new(matrix.clone()).unwrap();
            prop_assert!((&factor.lower * factor.lower.transpose() - &matrix).amax() < 1e-10);
            let inverse = gram(&factor.inverse_factor());
            prop_assert!((inverse * matrix - DMatrix::identity(size, size)).amax() < 1e-9);
        }
    }

    #[test]
    fn an_indefinite_matrix_is_refused() {
        assert!(Cholesky::new(DMatrix::from_row_slice(2, 2, &[1.0, 2.0, 2.0, 1.0])).is_none());
    }
}
