//! Locks (锁定), and those that contradict another rule.

use super::{FREE, Model, index};
use crate::assignment::problem::ProblemError;
use std::collections::BTreeMap;

/// A lock that contradicts another rule: no assignment can honour both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BrokenLock {
    /// The pair is not listed as eligible.
    NotEligible { application: u32, expert: u32 },
    /// The pair is in conflict.
    Conflict { application: u32, expert: u32 },
    /// Other locks fill the application's demand.
    Demand { application: u32, expert: u32 },
    /// Other locks fill the expert's load.
    Load { application: u32, expert: u32 },
    /// Other locks fill the employer's cap on the application.
    EmployerCap { application: u32, expert: u32 },
}

impl BrokenLock {
    /// (application, expert)
    pub const fn pair(self) -> (u32, u32) {
        match self {
            Self::NotEligible { application, expert }
            | Self::Conflict { application, expert }
            | Self::Demand { application, expert }
            | Self::Load { application, expert }
            | Self::EmployerCap { application, expert } => (application, expert),
        }
    }
}

impl Model<'_> {
    /// Sorts locks into those that can be kept and those that contradict another rule.
    pub fn read_locks(&mut self) -> Result<(), ProblemError> {
        for &link in &self.problem.locks {
            let (application, expert) = self.canonical(link)?;
            if let Some(at) = self.position(application, expert) {
                self.locks.push(at);
            } else if self.conflicts.contains_key(&(application, expert)) {
                self.broken_locks.push(BrokenLock::Conflict { application, expert });
            } else {
                self.broken_locks.push(BrokenLock::NotEligible { application, expert });
            }
        }
        self.locks.sort_unstable();
        self.locks.dedup();
        self.drop_excess_locks();
        self.broken_locks.sort_unstable();
        self.broken_locks.dedup();
        Ok(())
    }

    /// Keeps the first locks that demand, load and employer cap allow; the others are broken.
    fn drop_excess_locks(&mut self) {
        let mut seats = vec![0; self.applications.len()];
        let mut loads = vec![0; self.experts.len()];
        let mut employers: BTreeMap<(u32, u32), u32> = BTreeMap::new();
        let mut good = Vec::new();
        for &at in &self.locks {
            let (application, expert) = (self.application_of(at), self.columns[index(at)]);
            let e = &self.experts[index(expert)];
            let colleagues = employers.entry((application, e.employer)).or_default();
            if seats[index(application)] >= self.applications[index(application)].demand {
                self.broken_locks.push(BrokenLock::Demand { application, expert });
            } else if loads[index(expert)] >= e.max_load {
                self.broken_locks.push(BrokenLock::Load { application, expert });
            } else if e.employer != FREE && *colleagues >= self.cap {
                self.broken_locks.push(BrokenLock::EmployerCap { application, expert });
            } else {
                seats[index(application)] += 1;
                loads[index(expert)] += 1;
                *colleagues += 1;
                good.push(at);
            }
        }
        self.locks = good;
    }
}
