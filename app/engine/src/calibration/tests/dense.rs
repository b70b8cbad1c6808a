//! The REML criterion written down directly with the dense covariance matrix, against the sparse one.

use nalgebra::{Cholesky, DMatrix, DVector};
use proptest::prelude::*;

use super::{calibrate, noise};
use crate::calibration::crossed::{Crossed, Factor};
use crate::calibration::design::Design;
use crate::calibration::reml::evaluate;
use crate::calibration::{Origin, Score};

/// ln|V| + ln|1ᵀV⁻¹1| + (n−1)(1 + ln 2πs²) with V = I + Σγ ZZᵀ.
fn dense_criterion(design: &Design, gamma: [f64; 3]) -> f64 {
    let size = design.sheets.len();
    let covariance = DMatrix::from_fn(size, size, |i, j| {
        let (a, b) = (&design.sheets[i], &design.sheets[j]);
        f64::from(i == j)
            + gamma[0] * f64::from(a.application == b.application)
            + gamma[1] * f64::from(a.expert == b.expert)
            + gamma[2] * f64::from(a.panel == b.panel)
    });
    let y = DVector::from_iterator(size, design.sheets.iter().map(|sheet| sheet.score.to_f64()));
    let one = DVector::from_element(size, 1.0);
    let factor = Cholesky::new(covariance).unwrap();
    let information = one.dot(&factor.solve(&one));
    let mean = one.dot(&factor.solve(&y)) / information;
    let centred = y.add_scalar(-mean);
    let freedom = size as f64 - 1.0;
    let variance = centred.dot(&factor.solve(&centred)) / freedom;
    factor.ln_determinant() + information.ln() + freedom * (1.0 + (std::f64::consts::TAU * variance).ln())
}

fn layout(applications: usize, experts: usize, seed: u64) -> Vec<Score> {
    let mut scores = Vec::new();
    for application in 0..applications {
        for expert in 0..experts {
            let key = seed.wrapping_mul(10_007) + (application * experts + expert) as u64;
            if noise(key) < 0.7 {
                let points = 60.0
                    + 20.0 * noise(seed ^ application as u64)
                    + 10.0 * noise(seed ^ (expert as u64 + 7_777))
                    + 15.0 * noise(key ^ 0xABCD);
                let panel = if (application + expert) % 3 == 0 { "甲" } else { "乙" };
                let text = format!("{points:.2}");
                scores.push(super::score(&format!("a{application}"), &format!("e{expert}"), &text, Some(panel)));
            }
        }
    }
    scores
}

const FACTORS: [Factor; 3] = [Factor::Application, Factor::Expert, Factor::Panel];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn sparse_and_dense_criterion_agree(
        applications in 3_usize..8,
        experts in 3_usize..8,
        seed: u64,
        gamma in prop::array::uniform3(0.0_f64..5.0),
    ) {
        let scores = layout(applications, experts, seed);
        prop_assume!(scores.len() > 3);
        let design = Design::new(&scores).unwrap();
        let crossed = std::sync::Arc::new(Crossed::new(&design, &FACTORS));
        let y: Vec<f64> = design.sheets.iter().map(|sheet| sheet.score.to_f64() - 70.0).collect();
        let index = |factor: &Factor| FACTORS.iter().position(|other| other == factor).unwrap();
        let ratios: Vec<f64> = crossed.factors.iter().map(|factor| gamma[index(factor)]).collect();
        let point = evaluate(&crossed, &y, &ratios).unwrap();
        let dense = dense_criterion(&design, gamma);
        prop_assert!((point.criterion() - dense).abs() < 1e-8 * dense.abs().max(1.0), "{} {dense}", point.criterion());

        // The gradient against central differences of the dense criterion.
        let inside = gamma.map(|ratio| ratio + 0.05);
        let ratios: Vec<f64> = crossed.factors.iter().map(|factor| inside[index(factor)]).collect();
        let point = evaluate(&crossed, &y, &ratios).unwrap();
        let slope = point.slope(&point.traces(&point.system.small.inverse()));
        for (place, factor) in crossed.factors.iter().enumerate() {
            let step = 1e-5;
            let moved = |sign: f64| {
                let mut at = inside;
                at[index(factor)] += sign * step;
                dense_criterion(&design, at)
            };
            let numeric = (moved(1.0) - moved(-1.0)) / (2.0 * step);
            prop_assert!((slope.gradient[place] - numeric).abs() < 1e-4 * (1.0 + numeric.abs()));
        }
    }

    #[test]
    fn the_fit_is_a_minimum_of_the_dense_criterion(
        applications in 4_usize..8,
        experts in 3_usize..7,
        seed: u64,
        with_panels: bool,
    ) {
        let scores = laid_out(applications, experts, seed, with_panels);
        prop_assume!(scores.len() > applications + experts);
        ends_at_the_minimum(&scores)?;
    }
}

fn laid_out(applications: usize, experts: usize, seed: u64, with_panels: bool) -> Vec<Score> {
    let without = |score| Score { panel: None, ..score };
    let scores = layout(applications, experts, seed);
    if with_panels { scores } else { scores.into_iter().map(without).collect() }
}

fn ends_at_the_minimum(scores: &[Score]) -> Result<(), TestCaseError> {
    let calibration = calibrate(scores);
    let Ok(mixed) = &calibration.mixed else { return Ok(()) };
    let Some(criterion) = mixed.criterion else { return Ok(()) };
    prop_assert_eq!(mixed.origin, Origin::Converged);
    let variances = [Some(mixed.variances.application), mixed.variances.expert, mixed.variances.panel];
    let at = variances.map(|variance| variance.unwrap_or(0.0) / mixed.variances.residual);
    let design = &calibration.design;
    prop_assert!((criterion - dense_criterion(design, at)).abs() < 1e-7 * criterion.abs().max(1.0));
    let grid = [0.0, 0.1, 0.5, 2.0, 10.0];
    for application in grid {
        for expert in grid {
            for panel in grid {
                let other = [application, expert, if mixed.variances.panel.is_some() { panel } else { 0.0 }];
                prop_assert!(dense_criterion(design, other) >= criterion - 1e-7, "{other:?} is below {at:?}");
            }
        }
    }
    for factor in 0..3 {
        for change in [0.98, 1.02] {
            let mut near = at;
            near[factor] *= change;
            prop_assert!(dense_criterion(design, near) >= criterion - 1e-8);
        }
    }
    Ok(())
}

/// A round of four whose criterion has a second, higher minimum, towards which every search from equal ratios goes.
#[test]
fn the_lower_of_two_minima_is_found() {
    ends_at_the_minimum(&laid_out(4, 4, 10_772_142_027_426_941_967, true)).unwrap();
}

/// A round of four on which average information is so much steeper than the criterion that its steps never arrive.
#[test]
fn a_flat_criterion_is_followed_to_its_end() {
    ends_at_the_minimum(&laid_out(4, 4, 266_285_749_851_450_174, false)).unwrap();
}

/// The posterior covariance of μ + α from the dense mixed-model equations.
#[test]
fn prediction_error_covariance_agrees_with_the_dense_equations() {
    for (applications, experts) in [(7, 4), (4, 7)] {
        let scores: Vec<Score> =
            layout(applications, experts, 5).into_iter().map(|score| Score { panel: None, ..score }).collect();
        let calibration = calibrate(&scores);
        let mixed = calibration.mixed.as_ref().unwrap();
        let design = &calibration.design;
        let (a, e) = (design.applications.len(), design.experts.len());
        let size = 1 + a + e;
        let mut equations = DMatrix::zeros(size, size);
        for sheet in &design.sheets {
            let own = [0, 1 + sheet.application, 1 + a + sheet.expert];
            for row in own {
                for column in own {
                    equations[(row, column)] += 1.0 / mixed.variances.residual;
                }
            }
        }
        for row in 1..size {
            let variance = if row <= a { mixed.variances.application } else { mixed.variances.expert.unwrap() };
            equations[(row, row)] += 1.0 / variance;
        }
        let inverse = equations.try_inverse().unwrap();
        let select = DMatrix::from_fn(a, size, |row, column| f64::from(column == 0 || column == row + 1));
        let dense = &select * inverse * select.transpose();
        let sparse = mixed.posterior.as_ref().unwrap().covariance();
        assert!((&dense - &sparse).amax() < 1e-8 * dense.amax(), "{applications}×{experts}: {dense} {sparse}");
    }
}
