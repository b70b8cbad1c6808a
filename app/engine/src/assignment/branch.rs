//! Branch and bound over the flow, for employers whose candidates for one application are of several kinds: their cells then
//! share one cap, which no flow can express.

use super::lagrange;
use super::layout::Cell;
use super::model::{FREE, Model, index, number};
use super::network::{self, Branch, Flow, Learnt};
use super::value::Value;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

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
    Merit { violations: violations(flow), value: flow.value }
}

/// The most merit that an assignment below this flow can have; its value is a multiple of `grain`.
fn potential(flow: &Flow, grain: i64) -> Merit {
    Merit { violations: violations(flow), value: flow.bound.div_euclid(grain) * grain }
}

fn violations(flow: &Flow) -> Reverse<u64> {
    Reverse(flow.violations.iter().map(|violation| u64::from(violation.units.unsigned_abs())).sum())
}

/// The result of the search.
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
    /// The search ended at its limit before it found anything: whether there is an assignment is open.
    pub is_undecided: bool,
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

/// Flows between two dives for a better assignment.
const DIVE_EVERY: u32 = 12;

/// Flows after which a search that has found nothing gives up.
pub const FIND_LIMIT: u32 = 2_000;

/// Searches best-first once there is something to beat, deepest-first before. Stops after `limit` flows if something was found by then, and states the bound;
/// without anything found, after [`FIND_LIMIT`] if that is more.
pub fn search(model: &Model, value: &Value<'_>, start: Branch, mode: Mode, limit: u32) -> Found {
    search_within(model, value, start, mode, limit, FIND_LIMIT.max(limit))
}

/// As [`search`], with `find` flows for the first assignment.
pub fn search_within(model: &Model, value: &Value<'_>, start: Branch, mode: Mode, limit: u32, find: u32) -> Found {
    let mut is_undecided = false;
    let mut learnt = Learnt::new(model, value);
    let root = network::solve(model, value, &start, &mut learnt);
    let mut nodes = 1;
    let (mut best, flows) = dive(model, value, &start, &root, &mut learnt);
    nodes += flows;
    let mut first = Open { branch: start, flow: root, depth: 0 };
    let worth_charging = value.largest() > 0 && first.flow.violations.is_empty() && mode == Mode::Whole;
    let mut grain = 1;
    if worth_charging && overfull(model, &first.flow.chosen).is_some() {
        grain = value.grain();
        let least = best.as_ref().map(|best| best.value);
        let charged = lagrange::charge(model, value, &first.branch, &first.flow, least, grain, &mut learnt);
        nodes += charged.flows;
        best = charged.best.or(best);
        first = Open { branch: charged.branch, flow: charged.flow, depth: 0 };
        let (found, flows) = dive(model, value, &first.branch, &first.flow, &mut learnt);
        nodes += flows;
        improve(&mut best, found);
    }
    let root = first.flow.clone();
    let mut open = vec![first];
    let mut next_dive = nodes + DIVE_EVERY;
    while let Some(at) = next(&open, grain, best.is_none()) {
        let node = open.swap_remove(at);
        let acceptable = mode == Mode::Partial || node.flow.violations.is_empty();
        if !acceptable || best.as_ref().is_some_and(|b| merit(b) >= potential(&node.flow, grain)) {
            continue;
        }
        let over = overfull(model, &node.flow.chosen);
        if over.is_none() {
            improve(&mut best, Some(node.flow.clone()));
        }
        let branches = match over {
            Some(over) => {
                let group = (over[0].0.application, over[0].0.employer);
                if node.branch.charges.contains_key(&group) {
                    share_out(model, &node.branch, group)
                } else {
                    split(model, &node.branch, &over)
                }
            }
            // The flow is the best of its branch unless a charge was paid for nothing.
            None => match slackest(model, &node) {
                Some(group) => share_out(model, &node.branch, group),
                None => continue,
            },
        };
        if nodes >= if best.is_some() { limit } else { find } {
            is_undecided = best.is_none();
            open.push(node);
            break;
        }
        for branch in branches {
            let flow = network::solve(model, value, &branch, &mut learnt);
            nodes += 1;
            if nodes >= next_dive && mode == Mode::Whole && best.is_some() {
                let (found, flows) = dive(model, value, &branch, &flow, &mut learnt);
                nodes += flows;
                next_dive = nodes + DIVE_EVERY;
                improve(&mut best, found);
            }
            open.push(Open { branch, flow, depth: node.depth + 1 });
        }
    }
    let left = open.iter().map(|o| potential(&o.flow, grain)).max();
    let own = best.as_ref().map(merit);
    let bound = left.max(own).unwrap_or_else(|| potential(&root, grain));
    Found { best, bound, root, nodes, is_undecided }
}

fn improve(best: &mut Option<Flow>, found: Option<Flow>) {
    if let Some(found) = found
        && best.as_ref().is_none_or(|best| merit(&found) > merit(best))
    {
        *best = Some(found);
    }
}

/// The employer for which the most was charged beyond what the flow uses of its cap.
fn slackest(model: &Model, node: &Open) -> Option<(u32, u32)> {
    let counts = lagrange::counts(model, &node.flow);
    let paid = |(group, charge): (&(u32, u32), &i64)| {
        let idle = i64::from(model.cap) - counts.get(group).copied().unwrap_or(0);
        (idle > 0).then_some((charge * idle, *group))
    };
    node.branch.charges.iter().filter_map(paid).max().map(|(_, group)| group)
}

/// Every way to share the cap of one employer out among its kinds of candidates for one application; the charge is then needless.
fn share_out(model: &Model, parent: &Branch, (application, employer): (u32, u32)) -> Vec<Branch> {
    let of_employer = |at: &usize| model.experts[index(model.columns[*at])].employer == employer;
    let kinds: BTreeSet<u8> =
        model.row(application).filter(of_employer).map(|at| model.kind(application, model.columns[at])).collect();
    let cells: Vec<Cell> = kinds.into_iter().map(|kind| Cell { application, employer, kind }).collect();
    let mut shares: Vec<Vec<u32>> = vec![Vec::new()];
    for at in 0..cells.len() {
        let last = at + 1 == cells.len();
        shares = shares
            .into_iter()
            .flat_map(|share| {
                let left = model.cap - share.iter().sum::<u32>();
                // The last kind takes the rest of the cap: less would only be a narrower branch.
                (if last { left } else { 0 }..=left).map(move |n| [share.clone(), vec![n]].concat())
            })
            .collect();
    }
    let branch = |share: Vec<u32>| {
        let mut branch = parent.clone();
        branch.charges.remove(&(application, employer));
        for (&cell, n) in cells.iter().zip(share) {
            if n < locked(model, parent, cell) {
                return None;
            }
            tighten(&mut branch, cell, n);
        }
        Some(branch)
    };
    shares.into_iter().filter_map(branch).collect()
}

/// A first assignment to beat: every overfull employer keeps its best candidates of each kind, until none is overfull or nothing is feasible.
pub fn dive(model: &Model, value: &Value<'_>, start: &Branch, root: &Flow, learnt: &mut Learnt) -> (Option<Flow>, u32) {
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

fn next(open: &[Open], grain: i64, diving: bool) -> Option<usize> {
    let rank = |o: &Open| (if diving { o.depth } else { 0 }, potential(&o.flow, grain), o.depth);
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
