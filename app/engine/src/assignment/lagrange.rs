//! Charges in place of the caps that cross (Lagrangian relaxation): an employer whose candidates for one application are of several kinds may send any number,
//! each at a charge. The flow then bounds every assignment that keeps the cap, and for the best charges it does so as tightly as the
//! linear programme with all caps.
//!
//! The charges are found by the subgradient method with Polyak's step.
//! Source: Fisher (1981), "The Lagrangian relaxation method for solving integer programming problems", Management Science 27(1).

use super::model::{FREE, Model, index};
use super::network::{self, Branch, Flow, Learnt};
use super::value::Value;
use std::collections::BTreeMap;

/// Flows spent on better charges, at most.
const ROUNDS: u32 = 120;
/// Rounds without a better bound after which the step is halved.
const PATIENCE: u32 = 5;
/// Share of the gap below which a step is no use any more.
const SHORTEST: f64 = 0.02;

/// The result of charging.
pub struct Charged {
    /// The branch with the charges of the tightest bound, and its flow.
    pub branch: Branch,
    pub flow: Flow,
    /// The best flow met on the way that keeps every cap, if it is better than the one known before.
    pub best: Option<Flow>,
    /// Flows solved.
    pub flows: u32,
}

/// Charges the crossing caps that `flow` exceeds. `least`: the value of an assignment that is known; every value is a multiple of `grain`.
pub fn charge(
    model: &Model,
    value: &Value<'_>,
    start: &Branch,
    flow: &Flow,
    least: Option<i64>,
    grain: i64,
    learnt: &mut Learnt,
) -> Charged {
    let mut charged = Charged { branch: start.clone(), flow: flow.clone(), best: None, flows: 0 };
    let mut known = least;
    let (mut branch, mut tried) = (start.clone(), flow.clone());
    let (mut scale, mut idle) = (1.0, 0);
    while charged.flows < ROUNDS && scale > SHORTEST && known.is_none_or(|known| charged.flow.bound >= known + grain) {
        let excess = excess(model, &tried, &branch);
        let norm: i64 = excess.values().map(|n| n * n).sum();
        if norm == 0 {
            break;
        }
        // Without an assignment to compare with, a thousandth of the bound stands for the gap.
        let gap = charged.flow.bound - known.unwrap_or(charged.flow.bound - charged.flow.bound.abs() / 1_000 - 1);
        #[expect(clippy::cast_possible_truncation, reason = "a step is rounded to whole units")]
        let step = ((scale * gap as f64 / norm as f64) as i64).max(1);
        for (group, n) in excess {
            let charge = branch.charges.get(&group).copied().unwrap_or(0) + step * n;
            if charge > 0 {
                branch.charges.insert(group, charge.min(2 * value.largest()));
            } else {
                branch.charges.remove(&group);
            }
        }
        tried = network::solve(model, value, &branch, learnt);
        charged.flows += 1;
        if keeps_caps(model, &tried) && known.is_none_or(|known| tried.value > known) {
            known = Some(tried.value);
            charged.best = Some(tried.clone());
        }
        if tried.bound < charged.flow.bound {
            (charged.branch, charged.flow, idle) = (branch.clone(), tried.clone(), 0);
        } else {
            idle += 1;
            if idle >= PATIENCE {
                (branch, tried, idle) = (charged.branch.clone(), charged.flow.clone(), 0);
                scale /= 2.0;
            }
        }
    }
    charged
}

/// How far each employer is beyond the cap, or below it where it is charged.
pub fn excess(model: &Model, flow: &Flow, branch: &Branch) -> BTreeMap<(u32, u32), i64> {
    let mut excess: BTreeMap<(u32, u32), i64> = counts(model, flow);
    for group in branch.charges.keys() {
        excess.entry(*group).or_default();
    }
    for n in excess.values_mut() {
        *n -= i64::from(model.cap);
    }
    excess.retain(|group, n| *n > 0 || *n < 0 && branch.charges.contains_key(group));
    excess
}

pub fn keeps_caps(model: &Model, flow: &Flow) -> bool {
    counts(model, flow).values().all(|n| *n <= i64::from(model.cap))
}

/// How many of each employer sit on each application.
pub fn counts(model: &Model, flow: &Flow) -> BTreeMap<(u32, u32), i64> {
    let mut counts = BTreeMap::new();
    for &at in &flow.chosen {
        let employer = model.experts[index(model.columns[index(at)])].employer;
        if employer != FREE {
            *counts.entry((model.application_of(at), employer)).or_default() += 1;
        }
    }
    counts
}
