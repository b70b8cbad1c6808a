//! The worst-off application first: `max min Σⱼ aᵢⱼ`, then the largest total at that level.
//!
//! The problem is NP-hard as soon as an application takes two experts. Both steps are one search: assignments in which every application reaches a floor,
//! bounded by Lagrangian flows. With multipliers μ ≥ 0 and share S the flow of largest `Σ (S + μᵢ) sᵢ` has a value of at least `S · total + floor · Σμ`
//! for every assignment that reaches the floor; below that the branch is empty or no better. Branches use or bar one pair of an application below the floor.

use super::branch::{Mode, merit, overfull, search, split};
use super::certificate;
use super::dual;
use super::model::{Model, index, number};
use super::network::{self, Branch, Flow, Learnt, Prices};
use super::seats::assigned;
use super::solution::{ProofMethod, Solution, Status, points};
use super::value::Value;

/// Flows per branch spent on better multipliers.
const ROUNDS: u32 = 8;

/// First multiplier, and the share of the total in the second step.
const UNIT: i64 = 16;

/// # Errors
/// The number of flows solved if no assignment keeps every rule.
pub fn solve(model: &Model, limit: u32) -> Result<Solution, u32> {
    let found = search(model, &Value::new(model), Branch::default(), Mode::Whole, limit);
    let nodes = found.nodes;
    let Some(start) = found.best else {
        return Err(nodes);
    };
    let mut fair = Fair::new(model, start.chosen, nodes, limit);
    let (worst_bound, first) = fair.raise_the_worst();
    let total_bound = fair.raise_the_total();
    let worst_bound = worst_bound.max(fair.worst);
    let total_bound = total_bound.unwrap_or(found.bound.value).max(fair.total);
    let proved = worst_bound == fair.worst && total_bound == fair.total;
    let mut solution =
        Solution::blank(&model.problem.objective, if proved { Status::Optimal } else { Status::Feasible });
    solution.assignments = assigned(model, &fair.chosen);
    solution.objective = Some(points(fair.worst));
    solution.bound = Some(points(worst_bound));
    solution.total = Some(points(fair.total));
    solution.total_bound = Some(points(total_bound));
    solution.certificate =
        Some(certificate::publish(model, &first.prices, &first.weights, ProofMethod::BranchAndBound, fair.nodes));
    Ok(solution)
}

/// Weights and prices that bound the worst-off application.
struct Proof {
    bound: i64,
    weights: Vec<i64>,
    prices: Prices,
}

/// The aim of a search.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Aim {
    /// Any assignment with a better worst-off application.
    Worst,
    /// A larger total without a worse worst-off application.
    Total,
}

/// The fate of one branch.
enum Fate {
    Closed,
    /// A better assignment was found; the branch may hold more.
    Improved,
    Split(Vec<Branch>),
}

struct Fair<'a, 'p> {
    model: &'a Model<'p>,
    learnt: Learnt,
    chosen: Vec<u32>,
    worst: i64,
    total: i64,
    nodes: u32,
    limit: u32,
}

impl<'a, 'p> Fair<'a, 'p> {
    fn new(model: &'a Model<'p>, chosen: Vec<u32>, nodes: u32, limit: u32) -> Self {
        let learnt = Learnt::new(model, &Value::new(model));
        let sums = sums(model, &chosen);
        let (worst, total) = (sums.iter().copied().min().unwrap_or(0), sums.iter().sum());
        Self { model, learnt, chosen, worst, total, nodes, limit }
    }

    /// Returns a bound on the worst-off sum and the prices of the first branch, which prove a weaker one.
    fn raise_the_worst(&mut self) -> (i64, Proof) {
        let count = self.model.applications.len();
        let mut proof = Proof { bound: i64::MAX, weights: vec![1; count], prices: Prices::default() };
        let done = self.explore(Aim::Worst, &mut proof);
        if proof.prices.seats.len() != count {
            let flow = network::solve(self.model, &Value::new(self.model), &Branch::default(), &mut self.learnt);
            proof = Proof { bound: i64::MAX, weights: vec![1; count], prices: flow.prices };
        }
        let weight: i64 = proof.weights.iter().sum();
        let by_prices = dual::bound(self.model, &Value::weighted(self.model, proof.weights.clone()), &proof.prices);
        let by_prices = i64::try_from(by_prices.div_euclid(i128::from(weight.max(1)))).unwrap_or(i64::MAX);
        (if done { self.worst } else { proof.bound.min(by_prices) }, proof)
    }

    /// Returns a bound on the total, `None` if nothing better than the unrestricted one is known.
    fn raise_the_total(&mut self) -> Option<i64> {
        let mut proof = Proof { bound: i64::MAX, weights: Vec::new(), prices: Prices::default() };
        let done = self.explore(Aim::Total, &mut proof);
        if done { Some(self.total) } else { Some(proof.bound).filter(|&b| b != i64::MAX) }
    }

    /// Depth-first; false if the limit stopped it. `proof` keeps the best bound of the first branch.
    fn explore(&mut self, aim: Aim, proof: &mut Proof) -> bool {
        let mut open = vec![Branch::default()];
        let stop = self.nodes.saturating_add(self.limit);
        let start = if aim == Aim::Worst { UNIT } else { 0 };
        let mut multipliers = vec![start; self.model.applications.len()];
        while let Some(branch) = open.pop() {
            if self.nodes >= stop {
                return false;
            }
            let is_first = branch == Branch::default();
            match self.examine(aim, &branch, &mut multipliers, is_first.then_some(&mut *proof)) {
                Fate::Closed => {}
                Fate::Improved => open.push(branch),
                Fate::Split(branches) => open.extend(branches),
            }
        }
        true
    }

    fn floor(&self, aim: Aim) -> i64 {
        if aim == Aim::Worst { self.worst + 1 } else { self.worst }
    }

    fn examine(&mut self, aim: Aim, branch: &Branch, multipliers: &mut [i64], mut proof: Option<&mut Proof>) -> Fate {
        let model = self.model;
        let (floor, share) = (self.floor(aim), if aim == Aim::Worst { 0 } else { UNIT });
        let mut inner = branch.clone();
        // The published proof must hold without the floor, so the first branch is bounded without it.
        if let Some(least) = least(model, branch, floor) {
            inner.least = least;
        } else {
            return Fate::Closed;
        }
        let mut last = None;
        for round in 0..ROUNDS {
            let weights: Vec<i64> = multipliers.iter().map(|m| share + m).collect();
            let value = Value::weighted(model, weights.clone());
            let with = if round == 0 && proof.is_some() { branch } else { &inner };
            let flow = network::solve(model, &value, with, &mut self.learnt);
            self.nodes += 1;
            if merit(&flow).violations.0 > 0 {
                return Fate::Closed;
            }
            let slack =
                i128::from(flow.value) - multipliers.iter().map(|&m| i128::from(m) * i128::from(floor)).sum::<i128>();
            let bound =
                i64::try_from(if share == 0 { 0 } else { slack.div_euclid(i128::from(share)) }).unwrap_or(i64::MAX);
            if let Some(proof) = proof.as_deref_mut() {
                if share == 0 && round == 0 {
                    let weight: i64 = weights.iter().sum();
                    *proof = Proof {
                        bound: flow.value.div_euclid(weight.max(1)),
                        weights: weights.clone(),
                        prices: flow.prices.clone(),
                    };
                } else if share > 0 {
                    proof.bound = proof.bound.min(bound);
                }
            }
            if slack < 0 || share > 0 && bound <= self.total {
                return Fate::Closed;
            }
            if let Some(over) = overfull(model, &flow.chosen) {
                return Fate::Split(split(model, branch, &over));
            }
            let sums = sums(model, &flow.chosen);
            if self.accept(aim, &flow, &sums) {
                return Fate::Improved;
            }
            adjust(multipliers, &sums, floor, aim);
            last = Some((flow, sums));
        }
        last.map_or(Fate::Closed, |(flow, sums)| self.divide(branch, &flow, &sums, floor))
    }

    fn accept(&mut self, aim: Aim, flow: &Flow, sums: &[i64]) -> bool {
        let (worst, total) = (sums.iter().copied().min().unwrap_or(0), sums.iter().sum());
        let better = if aim == Aim::Worst { worst > self.worst } else { worst >= self.worst && total > self.total };
        if better {
            (self.worst, self.total) = (worst, total);
            self.chosen.clone_from(&flow.chosen);
        }
        better
    }

    /// Bars or uses the least suitable free pair of the application furthest below the floor, or of any other.
    fn divide(&self, branch: &Branch, flow: &Flow, sums: &[i64], floor: i64) -> Fate {
        let model = self.model;
        let free = flow.chosen.iter().copied().filter(|&at| !branch.is_fixed(model, at));
        let rank = |at: &u32| {
            let i = model.application_of(*at);
            ((sums[index(i)] - floor).min(0), model.values[index(*at)], *at)
        };
        let Some(at) = free.min_by_key(rank) else {
            return Fate::Closed;
        };
        let (mut barred, mut used) = (branch.clone(), branch.clone());
        barred.barred.insert(at);
        used.forced.insert(at);
        Fate::Split(vec![used, barred])
    }
}

/// Raises the multipliers of applications below the floor, lowers needless ones.
fn adjust(multipliers: &mut [i64], sums: &[i64], floor: i64, aim: Aim) {
    let gap = sums.iter().map(|s| floor - s).max().unwrap_or(0).max(1);
    for (m, &sum) in multipliers.iter_mut().zip(sums) {
        if sum < floor {
            *m = (*m + 1 + UNIT * (floor - sum) / gap).min(1 << 20);
        } else if sum > floor {
            *m = if aim == Aim::Total { *m / 2 } else { (*m - *m / 8).max(1) };
        }
    }
}

fn sums(model: &Model, chosen: &[u32]) -> Vec<i64> {
    let mut sums = vec![0; model.applications.len()];
    for &at in chosen {
        sums[index(model.application_of(at))] += i64::from(model.values[index(at)]);
    }
    sums
}

/// For each application the least affinity with which a pair can still be part of a panel that reaches the floor; `None` if one application cannot reach it at all.
fn least(model: &Model, branch: &Branch, floor: i64) -> Option<Vec<i64>> {
    let mut least = Vec::with_capacity(model.applications.len());
    let mut free: Vec<i64> = Vec::new();
    for (application, i) in model.applications.iter().zip(0..) {
        free.clear();
        let (mut fixed, mut sum) = (0, 0);
        for at in model.row(i) {
            let value = i64::from(model.values[at]);
            if branch.is_fixed(model, number(at)) {
                fixed += 1;
                sum += value;
            } else if !branch.barred.contains(&number(at)) {
                free.push(value);
            }
        }
        let open = index(application.demand).checked_sub(fixed)?;
        if free.len() < open {
            return None;
        }
        free.sort_unstable_by_key(|v| -v);
        let best: i64 = free[..open].iter().sum();
        if sum + best < floor {
            return None;
        }
        least.push(if open == 0 { i64::MIN } else { floor - sum - (best - free[open - 1]) });
    }
    Some(least)
}
