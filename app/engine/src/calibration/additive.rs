//! 加性校正: least squares for `y = μ + α[application] + β[expert]`, both as fixed effects.

use std::sync::Arc;

use nalgebra::DVector;

use super::conjugate::{self, Conjugate};
use super::connectivity::Components;
use super::crossed::{Crossed, Factor, Levels};
use super::design::Design;
use super::fill::Fill;
use super::linalg::{Solve, dense, sparse};

/// The least-squares fit; Σβ = 0 within each connected component.
#[derive(Clone, Debug)]
pub struct Additive {
    /// μ + α in points: comparable only within a component.
    pub applications: Vec<f64>,
    /// β in points: positive is generous.
    pub experts: Vec<f64>,
    /// Sum of squared residuals, points².
    pub residual: f64,
    /// Sheets less the rank of the model.
    pub freedom: usize,
}

/// Solves the normal equations without the larger factor: by Cholesky with one level per component grounded, refined
/// twice, O(n + m³) for the smaller factor of size m or its fill where few are linked, and an error of about 10⁻¹² relative; for
/// many levels that fill, by conjugate gradients, O(n) per step and 10⁻¹¹.
///
/// `None` if the equations cannot be solved to working precision.
pub fn fit(design: &Design, components: &Components) -> Option<Additive> {
    fit_from(design, components, conjugate::WORTH_IT)
}

/// `large`: columns from which nothing is factored.
pub(super) fn fit_from(design: &Design, components: &Components, large: usize) -> Option<Additive> {
    let crossed = Arc::new(Crossed::new(design, &[Factor::Application, Factor::Expert]));
    let scores: Vec<f64> = design.sheets.iter().map(|sheet| sheet.score.to_f64()).collect();
    let shift = scores.iter().sum::<f64>() / scores.len() as f64;
    let centred: Vec<f64> = scores.iter().map(|score| score - shift).collect();

    let application_large = crossed.factors.first() == Some(&Factor::Application);
    let component_of_column = if application_large { &components.of_expert } else { &components.of_application };
    let (effects, residuals) = by_conjugate_gradients(&crossed, &centred, large)
        .or_else(|| by_factoring(&crossed, &centred, component_of_column, components.count))?;

    let (mut applications, mut experts) =
        if application_large { (effects.large, effects.small) } else { (effects.small, effects.large) };
    let mut sum = vec![(0.0, 0.0); components.count];
    for (effect, component) in experts.iter().zip(&components.of_expert) {
        sum[*component].0 += effect;
        sum[*component].1 += 1.0;
    }
    let mean: Vec<f64> = sum.into_iter().map(|(total, count)| total / count).collect();
    for (effect, component) in experts.iter_mut().zip(&components.of_expert) {
        *effect -= mean[*component];
    }
    for (effect, component) in applications.iter_mut().zip(&components.of_application) {
        *effect += mean[*component] + shift;
    }
    let rank = applications.len() + experts.len() - components.count;
    Some(Additive {
        applications,
        experts,
        residual: residuals.iter().map(|residual| residual * residual).sum(),
        freedom: design.sheets.len().saturating_sub(rank),
    })
}

/// Effects and residuals; each component's level is left where the search from zero puts it.
///
/// `None` for fewer columns than `large` or a sparse factor, or if the components are so weakly knit that the steps do not suffice.
fn by_conjugate_gradients(crossed: &Arc<Crossed>, scores: &[f64], large: usize) -> Option<(Levels, Vec<f64>)> {
    if crossed.columns() < large || matches!(crossed.fill(), Fill::Sparse(_)) {
        return None;
    }
    let weights = crossed.count.iter().map(|count| 1.0 / count).collect();
    let system = Conjugate::new(crossed, weights, vec![1.0; crossed.columns()], 0.0);
    let (small, found) = system.try_solve(&right_side(crossed, scores));
    found.then(|| with_large(crossed, scores, small.as_slice().to_vec()))
}

/// Effects and residuals with one column of each component at zero, refined twice.
fn by_factoring(
    crossed: &Crossed,
    scores: &[f64],
    component_of_column: &[usize],
    components: usize,
) -> Option<(Levels, Vec<f64>)> {
    let mut grounded = vec![usize::MAX; components];
    for (column, component) in component_of_column.iter().enumerate().rev() {
        grounded[*component] = column;
    }
    let factor = factor(crossed, &grounded)?;

    let mut small = vec![0.0; crossed.columns()];
    let mut found = (crossed.zeros(), scores.to_vec());
    for _ in 0..3 {
        let mut right = right_side(crossed, &found.1);
        for column in &grounded {
            right[*column] = 0.0;
        }
        factor.solve(&mut right);
        for (effect, change) in small.iter_mut().zip(right.iter()) {
            *effect += change;
        }
        found = with_large(crossed, scores, small.clone());
    }
    Some(found)
}

/// The normal equations without the large factor, in which the grounded columns stand alone.
fn factor(crossed: &Crossed, grounded: &[usize]) -> Option<Box<dyn Solve>> {
    let weight = |count: f64| 1.0 / count;
    match crossed.fill() {
        Fill::Dense => {
            let mut matrix = crossed.schur(weight);
            for column in grounded {
                matrix.row_mut(*column).fill(0.0);
                matrix.column_mut(*column).fill(0.0);
                matrix[(*column, *column)] = 1.0;
            }
            Some(Box::new(dense::Cholesky::new(matrix)?))
        }
        Fill::Sparse(structure) => {
            let mut alone = vec![false; crossed.columns()];
            for column in grounded {
                alone[*column] = true;
            }
            let mut values = structure.schur(&crossed.shared, &crossed.count, weight);
            for column in 0..crossed.columns() {
                for (row, entry) in structure.pattern.column(column) {
                    if alone[column] || alone[row] {
                        values[entry] = f64::from(row == column);
                    }
                }
            }
            Some(Box::new(sparse::Cholesky::new(&structure.pattern, &values)?))
        }
    }
}

/// `Wᵀv − Cᵀ(Z₀ᵀv/n)`: the normal equations' right-hand side without the large factor.
fn right_side(crossed: &Crossed, values: &[f64]) -> DVector<f64> {
    let sums = crossed.sums(values);
    let means: Vec<f64> = sums.large.iter().zip(&crossed.count).map(|(sum, count)| sum / count).collect();
    let eliminated = crossed.to_columns(&means);
    DVector::from_iterator(crossed.columns(), sums.small.iter().zip(&eliminated).map(|(sum, gone)| sum - gone))
}

/// The large factor's effects given the others', and what both leave of the scores.
fn with_large(crossed: &Crossed, scores: &[f64], small: Vec<f64>) -> (Levels, Vec<f64>) {
    let sums = crossed.sums(scores);
    let back = crossed.to_large(&small);
    let large =
        sums.large.iter().zip(&back).zip(&crossed.count).map(|((sum, gone), count)| (sum - gone) / count).collect();
    let effects = Levels { large, small };
    let fitted = crossed.spread(&effects);
    let residuals = scores.iter().zip(&fitted).map(|(score, fit)| score - fit).collect();
    (effects, residuals)
}
