//! One-way layouts with published fits: the interior and the boundary of the variance of applications.
//!
//! Dyestuff: Davies and Goldsmith (1972), six batches of five; Dyestuff2: Box and Tiao (1973), *Bayesian Inference in
//! Statistical Analysis*, table 5.1.4, simulated. REML fits as in Bates et al., lme4 (`Yield ~ 1 + (1 | Batch)`).

use super::{calibrate, score};
use crate::calibration::{Mixed, Score};

const DYESTUFF: &str = "1545 1440 1440 1520 1580 1540 1555 1490 1560 1495 1595 1550 1605 1510 1560 \
    1445 1440 1595 1465 1545 1595 1630 1515 1635 1625 1520 1455 1450 1480 1445";
const DYESTUFF2: &str = "7.298 3.846 2.434 9.566 7.990 5.220 6.556 0.608 11.788 -0.892 0.110 10.386 13.434 5.510 8.166 \
    2.212 4.852 7.092 9.288 4.980 0.282 9.014 4.458 9.446 7.198 1.722 4.782 8.106 0.758 3.758";

/// Every sheet by an expert of its own: severity is not in the model.
fn fit(values: &str) -> Mixed {
    let scores: Vec<Score> = values
        .split_whitespace()
        .enumerate()
        .map(|(index, value)| score(&format!("batch{}", index / 5), &format!("e{index:02}"), value, None))
        .collect();
    calibrate(&scores).mixed.unwrap()
}

#[test]
fn dyestuff_has_the_published_variances() {
    let mixed = fit(DYESTUFF);
    assert!((mixed.criterion.unwrap() - 319.6543).abs() < 1e-4, "{:?}", mixed.criterion);
    assert!((mixed.variances.application - 1764.05).abs() < 1e-3, "{:?}", mixed.variances);
    assert!((mixed.variances.residual - 2451.25).abs() < 1e-3, "{:?}", mixed.variances);
    assert!((mixed.intercept - 1527.5).abs() < 1e-9 && (mixed.intercept_se - 19.383).abs() < 1e-3);
}

#[test]
fn dyestuff2_has_no_variance_between_batches() {
    let mixed = fit(DYESTUFF2);
    assert!((mixed.criterion.unwrap() - 161.8283).abs() < 1e-4, "{:?}", mixed.criterion);
    assert!(mixed.variances.application.abs() < f64::MIN_POSITIVE, "{:?}", mixed.variances);
    assert!((mixed.variances.residual - 13.81).abs() < 5e-3, "{:?}", mixed.variances);
    assert!(mixed.applications.iter().all(|effect| effect.effect.abs() + effect.se.abs() < f64::MIN_POSITIVE));
}
