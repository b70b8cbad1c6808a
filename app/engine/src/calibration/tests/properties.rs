//! Results that must not change when the sheets change in ways that carry no information on merit.

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
                    score.score = Decimal::from_hundredths(score.score.decimal().hundredths() + points * 100).unwrap().into();
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

/// Twenty applications, eight experts, about 70 % of the sheets, in hundredths.
///
/// Severities stand on eight even steps, since a shift is only taken out of experts who differ: where severities happen
/// to agree, their variance is estimated near nothing and one shifted expert is shrunk away with the rest.
fn larger(seed: u64, complete: bool) -> Vec<Score> {
    let mut scores = Vec::new();
    for application in 0..20_u64 {
        for expert in 0..8_u64 {
            let key = seed.wrapping_add(application * 131 + expert * 7_001);
            if complete || noise(key) < 0.7 {
                let step = (expert * 3 + seed % 8) % 8;
                let points = 55.0
                    + 25.0 * noise(seed ^ (application + 300))
                    + 12.0 * step as f64 / 7.0
                    + 10.0 * noise(key ^ 0x7777);
                let (a, e) = (format!("a{application:02}"), format!("e{expert}"));
                scores.push(super::score(&a, &e, &format!("{points:.2}"), None));
            }
        }
    }
    scores
}

fn shifted(scores: &[Score], expert: &str, hundredths: i64) -> Vec<Score> {
    let shift = |score: &Score| {
        let by = if score.expert == expert { hundredths } else { 0 };
        Score {
            score: Decimal::from_hundredths(score.score.decimal().hundredths() + by).unwrap().into(),
            ..score.clone()
        }
    };
    scores.iter().map(shift).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// A shift changes the differences between applications only by the part by which severity is shrunk.
    #[test]
    fn shifting_one_expert_leaves_mixed_scores_unchanged_to_first_order(seed: u64, expert in 0_usize..8) {
        let scores = larger(seed, false);
        let (before, after) = (calibrate(&scores), calibrate(&shifted(&scores, &format!("e{expert}"), 100)));
        let spread = |value: &dyn Fn(&crate::calibration::Results) -> f64| {
            let change: Vec<f64> = before.results.iter().zip(&after.results).map(|(x, y)| value(y) - value(x)).collect();
            let mean = change.iter().sum::<f64>() / change.len() as f64;
            change.iter().map(|value| (value - mean).powi(2)).sum::<f64>()
        };
        let mixed = spread(&|result| result.mixed.unwrap());
        let raw = spread(&|result| result.raw.unwrap().to_f64());
        prop_assert!(mixed < 0.2 * raw, "{mixed} of {raw}");
    }

    #[test]
    fn complete_panels_keep_the_order_of_means(seed: u64, expert in 0_usize..8, points in -15_i64..15) {
        let scores = larger(seed, true);
        let calibration = calibrate(&shifted(&scores, &format!("e{expert}"), points * 100));
        let value = |index: usize| calibration.results[index].mixed.unwrap();
        for (i, left) in calibration.results.iter().enumerate() {
            for (j, right) in calibration.results.iter().enumerate() {
                if left.exact_mean > right.exact_mean {
                    prop_assert!(value(i) > value(j) - 1e-9);
                }
            }
        }
        let ranks = |method| calibration.order(method).ranks;
        let raw = ranks(Method::Raw);
        prop_assert_eq!(&raw, &ranks(Method::Additive));
    }
}
