//! Explains why there is no assignment: reads the violations of a least-violation flow as shortfalls.
//!
//! By max-flow min-cut the empty seats of a least-violation flow sit in a Hall set: applications whose candidates, taken together, have less capacity
//! than the applications need. The set is what can be reached from the empty seat by swapping assignments.

use super::branch::{self, Mode};
use super::gap::{Exclusion, Gap};
use super::layout::Node;
use super::model::{BrokenLock, FREE, Model, index};
use super::network::{Branch, Prices, Violation};
use super::problem::role_bit;
use super::relax::{Owner, Relaxer};
use super::seat_role::SeatRole;
use super::solution::{Change, Shortfall};
use super::value::Value;
use super::wording;
use domain::rubric::ExpertRole;
use std::collections::{BTreeMap, BTreeSet};

/// Shortfalls that are given relaxations one by one; beyond, only the change that is known to help.
const DETAILED: usize = 12;

pub struct Explanation {
    pub shortfalls: Vec<Shortfall>,
    /// Prices of a flow that counts violations only: they refute the problem if the flow relaxation does.
    pub prices: Prices,
}

pub fn explain(model: &Model, limit: u32) -> Explanation {
    let zero = Value::zero(model);
    let found = branch::search(model, &zero, Branch::default(), Mode::Partial, limit);
    let prices = found.root.prices.clone();
    // A partial search always finds a flow: in the worst case every seat is empty.
    let best = found.best.unwrap_or(found.root);
    let scene = Scene::new(model, &best.chosen);
    let mut relaxer = Relaxer::new(model, &best.violations, limit);
    let mut shortfalls: Vec<Shortfall> =
        model.broken_locks.iter().map(|lock| broken_lock(model, *lock, &mut relaxer)).collect();
    for (at, &violation) in best.violations.iter().enumerate() {
        let mut shortfall = scene.shortfall(violation, &best.violations);
        let owner = Owner::of(violation.node);
        shortfall.relaxations = if at < DETAILED {
            relaxer.relaxations(owner, &scene.competitors(violation).1)
        } else {
            relaxer.known(owner)
        };
        shortfalls.push(shortfall);
    }
    Explanation { shortfalls, prices }
}

fn broken_lock(model: &Model, lock: BrokenLock, relaxer: &mut Relaxer<'_>) -> Shortfall {
    let (i, j) = lock.pair();
    let (application, expert) = model.ids(i, j);
    let excluded = conflict_reasons(model, i, j)
        .map_or_else(|| vec![wording::broken_lock(lock)], |reasons| reasons.into_iter().collect());
    let change = Change::DropLock { application: application.to_owned(), expert: expert.to_owned() };
    let shortfall = Shortfall {
        application: application.to_owned(),
        expert: Some(expert.to_owned()),
        needed: 1,
        excluded: excluded.into_iter().map(|reason| (reason.to_owned(), 1)).collect(),
        relaxations: relaxer.after_all(change),
        ..Shortfall::default()
    };
    worded(Gap::BrokenLock(lock), shortfall)
}

fn worded(gap: Gap, shortfall: Shortfall) -> Shortfall {
    Shortfall { message: wording::message(gap, &shortfall), ..shortfall }
}

fn conflict_reasons<'p>(model: &Model<'p>, i: u32, j: u32) -> Option<BTreeSet<&'p str>> {
    let reasons = model.conflicts.get(&(i, j))?;
    Some(reasons.iter().map(|&at| model.problem.conflicts[index(at)].reason.as_str()).collect())
}

/// The least-violation assignment, seen from experts and applications.
struct Scene<'a, 'p> {
    model: &'a Model<'p>,
    loads: Vec<u32>,
    panels: Vec<Vec<u32>>,
    /// Applications of each expert.
    reviews: Vec<Vec<u32>>,
}

impl<'a, 'p> Scene<'a, 'p> {
    fn new(model: &'a Model<'p>, chosen: &[u32]) -> Self {
        let mut scene = Self {
            model,
            loads: vec![0; model.experts.len()],
            panels: vec![Vec::new(); model.applications.len()],
            reviews: vec![Vec::new(); model.experts.len()],
        };
        for &at in chosen {
            let (i, j) = (model.application_of(at), model.columns[index(at)]);
            scene.loads[index(j)] += 1;
            scene.panels[index(i)].push(j);
            scene.reviews[index(j)].push(i);
        }
        scene
    }

    fn shortfall(&self, violation: Violation, all: &[Violation]) -> Shortfall {
        let units = violation.units.unsigned_abs();
        let (gap, mut shortfall) = match violation.node {
            Node::Expert(j) => self.expert(j, violation.units),
            Node::Application(i) | Node::Role(i, _) | Node::Kind(i, _) if violation.units < 0 => {
                self.overfull(i, units)
            }
            Node::Cell(cell) => self.overfull(cell.application, units),
            Node::Role(i, bit) => self.role(i, bit, units),
            Node::Application(i) | Node::Kind(i, _) => self.seats(i, all),
        };
        if shortfall.expert.is_none() && violation.units > 0 {
            shortfall.competing =
                self.competitors(violation).0.iter().map(|&i| self.model.application_id(i).to_owned()).collect();
        }
        worded(gap, shortfall)
    }

    fn role(&self, i: u32, bit: u8, units: u32) -> (Gap, Shortfall) {
        let r = bit.trailing_zeros() as usize;
        let needed = self.model.applications[index(i)].minima[r];
        self.panel(i, Some(ExpertRole::ALL[r]), needed, needed.saturating_sub(units))
    }

    fn seats(&self, i: u32, all: &[Violation]) -> (Gap, Shortfall) {
        let own = |v: &&Violation| {
            matches!(v.node, Node::Application(a) | Node::Role(a, _) | Node::Kind(a, _) if a == i) && v.units > 0
        };
        let empty: u32 = all.iter().filter(own).map(|v| v.units.unsigned_abs()).sum();
        let needed = self.model.applications[index(i)].demand;
        self.panel(i, None, needed, needed.saturating_sub(empty))
    }

    fn panel(&self, i: u32, role: Option<ExpertRole>, needed: u32, available: u32) -> (Gap, Shortfall) {
        let shortfall = Shortfall {
            application: self.model.application_id(i).to_owned(),
            role: role.map(SeatRole::from),
            needed,
            available,
            excluded: self.excluded(i, role),
            ..Shortfall::default()
        };
        (Gap::Seats, shortfall)
    }

    /// Too many locks, or minima above the demand.
    fn overfull(&self, i: u32, excess: u32) -> (Gap, Shortfall) {
        let a = &self.model.applications[index(i)];
        let sum: u32 = a.minima.iter().sum();
        let shortfall = Shortfall {
            application: self.model.application_id(i).to_owned(),
            needed: a.demand,
            available: a.demand.saturating_sub(excess),
            ..Shortfall::default()
        };
        (if sum > a.demand { Gap::Minima { sum } } else { Gap::Locks { excess } }, shortfall)
    }

    fn expert(&self, j: u32, units: i32) -> (Gap, Shortfall) {
        let e = &self.model.experts[index(j)];
        let n = units.unsigned_abs();
        let (gap, needed, available) = if units < 0 {
            (Gap::LeastLoad, e.min_load, e.min_load.saturating_sub(n))
        } else {
            (Gap::LockedLoad, e.max_load + n, e.max_load)
        };
        let expert = Some(self.model.expert_id(j).to_owned());
        (gap, Shortfall { expert, needed, available, ..Shortfall::default() })
    }

    /// Experts who do not sit on the panel, by the first rule that keeps them off.
    fn excluded(&self, i: u32, role: Option<ExpertRole>) -> BTreeMap<String, u32> {
        let model = self.model;
        let panel = &self.panels[index(i)];
        let employers: Vec<u32> =
            panel.iter().map(|&j| model.experts[index(j)].employer).filter(|&e| e != FREE).collect();
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        let mut count = |reason: &str| *counts.entry(reason.to_owned()).or_default() += 1;
        for (expert, j) in model.experts.iter().zip(0..) {
            let taken = employers.iter().filter(|&&e| e == expert.employer).count();
            let exclusion = if panel.contains(&j) {
                continue;
            } else if let Some(reasons) = conflict_reasons(model, i, j) {
                reasons.into_iter().for_each(&mut count);
                continue;
            } else if role.is_some_and(|role| expert.roles & role_bit(role) == 0) {
                Exclusion::Role
            } else if model.position(i, j).is_none() {
                Exclusion::NotListed
            } else if self.loads[index(j)] >= expert.max_load {
                Exclusion::FullLoad
            } else if expert.employer != FREE && taken >= index(model.cap) {
                Exclusion::EmployerCap
            } else {
                continue;
            };
            count(wording::exclusion(exclusion));
        }
        counts
    }

    /// The Hall set of an empty seat: applications reached by swaps, and the full experts between them.
    fn competitors(&self, violation: Violation) -> (BTreeSet<u32>, BTreeSet<u32>) {
        let mut experts = BTreeSet::new();
        let (Node::Application(start) | Node::Role(start, _) | Node::Kind(start, _)) = violation.node else {
            return (BTreeSet::new(), experts);
        };
        let only = if let Node::Role(_, bit) = violation.node { bit } else { 0b111 };
        let mut applications = BTreeSet::from([start]);
        let mut queue = vec![start];
        while let Some(i) = queue.pop() {
            let roles = if i == start { only } else { 0b111 };
            for at in self.model.row(i) {
                let j = self.model.columns[at];
                let e = &self.model.experts[index(j)];
                if e.roles & roles == 0 || self.loads[index(j)] < e.max_load || !experts.insert(j) {
                    continue;
                }
                queue.extend(self.reviews[index(j)].iter().filter(|&&next| applications.insert(next)));
            }
        }
        (applications, experts)
    }
}
