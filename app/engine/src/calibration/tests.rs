//! Oracles, worked vectors and properties of the whole calibration.

mod apart;
mod bridging;
mod degenerate;
mod dense;
mod dyestuff;
mod influence;
mod input;
mod large;
mod penicillin;
mod properties;
mod ranks;
mod sparse;
mod vectors;

use super::{Calibration, Options, Score, fit};
use crate::decimal::Decimal;

pub fn score(application: &str, expert: &str, score: &str, panel: Option<&str>) -> Score {
    Score {
        application: application.to_owned(),
        expert: expert.to_owned(),
        score: score.parse::<Decimal>().unwrap().into(),
        panel: panel.map(str::to_owned),
        items: Vec::new(),
    }
}

pub fn calibrate(scores: &[Score]) -> Calibration {
    fit(scores, &Options::default()).unwrap()
}

/// A deterministic value in 0–1, for layouts that should look irregular.
pub fn noise(seed: u64) -> f64 {
    let mut state = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((state ^ (state >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}
