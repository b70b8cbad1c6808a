//! Rounds in which part of the model cannot be told apart: an answer or a reason, never a panic.

use std::sync::Arc;

use proptest::prelude::*;

use super::{calibrate, noise, score};
use crate::calibration::crossed::{Crossed, Factor};
use crate::calibration::reml::evaluate;
use crate::calibration::{Method, Origin, Score, Unfit, Variances, checks::checks, report::report};

fn grid(applications: usize, experts: usize, points: impl Fn(usize, usize) -> usize) -> Vec<Score> {
    let cell = |application: usize, expert: usize| {
        score(&format!("a{application}"), &format!("e{expert}"), &points(application, expert).to_string(), None)
    };
    (0..applications)
        .flat_map(|application| (0..experts).map(move |expert| (application, expert)))
        .map(|(application, expert)| cell(application, expert))
        .collect()
}

#[test]
fn one_sheet_per_expert_leaves_severity_out_of_the_model() {
    let scores: Vec<Score> = (0..12)
        .map(|index| {
            score(&format!("a{}", index / 3), &format!("e{index:02}"), &(60 + index * 7 % 23).to_string(), None)
        })
        .collect();
    let calibration = calibrate(&scores);
    let mixed = calibration.mixed.as_ref().unwrap();
    assert!(mixed.variances.expert.is_none() && mixed.experts.is_empty());
    assert!(checks(&calibration).iter().any(|finding| finding.to_string().contains("专家宽严与残差无法区分")));
}

#[test]
fn one_sheet_per_application_has_no_mixed_result() {
    let calibration = calibrate(&grid(4, 1, |application, _| 70 + application));
    assert_eq!(calibration.mixed.as_ref().unwrap_err(), &Unfit::OneSheetEach);
    assert!(calibration.results.iter().all(|result| result.mixed.is_none() && result.raw.is_some()));
    assert!(checks(&calibration).iter().any(|finding| finding.to_string().contains("每项申报只有一份评分")));
}

#[test]
fn equal_scores_give_equal_results() {
    let calibration = calibrate(&grid(4, 3, |_, _| 80));
    assert_eq!(calibration.mixed.as_ref().unwrap().origin, Origin::NoSpread);
    for method in [Method::Raw, Method::Coefficient, Method::Additive, Method::Mixed] {
        assert!((0..4).all(|index| calibration.final_score(index, method).unwrap().hundredths() == 8000), "{method:?}");
    }
    assert_eq!(calibration.order(Method::Mixed).ranks, vec![Some(1); 4]);
}

#[test]
fn complete_panels_keep_the_order_of_means() {
    let calibration = calibrate(&grid(9, 5, |application, expert| {
        let (a, e) = (application, expert);
        60 + a * 3 + e * 2 + (a * 7 + e * 11) % 5
    }));
    let by_mean = calibration.order(Method::Raw).best_first;
    assert_eq!(calibration.order(Method::Additive).best_first, by_mean);
    let mixed = |index: usize| calibration.results[index].mixed.unwrap();
    assert!(by_mean.windows(2).all(|pair| mixed(pair[0]) >= mixed(pair[1]) - 1e-9));
}

#[test]
fn components_without_a_common_sheet_are_not_ranked_by_the_additive_method() {
    let mut scores = grid(4, 3, |application, expert| 70 + (application * 5 + expert * expert));
    let other: Vec<Score> = grid(4, 3, |application, expert| 80 + (application * 3 + expert * 2) % 7)
        .into_iter()
        .map(|score| Score {
            application: format!("b{}", score.application),
            expert: format!("f{}", score.expert),
            ..score
        })
        .collect();
    scores.extend(other);
    let calibration = calibrate(&scores);
    assert_eq!(calibration.components.count, 2);
    assert!(calibration.order(Method::Additive).ranks.iter().all(Option::is_none));
    assert!(calibration.mixed.is_ok());
    assert!(checks(&calibration).iter().any(|finding| finding.to_string().contains("2 个互不相连的部分")));
}

#[test]
fn two_applications_suffice() {
    let calibration = calibrate(&grid(2, 3, |application, expert| [[70, 75, 81], [72, 74, 88]][application][expert]));
    assert!(calibration.mixed.is_ok(), "{:?}", calibration.mixed);
}

#[test]
fn a_single_application_has_a_reason() {
    let calibration = calibrate(&grid(1, 5, |_, expert| 70 + expert));
    assert_eq!(calibration.mixed.as_ref().unwrap_err(), &Unfit::OneApplication);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Few levels and few values: ties, empty panels, trees and saturated layouts abound.
    #[test]
    fn no_layout_panics(rows in prop::collection::btree_map((0_u8..5, 0_u8..5), (0_i64..4, 0_u8..4), 1..16)) {
        let scores: Vec<Score> = rows
            .iter()
            .map(|((application, expert), (points, panel))| {
                let panel = (*panel > 0).then(|| panel.to_string());
                score(&application.to_string(), &expert.to_string(), &(points * 10).to_string(), panel.as_deref())
            })
            .collect();
        let calibration = calibrate(&scores);
        for method in Method::ALL.iter().copied() {
            let order = calibration.order(method);
            let draws = calibration.draw(&order, None, [1; 32], 20);
            let report = report(&calibration, method, &order, draws.as_deref(), None);
            let json = serde_json::to_value(&report).unwrap();
            prop_assert_eq!(json["applications"].as_array().unwrap().len(), calibration.design.applications.len());
            for row in &report.applications {
                prop_assert!(row.mixed.is_none_or(f64::is_finite) && row.se.is_none_or(f64::is_finite));
                prop_assert!(row.additive.is_none_or(f64::is_finite));
            }
        }
    }
}

/// A thousand experts with two sheets each and one with a single sheet: the search ends where the exact gradient vanishes.
#[test]
fn a_thousand_experts_with_two_sheets_each_are_fitted_to_the_optimum() {
    let mut scores = Vec::new();
    for expert in 0..1_000_u64 {
        let first = expert % 300;
        for application in [first, (first + 1 + expert / 300) % 300] {
            let points = 60.0
                + 15.0 * noise(application)
                + 8.0 * noise(expert ^ 0xBEEF)
                + 10.0 * noise(expert * 1_000 + application);
            scores.push(score(&format!("a{application:03}"), &format!("e{expert:04}"), &format!("{points:.2}"), None));
        }
    }
    scores.push(score("a000", "single", "71.50", None));
    let calibration = calibrate(&scores);
    let mixed = calibration.mixed.as_ref().unwrap();
    assert_eq!(mixed.origin, Origin::Converged);
    let Variances { application, expert: Some(expert), residual, .. } = mixed.variances else {
        panic!("{:?}", mixed.variances)
    };
    assert!(application > 0.0 && expert > 0.0 && residual > 0.0, "{:?}", mixed.variances);

    let crossed = Arc::new(Crossed::new(&calibration.design, &[Factor::Application, Factor::Expert]));
    let y: Vec<f64> = calibration.design.sheets.iter().map(|sheet| sheet.score.to_f64() - 70.0).collect();
    let ratio = |factor: &Factor| if *factor == Factor::Application { application } else { expert } / residual;
    let ratios: Vec<f64> = crossed.factors.iter().map(ratio).collect();
    let point = evaluate(&crossed, &y, &ratios).unwrap();
    let slope = point.slope(&point.traces(&point.system.small.inverse()));
    for (place, ratio) in ratios.iter().enumerate() {
        // Per unit of ln γ, where a standard error is some tenths: what is left to gain is nothing.
        assert!((slope.gradient[place] * ratio).abs() < 1e-3, "{:?}", slope.gradient);
    }
    let single = calibration.design.experts.iter().position(|id| id == "single").unwrap();
    let most = mixed.experts.iter().map(|effect| effect.se).fold(0.0, f64::max);
    assert!(mixed.experts[single].se >= most, "who scored once is known least");
}
