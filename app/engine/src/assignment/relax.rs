//! The smallest changes that would help, each tried by solving for feasibility again.

mod changes;

use super::feasible;
use super::layout::Node;
use super::model::{Application, BrokenLock, Expert, Model, index};
use super::network::Violation;
use super::solution::{Change, Relaxation};
use super::wording;
use changes::replaces;
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
        let works = feasible::fits(&self.trial, self.limit);
        self.reset();
        works
    }

    fn relaxation(&self, changes: Vec<Change>) -> Relaxation {
        let alone = self.groups.len() + self.broken_locks.len() < 2;
        Relaxation { text: wording::relaxation(self.trial.problem, &changes, alone), changes }
    }
}
