//! The smallest changes that would help, each tried by solving for feasibility again.

use super::branch::{self, Mode};
use super::layout::Node;
use super::model::{Application, BrokenLock, Expert, Model, index, number};
use super::network::{Branch, Violation};
use super::problem::role_bit;
use super::seat_role::SeatRole;
use super::solution::{Change, Relaxation};
use super::value::Value;
use super::wording;
use domain::rubric::ExpertRole;
use std::collections::{BTreeMap, BTreeSet};

/// Experts whose load is tried one by one.
const TRIALS: usize = 12;

/// The application or expert that a violation belongs to: changes for one owner are made together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    Application(u32),
    Expert(u32),
    /// A lock that contradicts another rule belongs to none.
    Lock,
}

impl Owner {
    pub fn of(node: Node) -> Self {
        match node {
            Node::Expert(j) => Self::Expert(j),
            Node::Application(i) | Node::Role(i, _) | Node::Kind(i, _) => Self::Application(i),
            Node::Cell(cell) => Self::Application(cell.application),
        }
    }
}

/// Whether the new change sets what the old one set.
fn replaces(new: &Change, old: &Change) -> bool {
    match (new, old) {
        (Change::Demand { application: a, .. }, Change::Demand { application: b, .. })
        | (Change::MaxLoad { expert: a, .. }, Change::MaxLoad { expert: b, .. })
        | (Change::MinLoad { expert: a, .. }, Change::MinLoad { expert: b, .. }) => a == b,
        (Change::Minimum { application: a, role: r, .. }, Change::Minimum { application: b, role: s, .. }) => {
            (a, r) == (b, s)
        }
        _ => new == old,
    }
}

/// A copy of the model on which changes are tried and taken back.
pub struct Relaxer<'p> {
    trial: Model<'p>,
    applications: Vec<Application>,
    experts: Vec<Expert>,
    locks: Vec<u32>,
    broken_locks: Vec<BrokenLock>,
    cap: u32,
    violations: Vec<Violation>,
    /// Per application or expert with a violation, the changes that remove it.
    groups: BTreeMap<Owner, Vec<Change>>,
    limit: u32,
}

impl<'p> Relaxer<'p> {
    pub fn new(model: &Model<'p>, violations: &[Violation], limit: u32) -> Self {
        let mut relaxer = Self {
            trial: model.clone(),
            applications: model.applications.clone(),
            experts: model.experts.clone(),
            locks: model.locks.clone(),
            broken_locks: model.broken_locks.clone(),
            cap: model.cap,
            violations: violations.to_vec(),
            groups: BTreeMap::new(),
            limit,
        };
        for &violation in violations {
            let owner = Owner::of(violation.node);
            let changes = relaxer.sure_change(violation);
            relaxer.apply(&changes);
            let group = relaxer.groups.entry(owner).or_default();
            for change in changes {
                group.retain(|old| !replaces(&change, old));
                group.push(change);
            }
        }
        relaxer.reset();
        relaxer
    }

    fn reset(&mut self) {
        self.trial.applications.clone_from(&self.applications);
        self.trial.experts.clone_from(&self.experts);
        self.trial.locks.clone_from(&self.locks);
        self.trial.broken_locks.clone_from(&self.broken_locks);
        self.trial.cap = self.cap;
    }

    /// The changes that remove one violation of the least-violation flow, relative to the trial as it stands.
    fn sure_change(&self, violation: Violation) -> Vec<Change> {
        let units = violation.units.unsigned_abs();
        match violation.node {
            Node::Expert(j) if violation.units < 0 => vec![self.min_load(j, units)],
            Node::Expert(j) => vec![self.max_load(j, units)],
            Node::Role(i, bit) if violation.units > 0 => {
                vec![self.minimum(i, bit.trailing_zeros() as usize, units), self.demand(i, units)]
            }
            Node::Application(i) | Node::Kind(i, _) if violation.units > 0 => {
                vec![self.demand(i, units)]
            }
            Node::Application(i) | Node::Role(i, _) | Node::Kind(i, _) => self.make_room(i, units),
            Node::Cell(cell) => self.drop_locks(cell.application, Some(cell.employer), units),
        }
    }

    /// Lowers minima that exceed the demand, or drops locks.
    fn make_room(&self, i: u32, units: u32) -> Vec<Change> {
        let a = &self.trial.applications[index(i)];
        let mut over = a.minima.iter().sum::<u32>().saturating_sub(a.demand);
        if over == 0 {
            return self.drop_locks(i, None, units);
        }
        let mut changes = Vec::new();
        for r in (0..3).rev() {
            let less = over.min(a.minima[r]);
            if less > 0 {
                changes.push(self.minimum(i, r, less));
                over -= less;
            }
        }
        changes
    }

    fn drop_locks(&self, i: u32, employer: Option<u32>, units: u32) -> Vec<Change> {
        let row = self.trial.row(i);
        let own = self.trial.locks.iter().rev().copied().filter(|&at| row.contains(&index(at)));
        let own = own.filter(|&at| {
            employer.is_none_or(|e| self.trial.experts[index(self.trial.columns[index(at)])].employer == e)
        });
        own.take(index(units)).map(|at| self.drop_lock(at)).collect()
    }

    fn drop_lock(&self, at: u32) -> Change {
        let (application, expert) = self.trial.ids(self.trial.application_of(at), self.trial.columns[index(at)]);
        Change::DropLock { application: application.to_owned(), expert: expert.to_owned() }
    }

    fn demand(&self, i: u32, less: u32) -> Change {
        let to = self.trial.applications[index(i)].demand.saturating_sub(less);
        Change::Demand { application: self.trial.application_id(i).to_owned(), to }
    }

    fn minimum(&self, i: u32, r: usize, less: u32) -> Change {
        let to = self.trial.applications[index(i)].minima[r].saturating_sub(less);
        Change::Minimum {
            application: self.trial.application_id(i).to_owned(),
            role: SeatRole::from(ExpertRole::ALL[r]),
            to,
        }
    }

    fn max_load(&self, j: u32, more: u32) -> Change {
        Change::MaxLoad { expert: self.trial.expert_id(j).to_owned(), to: self.trial.experts[index(j)].max_load + more }
    }

    fn min_load(&self, j: u32, less: u32) -> Change {
        let to = self.trial.experts[index(j)].min_load.saturating_sub(less);
        Change::MinLoad { expert: self.trial.expert_id(j).to_owned(), to }
    }

    /// The relaxation that follows from the least-violation flow, if solving again confirms it.
    pub fn known(&mut self, owner: Owner) -> Vec<Relaxation> {
        let changes = self.groups.get(&owner).cloned().unwrap_or_default();
        self.confirmed(owner, vec![changes])
    }

    /// Relaxations for one application or expert, the others being relaxed in the way known to help. `full`: the full experts of its Hall set.
    pub fn relaxations(&mut self, owner: Owner, full: &BTreeSet<u32>) -> Vec<Relaxation> {
        let sure = self.groups.get(&owner).cloned().unwrap_or_default();
        let Owner::Application(i) = owner else {
            return self.confirmed(owner, vec![sure]);
        };
        let mut candidates = Vec::new();
        let minima: Vec<Change> = sure.iter().filter(|c| matches!(c, Change::Minimum { .. })).cloned().collect();
        if minima.len() < sure.len() {
            candidates.push(minima);
        }
        candidates.push(sure);
        let over: u32 = self.applications[index(i)].minima.iter().sum();
        if over > self.applications[index(i)].demand {
            candidates.push(vec![Change::Demand { application: self.trial.application_id(i).to_owned(), to: over }]);
        }
        candidates.push(vec![Change::EmployerCap { to: self.cap + 1 }]);
        let row = self.trial.row(i);
        let locks: Vec<u32> = self.locks.iter().copied().filter(|&l| row.contains(&index(l))).take(TRIALS).collect();
        candidates.extend(locks.into_iter().map(|l| vec![self.drop_lock(l)]));
        let mut relaxations = self.confirmed(owner, candidates);
        let own = self.violations.iter().filter(|v| Owner::of(v.node) == owner && v.units > 0);
        let units = own.map(|v| v.units.unsigned_abs()).sum();
        relaxations.extend(self.loads(owner, full, units));
        relaxations
    }

    /// One full expert who could take the rest, or the fewest found by leaving out one after the other.
    fn loads(&mut self, owner: Owner, full: &BTreeSet<u32>, units: u32) -> Option<Relaxation> {
        for &j in full.iter().take(TRIALS) {
            let changes = vec![self.max_load(j, units)];
            if self.works(owner, &changes) {
                return Some(self.relaxation(changes));
            }
        }
        let mut changes: Vec<Change> = full.iter().map(|&j| self.max_load(j, units)).collect();
        if changes.len() > 2 * TRIALS || !self.works(owner, &changes) {
            return None;
        }
        for at in (0..changes.len()).rev() {
            let left_out = changes.remove(at);
            if !self.works(owner, &changes) {
                changes.insert(at, left_out);
            }
        }
        Some(self.relaxation(changes))
    }

    fn confirmed(&mut self, owner: Owner, candidates: Vec<Vec<Change>>) -> Vec<Relaxation> {
        let mut good = Vec::new();
        for changes in candidates {
            if !changes.is_empty() && self.works(owner, &changes) {
                good.push(self.relaxation(changes));
            }
        }
        good
    }

    /// A change tried with every shortfall relaxed in the way known to help.
    pub fn after_all(&mut self, change: Change) -> Vec<Relaxation> {
        let changes = vec![change];
        if self.works(Owner::Lock, &changes) { vec![self.relaxation(changes)] } else { Vec::new() }
    }

    fn works(&mut self, owner: Owner, changes: &[Change]) -> bool {
        let others: Vec<Change> =
            self.groups.iter().filter(|(other, _)| **other != owner).flat_map(|(_, c)| c.clone()).collect();
        self.apply(&others);
        self.trial.broken_locks.clear();
        self.apply(changes);
        let zero = Value::zero(&self.trial);
        let found = branch::search(&self.trial, &zero, Branch::default(), Mode::Whole, self.limit);
        let works = found.best.is_some();
        self.reset();
        works
    }

    fn apply(&mut self, changes: &[Change]) {
        for change in changes {
            self.apply_one(change);
        }
    }

    fn apply_one(&mut self, change: &Change) {
        match change {
            Change::Demand { application, to } => {
                if let Some(i) = self.application(application) {
                    self.trial.applications[index(i)].demand = *to;
                }
            }
            Change::Minimum { application, role, to } => {
                if let (Some(i), Some(role)) = (self.application(application), role.role()) {
                    let a = &mut self.trial.applications[index(i)];
                    a.minima[role as usize] = *to;
                    if *to == 0 {
                        a.required &= !role_bit(role);
                    }
                }
            }
            Change::MaxLoad { expert, to } => {
                if let Some(j) = self.expert(expert) {
                    self.trial.experts[index(j)].max_load = *to;
                }
            }
            Change::MinLoad { expert, to } => {
                if let Some(j) = self.expert(expert) {
                    self.trial.experts[index(j)].min_load = *to;
                }
            }
            Change::EmployerCap { to } => self.trial.cap = *to,
            Change::DropLock { application, expert } => {
                if let (Some(i), Some(j)) = (self.application(application), self.expert(expert)) {
                    let dropped = self.trial.position(i, j);
                    self.trial.locks.retain(|&at| Some(at) != dropped);
                }
            }
        }
    }

    /// Applications are in order of their ids.
    fn application(&self, id: &str) -> Option<u32> {
        let found = self
            .trial
            .applications
            .binary_search_by_key(&id, |a| self.trial.problem.applications[index(a.source)].id.as_str());
        found.ok().map(number)
    }

    fn expert(&self, id: &str) -> Option<u32> {
        let found =
            self.trial.experts.binary_search_by_key(&id, |e| self.trial.problem.experts[index(e.source)].id.as_str());
        found.ok().map(number)
    }

    fn relaxation(&self, changes: Vec<Change>) -> Relaxation {
        let alone = self.groups.len() + self.broken_locks.len() < 2;
        Relaxation { text: wording::relaxation(self.trial.problem, &changes, alone), changes }
    }
}
