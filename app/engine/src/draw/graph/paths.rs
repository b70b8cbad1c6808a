//! Augmenting paths: how an expert comes into the seating, and whom the path lets out.

use super::{Graph, NONE, number};
use crate::assignment::role_bit;
use domain::rubric::ExpertRole;
use std::collections::{HashMap, VecDeque};

/// The rules set aside when asking why somebody cannot be seated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lifted {
    pub recusals: bool,
    pub employers: bool,
    pub roles: bool,
}

/// The ways a path may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ways {
    /// Every way of the flow, shortest first.
    All,
    /// No way that adds to an employer at its cap.
    WithinCaps,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entered {
    Seated,
    /// Proved: no seating of this kind.
    Blocked,
    /// The flow allows it, the employer cap across roles may not.
    Unsure,
}

impl Graph<'_> {
    /// Seats the expert `units` times more, each time letting out somebody of whom `releasable` (expert, load) is true. All or nothing.
    pub fn enter(&mut self, expert: u32, units: u32, ways: Ways, releasable: impl Fn(u32, u32) -> bool) -> Entered {
        let mut done: Vec<Vec<u32>> = Vec::new();
        for _ in 0..units {
            let starts: Vec<u32> =
                self.out[expert as usize].iter().copied().filter(|&at| self.is_open(at, ways)).collect();
            let Some(path) = self.path(&starts, expert, ways, &releasable) else {
                self.undo(&done);
                return Entered::Blocked;
            };
            self.follow(&path);
            done.push(path);
        }
        if done.iter().flatten().any(|&at| self.breaks_cap(at)) {
            self.undo(&done);
            return Entered::Unsure;
        }
        Entered::Seated
    }

    /// Whether there is a way in for the expert with some rules set aside.
    pub fn would_enter(&self, expert: u32, lifted: Lifted, releasable: impl Fn(u32, u32) -> bool) -> bool {
        let mut nodes = Vec::new();
        let own = self.employers[expert as usize];
        for &application in &self.listed[expert as usize] {
            if self.conflicts.contains(&(expert, application)) && !lifted.recusals {
                continue;
            }
            let kind = if lifted.roles { self.required(application) } else { self.kind(application, expert) };
            let present = self.present.get(&(application, own)).copied().unwrap_or(0);
            if !lifted.employers && own != NONE {
                if let Some(&cell) = self.cells.get(&(application, kind, own)) {
                    nodes.push(cell);
                    continue;
                }
                if present >= self.problem.employer_cap {
                    continue;
                }
            }
            let roles = ExpertRole::ALL.iter().copied().filter(|role| kind & role_bit(*role) != 0);
            nodes.extend(roles.map(Some).chain([None]).filter_map(|seat| self.types.get(&(application, seat))));
        }
        self.reach(nodes, expert, Ways::All, &releasable).is_some()
    }

    fn path(
        &self,
        starts: &[u32],
        expert: u32,
        ways: Ways,
        releasable: &impl Fn(u32, u32) -> bool,
    ) -> Option<Vec<u32>> {
        let nodes = starts.iter().map(|&at| self.heads[at as usize]).collect();
        let mut path = self.reach(nodes, expert, ways, releasable)?;
        let first = path.first().map(|&at| self.heads[(at ^ 1) as usize])?;
        let start = starts.iter().copied().find(|&at| self.heads[at as usize] == first)?;
        path.insert(0, start);
        Some(path)
    }

    /// Breadth first from the nodes to an expert who may be let out; the edges of the way.
    fn reach(
        &self,
        nodes: Vec<u32>,
        expert: u32,
        ways: Ways,
        releasable: &impl Fn(u32, u32) -> bool,
    ) -> Option<Vec<u32>> {
        let experts = number(self.loads.len());
        let mut came: HashMap<u32, u32> = nodes.iter().map(|&node| (node, NONE)).collect();
        came.insert(expert, NONE);
        let mut queue = VecDeque::from(nodes);
        while let Some(node) = queue.pop_front() {
            for &at in &self.out[node as usize] {
                let head = self.heads[at as usize];
                if !self.is_open(at, ways) || came.contains_key(&head) {
                    continue;
                }
                came.insert(head, at);
                if head < experts && releasable(head, self.loads[head as usize]) {
                    return Some(self.trace(&came, head));
                }
                queue.push_back(head);
            }
        }
        None
    }

    /// Whether a path may go along the edge.
    fn is_open(&self, at: u32, ways: Ways) -> bool {
        self.free[at as usize] > 0 && (ways == Ways::All || !self.adds_to_a_full_employer(at))
    }

    /// Whether the edge brings somebody to an employer at its cap. A full cell is left by one of its own, which changes nothing;
    /// the first edge of a cell is the one that leads on.
    fn adds_to_a_full_employer(&self, at: u32) -> bool {
        let application = self.application[at as usize];
        if application == NONE || at % 2 == 1 {
            return false;
        }
        let employer = self.employers[self.heads[(at ^ 1) as usize] as usize];
        let is_at_cap =
            self.present.get(&(application, employer)).is_some_and(|&count| count >= self.problem.employer_cap);
        is_at_cap && self.out[self.heads[at as usize] as usize].first().is_some_and(|&on| self.free[on as usize] > 0)
    }

    fn trace(&self, came: &HashMap<u32, u32>, end: u32) -> Vec<u32> {
        let (mut path, mut node) = (Vec::new(), end);
        while let Some(&at) = came.get(&node).filter(|&&at| at != NONE) {
            path.push(at);
            node = self.heads[(at ^ 1) as usize];
        }
        path.reverse();
        path
    }

    fn follow(&mut self, path: &[u32]) {
        for &at in path {
            self.push(at);
            let application = self.application[at as usize];
            if application != NONE {
                let (head, tail) = (self.heads[at as usize], self.heads[(at ^ 1) as usize]);
                if at % 2 == 0 { self.seat(tail, application) } else { self.unseat(head, application) }
            }
        }
    }

    fn undo(&mut self, done: &[Vec<u32>]) {
        for path in done.iter().rev() {
            let back: Vec<u32> = path.iter().rev().map(|at| at ^ 1).collect();
            self.follow(&back);
        }
    }

    fn breaks_cap(&self, at: u32) -> bool {
        let application = self.application[at as usize];
        if application == NONE || at % 2 == 1 {
            return false;
        }
        let employer = self.employers[self.heads[(at ^ 1) as usize] as usize];
        self.present.get(&(application, employer)).is_some_and(|&count| count > self.problem.employer_cap)
    }
}
