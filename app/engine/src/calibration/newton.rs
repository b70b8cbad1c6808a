//! One step of Newton's method on the variance ratios, with average information as Hessian.

use nalgebra::{DMatrix, DVector};

use super::reml::Slope;

/// Below this ratio a variance counts as zero: its standard deviation is under 1/30,000 of the residual's.
pub const FLOOR: f64 = 1e-9;
pub const CEILING: f64 = 1e12;

/// The ratios that may move: not those held at the floor by a positive derivative.
pub fn free(ratios: &[f64], slope: &Slope) -> Vec<usize> {
    (0..ratios.len()).filter(|k| !(ratios[*k] <= FLOOR && slope.gradient[*k] >= 0.0)).collect()
}

/// A ratio may vanish, but it does not leave its order of magnitude upwards in one step.
pub fn advance(ratios: &[f64], free: &[usize], step: &DVector<f64>) -> Vec<f64> {
    let mut moved = ratios.to_vec();
    for (place, k) in free.iter().enumerate() {
        moved[*k] = (ratios[*k] + step[place]).clamp(FLOOR, (ratios[*k] * 20.0 + 1.0).min(CEILING));
    }
    moved
}

/// Solves (AI + damping) δ = −g on the free ratios. Scaled by γ so that damping is free of units.
pub fn newton(slope: &Slope, free: &[usize], ratios: &[f64], damping: f64) -> DVector<f64> {
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
pub fn decrease(slope: &Slope, free: &[usize], step: &DVector<f64>) -> f64 {
    -0.5 * free.iter().enumerate().map(|(place, k)| slope.gradient[*k] * step[place]).sum::<f64>()
}
