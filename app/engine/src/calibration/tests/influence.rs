//! Deletions and standardised residuals against the equations written down in full.

use std::sync::Arc;

use nalgebra::{DMatrix, DVector};
use proptest::prelude::*;

use super::{calibrate, noise, score};
use crate::calibration::crossed::{Crossed, Factor};
use crate::calibration::mixed::factors;
use crate::calibration::reml::evaluate;
use crate::calibration::sensitivity::{Bounds, Scenario};
use crate::calibration::{Aggregate, Calibration, Deletion, Design, Deviation, Given, Method, Options, Score, fit};
use crate::decimal::{Decimal, round_float};
use crate::ranking::{Candidate, Entry, Exclusion, Placing, Quota, change, shortlist};

fn layout(applications: u64, experts: u64, seed: u64) -> Vec<Score> {
    let mut scores = Vec::new();
    for application in 0..applications {
        for expert in 0..experts {
            let key = seed.wrapping_mul(7_919).wrapping_add(application * 101 + expert);
            if noise(key) < 0.75 {
                let points = 60.0
                    + 20.0 * noise(seed ^ application)
                    + 10.0 * noise(seed ^ (expert + 5_000))
                    + 8.0 * noise(key ^ 0xBEEF);
                scores.push(score(&format!("a{application}"), &format!("e{expert}"), &format!("{points:.2}"), None));
            }
        }
    }
    scores
}

/// `μ + α` of a fit from scratch to the sheets of all others, at the variances of all sheets.
fn refitted(calibration: &Calibration, expert: usize) -> Vec<(String, f64)> {
    let design = &calibration.design;
    let left: Vec<Score> = design
        .sheets
        .iter()
        .filter(|sheet| sheet.expert != expert)
        .map(|sheet| Score {
            application: design.applications[sheet.application].clone(),
            expert: design.experts[sheet.expert].clone(),
            score: sheet.score,
            panel: None,
            items: Vec::new(),
        })
        .collect();
    let rest = Design::new(&left).unwrap();
    let variances = calibration.mixed.as_ref().unwrap().variances;
    let crossed = Arc::new(Crossed::new(&rest, &factors(design)));
    let ratio = |factor: &Factor| match factor {
        Factor::Application => variances.application / variances.residual,
        Factor::Expert => variances.expert.unwrap() / variances.residual,
        Factor::Panel => 0.0,
    };
    let ratios: Vec<f64> = crossed.factors.iter().map(ratio).collect();
    let y: Vec<f64> = rest.sheets.iter().map(|sheet| sheet.score.to_f64() - 70.0).collect();
    let point = evaluate(&crossed, &y, &ratios).unwrap();
    let effects = point.system.effects(&point.modes);
    let own = crossed.block(&effects, crossed.position(Factor::Application).unwrap());
    rest.applications.iter().cloned().zip(own.iter().map(|effect| 70.0 + point.intercept + effect)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn leaving_an_expert_out_equals_a_fit_without_them(applications in 4_u64..12, experts in 4_u64..12, seed: u64) {
        let calibration = calibrate(&layout(applications, experts, seed));
        let Ok(mixed) = &calibration.mixed else { return Ok(()) };
        prop_assume!(mixed.posterior.is_some() && mixed.variances.expert.is_some());
        let deletion = Deletion::new(&calibration, Method::Mixed);
        for expert in 0..calibration.design.experts.len() {
            let left = deletion.without(expert);
            for (application, expected) in refitted(&calibration, expert) {
                let index = calibration.design.applications.binary_search(&application).unwrap();
                let score = left.scores[index].unwrap();
                // Both are rounded to 1/100 point.
                let twin = round_float(expected, 2).unwrap();
                prop_assert!((score.to_f64() - expected).abs() < 0.005 + 1e-7, "{application}: {score} {twin}");
            }
        }
    }

    #[test]
    fn residuals_are_those_of_the_dense_equations(applications in 4_u64..9, experts in 4_u64..9, seed: u64) {
        let calibration = calibrate(&layout(applications, experts, seed));
        let Ok(mixed) = &calibration.mixed else { return Ok(()) };
        prop_assume!(mixed.posterior.is_some() && mixed.variances.expert.is_some());
        let sheets = &calibration.design.sheets;
        let size = sheets.len();
        let variances = mixed.variances;
        let covariance = DMatrix::from_fn(size, size, |i, j| {
            let (a, b) = (&sheets[i], &sheets[j]);
            f64::from(i == j) * variances.residual
                + f64::from(a.application == b.application) * variances.application
                + f64::from(a.expert == b.expert) * variances.expert.unwrap()
        });
        let inverse = covariance.try_inverse().unwrap();
        let one = DVector::from_element(size, 1.0);
        let weights = &inverse * &one;
        let projection = &inverse - &weights * weights.transpose() / one.dot(&weights);
        let y = DVector::from_iterator(size, sheets.iter().map(|sheet| sheet.score.to_f64()));
        // Conditional residual σ²Py with variance σ⁴P.
        let errors = &projection * y;
        for (sheet, residual) in calibration.standardised_residuals().into_iter().enumerate() {
            let expected = errors[sheet] / projection[(sheet, sheet)].sqrt();
            prop_assert!((residual.unwrap() - expected).abs() < 1e-6 * (1.0 + expected.abs()));
        }
    }
}

#[test]
fn the_other_methods_are_recomputed_without_the_expert() {
    let scores = layout(8, 6, 3);
    let calibration = calibrate(&scores);
    for method in Method::ALL.iter().copied().filter(|method| *method != Method::Mixed) {
        let deletion = Deletion::new(&calibration, method);
        for (expert, name) in calibration.design.experts.iter().enumerate() {
            let rest: Vec<Score> = scores.iter().filter(|score| score.expert != *name).cloned().collect();
            let again = calibrate(&rest);
            let left = deletion.without(expert);
            for (index, application) in again.design.applications.iter().enumerate() {
                let place = calibration.design.applications.binary_search(application).unwrap();
                assert_eq!(left.scores[place], again.final_score(index, method), "{method:?} {name} {application}");
                assert_eq!(left.sheets[place], again.results[index].sheets);
            }
        }
    }
}

/// Sheets that are sparse, tied and skewed over panels: few scores, an expert or two who wrote most of a panel, some who also wrote for another.
fn skewed(applications: u64, experts: u64, panels: u64, seed: u64) -> Vec<Score> {
    let mut scores = Vec::new();
    for application in 0..applications {
        for expert in 0..experts {
            let key = seed.wrapping_mul(6_151).wrapping_add(application * 131 + expert);
            let often = if expert == 0 { 0.9 } else { 0.35 };
            if noise(key) < often {
                let points = 60.0 + (40.0 * noise(key ^ 0xF00D)).round() / 2.0;
                let visiting = noise(key ^ 0xCAFE) < 0.15;
                let panel = if visiting { expert % panels } else { application % panels };
                let name = (panels > 1 && noise(key ^ 0xD1CE) > 0.05).then(|| format!("p{panel}"));
                let text = format!("{points:.2}");
                scores.push(score(&format!("a{application:02}"), &format!("e{expert}"), &text, name.as_deref()));
            }
        }
    }
    scores
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn deletion_gives_what_refitting_gives(
        applications in 3_u64..14, experts in 2_u64..7, panels in 1_u64..5, seed in any::<u64>(),
        trimmed in any::<bool>(), population in any::<bool>(),
    ) {
        let scores = skewed(applications, experts, panels, seed);
        let options = Options {
            aggregate: if trimmed { Aggregate::Trimmed } else { Aggregate::Mean },
            deviation: if population { Deviation::Population } else { Deviation::Sample },
            ..Options::default()
        };
        prop_assume!(scores.len() > 2);
        let calibration = fit(&scores, &options).unwrap();
        for method in Method::ALL.iter().copied().filter(|method| *method != Method::Mixed) {
            let deletion = Deletion::new(&calibration, method);
            for (expert, name) in calibration.design.experts.iter().enumerate() {
                let rest: Vec<Score> = scores.iter().filter(|score| score.expert != *name).cloned().collect();
                let left = deletion.without(expert);
                if rest.is_empty() {
                    prop_assert!(left.scores.iter().all(Option::is_none));
                    continue;
                }
                let again = fit(&rest, &options).unwrap();
                for (place, application) in calibration.design.applications.iter().enumerate() {
                    let expected = again.design.applications.binary_search(application).ok();
                    let expected = expected.and_then(|index| again.final_score(index, method));
                    prop_assert_eq!(left.scores[place], expected, "{:?} without {}: {}", method, name, application);
                }
            }
        }
    }
}

#[test]
fn an_application_that_loses_its_last_sheet_has_no_score() {
    let mut scores = layout(6, 5, 9);
    scores.push(score("a9", "e0", "70", None));
    let calibration = calibrate(&scores);
    for method in Method::ALL.iter().copied() {
        let left = Deletion::new(&calibration, method).without(0);
        assert_eq!((left.scores.last(), left.sheets.last()), (Some(&None), Some(&0)), "{method:?}");
    }
}

fn placed(calibration: &Calibration, given: &Given, places: usize, pass: Option<i64>) -> Vec<Placing<String>> {
    let entry = |(index, id): (usize, &String)| Entry {
        candidate: Candidate {
            id: id.clone(),
            score: given.scores[index].map_or(0, Decimal::hundredths),
            tie_keys: vec![calibration.results[index].raw.map_or(0, Decimal::micros)],
        },
        group: (index % 2).to_string(),
        exclusion: match given.scores[index] {
            None => Some(Exclusion::NoScore),
            Some(_) => (given.sheets[index] < 2).then_some(Exclusion::TooFewSheets),
        },
    };
    let entries: Vec<_> = calibration.design.applications.iter().enumerate().map(entry).collect();
    shortlist(&entries, &Quota::Overall { places, reserves: 1 }, pass)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Whoever is not placed anew would have left the line where it is.
    #[test]
    fn experts_who_cannot_move_the_line_are_told_apart(
        applications in 4_u64..14,
        experts in 3_u64..9,
        places in 1_usize..6,
        pass in prop::option::of(6_500_i64..8_000),
        seed: u64,
    ) {
        let calibration = calibrate(&layout(applications, experts, seed));
        prop_assume!(calibration.mixed.is_ok());
        let place = |given: &Given| placed(&calibration, given, places, pass);
        let bounds = Bounds { least_sheets: 2, pass: pass.and_then(|pass| Decimal::from_hundredths(pass).ok()), per_group: false };
        let effects = calibration.sensitivity(Method::Mixed, bounds, place);
        let base = place(&calibration.given(Method::Mixed));
        let deletion = Deletion::new(&calibration, Method::Mixed);
        for (index, expert) in calibration.design.experts.iter().enumerate() {
            let in_full = change(&base, &place(&deletion.without(index)));
            let told = effects.iter().find(|effect| effect.scenario == Scenario::WithoutExpert(expert.clone())).unwrap();
            prop_assert_eq!(&told.change, &in_full, "{}", expert);
        }
    }
}
