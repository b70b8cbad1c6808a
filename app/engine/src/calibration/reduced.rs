//! The system of the random effects with its largest factor eliminated.
//!
//! `Ω = ΛZᵀZΛ + I`, `Λ = diag(√γ)`: its block for the largest factor is the diagonal `D`, and the Schur complement
//! `M = I + Θ(WᵀW − Cᵀ(γ₀/D)C)Θ` of the others is m×m. `M` is either factored, which gives its determinant and inverse,
//! or only solved with, which costs a few passes over the sheets.

use std::sync::Arc;

use nalgebra::{DMatrix, DVector};

use super::conjugate::Conjugate;
use super::crossed::{Crossed, Levels};
use super::factored::{Factored, Inverse};
use super::fill::Fill;
use super::linalg::dense::{self, gram};
use super::linalg::{Solve, sparse};

/// `Λ` and `D` at given variance ratios.
struct Scales {
    ratio_large: f64,
    theta: Vec<f64>,
    diagonal: Vec<f64>,
}

impl Scales {
    /// `ratios`: γ per factor, each finite and ≥ 0.
    fn new(crossed: &Crossed, ratios: &[f64]) -> Self {
        let ratio_large = ratios.first().copied().unwrap_or(0.0);
        let mut theta = vec![0.0; crossed.columns()];
        for (block, ratio) in crossed.blocks.iter().zip(ratios.iter().skip(1)) {
            theta[block.clone()].fill(ratio.sqrt());
        }
        let diagonal = crossed.count.iter().map(|count| 1.0 + ratio_large * count).collect();
        Self { ratio_large, theta, diagonal }
    }
}

/// `Ω` at given variance ratios, ready to be solved with.
#[derive(Clone, Debug)]
pub struct Reduced<S = Factored> {
    pub crossed: Arc<Crossed>,
    /// γ₀ for the large factor.
    pub ratio_large: f64,
    /// Θ: √γ per column of `W`.
    pub theta: Vec<f64>,
    /// `D`: 1 + γ₀nᵢ.
    pub diagonal: Vec<f64>,
    /// Solves with `M`.
    pub small: S,
}

impl Reduced<Factored> {
    /// Factors `M`. `ratios`: γ per factor, each finite and ≥ 0. O(n + Σ|cᵢ|² + m³), for a sparse `M` its fill instead of m³.
    /// `None` if `M` is numerically singular.
    pub fn factored(crossed: &Arc<Crossed>, ratios: &[f64]) -> Option<Self> {
        let Scales { ratio_large, theta, diagonal } = Scales::new(crossed, ratios);
        let weight = |count| ratio_large / (1.0 + ratio_large * count);
        let small = match crossed.fill() {
            Fill::Dense => {
                let mut matrix = crossed.schur(weight);
                for (column, scale) in theta.iter().enumerate() {
                    for (row, other) in theta.iter().enumerate().skip(column) {
                        matrix[(row, column)] *= scale * other;
                    }
                    matrix[(column, column)] += 1.0;
                }
                Factored::Dense(dense::Cholesky::new(matrix)?)
            }
            Fill::Sparse(structure) => {
                let mut values = structure.schur(&crossed.shared, &crossed.count, weight);
                for (column, scale) in theta.iter().enumerate() {
                    for (row, entry) in structure.pattern.column(column) {
                        values[entry] = values[entry] * scale * theta[row] + f64::from(row == column);
                    }
                }
                Factored::Sparse(Arc::clone(structure), sparse::Cholesky::new(&structure.pattern, &values)?)
            }
        };
        Some(Self { crossed: Arc::clone(crossed), ratio_large, theta, diagonal, small })
    }

    /// ln |Ω| = ln |D| + ln |M|.
    pub fn log_determinant(&self) -> f64 {
        self.diagonal.iter().map(|value| value.ln()).sum::<f64>() + self.small.log_determinant()
    }

    /// The diagonal of `Ω⁻¹`, given the inverse of `M`: `1/dᵢ + (γ₀/dᵢ²)·cᵢᵀΘM⁻¹Θcᵢ` for the large factor, `M⁻¹` for the others.
    pub fn inverse_diagonal(&self, inverse: &Inverse) -> Levels {
        let large = self
            .quadratic_forms(inverse)
            .iter()
            .zip(&self.diagonal)
            .map(|(form, d)| 1.0 / d + self.ratio_large * form / (d * d))
            .collect();
        Levels { large, small: inverse.diagonal() }
    }

    /// `cᵢᵀΘM⁻¹Θcᵢ` per level of the large factor: dense from `L⁻¹` in O(n·m), or through `M⁻¹` in O(m³ + Σ|cᵢ|²), whichever is
    /// less; sparse in O(Σ|cᵢ|²).
    pub fn quadratic_forms(&self, inverse: &Inverse) -> Vec<f64> {
        match inverse {
            Inverse::Dense(inverse_factor) => self.dense_forms(inverse_factor),
            Inverse::Sparse(structure, selected) => {
                structure.forms(&self.crossed.shared, &self.theta, &selected.entries)
            }
        }
    }

    fn dense_forms(&self, inverse_factor: &DMatrix<f64>) -> Vec<f64> {
        let size = inverse_factor.nrows();
        let entries: usize = self.crossed.shared.iter().map(Vec::len).sum();
        if 3 * entries < size * size {
            return self.crossed.shared.iter().map(|shared| self.form_from_factor(shared, inverse_factor)).collect();
        }
        let inverse = gram(inverse_factor);
        self.crossed.shared.iter().map(|shared| self.form(shared, &inverse)).collect()
    }

    fn form(&self, shared: &[(usize, f64)], inverse: &DMatrix<f64>) -> f64 {
        let mut form = 0.0;
        for (place, (column, left)) in shared.iter().enumerate() {
            let left = left * self.theta[*column];
            let values = inverse.column(*column);
            form += left * left * values[*column];
            for (row, right) in &shared[place + 1..] {
                form += 2.0 * left * right * self.theta[*row] * values[*row];
            }
        }
        form
    }

    /// `|L⁻¹Θcᵢ|²`.
    fn form_from_factor(&self, shared: &[(usize, f64)], inverse_factor: &DMatrix<f64>) -> f64 {
        let size = inverse_factor.nrows();
        let first = shared.first().map_or(size, |(column, _)| *column);
        let mut image = DVector::zeros(size - first);
        for (column, count) in shared {
            // Columns of a lower triangular matrix start at their own row.
            let values = inverse_factor.view((*column, *column), (size - column, 1));
            image.rows_mut(column - first, size - column).axpy(count * self.theta[*column], &values.column(0), 1.0);
        }
        image.norm_squared()
    }
}

impl Reduced<Conjugate> {
    /// Nothing is factored. `ratios`: γ per factor, each finite and ≥ 0. O(n).
    pub fn matrix_free(crossed: &Arc<Crossed>, ratios: &[f64]) -> Self {
        let Scales { ratio_large, theta, diagonal } = Scales::new(crossed, ratios);
        let weights = diagonal.iter().map(|d| ratio_large / d).collect();
        let small = Conjugate::new(crossed, weights, theta.clone(), 1.0);
        Self { crossed: Arc::clone(crossed), ratio_large, theta, diagonal, small }
    }
}

impl<S: Solve> Reduced<S> {
    pub fn theta_large(&self) -> f64 {
        self.ratio_large.sqrt()
    }

    /// `u = Ω⁻¹ΛZᵀv` for a vector of sheets.
    fn modes(&self, values: &[f64]) -> Levels {
        let sums = self.crossed.sums(values);
        let theta = self.theta_large();
        let right: Vec<f64> = sums.large.iter().map(|sum| theta * sum).collect();
        let scaled: Vec<f64> = right.iter().zip(&self.diagonal).map(|(value, d)| theta * value / d).collect();
        let gone = self.crossed.to_columns(&scaled);
        let mut small = DVector::from_iterator(
            self.theta.len(),
            sums.small.iter().zip(&gone).zip(&self.theta).map(|((sum, gone), scale)| scale * (sum - gone)),
        );
        self.small.solve(&mut small);
        let small = small.as_slice().to_vec();
        let back = self.crossed.to_large(&self.scaled_columns(&small));
        let large =
            right.iter().zip(&back).zip(&self.diagonal).map(|((value, sum), d)| (value - theta * sum) / d).collect();
        Levels { large, small }
    }

    fn scaled_columns(&self, small: &[f64]) -> Vec<f64> {
        small.iter().zip(&self.theta).map(|(value, scale)| scale * value).collect()
    }

    /// `Λu`: effects in units of the scores.
    pub fn effects(&self, modes: &Levels) -> Levels {
        let theta = self.theta_large();
        Levels {
            large: modes.large.iter().map(|value| theta * value).collect(),
            small: self.scaled_columns(&modes.small),
        }
    }

    /// `H⁻¹v = v − ZΛu`, `H = I + ΣγₖZₖZₖᵀ`.
    pub fn whiten(&self, values: &[f64]) -> (Levels, Vec<f64>) {
        let modes = self.modes(values);
        let fitted = self.crossed.spread(&self.effects(&modes));
        (modes, values.iter().zip(&fitted).map(|(value, fit)| value - fit).collect())
    }
}
