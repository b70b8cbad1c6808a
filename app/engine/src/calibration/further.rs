//! 追加评审: which further reviews would settle the line.
//!
//! An application is misclassified if the sheets put it on one side of the line and its merit is on the other. With `D`
//! the distance of its merit to the line, normal with mean d and variance v, that has probability Φ(−|d|/√v). Further
//! reviews by new experts tell its merit with variance `w/r`, `w` the variances of expert and residual; they will move
//! the mean by a normal of variance `Δ = c²/(v_s + w/r)`, c = cov(D, s), and leave `v − Δ`. What is still expected to
//! be misclassified after them is the mean of `Φ(−|d'|/√(v − Δ))` over `d' ~ N(d, Δ)`.
//!
//! An application alone seldom settles the line, for the line is drawn by others that are as uncertain: see [`plan`].
//!
//! Source: Raiffa and Schlaifer (1961), *Applied Statistical Decision Theory*, ch. 5 (expected value of sample
//! information).

pub mod plan;

use statrs::distribution::{ContinuousCDF, Normal};

use super::Calibration;
use super::uncertainty::{Line, RankUncertainty};

/// Reviews of one application beyond which no more are considered.
const MOST: usize = 12;
/// An application counts as settled if it is misclassified with at most this probability.
const SETTLED: f64 = 0.1;
/// Pieces of the rule that takes the mean over `d'`, on either side of the line.
const PIECES: usize = 60;

/// The promise of further reviews of one application.
#[derive(Clone, Debug, PartialEq)]
pub struct Further {
    /// Index of the application.
    pub application: usize,
    /// Probability of misclassification after 0, 1, 2, … further reviews.
    pub misclassified: Vec<f64>,
    /// Reviews after which it is settled (at most 10 %); `None` if [`MOST`] do not suffice.
    pub settled_after: Option<usize>,
}

/// Applications that are not settled, the one that gains most per review first.
///
/// `noise`: variance of a further sheet about the merit, points².
#[must_use]
pub fn further_reviews(chances: &[RankUncertainty], noise: f64) -> Vec<Further> {
    let mut open: Vec<Further> = chances
        .iter()
        .enumerate()
        .filter_map(|(application, chances)| {
            let line = chances.line?;
            let misclassified: Vec<f64> = (0..=MOST).map(|reviews| expected(&line, noise, reviews)).collect();
            let settled_after = misclassified.iter().position(|chance| *chance <= SETTLED);
            (settled_after != Some(0)).then_some(Further { application, misclassified, settled_after })
        })
        .collect();
    open.sort_by(|a, b| b.gain().total_cmp(&a.gain()).then(a.application.cmp(&b.application)));
    open
}

impl Further {
    /// The largest decrease per review.
    #[must_use]
    pub fn gain(&self) -> f64 {
        let now = self.misclassified[0];
        let gains = self.misclassified.iter().enumerate().skip(1).map(|(count, then)| (now - then) / count as f64);
        gains.fold(0.0, f64::max)
    }
}

impl Calibration {
    /// [`further_reviews`] with the variances of the mixed model; empty where it has none.
    #[must_use]
    pub fn further_reviews(&self, chances: &[RankUncertainty]) -> Vec<Further> {
        let Ok(mixed) = &self.mixed else { return Vec::new() };
        further_reviews(chances, mixed.variances.expert.unwrap_or(0.0) + mixed.variances.residual)
    }
}

/// The probability of misclassification that is expected after so many reviews.
fn expected(line: &Line, noise: f64, reviews: usize) -> f64 {
    let told = if reviews == 0 { 0.0 } else { line.covariance.powi(2) / (line.own + noise / reviews as f64) };
    after(line, told, PIECES)
}

/// The probability of misclassification expected after reviews that explain `told` of the variance of the distance.
fn after(line: &Line, told: f64, pieces: usize) -> f64 {
    let told = told.clamp(0.0, line.variance);
    if told <= 0.0 {
        return wrong(line.distance, line.variance);
    }
    // The integrand has a kink where d' is on the line: Simpson's rule on either side of it.
    let spread = told.sqrt();
    let at_line = (-line.distance / spread).clamp(-8.0, 8.0);
    let value = |z: f64| density(z) * wrong(line.distance + z * spread, line.variance - told);
    simpson(value, -8.0, at_line, pieces) + simpson(value, at_line, 8.0, pieces)
}

/// Φ(−|d|/√v)
fn wrong(distance: f64, variance: f64) -> f64 {
    if variance <= 0.0 {
        return if distance == 0.0 { 0.5 } else { 0.0 };
    }
    Normal::standard().cdf(-distance.abs() / variance.sqrt())
}

fn density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt()
}

fn simpson(value: impl Fn(f64) -> f64, from: f64, to: f64, pieces: usize) -> f64 {
    let step = (to - from) / (2 * pieces) as f64;
    let weight = |i: usize| match i {
        0 => 1.0,
        i if i == 2 * pieces => 1.0,
        i if i % 2 == 1 => 4.0,
        _ => 2.0,
    };
    (0..=2 * pieces).map(|i| weight(i) * value(step.mul_add(i as f64, from))).sum::<f64>() * step / 3.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::SeedableRng;

    fn line(distance: f64, variance: f64) -> Line {
        Line { distance, variance, covariance: 0.8 * variance, own: 0.9 * variance }
    }

    proptest! {
        #[test]
        fn more_reviews_never_promise_less(distance in -10.0..10.0_f64, variance in 0.01..30.0_f64, noise in 0.1..80.0_f64) {
            let line = line(distance, variance);
            let chances: Vec<f64> = (0..=MOST).map(|reviews| expected(&line, noise, reviews)).collect();
            prop_assert!(chances.windows(2).all(|pair| pair[1] <= pair[0] + 1e-6), "{chances:?}");
            prop_assert!(chances.iter().all(|chance| (0.0..=0.5 + 1e-6).contains(chance)));
        }
    }

    /// Merit, line and further sheets drawn at random; after the sheets the application is put where its posterior is.
    #[test]
    fn the_promise_is_kept_in_simulation() {
        let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(11);
        let mut normal = || super::super::draws::normal(&mut random);
        // s ~ N(75, 6), the line ~ N(74, 2), independent: D = s − t.
        let (own, of_line, noise) = (6.0_f64, 2.0_f64, 20.0_f64);
        let line = Line { distance: 1.0, variance: own + of_line, covariance: own, own };
        for reviews in [1_usize, 4] {
            let told = own + noise / reviews as f64;
            let (mut wrong, count) = (0, 200_000);
            for _ in 0..count {
                let (merit, threshold) = (own.sqrt() * normal(), of_line.sqrt() * normal());
                let seen = merit + (noise / reviews as f64).sqrt() * normal();
                let believed = 1.0 + seen * own / told;
                wrong += i32::from((1.0 + merit - threshold > 0.0) != (believed > 0.0));
            }
            let share = f64::from(wrong) / f64::from(count);
            assert!((expected(&line, noise, reviews) - share).abs() < 0.004, "{reviews}: {share}");
        }
    }

    #[test]
    fn a_distant_application_needs_no_review_and_a_close_one_does() {
        let chance = |distance: f64| RankUncertainty {
            expected_rank: 1.0,
            rank_low: 1,
            rank_high: 1,
            p_top: Some(0.5),
            p_beats_next: None,
            line: Some(line(distance, 4.0)),
        };
        let further = further_reviews(&[chance(20.0), chance(0.5), chance(-2.0)], 30.0);
        assert_eq!(further.iter().map(|f| f.application).collect::<std::collections::BTreeSet<_>>(), [1, 2].into());
        assert!(further.windows(2).all(|pair| pair[0].gain() >= pair[1].gain()));
    }
}
