//! The value of a chosen pair under an objective.

use super::model::{Model, index};
use super::problem::{Affinity, Objective};

/// Integer values of pairs: affinity in millionths times the application's weight, plus a bonus for pairs to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value<'m> {
    affinities: &'m [i32],
    /// One per application; empty: all 1.
    weights: Vec<i64>,
    kept: &'m [u32],
    bonus: i64,
}

impl<'m> Value<'m> {
    /// Affinity alone, or affinity behind as many kept pairs as possible: one kept pair outweighs any difference in total.
    pub fn new(model: &'m Model) -> Self {
        let bonus = match model.problem.objective {
            Objective::Keep(_) => 2 * i64::from(Affinity::ONE) * (i64::from(model.seats()) + 1),
            Objective::Total | Objective::Fair => 0,
        };
        Self { affinities: &model.values, weights: Vec::new(), kept: &model.kept, bonus }
    }

    /// Affinity times a weight per application.
    pub fn weighted(model: &'m Model, weights: Vec<i64>) -> Self {
        Self { affinities: &model.values, weights, kept: &[], bonus: 0 }
    }

    /// Nothing counts but feasibility.
    pub fn zero(model: &'m Model) -> Self {
        Self::weighted(model, vec![0; model.applications.len()])
    }

    pub fn of(&self, application: u32, at: u32) -> i64 {
        let affinity = i64::from(self.affinities[index(at)]);
        let weighted = self.weights.get(index(application)).map_or(affinity, |w| w * affinity);
        if self.bonus != 0 && self.kept.binary_search(&at).is_ok() { weighted + self.bonus } else { weighted }
    }

    /// No pair is worth more, or less than its negative.
    pub fn largest(&self) -> i64 {
        self.weights.iter().copied().max().unwrap_or(1) * i64::from(Affinity::ONE) + self.bonus
    }

    /// Every sum of values is a multiple of this: with affinities of two decimals, 0.01.
    pub fn grain(&self) -> i64 {
        let mut common = 0;
        for &affinity in self.affinities {
            common = gcd(common, i64::from(affinity));
            if common == 1 {
                break;
            }
        }
        let weight = self.weights.iter().fold(0, |all, &weight| gcd(all, weight));
        let factor = if self.weights.is_empty() { 1 } else { weight };
        gcd(common * factor, self.bonus).max(1)
    }

    /// The value that one kept pair adds.
    pub fn bonus(&self) -> i64 {
        self.bonus
    }
}

const fn gcd(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
