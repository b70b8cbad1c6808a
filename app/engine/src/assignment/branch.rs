//! Branch and bound over the flow, for employers whose candidates for one application are of several kinds: their cells then
//! share one cap, which no flow can express.

use super::layout::Cell;
use super::model::{FREE, Model, index, number};
use super::network::{self, Branch, Flow, Learnt};
use super::value::Value;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Whether supplies that cannot be placed are a refusal or a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Whole,
    /// As few violations as possible, then the best value.
    Partial,
}

/// Fewer violations first, then more value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Merit {
    pub violations: Reverse<u64>,
    pub value: i64,
}

pub fn merit(flow: &Flow) -> Merit {
    Merit {
        violations: Reverse(flow.violations.iter().map(|(_, units)| u64::from(units.unsigned_abs())).sum()),
        value: flow.value,
    }
}

/// What the search found.
#[derive(Debug, Clone)]
pub struct Found {
    /// The best flow that keeps every cap; `None` if there is none, which is then proved.
    pub best: Option<Flow>,
    /// No assignment has more merit.
    pub bound: Merit,
    /// The flow before any branching; its prices prove `root` as a bound.
    pub root: Flow,
    /// Flows solved.
    pub nodes: u32,
}

impl Found {
    /// Whether the best flow is proved to be the best there is.
    pub fn is_proved(&self) -> bool {
        self.best.as_ref().is_none_or(|best| merit(best) >= self.bound)
    }
}

struct Open {
    branch: Branch,
    flow: Flow,
    depth: u32,
}

/// Searches best-first once there is something to beat, deepest-first before. Stops after `limit` flows if something was found by then, and states the bound.
pub fn search(model: &Model, value: &Value<'_>, start: Branch, mode: Mode, limit: u32) -> Found {
    let mut learnt = Learnt::new(model, value);
    let root = network::solve(model, value, &start, &mut learnt);
    let mut nodes = 1;
    let (mut best, flows) = dive(model, value, &start, &root, &mut learnt);
    nodes += flows;
    let mut open = vec![Open { branch: start, flow: root.clone(), depth: 0 }];
    while let Some(at) = next(&open, best.is_none()) {
        let node = open.swap_remove(at);
        let acceptable = mode == Mode::Partial || node.flow.violations.is_empty();
        if !acceptable || best.as_ref().is_some_and(|b| merit(b) >= merit(&node.flow)) {
            continue;
        }
        let Some(over) = overfull(model, &node.flow.chosen) else {
            best = Some(node.flow);
            continue;
        };
        if nodes >= limit && best.is_some() {
            open.push(node);
            break;
        }
        for branch in split(model, &node.branch, &over) {
            let flow = network::solve(model, value, &branch, &mut learnt);
            nodes += 1;
            open.push(Open { branch, flow, depth: node.depth + 1 });
        }
    }
    let left = open.iter().map(|o| merit(&o.flow)).max();
    let own = best.as_ref().map(merit);
    let bound = left.max(own).unwrap_or_else(|| merit(&root));
    Found { best, bound, root, nodes }
}

/// A first assignment to beat: every overfull employer keeps its best candidates of each kind, until none is overfull or nothing is feasible.
fn dive(model: &Model, value: &Value<'_>, start: &Branch, root: &Flow, learnt: &mut Learnt) -> (Option<Flow>, u32) {
    let (mut branch, mut flow, mut flows) = (start.clone(), root.clone(), 0);
    while flow.violations.is_empty() {
        let mut groups: BTreeMap<(u32, u32), Vec<u32>> = BTreeMap::new();
        for &at in &flow.chosen {
            let employer = model.experts[index(model.columns[index(at)])].employer;
            if employer != FREE {
                groups.entry((model.application_of(at), employer)).or_default().push(at);
            }
        }
        groups.retain(|_, group| group.len() > index(model.cap));
        if groups.is_empty() {
            return (Some(flow), flows);
        }
        for ((application, employer), mut group) in groups {
            group.sort_by_key(|&at| (!branch.is_fixed(model, at), Reverse(value.of(application, at)), at));
            let mut kept: BTreeMap<u8, u32> = BTreeMap::new();
            for (rank, &at) in group.iter().enumerate() {
                let count = kept.entry(model.kind(application, model.columns[index(at)])).or_default();
                *count += u32::from(rank < index(model.cap));
            }
            for (kind, count) in kept {
                tighten(&mut branch, Cell { application, employer, kind }, count);
            }
        }
        flow = network::solve(model, value, &branch, learnt);
        flows += 1;
    }
    (None, flows)
}

fn next(open: &[Open], diving: bool) -> Option<usize> {
    let rank = |o: &Open| (if diving { o.depth } else { 0 }, merit(&o.flow), o.depth);
    (0..open.len()).max_by_key(|&at| rank(&open[at]))
}

/// The most overfull employer of one application, as its cells with their counts.
pub fn overfull(model: &Model, chosen: &[u32]) -> Option<Vec<(Cell, u32)>> {
    let mut groups: BTreeMap<(u32, u32), BTreeMap<u8, u32>> = BTreeMap::new();
    for &at in chosen {
        let j = model.columns[index(at)];
        let employer = model.experts[index(j)].employer;
        if employer != FREE {
            let i = model.application_of(at);
            *groups.entry((i, employer)).or_default().entry(model.kind(i, j)).or_default() += 1;
        }
    }
    let excess = |kinds: &BTreeMap<u8, u32>| kinds.values().sum::<u32>().saturating_sub(model.cap);
    let worst = groups
        .into_iter()
        .filter(|(_, kinds)| excess(kinds) > 0 && kinds.len() > 1)
        .max_by_key(|(key, kinds)| (excess(kinds), Reverse(*key)));
    let ((application, employer), kinds) = worst?;
    Some(kinds.into_iter().map(|(kind, n)| (Cell { application, employer, kind }, n)).collect())
}

/// Disjoint branches that together hold every assignment within the cap: branch p takes fewer than now from cell p and at least as many as now from the cells before it,
/// which leaves so much less for the others.
pub fn split(model: &Model, parent: &Branch, over: &[(Cell, u32)]) -> Vec<Branch> {
    let mut branches = Vec::new();
    let mut taken = 0;
    for (p, &(cell, count)) in over.iter().enumerate() {
        if taken > model.cap {
            break;
        }
        // Locks cannot be undone: a branch below them is empty.
        if count > locked(model, parent, cell) {
            let mut branch = parent.clone();
            tighten(&mut branch, cell, count - 1);
            for &(later, _) in &over[p..] {
                tighten(&mut branch, later, model.cap - taken);
            }
            branches.push(branch);
        }
        taken += count;
    }
    branches
}

fn locked(model: &Model, branch: &Branch, cell: Cell) -> u32 {
    let inside = |at: &u32| {
        let j = model.columns[index(*at)];
        model.application_of(*at) == cell.application
            && model.experts[index(j)].employer == cell.employer
            && model.kind(cell.application, j) == cell.kind
    };
    number(branch.fixed(model).filter(inside).count())
}

fn tighten(branch: &mut Branch, cell: Cell, cap: u32) {
    branch.caps.entry(cell).and_modify(|old| *old = cap.min(*old)).or_insert(cap);
}
