//! Whether any assignment keeps every rule, in a bounded number of flows.
//!
//! Where roles and employers cross, no flow expresses the caps. Each crossing cap that a flow exceeds is charged (Lagrangian relaxation): the
//! best flow under charges λ has the bound `max Σ λ·(cap − count)`, which is at least 0 if any assignment keeps the caps. A bound below 0
//! therefore proves that there is none (Farkas). Charges grow by the excess, as in the perceptron; where they settle nothing, the cap of one employer is
//! split into disjoint branches, and the charges go on in each of them.
//!
//! Sources: Fisher (1981), "The Lagrangian relaxation method for solving integer programming problems", Management Science 27(1);
//! Novikoff (1962), "On convergence proofs on perceptrons", Symposium on the Mathematical Theory of Automata 12.

use super::branch::{dive, overfull, split};
use super::lagrange::{excess, keeps_caps};
use super::model::{Model, index, number};
use super::network::{self, Branch, Flow, Learnt};
use super::problem::{Problem, ProblemError};
use super::seats::assigned;
use super::solution::Assigned;
use super::value::Value;
use std::collections::BTreeMap;

/// Flows per branch before it is split.
const ROUNDS: u32 = 6;
/// Branches from one dive to the next.
const DIVE_EVERY: usize = 8;

/// The answer to whether all seats can be filled.
#[derive(Debug, Clone, PartialEq)]
pub enum Seatable {
    Yes(Vec<Assigned>),
    /// Proved.
    No,
    /// The limit of flows came first.
    Undecided,
}

impl Seatable {
    pub fn is_yes(&self) -> bool {
        matches!(self, Self::Yes(_))
    }
}

/// Charges by (application, employer).
type Charges = BTreeMap<(u32, u32), i64>;

/// Decides about related problems, each with a limit of flows.
#[derive(Debug, Default)]
pub struct Decider {
    /// Charges that settled the last decision, by id of application and name of employer: the first to be tried for the next.
    charges: BTreeMap<(String, String), i64>,
    /// Flows solved so far.
    pub flows: u32,
}

impl Decider {
    /// Solves at most `limit` flows, and always one.
    ///
    /// # Errors
    /// [`ProblemError`] if the problem means nothing.
    pub fn decide(&mut self, problem: &Problem, limit: u32) -> Result<Seatable, ProblemError> {
        let model = Model::new(problem)?;
        if !model.broken_locks.is_empty() {
            return Ok(Seatable::No);
        }
        let value = Value::zero(&model);
        let mut search =
            Search { model: &model, value: &value, learnt: Learnt::new(&model, &value), left: limit.max(1) };
        let before = search.left;
        let (found, charges) = search.run(&self.known(&model));
        self.flows += before - search.left;
        if !charges.is_empty() {
            self.learn(&model, &charges);
        }
        Ok(match found {
            Outcome::Found(flow) => Seatable::Yes(assigned(&model, &flow.chosen)),
            Outcome::Refuted => Seatable::No,
            Outcome::Undecided => Seatable::Undecided,
        })
    }

    fn known(&self, model: &Model) -> Charges {
        if self.charges.is_empty() {
            return Charges::new();
        }
        let applications: BTreeMap<&str, u32> =
            (0..number(model.applications.len())).map(|i| (model.application_id(i), i)).collect();
        let employers: BTreeMap<&str, u32> = employers(model).map(|(number, name)| (name, number)).collect();
        let here = |((application, employer), charge): (&(String, String), &i64)| {
            Some(((*applications.get(application.as_str())?, *employers.get(employer.as_str())?), *charge))
        };
        self.charges.iter().filter_map(here).collect()
    }

    fn learn(&mut self, model: &Model, charges: &Charges) {
        let names: BTreeMap<u32, &str> = employers(model).collect();
        let to_name = |((i, employer), charge): (&(u32, u32), &i64)| {
            Some(((model.application_id(*i).to_owned(), (*names.get(employer)?).to_owned()), *charge))
        };
        self.charges = charges.iter().filter_map(to_name).collect();
    }
}

/// Numbers and names of the employers.
fn employers<'p>(model: &Model<'p>) -> impl Iterator<Item = (u32, &'p str)> {
    let problem = model.problem;
    model.experts.iter().filter_map(move |e| Some((e.employer, problem.experts[index(e.source)].employer.as_deref()?)))
}

/// Any assignment that keeps every rule, whatever it is worth, by at most `limit` flows.
///
/// # Errors
/// [`ProblemError`] if the problem means nothing.
pub fn seatable(problem: &Problem, limit: u32) -> Result<Seatable, ProblemError> {
    Decider::default().decide(problem, limit)
}

/// Whether an assignment of the model was found by at most `limit` flows.
pub fn fits(model: &Model, limit: u32) -> bool {
    let value = Value::zero(model);
    let mut search = Search { model, value: &value, learnt: Learnt::new(model, &value), left: limit.max(1) };
    matches!(search.run(&Charges::new()).0, Outcome::Found(_))
}

enum Outcome {
    Found(Flow),
    Refuted,
    Undecided,
}

struct Search<'a, 'p> {
    model: &'a Model<'p>,
    value: &'a Value<'a>,
    learnt: Learnt,
    left: u32,
}

impl Search<'_, '_> {
    /// Depth first, with a dive now and then: most pools have seatings that keep the shares of a charged flow.
    ///
    /// `warm`: charges to begin with. Also returns the charges that found the seating, or refuted the whole without branching.
    fn run(&mut self, warm: &Charges) -> (Outcome, Charges) {
        let mut open = vec![Branch::default()];
        let mut split_so_far = 0_usize;
        while let Some(mut branch) = open.pop() {
            let plain = match self.charge(&mut branch, (split_so_far == 0).then_some(warm)) {
                Node::Found(flow) => return (Outcome::Found(flow), branch.charges),
                Node::Refuted if split_so_far == 0 => return (Outcome::Refuted, branch.charges),
                Node::Refuted => continue,
                Node::Open(flow) => flow,
                Node::OutOfFlows => return (Outcome::Undecided, Charges::new()),
            };
            if split_so_far.is_multiple_of(DIVE_EVERY)
                && let Some(flow) = self.dive(&branch, &plain)
            {
                return (Outcome::Found(flow), branch.charges);
            }
            split_so_far += 1;
            if let Some(over) = overfull(self.model, &plain.chosen) {
                // The branch that changes least is looked at first.
                open.extend(split(self.model, &branch, &over).into_iter().rev());
            }
        }
        (Outcome::Refuted, Charges::new())
    }

    fn dive(&mut self, branch: &Branch, flow: &Flow) -> Option<Flow> {
        let (found, flows) = dive(self.model, self.value, branch, flow, &mut self.learnt);
        self.left = self.left.saturating_sub(flows);
        found
    }

    fn charge(&mut self, branch: &mut Branch, warm: Option<&Charges>) -> Node {
        let Some(mut flow) = self.solve(branch) else { return Node::OutOfFlows };
        if !flow.violations.is_empty() {
            return Node::Refuted;
        }
        if keeps_caps(self.model, &flow) {
            return Node::Found(flow);
        }
        if let Some(warm) = warm.filter(|warm| !warm.is_empty()) {
            branch.charges.clone_from(warm);
            match self.solve(branch) {
                None => return Node::OutOfFlows,
                Some(charged) => flow = charged,
            }
        }
        for _ in 0..ROUNDS {
            if keeps_caps(self.model, &flow) {
                return Node::Found(flow);
            }
            if flow.bound < 0 {
                return Node::Refuted;
            }
            for (group, n) in excess(self.model, &flow, branch) {
                let charge = branch.charges.get(&group).copied().unwrap_or(0) + n;
                if charge > 0 {
                    branch.charges.insert(group, charge);
                } else {
                    branch.charges.remove(&group);
                }
            }
            match self.solve(branch) {
                None => return Node::OutOfFlows,
                Some(charged) => flow = charged,
            }
        }
        if keeps_caps(self.model, &flow) { Node::Found(flow) } else { Node::Open(flow) }
    }

    fn solve(&mut self, branch: &Branch) -> Option<Flow> {
        self.left = self.left.checked_sub(1)?;
        Some(network::solve(self.model, self.value, branch, &mut self.learnt))
    }
}

enum Node {
    Found(Flow),
    Refuted,
    /// A flow under the last charges, which exceeds a cap.
    Open(Flow),
    OutOfFlows,
}
