//! An estimated effect.

/// An effect in points with its conditional standard error (lme4's `condVar`: variances and μ taken as known).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Effect {
    pub effect: f64,
    pub se: f64,
}
