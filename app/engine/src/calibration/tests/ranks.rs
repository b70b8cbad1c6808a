//! Posterior draws of the ranking.

use super::{calibrate, noise, score};
use crate::calibration::{Calibration, Method, Places};

fn round(applications: u64, experts: u64) -> Calibration {
    let mut scores = Vec::new();
    for application in 0..applications {
        for expert in 0..experts {
            let points = 60.0 + 2.0 * application as f64 + 8.0 * noise(application * 97 + expert);
            scores.push(score(&format!("a{application:02}"), &format!("e{expert}"), &format!("{points:.1}"), None));
        }
    }
    calibrate(&scores)
}

#[test]
fn the_same_seed_gives_the_same_draws_and_another_seed_others() {
    let calibration = round(8, 5);
    let order = calibration.order(Method::Mixed);
    let places = Places::overall(8, 3);
    let draw = |seed: u8| calibration.draw(&order, Some(&places), [seed; 32], 1_500).unwrap();
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1), draw(2));
}

#[test]
fn chances_add_up_to_the_places_and_follow_the_order() {
    for (applications, experts) in [(10, 4), (4, 9)] {
        let calibration = round(applications, experts);
        let order = calibration.order(Method::Mixed);
        let size = calibration.design.applications.len();
        let draws = calibration.draw(&order, Some(&Places::overall(size, 3)), [3; 32], 4_000).unwrap();
        let sum: f64 = draws.iter().map(|draw| draw.p_top.unwrap()).sum();
        assert!((sum - 3.0).abs() < 1e-9);
        let ranks: f64 = draws.iter().map(|draw| draw.expected_rank).sum();
        assert!((ranks - (size * (size + 1)) as f64 / 2.0).abs() < 1e-6);
        for draw in &draws {
            assert!(
                draw.rank_low as f64 <= draw.expected_rank + 1.0 && draw.rank_high as f64 >= draw.expected_rank - 1.0
            );
        }
        let best = order.best_first[0];
        assert!(draws[best].p_beats_next.unwrap() > 0.5 && draws[order.best_first[size - 1]].p_beats_next.is_none());
    }
}

/// P(beats next) from draws against the normal distribution with the prediction-error covariance.
#[test]
fn draws_follow_the_prediction_error_covariance() {
    for (applications, experts) in [(10, 4), (5, 9)] {
        let calibration = round(applications, experts);
        let order = calibration.order(Method::Mixed);
        let draws = calibration.draw(&order, None, [9; 32], 40_000).unwrap();
        let posterior = calibration.mixed.as_ref().unwrap().posterior.as_ref().unwrap();
        let covariance = posterior.covariance();
        for pair in order.best_first.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let variance = covariance[(a, a)] + covariance[(b, b)] - 2.0 * covariance[(a, b)];
            let z = (posterior.scores[a] - posterior.scores[b]) / variance.sqrt();
            let exact = 0.5 * statrs::function::erf::erfc(-z / std::f64::consts::SQRT_2);
            let chance = draws[a].p_beats_next.unwrap();
            assert!((chance - exact).abs() < 0.012, "{chance} {exact}");
        }
    }
}

#[test]
fn each_group_has_its_own_places() {
    let calibration = round(6, 4);
    let order = calibration.order(Method::Mixed);
    let groups: Vec<String> = (0..6).map(|index| if index < 3 { "T1" } else { "T2" }.to_owned()).collect();
    let places = Places::grouped(&groups, &[("T1".to_owned(), 1), ("T2".to_owned(), 2)].into());
    let draws = calibration.draw(&order, Some(&places), [3; 32], 1_000).unwrap();
    let sum = |range: std::ops::Range<usize>| -> f64 { draws[range].iter().map(|draw| draw.p_top.unwrap()).sum() };
    assert!((sum(0..3) - 1.0).abs() < 1e-9 && (sum(3..6) - 2.0).abs() < 1e-9);
    // Three compete in each group: ranks are 1 to 3, and their expectations add up to 6.
    assert!(draws.iter().all(|draw| draw.rank_high <= 3));
    let ranks = |range: std::ops::Range<usize>| -> f64 { draws[range].iter().map(|draw| draw.expected_rank).sum() };
    assert!((ranks(0..3) - 6.0).abs() < 1e-9 && (ranks(3..6) - 6.0).abs() < 1e-9);
}

#[test]
fn whoever_is_below_the_mark_takes_no_place() {
    let calibration = round(6, 4);
    let order = calibration.order(Method::Mixed);
    let best = *order.best_first.first().unwrap();
    let highest = calibration.mixed.as_ref().unwrap().posterior.as_ref().unwrap().scores[best];
    let chances = |least: f64| -> f64 {
        let places = Places::overall(6, 6).from_points(least);
        calibration.draw(&order, Some(&places), [3; 32], 1_000).unwrap().iter().map(|d| d.p_top.unwrap()).sum()
    };
    assert!((chances(f64::NEG_INFINITY) - 6.0).abs() < 1e-9);
    assert!(chances(highest + 1_000.0) == 0.0);
    let some = chances(highest);
    assert!(some > 0.0 && some < 6.0, "{some}");
}
