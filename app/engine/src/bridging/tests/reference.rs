//! The same precision by universal kriging, with the whole covariance of the scores written out.

use super::*;
use nalgebra::{DMatrix, DVector};
use proptest::prelude::*;

/// Var(δ_p − δ_q given the scores), with the mean unknown.
fn contrast(design: &Design, one: usize, other: usize) -> f64 {
    let variances = design.variances;
    let scores = design.reviews.len();
    let same = |yes: bool, variance: f64| if yes { variance } else { 0.0 };
    let covariance = DMatrix::from_fn(scores, scores, |i, j| {
        let (left, right) = (design.reviews[i], design.reviews[j]);
        same(left.application == right.application, variances.application)
            + same(left.expert == right.expert, variances.expert)
            + same(design.expert_panel[left.expert] == design.expert_panel[right.expert], variances.panel)
            + same(i == j, variances.residual)
    });
    let size = |panel: usize| design.expert_panel.iter().filter(|own| **own == panel).count() as f64;
    let severity = |panel: usize| variances.panel + variances.expert / size(panel);
    let with_contrast = DVector::from_fn(scores, |i, _| {
        let panel = design.expert_panel[design.reviews[i].expert];
        same(panel == one, severity(one)) - same(panel == other, severity(other))
    });
    let prior = severity(one) + severity(other);
    let factor = covariance.cholesky().unwrap();
    let ones = DVector::from_element(scores, 1.0);
    let (solved, level) = (factor.solve(&with_contrast), factor.solve(&ones));
    let drift = with_contrast.dot(&level);
    prior - with_contrast.dot(&solved) + drift * drift / ones.dot(&level)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn standard_errors_are_those_of_kriging(seed: u64) {
        let (design, _) = random(seed);
        let precision = precision(&design).unwrap();
        let mut sum = 0.0;
        for p in 0..design.panels {
            for q in (0..design.panels).filter(|q| *q != p) {
                let expected = contrast(&design, p, q).max(0.0);
                let found = precision.standard_errors[p][q].powi(2);
                prop_assert!((found - expected).abs() < 1e-8 * (1.0 + expected), "{p} {q}: {found} {expected}");
                sum += expected;
            }
        }
        let mean = sum / (design.panels * (design.panels - 1)) as f64;
        prop_assert!((precision.mean_variance - mean).abs() < 1e-8 * (1.0 + mean));
    }

    #[test]
    fn a_review_added_and_taken_back_leaves_everything_as_it_was(seed: u64) {
        let (design, mut rng) = random(seed);
        let candidates = across(&design);
        let review = candidates[rng.next_u32() as usize % candidates.len()].review;
        let mut information = information::Information::new(&design).unwrap();
        let before = information.mean_variance();
        let gain = information.gain(review);
        information.add(review);
        let after = information.mean_variance();
        prop_assert!((before - after - gain).abs() < 1e-9 * (1.0 + before));
        let mut with = design.clone();
        with.reviews.push(review);
        prop_assert!((precision(&with).unwrap().mean_variance - after).abs() < 1e-8 * (1.0 + after));
        prop_assert!(information.remove(review));
        prop_assert!((information.mean_variance() - before).abs() < 1e-8 * (1.0 + before));
    }
}
