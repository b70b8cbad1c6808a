//! Rounds whose panels share neither experts nor applications: what is compared across them is less certain.

use nalgebra::DMatrix;

use super::{calibrate, noise, score};
use crate::calibration::{Calibration, Score};

/// So many panels of five applications and four experts of their own.
fn panels(count: u64) -> Vec<Score> {
    let mut scores = Vec::new();
    for panel in 0..count {
        for application in 0..5 {
            for expert in 0..4 {
                let key = panel * 1_000 + application * 10 + expert;
                let points = 60.0
                    + 20.0 * noise(panel * 50 + application)
                    + 10.0 * noise(700 + panel * 50 + expert)
                    + 6.0 * noise(key + 9_000);
                let (a, e) = (format!("a{panel}{application}"), format!("e{panel}{expert}"));
                scores.push(score(&a, &e, &format!("{points:.2}"), None));
            }
        }
    }
    scores
}

/// Covariance of `μ + α` from dense mixed-model equations with one level per part, or one for all.
fn dense(calibration: &Calibration, one_level: bool) -> DMatrix<f64> {
    let design = &calibration.design;
    let part = |application: usize| if one_level { 0 } else { calibration.components.of_application[application] };
    let levels = if one_level { 1 } else { calibration.components.count };
    let variances = calibration.mixed.as_ref().unwrap().variances;
    let (a, e) = (design.applications.len(), design.experts.len());
    let size = levels + a + e;
    let mut equations = DMatrix::zeros(size, size);
    for sheet in &design.sheets {
        let own = [part(sheet.application), levels + sheet.application, levels + a + sheet.expert];
        for row in own {
            for column in own {
                equations[(row, column)] += 1.0 / variances.residual;
            }
        }
    }
    for row in levels..size {
        let variance = if row < levels + a { variances.application } else { variances.expert.unwrap() };
        equations[(row, row)] += 1.0 / variance;
    }
    let inverse = equations.try_inverse().unwrap();
    let select = DMatrix::from_fn(a, size, |row, column| f64::from(column == part(row) || column == levels + row));
    &select * inverse * select.transpose()
}

fn of_difference(covariance: &DMatrix<f64>, one: usize, other: usize) -> f64 {
    covariance[(one, one)] + covariance[(other, other)] - 2.0 * covariance[(one, other)]
}

#[test]
fn each_part_has_its_own_level_and_comparisons_across_parts_are_wider() {
    let calibration = calibrate(&panels(3));
    assert_eq!(calibration.components.count, 3);
    let posterior = calibration.mixed.as_ref().unwrap().posterior.as_ref().unwrap();
    let covariance = posterior.covariance();
    let apart = dense(&calibration, false);
    assert!((&covariance - &apart).amax() < 1e-8 * apart.amax());
    let together = dense(&calibration, true);
    // 0 and 1 are of one panel, 0 and 5 of two.
    assert!(of_difference(&covariance, 0, 5) > 1.05 * of_difference(&together, 0, 5));
    assert!((of_difference(&covariance, 0, 1) - of_difference(&together, 0, 1)).abs() < 1e-9);
}
