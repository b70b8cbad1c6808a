//! The worked vectors V1–V4.

use super::{calibrate, score};
use crate::calibration::{Calibration, CalibrationError, Method, Options, Score, Trimming, fit};
use crate::decimal::{Decimal, Exact, round};
use crate::total::Total;

fn finals(calibration: &Calibration, method: Method) -> Vec<String> {
    (0..calibration.design.applications.len())
        .map(|index| format!("{:.2}", calibration.final_score(index, method).unwrap()))
        .collect()
}

fn places(value: Option<&Exact>, places: u32) -> String {
    round(value.unwrap(), places).unwrap().to_string()
}

/// A room of n applications, one sheet each, whose scores add up to the given hundredths.
fn room(name: &str, count: i64, total: i64) -> Vec<Score> {
    (0..count)
        .map(|index| {
            let hundredths = total / count + i64::from(index < total % count);
            let id = format!("{name}{index:02}");
            score(&id, name, &format!("{}.{:02}", hundredths / 100, hundredths % 100), Some(name))
        })
        .collect()
}

#[test]
fn v1_published_coefficients_of_two_rooms() {
    let calibration = calibrate(&[room("A", 20, 152_242), room("B", 18, 149_488)].concat());
    let [a, b] = &calibration.panels[..] else { panic!("two rooms") };
    assert_eq!((places(Some(&a.mean), 2), places(Some(&b.mean), 2)), ("76.12".into(), "83.05".into()));
    assert_eq!(places(a.coefficient.as_ref(), 6), "1.043111");
    assert_eq!(places(b.coefficient.as_ref(), 6), "0.956095");
    assert_eq!((places(a.coefficient.as_ref(), 2), places(b.coefficient.as_ref(), 2)), ("1.04".into(), "0.96".into()));
    assert_eq!(places(a.grand_coefficient.as_ref(), 4), "1.0455");
    assert_eq!(places(b.grand_coefficient.as_ref(), 4), "0.9583");
}

#[test]
fn v2_the_method_decides_the_winner() {
    let rooms: [(&str, &[&str]); 3] = [
        ("A", &["91.20", "85.40", "78.60", "72.00", "66.80"]),
        ("B", &["83.00", "79.50", "74.20", "70.10", "61.40", "58.80"]),
        ("C", &["88.00", "86.50", "84.00", "82.50"]),
    ];
    let mut scores = Vec::new();
    for (name, values) in rooms {
        for (index, value) in values.iter().enumerate() {
            scores.push(score(&format!("{name}{}", index + 1), name, value, Some(name)));
        }
    }
    let calibration = calibrate(&scores);
    assert_eq!(
        finals(&calibration, Method::Coefficient),
        "89.66 83.95 77.27 70.78 65.67 90.35 86.54 80.77 76.31 66.84 64.01 79.97 78.60 76.33 74.97"
            .split(' ')
            .collect::<Vec<_>>()
    );
    assert_eq!(
        finals(&calibration, Method::Grand),
        "90.74 84.97 78.21 71.64 66.47 91.44 87.59 81.75 77.23 67.65 64.78 80.93 79.56 77.26 75.88"
            .split(' ')
            .collect::<Vec<_>>()
    );
    assert_eq!(
        finals(&calibration, Method::Standard),
        "86.70 82.38 77.32 72.40 68.53 86.43 83.78 79.76 76.66 70.07 68.10 85.64 81.18 73.75 69.30"
            .split(' ')
            .collect::<Vec<_>>()
    );
    let first = |method| calibration.design.applications[calibration.order(method).best_first[0]].as_str();
    assert_eq!((first(Method::Coefficient), first(Method::Grand), first(Method::Standard)), ("B1", "B1", "A1"));
    let checks = crate::calibration::checks::checks(&calibration);
    assert!(checks.iter().any(|finding| finding.to_string().contains("评审组 C（4 项）少于 5 项申报")), "{checks:?}");
    assert!(!checks.iter().any(|finding| finding.to_string().contains("的修正系数")), "1.0885 is within bounds");
    assert!(
        checks.iter().any(|finding| finding.to_string().contains("评审组 B（1.1017）的二次平均系数超出")),
        "{checks:?}"
    );
}

#[test]
fn v3_recusal_bias_is_removed() {
    let merit = [("P1", 80), ("P2", 82), ("P3", 75), ("P4", 70)];
    let severity = [("E1", -8), ("E2", 2), ("E3", 0), ("E4", 3), ("E5", 3)];
    let mut scores = Vec::new();
    for (application, merit) in merit {
        for (expert, severity) in severity {
            if (application, expert) != ("P1", "E1") {
                scores.push(score(application, expert, &(merit + severity).to_string(), None));
            }
        }
    }
    let calibration = calibrate(&scores);
    assert_eq!(finals(&calibration, Method::Raw), ["82.00", "82.00", "75.00", "70.00"]);
    assert_eq!(finals(&calibration, Method::Additive), ["80.00", "82.00", "75.00", "70.00"]);
    assert_eq!(finals(&calibration, Method::Mixed), ["80.00", "82.00", "75.00", "70.00"]);
    let residual = calibration.mixed.as_ref().unwrap().variances.residual;
    assert!(residual.abs() < 1e-12);
}

#[test]
fn v4_trimmed_mean_and_outlying_sheets() {
    let scores: Vec<Score> = ["82", "85", "79", "95", "60"]
        .iter()
        .enumerate()
        .map(|(index, value)| score("P", &format!("E{index}"), value, None))
        .collect();
    let untrimmed = calibrate(&scores);
    assert_eq!(finals(&untrimmed, Method::Trimmed), ["80.20"], "five sheets are not trimmed by default");
    let calibration = fit(&scores, &Options { trim_from: 5, ..Options::default() }).unwrap();
    assert_eq!(finals(&calibration, Method::Raw), ["80.20"]);
    assert_eq!(finals(&calibration, Method::Trimmed), ["82.00"]);
    assert!(calibration.outliers(30).is_empty());
    let outliers = calibration.outliers(20);
    assert_eq!(outliers.len(), 1);
    assert!((outliers[0].percent + 25.187).abs() < 1e-3);
}

/// Seven experts, three items. By totals, E1 (27) and E7 (12) are dropped; by items, each item loses its own extremes.
#[test]
fn trimming_by_items_drops_the_extremes_of_every_item() {
    let sheets = [[10, 9, 8], [9, 10, 7], [8, 8, 8], [7, 9, 6], [8, 7, 9], [9, 8, 5], [2, 4, 6]];
    let scores: Vec<Score> = (1..)
        .zip(sheets)
        .map(|(expert, items): (u32, [i64; 3])| {
            let whole = |points: i64| Total::from(Decimal::from_hundredths(points * 100).unwrap());
            let total = whole(items.iter().sum());
            Score { score: total, items: items.map(whole).to_vec(), ..score("P", &format!("E{expert}"), "0", None) }
        })
        .collect();
    let by = |trimming: Trimming| {
        let calibration = fit(&scores, &Options { trimming, ..Options::default() }).unwrap();
        (places(Some(&calibration.results[0].exact_trimmed), 3), places(Some(&calibration.results[0].exact_mean), 3))
    };
    // (26 + 24 + 22 + 24 + 22) / 5; (41 + 41 + 35) / 5; the untrimmed mean is 157 / 7 both times.
    assert_eq!(by(Trimming::Totals), ("23.6".to_owned(), "22.429".to_owned()));
    assert_eq!(by(Trimming::Items), ("23.4".to_owned(), "22.429".to_owned()));
    let few = fit(&scores[..6], &Options { trimming: Trimming::Items, ..Options::default() }).unwrap();
    assert_eq!(few.results[0].exact_trimmed, few.results[0].exact_mean, "six sheets are not trimmed");
    let mut incomplete = scores;
    incomplete[3].items.pop();
    let refused = fit(&incomplete, &Options { trimming: Trimming::Items, ..Options::default() });
    assert!(matches!(refused, Err(CalibrationError::NoItems { expert, .. }) if expert == "E4"));
}

/// Four sheets of 94 reachable points whose mean is 84.125 exactly; from their six decimals it would be 84.12.
#[test]
fn a_mean_of_rescaled_totals_is_rounded_once() {
    let scores: Vec<Score> = (0..)
        .zip([7_907, 7_907, 7_907, 7_910])
        .map(|(expert, hundredths): (u32, i128)| {
            let total = Total::from_ratio(hundredths, 94).unwrap();
            Score { score: total, ..score("P", &format!("E{expert}"), "0", None) }
        })
        .collect();
    assert_eq!(finals(&calibrate(&scores), Method::Raw), ["84.13"]);
    let decimals = |score: &Score| Score { score: score.score.decimal().into(), ..score.clone() };
    assert_eq!(finals(&calibrate(&scores.iter().map(decimals).collect::<Vec<_>>()), Method::Raw), ["84.12"]);
}

#[test]
fn exceeding_full_marks_takes_the_least_deviation() {
    let mut scores = Vec::new();
    for (panel, values) in [("A", ["100", "80", "78", "78"]), ("B", ["100", "99", "98", "97"])] {
        for (index, value) in values.iter().enumerate() {
            scores.push(score(&format!("{panel}{index}"), panel, value, Some(panel)));
        }
    }
    let calibration = calibrate(&scores);
    let standard: Vec<f64> = calibration.results.iter().map(|result| result.standard.unwrap().to_f64()).collect();
    assert!(standard.iter().all(|value| *value <= 100.0), "{standard:?}");
    // Panel B has the least deviation, so its distances are kept.
    assert!((standard[4] - standard[5] - 1.0).abs() < 0.011);
}

#[test]
fn one_finding_names_all_its_panels() {
    let mut scores = Vec::new();
    for (panel, size) in [("甲", 2), ("乙", 3), ("丙", 6)] {
        for application in 0..size {
            for expert in 0..3 {
                let points = (60 + 3 * application + expert).to_string();
                scores.push(score(
                    &format!("{panel}{application}"),
                    &format!("{panel}e{expert}"),
                    &points,
                    Some(panel),
                ));
            }
        }
    }
    let checks = crate::calibration::checks::checks(&calibrate(&scores));
    let small: Vec<String> =
        checks.iter().map(ToString::to_string).filter(|text| text.contains("少于 5 项申报")).collect();
    assert_eq!(small, ["2 个评审组（乙 3 项、甲 2 项）少于 5 项申报：组内标准差没有意义"]);
}
