//! The REML criterion of crossed random effects, its gradient and average information.
//!
//! Model: `y = 1μ + Σₖ Zₖ bₖ + ε`, `bₖ ~ N(0, γₖσ²I)`, `ε ~ N(0, σ²I)`; the parameters are the variance ratios γₖ, with
//! μ and σ² profiled out. In the spherical form `b = Λu`, `Λ = diag(√γ)`, everything rests on
//! `Ω = ΛZᵀZΛ + I`: its block for the largest factor is the diagonal `D`, and the Schur complement
//! `M = I + Θ(WᵀW − Cᵀ(γ₀/D)C)Θ` of the others is dense m×m.
//!
//! Sources: Bates et al. (2015), "Fitting linear mixed-effects models using lme4", J. Stat. Softw. 67(1), §3 (criterion);
//! Gilmour, Thompson and Cullis (1995), "Average information REML", Biometrics 51, 1440–1450.

use std::sync::Arc;

use nalgebra::{DMatrix, DVector};

use super::crossed::{Crossed, Levels};
use super::linalg::{Cholesky, gram};

/// `Ω` factored at given variance ratios.
#[derive(Clone, Debug)]
pub struct Factored {
    pub crossed: Arc<Crossed>,
    /// γ₀ for the large factor.
    pub ratio_large: f64,
    /// Θ: √γ per column of `W`.
    pub theta: Vec<f64>,
    /// `D`: 1 + γ₀nᵢ.
    pub diagonal: Vec<f64>,
    pub cholesky: Cholesky,
}

impl Factored {
    /// `ratios`: γ per factor, each finite and ≥ 0. O(n + Σ|cᵢ|² + m³). `None` if `M` is numerically singular.
    pub fn new(crossed: &Arc<Crossed>, ratios: &[f64]) -> Option<Self> {
        let ratio_large = ratios.first().copied().unwrap_or(0.0);
        let mut theta = vec![0.0; crossed.columns()];
        for (block, ratio) in crossed.blocks.iter().zip(ratios.iter().skip(1)) {
            theta[block.clone()].fill(ratio.sqrt());
        }
        let mut matrix = crossed.schur(|count| ratio_large / (1.0 + ratio_large * count));
        for (column, scale) in theta.iter().enumerate() {
            for (row, other) in theta.iter().enumerate().skip(column) {
                matrix[(row, column)] *= scale * other;
            }
            matrix[(column, column)] += 1.0;
        }
        let diagonal = crossed.count.iter().map(|count| 1.0 + ratio_large * count).collect();
        Some(Self { crossed: Arc::clone(crossed), ratio_large, theta, diagonal, cholesky: Cholesky::new(matrix)? })
    }

    pub fn theta_large(&self) -> f64 {
        self.ratio_large.sqrt()
    }

    /// ln |Ω| = ln |D| + ln |M|.
    fn log_determinant(&self) -> f64 {
        self.diagonal.iter().map(|value| value.ln()).sum::<f64>() + self.cholesky.log_determinant()
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
        self.cholesky.solve(&mut small);
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

    /// The diagonal of `Ω⁻¹`, given `L⁻¹` for the factor `L` of `M`: `1/dᵢ + (γ₀/dᵢ²)·cᵢᵀΘM⁻¹Θcᵢ` for the large factor,
    /// `M⁻¹` for the others.
    pub fn inverse_diagonal(&self, inverse_factor: &DMatrix<f64>) -> Levels {
        let large = self
            .quadratic_forms(inverse_factor)
            .iter()
            .zip(&self.diagonal)
            .map(|(form, d)| 1.0 / d + self.ratio_large * form / (d * d))
            .collect();
        Levels { large, small: inverse_factor.column_iter().map(|column| column.norm_squared()).collect() }
    }

    /// `cᵢᵀΘM⁻¹Θcᵢ` per level of the large factor: from `L⁻¹` in O(n·m), or through `M⁻¹` in O(m³ + Σ|cᵢ|²), whichever is less.
    fn quadratic_forms(&self, inverse_factor: &DMatrix<f64>) -> Vec<f64> {
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

/// The criterion at one point, with what its derivatives and the effects need.
#[derive(Clone, Debug)]
pub struct Point {
    pub factored: Factored,
    pub ratios: Vec<f64>,
    /// lme4's `REMLcrit`: −2 × the restricted log-likelihood, profiled over μ and σ².
    pub criterion: f64,
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

/// Evaluates the criterion for `y` (one value per sheet, centred near zero for accuracy).
///
/// `None` where it is not finite: no residual is left, or `M` is numerically singular.
pub fn evaluate(crossed: &Arc<Crossed>, y: &[f64], ratios: &[f64]) -> Option<Point> {
    let factored = Factored::new(crossed, ratios)?;
    let (modes_of_one, whitened_one) = factored.whiten(&vec![1.0; y.len()]);
    let information = square(&whitened_one) + square(&modes_of_one.large) + square(&modes_of_one.small);
    let intercept = dot(&whitened_one, y) / information;
    let centred: Vec<f64> = y.iter().map(|value| value - intercept).collect();
    let (modes, errors) = factored.whiten(&centred);
    // Penalised residual sum of squares: a sum of squares keeps its digits where `yᵀPy` would cancel.
    let penalised = square(&errors) + square(&modes.large) + square(&modes.small);
    let freedom = y.len() as f64 - 1.0;
    let residual_variance = penalised / freedom;
    let criterion = factored.log_determinant()
        + information.ln()
        + freedom * (1.0 + (std::f64::consts::TAU * residual_variance).ln());
    criterion.is_finite().then_some(Point {
        factored,
        ratios: ratios.to_vec(),
        criterion,
        intercept,
        information,
        residual_variance,
        modes,
        modes_of_one,
        errors,
        whitened_one,
    })
}

/// First derivatives of the criterion by γ, and the average-information approximation of the second.
pub struct Slope {
    pub gradient: DVector<f64>,
    /// q×q, positive semidefinite.
    pub information: DMatrix<f64>,
}

impl Point {
    /// ∂/∂γₖ = tr(ZₖᵀH⁻¹Zₖ) − |ZₖᵀH⁻¹1|²/(1ᵀH⁻¹1) − (n−1)·|ZₖᵀPy|²/yᵀPy. All γ > 0. O(m³ + Σ|cᵢ|²).
    pub fn slope(&self) -> Slope {
        let crossed = &self.factored.crossed;
        let count = self.ratios.len();
        let freedom = self.errors.len() as f64 - 1.0;
        let penalised = self.residual_variance * freedom;
        let of_one = crossed.sums(&self.whitened_one);
        let of_errors = crossed.sums(&self.errors);
        let traces = self.traces();

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

    /// tr(ZₖᵀH⁻¹Zₖ) per factor.
    fn traces(&self) -> Vec<f64> {
        let factored = &self.factored;
        let inverse_factor = factored.cholesky.inverse_factor();
        let forms = factored.quadratic_forms(&inverse_factor);
        let large = factored
            .diagonal
            .iter()
            .zip(&factored.crossed.count)
            .zip(&forms)
            .map(|((d, count), form)| count / d - form / (d * d))
            .sum();
        let mut traces = vec![large];
        for (block, ratio) in factored.crossed.blocks.iter().zip(self.ratios.iter().skip(1)) {
            let missing: f64 = block.clone().map(|column| 1.0 - inverse_factor.column(column).norm_squared()).sum();
            traces.push(missing / ratio);
        }
        traces
    }

    /// `ZₖZₖᵀPy`.
    fn working_variate(&self, of_errors: &Levels, factor: usize) -> Vec<f64> {
        let crossed = &self.factored.crossed;
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
        let (_, whitened) = self.factored.whiten(values);
        whitened.iter().zip(&self.whitened_one).map(|(value, one)| value - slope * one).collect()
    }
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}

fn square(values: &[f64]) -> f64 {
    dot(values, values)
}
