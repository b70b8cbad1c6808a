//! From problem to solution.

use super::branch::{self, Found, Mode};
use super::certificate;
use super::digest::digest;
use super::dual;
use super::explain;
use super::fair;
use super::feasible::Seatable;
use super::model::{Model, index, number};
use super::network::{Branch, Flow};
use super::problem::{Affinity, Objective, Problem, ProblemError};
use super::seats::{assigned, fill};
use super::solution::{Certificate, Partial, ProofMethod, Solution, Status, points};
use super::value::Value;
use super::wording;
use domain::rubric::ExpertRole;

/// Limits of the search, and the form of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Flows that a search may solve once it has an assignment; then it stops and states the bound.
    pub flow_limit: u32,
    /// The result if no assignment keeps every rule.
    pub if_infeasible: IfInfeasible,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfInfeasible {
    Explain,
    /// Also the largest incomplete assignment, marked as such.
    ExplainAndFillWhatCanBeFilled,
}

impl Default for Options {
    fn default() -> Self {
        Self { flow_limit: 2_000, if_infeasible: IfInfeasible::Explain }
    }
}

/// Solves a problem. `Prepared` separates building from solving for callers that measure them.
///
/// # Errors
/// [`ProblemError`] if the problem means nothing; an infeasible problem is a solution with the status `Infeasible`, not an error.
pub fn solve(problem: &Problem, options: Options) -> Result<Solution, ProblemError> {
    Ok(Prepared::new(problem)?.solve(options))
}

/// The first assignment by branching on cells alone, which the records of `draw/1` rest on. At most `limit` flows.
///
/// # Errors
/// [`ProblemError`] if the problem means nothing.
pub fn seatable_by_cells(problem: &Problem, limit: u32) -> Result<Seatable, ProblemError> {
    let model = Model::new(problem)?;
    if !model.broken_locks.is_empty() {
        return Ok(Seatable::No);
    }
    let found = branch::search_within(&model, &Value::zero(&model), Branch::default(), Mode::Whole, 0, limit);
    Ok(match found.best {
        Some(flow) => Seatable::Yes(assigned(&model, &flow.chosen)),
        None if found.is_undecided => Seatable::Undecided,
        None => Seatable::No,
    })
}

/// A problem that was checked, brought into canonical order and digested.
pub struct Prepared<'p> {
    model: Model<'p>,
    digest: String,
}

impl<'p> Prepared<'p> {
    /// # Errors
    /// [`ProblemError`] if the problem means nothing.
    pub fn new(problem: &'p Problem) -> Result<Self, ProblemError> {
        let model = Model::new(problem)?;
        let digest = digest(&model);
        Ok(Self { model, digest })
    }

    pub fn solve(self, options: Options) -> Solution {
        let model = &self.model;
        let mut solution = if !model.broken_locks.is_empty() {
            infeasible(model, options, None)
        } else if model.problem.objective == Objective::Fair {
            fair::solve(model, options.flow_limit).unwrap_or_else(|nodes| infeasible(model, options, Some(nodes)))
        } else {
            by_value(model, options)
        };
        solution.input_digest = self.digest;
        solution
    }
}

fn by_value(model: &Model, options: Options) -> Solution {
    let value = Value::new(model);
    let found = branch::search(model, &value, Branch::default(), Mode::Whole, options.flow_limit);
    let Some(best) = &found.best else {
        return infeasible(model, options, Some(found.nodes));
    };
    let status = if found.is_proved() { Status::Optimal } else { Status::Feasible };
    let mut solution = Solution::blank(&model.problem.objective, status);
    solution.assignments = assigned(model, &best.chosen);
    solution.certificate = Some(prove(model, &value, &found, best));
    let goal = Goal::new(model, &value);
    (solution.objective, solution.total) = goal.achieved(&best.chosen);
    (solution.bound, solution.total_bound) = goal.possible(found.bound.value, best.value);
    solution
}

fn prove(model: &Model, value: &Value<'_>, found: &Found, best: &Flow) -> Certificate {
    let by_prices = dual::rounded(model, value, &found.root.prices) == i128::from(best.value);
    let method = if by_prices { ProofMethod::Duality } else { ProofMethod::BranchAndBound };
    certificate::publish(model, &found.root.prices, &[], method, found.nodes)
}

/// Splits an integer value into the published objective and total.
pub struct Goal<'a> {
    model: &'a Model<'a>,
    bonus: i64,
}

impl<'a> Goal<'a> {
    pub fn new(model: &'a Model<'a>, value: &Value<'_>) -> Self {
        Self { model, bonus: value.bonus() }
    }

    /// Objective and total of chosen pairs.
    pub fn achieved(&self, chosen: &[u32]) -> (Option<f64>, Option<f64>) {
        let total: i64 = chosen.iter().map(|&at| i64::from(self.model.values[index(at)])).sum();
        if self.bonus == 0 {
            return (Some(points(total)), Some(points(total)));
        }
        let kept = chosen.iter().filter(|at| self.model.kept.binary_search(at).is_ok()).count();
        (Some(self.given_up(i64::from(number(kept)))), Some(points(total)))
    }

    /// Bounds on objective and total that follow from a bound on the value; `best` is the value whose objective the total belongs to.
    pub fn possible(&self, bound: i64, best: i64) -> (Option<f64>, Option<f64>) {
        if self.bonus == 0 {
            return (Some(points(bound)), Some(points(bound)));
        }
        // The bonus is more than twice any total, so rounding to the nearest multiple gives the links kept.
        let kept = (bound + self.bonus / 2).div_euclid(self.bonus);
        let own = (best + self.bonus / 2).div_euclid(self.bonus);
        let most = i64::from(self.model.seats()) * i64::from(Affinity::ONE);
        let total = if kept == own { bound - kept * self.bonus } else { most };
        (Some(self.given_up(kept)), Some(points(total)))
    }

    fn given_up(&self, kept: i64) -> f64 {
        (self.previous() - kept) as f64
    }

    fn previous(&self) -> i64 {
        match &self.model.problem.objective {
            Objective::Keep(links) => {
                let mut links = links.clone();
                links.sort_unstable();
                links.dedup();
                i64::from(number(links.len()))
            }
            Objective::Total | Objective::Fair => 0,
        }
    }
}

fn infeasible(model: &Model, options: Options, nodes: Option<u32>) -> Solution {
    let mut solution = Solution::blank(&model.problem.objective, Status::Infeasible);
    let explanation = explain::explain(model, options.flow_limit);
    solution.shortfalls = explanation.shortfalls;
    solution.certificate = nodes.map(|nodes| {
        let method = if certificate::refutes(model, &explanation.prices) {
            ProofMethod::Duality
        } else {
            ProofMethod::BranchAndBound
        };
        certificate::publish(model, &explanation.prices, &[], method, nodes)
    });
    if options.if_infeasible == IfInfeasible::ExplainAndFillWhatCanBeFilled {
        solution.partial = Some(partial(model, options.flow_limit));
    }
    solution
}

/// As many seats as possible, then the most affinity; least loads do not count.
fn partial(model: &Model, limit: u32) -> Partial {
    let mut relaxed = model.clone();
    for expert in &mut relaxed.experts {
        expert.min_load = 0;
    }
    fit_minima_to_locks(&mut relaxed);
    let value = Value::new(&relaxed);
    let found = branch::search(&relaxed, &value, Branch::default(), Mode::Partial, limit);
    let chosen = found.best.map(|flow| flow.chosen).unwrap_or_default();
    let empty_seats = model.seats().saturating_sub(u32::try_from(chosen.len()).unwrap_or(u32::MAX));
    Partial { complete: false, note: wording::partial(empty_seats), empty_seats, assignments: assigned(model, &chosen) }
}

/// Lowers minima that demand and locks leave no seats for, the last role first.
fn fit_minima_to_locks(model: &mut Model) {
    for i in 0..number(model.applications.len()) {
        let row = model.row(i);
        let locked: Vec<u8> = model
            .locks
            .iter()
            .filter(|at| row.contains(&index(**at)))
            .map(|&at| model.experts[index(model.columns[index(at)])].roles)
            .collect();
        let application = &mut model.applications[index(i)];
        let seated = fill(application.minima, &locked);
        let open: [u32; 3] = std::array::from_fn(|r| {
            let held = seated.iter().filter(|seat| seat.role() == Some(ExpertRole::ALL[r])).count();
            application.minima[r].saturating_sub(number(held))
        });
        let free = application.demand.saturating_sub(number(locked.len()));
        let mut excess = open.iter().sum::<u32>().saturating_sub(free);
        for r in (0..3).rev() {
            let less = excess.min(open[r]);
            application.minima[r] -= less;
            excess -= less;
            if application.minima[r] == 0 {
                application.required &= !(1 << r);
            }
        }
    }
}
