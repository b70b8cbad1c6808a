//! What must not change when the sheets change in ways that carry no information on merit.

use proptest::prelude::*;

use super::{calibrate, noise};
use crate::calibration::{Method, Score};
use crate::decimal::Decimal;

/// Eight applications, six experts, about two thirds of the sheets; scores in whole points.
fn sheets(seed: u64) -> Vec<Score> {
    let mut scores = Vec::new();
    for application in 0..8_u64 {
        for expert in 0..6_u64 {
            let key = seed.wrapping_add(application * 31 + expert * 1_009);
            if expert == application % 6 || noise(key) < 0.66 {
                let points = 55.0 + 30.0 * noise(seed ^ (application + 100)) + 12.0 * noise(key ^ 0x5555);
                let text = format!("{points:.0}");
                scores.push(super::score(&format!("a{application}"), &format!("e{expert}"), &text, None));
            }
        }
    }
    scores
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn shifting_one_expert_leaves_the_additive_order_unchanged(seed: u64, expert in 0_usize..6, points in -20_i64..20) {
        let scores = sheets(seed);
        let name = format!("e{expert}");
        let shifted: Vec<Score> = scores
            .iter()
            .cloned()
            .map(|mut score| {
                if score.expert == name {
                    score.score = Decimal::from_hundredths(score.score.hundredths() + points * 100).unwrap();
                }
                score
            })
            .collect();
        let (before, after) = (calibrate(&scores), calibrate(&shifted));
        prop_assume!(before.components.count == 1);
        let additive = |calibration: &crate::calibration::Calibration| -> Vec<f64> {
            calibration.results.iter().map(|result| result.additive.unwrap()).collect()
        };
        let (before, after) = (additive(&before), additive(&after));
        let change = after[0] - before[0];
        for (x, y) in before.iter().zip(&after) {
            prop_assert!((y - x - change).abs() < 1e-9);
        }
    }

    #[test]
    fn relabelling_and_reordering_change_nothing(seed: u64) {
        let scores = sheets(seed);
        let renamed: Vec<Score> = scores
            .iter()
            .rev()
            .cloned()
            .map(|score| Score {
                application: format!("z{}", 9 - score.application[1..].parse::<u32>().unwrap()),
                expert: format!("y{}", 9 - score.expert[1..].parse::<u32>().unwrap()),
                ..score
            })
            .collect();
        let (before, after) = (calibrate(&scores), calibrate(&renamed));
        let count = before.results.len();
        for (index, result) in before.results.iter().enumerate() {
            let twin = &after.results[count - 1 - index];
            prop_assert_eq!(&result.exact_mean, &twin.exact_mean);
            prop_assert!((result.additive.unwrap() - twin.additive.unwrap()).abs() < 1e-9);
            match (result.mixed, twin.mixed) {
                (Some(x), Some(y)) => prop_assert!((x - y).abs() < 1e-5, "{x} {y}"),
                (x, y) => prop_assert_eq!(x.is_some(), y.is_some()),
            }
        }
        let mirrored: Vec<Option<usize>> = after.order(Method::Raw).ranks.into_iter().rev().collect();
        prop_assert_eq!(before.order(Method::Raw).ranks, mirrored);
    }
}
