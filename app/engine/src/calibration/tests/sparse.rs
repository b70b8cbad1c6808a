//! The sparse factor against the dense one on the same sheets, and rounds on which it is chosen.

use std::sync::Arc;

use proptest::prelude::*;

use super::{calibrate, noise, score};
use crate::calibration::crossed::{Crossed, Factor};
use crate::calibration::design::Design;
use crate::calibration::fill::Fill;
use crate::calibration::influence::Influence;
use crate::calibration::mixed::At;
use crate::calibration::optimise::minimise;
use crate::calibration::posterior::Posterior;
use crate::calibration::reml::{Point, evaluate};
use crate::calibration::{Effect, Score};

/// Panels of a few applications, each seen by some of the panel's experts; every seventh expert also serves in the next panel.
fn panels(panels: u64, applications: u64, experts: u64, seed: u64, named: bool) -> Vec<Score> {
    let mut scores = Vec::new();
    for panel in 0..panels {
        for application in 0..applications {
            let id = panel * applications + application;
            for expert in 0..=experts {
                let key = seed.wrapping_mul(7_919).wrapping_add(id * 131 + expert);
                let who = panel * experts + expert;
                // The last one is the first of the next panel.
                let serves = if expert == experts {
                    panel % 7 == 0
                } else {
                    noise(key) < 0.6 || expert == application % experts
                };
                if serves {
                    let points = 60.0
                        + 20.0 * noise(seed ^ id)
                        + 10.0 * noise(seed ^ (who + 50_000))
                        + 4.0 * noise(seed ^ (panel + 90_000))
                        + 8.0 * noise(key ^ 0xBEEF);
                    let panel = named.then(|| format!("p{panel}"));
                    scores.push(score(
                        &format!("a{id}"),
                        &format!("e{who}"),
                        &format!("{points:.2}"),
                        panel.as_deref(),
                    ));
                }
            }
        }
    }
    scores
}

fn both(crossed: &Crossed, y: &[f64], ratios: &[f64]) -> [Point; 2] {
    [false, true].map(|sparse| evaluate(&Arc::new(crossed.with_fill(sparse)), y, ratios).unwrap())
}

fn alike(left: &[f64], right: &[f64], tolerance: f64) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(l, r)| (l - r).abs() < tolerance * (1.0 + l.abs()))
}

fn at(point: Point) -> At {
    let inverse = Arc::new(point.system.small.inverse());
    At { point, inverse, shift: 0.0 }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_sparse_factor_gives_what_a_dense_one_gives(
        count in 1_u64..6,
        applications in 2_u64..6,
        experts in 2_u64..6,
        seed: u64,
        gamma in prop::array::uniform3(0.05_f64..4.0),
        named: bool,
    ) {
        let design = Design::new(&panels(count, applications, experts, seed, named)).unwrap();
        let mut factors = vec![Factor::Application, Factor::Expert];
        if named {
            factors.push(Factor::Panel);
        }
        let crossed = Crossed::new(&design, &factors);
        let y: Vec<f64> = design.sheets.iter().map(|sheet| sheet.score.to_f64() - 70.0).collect();
        let [dense, sparse] = both(&crossed, &y, &gamma[..factors.len()]);
        prop_assert!((dense.criterion() - sparse.criterion()).abs() < 1e-8);
        let inverses = [&dense, &sparse].map(|point| point.system.small.inverse());
        prop_assert!(alike(&dense.traces(&inverses[0]), &sparse.traces(&inverses[1]), 1e-9));
        let diagonals = [dense.system.inverse_diagonal(&inverses[0]), sparse.system.inverse_diagonal(&inverses[1])];
        prop_assert!(alike(&diagonals[0].large, &diagonals[1].large, 1e-10));
        prop_assert!(alike(&diagonals[0].small, &diagonals[1].small, 1e-10));

        let [dense, sparse] = [dense, sparse].map(at);
        let part = vec![0; design.applications.len()];
        let covariance = |at: &At| {
            let known = vec![Effect::default(); part.len()];
            Posterior::new(&at.point, &at.inverse, vec![0.0; part.len()], &known, &part).covariance()
        };
        prop_assert!((covariance(&dense) - covariance(&sparse)).amax() < 1e-8);
        let [dense, sparse] = [&dense, &sparse].map(|at| Influence::new(at).unwrap());
        let unwrapped = |influence: &Influence<'_>| influence.standardised().into_iter().map(|r| r.unwrap_or(0.0)).collect::<Vec<_>>();
        prop_assert!(alike(&unwrapped(&dense), &unwrapped(&sparse), 1e-8));
        let mut images = [dense.image(), sparse.image()];
        for sheets in &design.of_expert {
            let [one, other] = [dense.without(sheets, &mut images[0]), sparse.without(sheets, &mut images[1])];
            prop_assert_eq!(one.is_some(), other.is_some());
            prop_assert!(alike(&one.unwrap_or_default(), &other.unwrap_or_default(), 1e-8));
        }
    }
}

/// A round of many small panels is factored sparsely, and ends where dense arithmetic ends.
#[test]
fn a_round_of_many_small_panels_is_factored_sparsely() {
    for named in [false, true] {
        let scores = panels(60, 8, 6, 5, named);
        let design = Design::new(&scores).unwrap();
        let mixed = calibrate(&scores).mixed.unwrap();
        let mut factors = vec![Factor::Application, Factor::Expert];
        if named {
            factors.push(Factor::Panel);
        }
        let crossed = Crossed::new(&design, &factors);
        assert!(matches!(crossed.fill(), Fill::Sparse(_)));
        let shift = scores.iter().map(|score| score.score.to_f64()).sum::<f64>() / scores.len() as f64;
        let y: Vec<f64> = design.sheets.iter().map(|sheet| sheet.score.to_f64() - shift).collect();
        let start = vec![0.5; factors.len()];
        let dense = minimise(&Arc::new(crossed.with_fill(false)), &y, &[start]).unwrap().point;
        assert!((mixed.criterion.unwrap() - dense.criterion()).abs() < 1e-7);
        let effects = dense.system.effects(&dense.modes);
        let place = crossed.position(Factor::Application).unwrap();
        let found: Vec<f64> = mixed.applications.iter().map(|effect| effect.effect).collect();
        assert!(alike(&found, crossed.block(&effects, place), 1e-5));
    }
}

/// Experts drawn at random link everybody with everybody: the factor would fill.
#[test]
fn a_round_that_links_everybody_is_factored_densely() {
    let mut scores = Vec::new();
    for application in 0..400_u64 {
        for turn in 0..8_u64 {
            let expert = noise(application * 17 + turn).to_bits() % 300;
            if !scores
                .iter()
                .any(|s: &Score| s.application == format!("a{application}") && s.expert == format!("e{expert}"))
            {
                scores.push(score(&format!("a{application}"), &format!("e{expert}"), "70.5", None));
            }
        }
    }
    let design = Design::new(&scores).unwrap();
    let crossed = Crossed::new(&design, &[Factor::Application, Factor::Expert]);
    assert!(matches!(crossed.fill(), Fill::Dense));
}
