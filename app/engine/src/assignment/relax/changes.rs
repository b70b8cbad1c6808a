//! The changes that remove a violation, and their effect on a model.

use super::Relaxer;
use crate::assignment::layout::Node;
use crate::assignment::model::{index, number};
use crate::assignment::network::Violation;
use crate::assignment::problem::role_bit;
use crate::assignment::seat_role::SeatRole;
use crate::assignment::solution::Change;
use domain::rubric::ExpertRole;

/// Whether the new change sets the same value as the old one.
pub fn replaces(new: &Change, old: &Change) -> bool {
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

impl Relaxer<'_> {
    /// The changes that remove one violation of the least-violation flow, relative to the trial as it stands.
    pub(super) fn sure_change(&self, violation: Violation) -> Vec<Change> {
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

    pub(super) fn drop_lock(&self, at: u32) -> Change {
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

    pub(super) fn max_load(&self, j: u32, more: u32) -> Change {
        Change::MaxLoad { expert: self.trial.expert_id(j).to_owned(), to: self.trial.experts[index(j)].max_load + more }
    }

    fn min_load(&self, j: u32, less: u32) -> Change {
        let to = self.trial.experts[index(j)].min_load.saturating_sub(less);
        Change::MinLoad { expert: self.trial.expert_id(j).to_owned(), to }
    }

    pub(super) fn apply(&mut self, changes: &[Change]) {
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
}
