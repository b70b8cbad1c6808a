//! Minimises the REML criterion over variance ratios γ ≥ 0.

use std::sync::Arc;

use nalgebra::{Cholesky, DMatrix};

use super::conjugate;
use super::crossed::Crossed;
use super::factored::Inverse;
use super::fill::Fill;
use super::newton::{CEILING, FLOOR, advance, decrease, free, newton};
use super::reml::{Point, Slope, evaluate};
use super::stochastic_reml::Probes;

/// Predicted decrease of the criterion at which the search ends; γ is then within 10⁻⁶ of its standard error.
const TOLERANCE: f64 = 1e-12;
/// Predicted decrease too small to be seen in the rounding of the criterion itself.
const BELOW_ROUNDING: f64 = 1e-6;
const STEPS: usize = 200;
/// Steps by average information. It is the mean of the observed and the expected curvature, and where the criterion is much
/// flatter than it, its steps get shorter and shorter without arriving.
const BY_AVERAGE: usize = 20;

/// Predicted decrease at which a large round is at its optimum: within 10⁻⁵ standard errors of γ.
const AT_OPTIMUM: f64 = 1e-10;

/// The end of a search.
pub struct Minimum {
    pub point: Point,
    /// The inverse of `M` at the point.
    pub inverse: Inverse,
    /// `false` if the search ran out of steps or could not descend any more.
    pub converged: bool,
}

/// Projected Newton with average information as Hessian, damped by halving and by a Levenberg–Marquardt term.
///
/// A ratio at the floor with a positive derivative is held there; in the result it is exactly 0. `starts`: points to
/// search from; the best end wins. Where `M` is large and fills, [`Probes::search`] goes most of the way without factoring; the exact
/// criterion and gradient decide in every case. `None` if the criterion is finite at none of the starts.
pub fn minimise(crossed: &Arc<Crossed>, y: &[f64], starts: &[Vec<f64>]) -> Option<Minimum> {
    minimise_from(crossed, y, starts, conjugate::WORTH_IT)
}

/// `large`: columns from which stochastic REML is tried first.
pub(super) fn minimise_from(crossed: &Arc<Crossed>, y: &[f64], starts: &[Vec<f64>], large: usize) -> Option<Minimum> {
    let fills = matches!(crossed.fill(), Fill::Dense);
    let probes = (fills && crossed.columns() >= large).then(|| Probes::new(crossed.columns()));
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
    let End { mut point, mut inverse, converged } = best?;
    if point.ratios.iter().any(|ratio| *ratio <= FLOOR) {
        let clean: Vec<f64> = point.ratios.iter().map(|ratio| if *ratio <= FLOOR { 0.0 } else { *ratio }).collect();
        if let Some(clean) = evaluate(crossed, y, &clean) {
            (point, inverse) = (clean, None);
        }
    }
    let inverse = inverse.unwrap_or_else(|| point.system.small.inverse());
    Some(Minimum { point, inverse, converged })
}

struct End {
    point: Point,
    /// `None` if it was not computed for this point.
    inverse: Option<Inverse>,
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
        let nearby = self.stochastic(&start, None).and_then(|ratios| at(&ratios));
        let mut point = nearby.or_else(|| at(&start))?;
        let mut damping = 0.0;
        for step in 0..STEPS {
            let inverse = point.system.small.inverse();
            let traces = point.traces(&inverse);
            let mut slope = point.slope(&traces);
            let free = free(&point.ratios, &slope);
            if step >= BY_AVERAGE
                && let Some(observed) = self.observed(&point, &free)
            {
                slope.information = observed;
            }
            let promised = decrease(&slope, &free, &newton(&slope, &free, &point.ratios, 0.0));
            if free.is_empty() || (self.probes.is_some() && promised < AT_OPTIMUM) {
                return Some(End { point, inverse: Some(inverse), converged: true });
            }
            if step < BY_AVERAGE
                && let Some(moved) =
                    self.stochastic(&point.ratios, Some(&traces)).and_then(|ratios| self.lower(&point, &ratios))
            {
                point = moved;
                continue;
            }
            let Some(Step { point: moved, predicted }) = self.descend(&point, &slope, &free, &mut damping) else {
                let converged = promised < BELOW_ROUNDING;
                return Some(End { point, inverse: Some(inverse), converged });
            };
            point = moved;
            if predicted < TOLERANCE {
                return Some(End { point, inverse: None, converged: true });
            }
        }
        Some(End { point, inverse: None, converged: false })
    }

    /// The second derivatives, by central differences of the gradient; `None` where they are not those of a minimum.
    fn observed(&self, point: &Point, free: &[usize]) -> Option<DMatrix<f64>> {
        let gradient = |k: usize, change: f64| {
            let mut ratios = point.ratios.clone();
            ratios[k] += change;
            let moved = evaluate(self.crossed, self.y, &ratios)?;
            Some(moved.slope(&moved.traces(&moved.system.small.inverse())).gradient)
        };
        let count = point.ratios.len();
        let mut observed = DMatrix::zeros(count, count);
        for k in free {
            let change = 1e-4 * point.ratios[*k];
            let column = (gradient(*k, change)? - gradient(*k, -change)?) / (2.0 * change);
            observed.set_column(*k, &column);
        }
        let observed = (&observed + observed.transpose()) * 0.5;
        let among_free = DMatrix::from_fn(free.len(), free.len(), |row, column| observed[(free[row], free[column])]);
        Cholesky::new(among_free).map(|_| observed)
    }

    /// The ratios at which the estimated gradient vanishes; `None` for small rounds, or if the search fails.
    fn stochastic(&self, start: &[f64], exact: Option<&[f64]>) -> Option<Vec<f64>> {
        self.probes.as_ref()?.search(self.crossed, self.y, start, exact)
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
