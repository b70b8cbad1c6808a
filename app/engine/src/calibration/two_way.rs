//! 加性校正 without one expert, from one factor for all.
//!
//! With the experts eliminated, the applications' effects solve `Sα = r`, where `S = D − Σₑ nₑnₑᵀ/kₑ`. An expert who wrote k sheets adds
//! `E·C·Eᵀ` to S, with E the columns of their applications and `C = I − 11ᵀ/k`. Leaving them out is a change of rank k:
//! `(A − ECEᵀ)⁻¹ = A⁻¹ + W(I − CM)⁻¹CWᵀ` for `A = S + 11ᵀ/n`, `W = A⁻¹E`, `M = EᵀA⁻¹E`. O(n·k + k³) for each.

use super::connectivity::Components;
use super::design::Design;
use super::linalg::dense::{Cholesky, gram};
use nalgebra::{DMatrix, DVector};

/// The inverse is kept whole up to so many applications.
const LARGEST: usize = 3_000;
/// A pivot below this says that nothing else links what the expert links.
const LINKED: f64 = 1e-8;

pub struct TwoWay<'a> {
    design: &'a Design,
    inverse: DMatrix<f64>,
    /// α with the mean of all scores taken out of them.
    effects: DVector<f64>,
    shift: f64,
    /// Σₑ nₑ/kₑ: what the mean of the experts' effects takes of each application.
    share: DVector<f64>,
    /// Σₑ ȳₑ
    means: f64,
}

impl<'a> TwoWay<'a> {
    /// `None` where not all are linked, where there are too many applications, and where the equations cannot be solved.
    pub fn new(design: &'a Design, components: &Components) -> Option<Self> {
        let size = design.applications.len();
        if components.count != 1 || size > LARGEST {
            return None;
        }
        let shift = design.sheets.iter().map(|sheet| sheet.score.to_f64()).sum::<f64>() / design.sheets.len() as f64;
        let mut system = DMatrix::from_element(size, size, 1.0 / size as f64);
        let (mut right, mut share, mut means) = (DVector::zeros(size), DVector::zeros(size), 0.0);
        for own in design.of_expert.iter().filter(|own| !own.is_empty()) {
            let Own { applications, scores, mean } = Own::of(design, own, shift);
            let weight = 1.0 / own.len() as f64;
            means += mean;
            for (i, score) in applications.iter().zip(&scores) {
                system[(*i, *i)] += 1.0;
                right[*i] += score - mean;
                share[*i] += weight;
                for j in &applications {
                    system[(*i, *j)] -= weight;
                }
            }
        }
        let inverse = gram(&Cholesky::new(system)?.inverse_factor());
        let effects = &inverse * right;
        Some(Self { design, inverse, effects, shift, share, means })
    }

    /// Unrounded scores without the expert. `None` where the others do not link all applications: they cannot be compared then.
    pub fn without(&self, expert: usize) -> Option<Vec<f64>> {
        let Self { design, inverse, effects, .. } = self;
        let own = &design.of_expert[expert];
        let experts = design.of_expert.iter().filter(|own| !own.is_empty()).count();
        let (count, rest) = (own.len(), experts.checked_sub(1).filter(|rest| *rest > 0)?);
        let Own { applications, scores, mean } = Own::of(design, own, self.shift);
        let middle = DMatrix::from_fn(count, count, |i, j| inverse[(applications[i], applications[j])]);
        let centred = |mut matrix: DMatrix<f64>| {
            for mut column in matrix.column_iter_mut() {
                let level = column.mean();
                column.add_scalar_mut(-level);
            }
            matrix
        };
        let change = DMatrix::identity(count, count) - centred(middle.clone());
        let factors = change.full_piv_lu();
        if factors.u().diagonal().iter().any(|pivot| pivot.abs() < LINKED) {
            return None;
        }
        let gone = DVector::from_iterator(count, scores.iter().map(|score| score - mean));
        let mut there = DVector::from_iterator(count, applications.iter().map(|i| effects[*i])) - &middle * &gone;
        let level = there.mean();
        there.add_scalar_mut(-level);
        let step = factors.solve(&there)? - gone;
        let mut left = effects.clone();
        for (application, by) in applications.iter().zip(step.iter()) {
            left.axpy(*by, &inverse.column(*application), 1.0);
        }
        let weight = 1.0 / count as f64;
        let taken: f64 = applications.iter().map(|i| weight * left[*i]).sum();
        let level = (self.means - mean - (self.share.dot(&left) - taken)) / rest as f64 + self.shift;
        Some(left.iter().map(|effect| effect + level).collect())
    }
}

/// What one expert wrote, with the mean of all scores taken out.
struct Own {
    applications: Vec<usize>,
    scores: Vec<f64>,
    mean: f64,
}

impl Own {
    fn of(design: &Design, sheets: &[usize], shift: f64) -> Self {
        let applications = sheets.iter().map(|index| design.sheets[*index].application).collect();
        let scores: Vec<f64> = sheets.iter().map(|index| design.sheets[*index].score.to_f64() - shift).collect();
        let mean = scores.iter().sum::<f64>() / scores.len().max(1) as f64;
        Self { applications, scores, mean }
    }
}
