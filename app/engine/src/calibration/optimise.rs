//! Minimises the REML criterion over variance ratios γ ≥ 0.

use std::sync::Arc;

use nalgebra::{DMatrix, DVector};

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

/// The end of a search.
pub struct Minimum {
    pub point: Point,
    /// `false` if the search ran out of steps or could not descend any more.
    pub converged: bool,
}

/// Projected Newton with average information as Hessian, damped by halving and by a Levenberg–Marquardt term.
///
/// A ratio at the floor with a positive derivative is held there; in the result it is exactly 0. `starts`: points to
/// search from; the best end wins. `None` if the criterion is finite at none of them.
pub fn minimise(crossed: &Arc<Crossed>, y: &[f64], starts: &[Vec<f64>]) -> Option<Minimum> {
    let mut best: Option<Minimum> = None;
    for start in starts {
        let Some(end) = search(crossed, y, start) else {
            continue;
        };
        let better = best.as_ref().is_none_or(|known| {
            end.point.criterion < known.point.criterion - 1e-8 || (end.converged && !known.converged)
        });
        if better {
            best = Some(end);
        }
    }
    let end = best?;
    if end.point.ratios.iter().any(|ratio| *ratio <= FLOOR) {
        let clean: Vec<f64> = end.point.ratios.iter().map(|ratio| if *ratio <= FLOOR { 0.0 } else { *ratio }).collect();
        if let Some(point) = evaluate(crossed, y, &clean) {
            return Some(Minimum { point, converged: end.converged });
        }
    }
    Some(end)
}

fn search(crossed: &Arc<Crossed>, y: &[f64], start: &[f64]) -> Option<Minimum> {
    let start: Vec<f64> = start.iter().map(|ratio| ratio.clamp(FLOOR, CEILING)).collect();
    let mut point = evaluate(crossed, y, &start)?;
    let mut damping = 0.0;
    for _ in 0..STEPS {
        let slope = point.slope();
        let free: Vec<usize> =
            (0..point.ratios.len()).filter(|k| !(point.ratios[*k] <= FLOOR && slope.gradient[*k] >= 0.0)).collect();
        if free.is_empty() {
            return Some(Minimum { point, converged: true });
        }
        let Some(next) = descend(crossed, y, &point, &slope, &free, &mut damping) else {
            let converged = decrease(&slope, &free, &newton(&slope, &free, &point.ratios, 0.0)) < BELOW_ROUNDING;
            return Some(Minimum { point, converged });
        };
        let Step { point: moved, predicted } = next;
        point = moved;
        if predicted < TOLERANCE {
            return Some(Minimum { point, converged: true });
        }
    }
    Some(Minimum { point, converged: false })
}

struct Step {
    point: Point,
    predicted: f64,
}

/// One accepted step, or `None` if no damping makes the criterion fall.
fn descend(
    crossed: &Arc<Crossed>,
    y: &[f64],
    point: &Point,
    slope: &Slope,
    free: &[usize],
    damping: &mut f64,
) -> Option<Step> {
    for _ in 0..40 {
        let step = newton(slope, free, &point.ratios, *damping);
        let predicted = decrease(slope, free, &step);
        let mut ratios = point.ratios.clone();
        for (place, k) in free.iter().enumerate() {
            // A ratio may vanish, but it does not leave its order of magnitude upwards in one step.
            ratios[*k] = (ratios[*k] + step[place]).clamp(FLOOR, (ratios[*k] * 20.0 + 1.0).min(CEILING));
        }
        if let Some(moved) = evaluate(crossed, y, &ratios)
            && (moved.criterion < point.criterion || predicted < BELOW_ROUNDING)
        {
            *damping = if *damping < 1e-3 { 0.0 } else { *damping / 10.0 };
            return Some(Step { point: moved, predicted });
        }
        *damping = if *damping == 0.0 { 1e-2 } else { *damping * 4.0 };
    }
    None
}

/// Solves (AI + damping) δ = −g on the free ratios. Scaled by γ so that damping is free of units.
fn newton(slope: &Slope, free: &[usize], ratios: &[f64], damping: f64) -> DVector<f64> {
    let scale = |k: usize| ratios[k].max(1e-4);
    let size = free.len();
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
fn decrease(slope: &Slope, free: &[usize], step: &DVector<f64>) -> f64 {
    -0.5 * free.iter().enumerate().map(|(place, k)| slope.gradient[*k] * step[place]).sum::<f64>()
}
