//! Minimises the REML criterion over variance ratios γ ≥ 0.

use std::sync::Arc;

use nalgebra::{DMatrix, DVector};

use super::approach::Probes;
use super::conjugate;
use super::crossed::Crossed;
use super::reml::{Point, Slope, evaluate};

/// Below this ratio a variance counts as zero: its standard deviation is under 1/30,000 of the residual's.
const FLOOR: f64 = 1e-9;
const CEILING: f64 = 1e12;
/// Predicted decrease of the criterion at which the search ends; γ is then within 10⁻⁶ of its standard error.
const TOLERANCE: f64 = 1e-12;
/// Predicted decrease too small to be seen in the rounding of the criterion itself.
const BELOW_ROUNDING: f64 = 1e-6;
const STEPS: usize = 200;

/// Predicted decrease at which a large round is at its optimum: within 10⁻⁵ standard errors of γ.
const AT_OPTIMUM: f64 = 1e-10;

/// The end of a search.
pub struct Minimum {
    pub point: Point,
    /// `L⁻¹` for the factor of `M` at the point.
    pub inverse_factor: DMatrix<f64>,
    /// `false` if the search ran out of steps or could not descend any more.
    pub converged: bool,
}

/// Projected Newton with average information as Hessian, damped by halving and by a Levenberg–Marquardt term.
///
/// A ratio at the floor with a positive derivative is held there; in the result it is exactly 0. `starts`: points to
/// search from; the best end wins. Where `M` is large, most of the way is walked by [`Probes::approach`]; what decides is the
/// exact criterion and gradient in every case. `None` if the criterion is finite at none of the starts.
pub fn minimise(crossed: &Arc<Crossed>, y: &[f64], starts: &[Vec<f64>]) -> Option<Minimum> {
    minimise_from(crossed, y, starts, conjugate::WORTH_IT)
}

/// `large`: columns from which the approach is taken.
pub(super) fn minimise_from(crossed: &Arc<Crossed>, y: &[f64], starts: &[Vec<f64>], large: usize) -> Option<Minimum> {
    let probes = (crossed.columns() >= large).then(|| Probes::new(crossed.columns()));
    let search = Search { crossed, y, probes };
    let mut best: Option<End> = None;
    for start in starts {
        let Some(end) = search.from(start) else {
            continue;
        };
        let better = best.as_ref().is_none_or(|known| {
            end.point.criterion() < known.point.criterion() - 1e-8 || (end.converged && !known.converged)
        });
        if better {
            best = Some(end);
        }
    }
    let End { mut point, mut inverse_factor, converged } = best?;
    if point.ratios.iter().any(|ratio| *ratio <= FLOOR) {
        let clean: Vec<f64> = point.ratios.iter().map(|ratio| if *ratio <= FLOOR { 0.0 } else { *ratio }).collect();
        if let Some(clean) = evaluate(crossed, y, &clean) {
            (point, inverse_factor) = (clean, None);
        }
    }
    let inverse_factor = inverse_factor.unwrap_or_else(|| point.system.small.inverse_factor());
    Some(Minimum { point, inverse_factor, converged })
}

struct End {
    point: Point,
    /// If it is at hand.
    inverse_factor: Option<DMatrix<f64>>,
    converged: bool,
}

struct Search<'a> {
    crossed: &'a Arc<Crossed>,
    y: &'a [f64],
    /// For large rounds.
    probes: Option<Probes>,
}

impl Search<'_> {
    fn from(&self, start: &[f64]) -> Option<End> {
        let start: Vec<f64> = start.iter().map(|ratio| ratio.clamp(FLOOR, CEILING)).collect();
        let at = |ratios: &[f64]| evaluate(self.crossed, self.y, ratios);
        let approached = self.approach(&start, None).and_then(|ratios| at(&ratios));
        let mut point = approached.or_else(|| at(&start))?;
        let mut damping = 0.0;
        for _ in 0..STEPS {
            let inverse_factor = point.system.small.inverse_factor();
            let traces = point.traces(&inverse_factor);
            let slope = point.slope(&traces);
            let free = free(&point.ratios, &slope);
            let promised = decrease(&slope, &free, &newton(&slope, &free, &point.ratios, 0.0));
            if free.is_empty() || (self.probes.is_some() && promised < AT_OPTIMUM) {
                return Some(End { point, inverse_factor: Some(inverse_factor), converged: true });
            }
            if let Some(moved) =
                self.approach(&point.ratios, Some(&traces)).and_then(|ratios| self.lower(&point, &ratios))
            {
                point = moved;
                continue;
            }
            let Some(Step { point: moved, predicted }) = self.descend(&point, &slope, &free, &mut damping) else {
                let converged = promised < BELOW_ROUNDING;
                return Some(End { point, inverse_factor: Some(inverse_factor), converged });
            };
            point = moved;
            if predicted < TOLERANCE {
                return Some(End { point, inverse_factor: None, converged: true });
            }
        }
        Some(End { point, inverse_factor: None, converged: false })
    }

    fn approach(&self, start: &[f64], exact: Option<&[f64]>) -> Option<Vec<f64>> {
        self.probes.as_ref()?.approach(self.crossed, self.y, start, exact)
    }

    /// The point at `ratios` if the criterion falls.
    fn lower(&self, point: &Point, ratios: &[f64]) -> Option<Point> {
        evaluate(self.crossed, self.y, ratios).filter(|moved| moved.criterion() < point.criterion())
    }

    /// One accepted step, or `None` if no damping makes the criterion fall.
    fn descend(&self, point: &Point, slope: &Slope, free: &[usize], damping: &mut f64) -> Option<Step> {
        for _ in 0..40 {
            let step = newton(slope, free, &point.ratios, *damping);
            let predicted = decrease(slope, free, &step);
            if let Some(moved) = evaluate(self.crossed, self.y, &advance(&point.ratios, free, &step))
                && (moved.criterion() < point.criterion() || predicted < BELOW_ROUNDING)
            {
                *damping = if *damping < 1e-3 { 0.0 } else { *damping / 10.0 };
                return Some(Step { point: moved, predicted });
            }
            *damping = if *damping == 0.0 { 1e-2 } else { *damping * 4.0 };
        }
        None
    }
}

struct Step {
    point: Point,
    predicted: f64,
}

/// The ratios that may move: not those held at the floor by a positive derivative.
pub(super) fn free(ratios: &[f64], slope: &Slope) -> Vec<usize> {
    (0..ratios.len()).filter(|k| !(ratios[*k] <= FLOOR && slope.gradient[*k] >= 0.0)).collect()
}

/// A ratio may vanish, but it does not leave its order of magnitude upwards in one step.
pub(super) fn advance(ratios: &[f64], free: &[usize], step: &DVector<f64>) -> Vec<f64> {
    let mut moved = ratios.to_vec();
    for (place, k) in free.iter().enumerate() {
        moved[*k] = (ratios[*k] + step[place]).clamp(FLOOR, (ratios[*k] * 20.0 + 1.0).min(CEILING));
    }
    moved
}

/// Solves (AI + damping) δ = −g on the free ratios. Scaled by γ so that damping is free of units.
pub(super) fn newton(slope: &Slope, free: &[usize], ratios: &[f64], damping: f64) -> DVector<f64> {
    let scale = |k: usize| ratios[k].max(1e-4);
    let size = free.len();
    if size == 0 {
        return DVector::zeros(0);
    }
    let mut matrix = DMatrix::from_fn(size, size, |row, column| {
        slope.information[(free[row], free[column])] * scale(free[row]) * scale(free[column])
    });
    let largest = matrix.diagonal().amax().max(f64::MIN_POSITIVE);
    for k in 0..size {
        matrix[(k, k)] += matrix[(k, k)] * damping + largest * (1e-12 + 1e-3 * damping);
    }
    let gradient = DVector::from_iterator(size, free.iter().map(|k| -slope.gradient[*k] * scale(*k)));
    let mut step =
        nalgebra::Cholesky::new(matrix).map_or_else(|| gradient.clone() / largest, |factor| factor.solve(&gradient));
    for (place, k) in free.iter().enumerate() {
        step[place] *= scale(*k);
    }
    step
}

/// Half the squared Newton decrement: the decrease of the criterion that the quadratic model promises.
pub(super) fn decrease(slope: &Slope, free: &[usize], step: &DVector<f64>) -> f64 {
    -0.5 * free.iter().enumerate().map(|(place, k)| slope.gradient[*k] * step[place]).sum::<f64>()
}
