//! Results against the truth.

use crate::calibration::Calibration;

/// Half-width of a 90 % interval in standard errors.
const Z90: f64 = 1.644_853_626_951_472_7;

/// Kendall's τ-b of two lists, 0 if one of them is constant. O(n²).
///
/// Source: Kendall (1945), "The treatment of ties in ranking problems", Biometrika 33, 239–251.
pub fn kendall(left: &[f64], right: &[f64]) -> f64 {
    let (mut agree, mut apart_left, mut apart_right) = (0_i64, 0_i64, 0_i64);
    for i in 0..left.len() {
        for j in 0..i {
            let x = sign(left[i], left[j]);
            let y = sign(right[i], right[j]);
            agree += x * y;
            apart_left += x.abs();
            apart_right += y.abs();
        }
    }
    let pairs = (apart_left as f64 * apart_right as f64).sqrt();
    if pairs > 0.0 { agree as f64 / pairs } else { 0.0 }
}

fn sign(a: f64, b: f64) -> i64 {
    match a.partial_cmp(&b) {
        Some(std::cmp::Ordering::Less) => -1,
        Some(std::cmp::Ordering::Greater) => 1,
        _ => 0,
    }
}

/// Share of the truly best `places` among the first `places` of an order.
pub fn hits(best_first: &[usize], merit: &[f64], places: usize) -> f64 {
    let better = |application: usize| merit.iter().filter(|other| **other > merit[application]).count();
    let chosen = best_first.iter().take(places);
    chosen.filter(|application| better(**application) < places).count() as f64 / places as f64
}

/// Merits inside the 90 % interval of the calibrated score.
pub fn covered(calibration: &Calibration, merit: &[f64]) -> usize {
    let Some(posterior) = calibration.mixed.as_ref().ok().and_then(|mixed| mixed.posterior.as_ref()) else {
        return 0;
    };
    let variances = posterior.variances();
    let inside = |(score, (variance, merit)): &(&f64, (&f64, &f64))| (*score - *merit).abs() <= Z90 * variance.sqrt();
    posterior.scores.iter().zip(variances.iter().zip(merit)).filter(inside).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hollander and Wolfe (1973), p. 187: lightness of tuna by instrument and by panel, τ = 0.444; and with ties
    /// the example of SciPy's `kendalltau`, τ-b = −0.4714.
    #[test]
    fn kendall_is_the_published_one() {
        let instrument = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1];
        let panel = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8];
        assert!((kendall(&instrument, &panel) - 4.0 / 9.0).abs() < 1e-12);
        let tied = kendall(&[12.0, 2.0, 1.0, 12.0, 2.0], &[1.0, 4.0, 7.0, 1.0, 0.0]);
        assert!((tied + 0.471_404_520_791).abs() < 1e-9);
        assert!((kendall(&panel, &panel) - 1.0).abs() < 1e-12);
        assert!(kendall(&[1.0, 1.0], &[1.0, 2.0]).abs() < 1e-12);
    }

    #[test]
    fn hits_count_the_truly_best() {
        let merit = [90.0, 80.0, 70.0, 60.0];
        assert!((hits(&[0, 2, 1, 3], &merit, 2) - 0.5).abs() < 1e-12);
        assert!((hits(&[1, 0, 2, 3], &merit, 2) - 1.0).abs() < 1e-12);
    }
}
