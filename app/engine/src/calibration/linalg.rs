//! Dense Cholesky factor and inverse in blocks, so that nearly all work is matrix products.
//!
//! Source: Golub and Van Loan (2013), *Matrix Computations*, 4th ed., §4.2.6 (block Cholesky).

use nalgebra::{DMatrix, DVector};

const BLOCK: usize = 64;

/// The lower factor `L` of a symmetric positive definite matrix `L·Lᵀ`; above the diagonal are zeros.
#[derive(Clone, Debug)]
pub struct Cholesky {
    lower: DMatrix<f64>,
}

impl Cholesky {
    /// Factors an m×m matrix of which only the lower triangle is read. O(m³/3).
    ///
    /// `None` if a pivot is not positive: the matrix is not positive definite to working precision.
    pub fn new(mut matrix: DMatrix<f64>) -> Option<Self> {
        let size = matrix.nrows();
        let mut start = 0;
        while start < size {
            let width = BLOCK.min(size - start);
            let below = start + width;
            let rest = size - below;
            let corner = factor_small(matrix.view((start, start), (width, width)).clone_owned())?;
            matrix.view_mut((start, start), (width, width)).copy_from(&corner);
            if rest > 0 {
                let inverse_transposed = invert_small(&corner).transpose();
                let panel = matrix.view((below, start), (rest, width)) * inverse_transposed;
                matrix.view_mut((below, start), (rest, width)).copy_from(&panel);
                let transposed = panel.transpose();
                let mut column = 0;
                while column < rest {
                    let columns = BLOCK.min(rest - column);
                    let height = rest - column;
                    matrix.view_mut((below + column, below + column), (height, columns)).gemm(
                        -1.0,
                        &panel.view((column, 0), (height, width)),
                        &transposed.view((0, column), (width, columns)),
                        1.0,
                    );
                    column += columns;
                }
            }
            start = below;
        }
        matrix.fill_upper_triangle(0.0, 1);
        Some(Self { lower: matrix })
    }

    /// ln of the determinant of the factored matrix.
    pub fn log_determinant(&self) -> f64 {
        2.0 * self.lower.diagonal().iter().map(|pivot| pivot.ln()).sum::<f64>()
    }

    /// Solves for one right-hand side, O(m²).
    pub fn solve(&self, right: &mut DVector<f64>) {
        // The diagonal is positive by construction, so neither solve can fail.
        self.lower.solve_lower_triangular_mut(right);
        self.lower.tr_solve_lower_triangular_mut(right);
    }

    /// `L⁻¹`, lower triangular, m×m. O(m³/3).
    pub fn inverse_factor(&self) -> DMatrix<f64> {
        let size = self.lower.nrows();
        let mut inverse = DMatrix::zeros(size, size);
        let mut start = 0;
        while start < size {
            let width = BLOCK.min(size - start);
            let corner = invert_small(&self.lower.view((start, start), (width, width)).clone_owned());
            if start > 0 {
                let left = &corner * self.lower.view((start, 0), (width, start));
                let mut column = 0;
                while column < start {
                    let columns = BLOCK.min(start - column);
                    let product = left.columns(column, start - column)
                        * inverse.view((column, column), (start - column, columns));
                    inverse.view_mut((start, column), (width, columns)).copy_from(&-product);
                    column += columns;
                }
            }
            inverse.view_mut((start, start), (width, width)).copy_from(&corner);
            start += width;
        }
        inverse
    }
}

/// `XᵀX` for lower triangular `X`, m×m; with `X = L⁻¹` the inverse of the factored matrix. Both triangles are filled.
pub fn gram(factor: &DMatrix<f64>) -> DMatrix<f64> {
    let size = factor.nrows();
    let mut product = DMatrix::zeros(size, size);
    let transposed = factor.transpose();
    let mut start = 0;
    while start < size {
        let width = BLOCK.min(size - start);
        let height = size - start;
        let block = transposed.view((start, start), (width, height)) * factor.view((start, 0), (height, start + width));
        product.view_mut((start, 0), (width, start + width)).copy_from(&block);
        start += width;
    }
    product.fill_upper_triangle_with_lower_triangle();
    product
}

fn factor_small(mut matrix: DMatrix<f64>) -> Option<DMatrix<f64>> {
    let size = matrix.nrows();
    for column in 0..size {
        for before in 0..column {
            let factor = matrix[(column, before)];
            let (left, mut right) = matrix.columns_range_pair_mut(before, column);
            for row in column..size {
                right[row] -= factor * left[row];
            }
        }
        let pivot = matrix[(column, column)];
        if !(pivot > 0.0 && pivot.is_finite()) {
            return None;
        }
        let scale = 1.0 / pivot.sqrt();
        for row in column..size {
            matrix[(row, column)] *= scale;
        }
    }
    matrix.fill_upper_triangle(0.0, 1);
    Some(matrix)
}

fn invert_small(lower: &DMatrix<f64>) -> DMatrix<f64> {
    let mut inverse = DMatrix::identity(lower.nrows(), lower.nrows());
    lower.solve_lower_triangular_mut(&mut inverse);
    inverse
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
