//! One exact relaxation: the flow `application → role → kind → (kind, employer) → expert → root`.
//!
//! A *kind* is the set of an application's required roles that an expert can fill. Experts of one kind and one employer share a
//! *cell* with the employer's cap, which is exact unless an employer has candidates of several kinds for one application;
//! `branch` closes that gap. Cells are made when first exceeded and arcs when first worth using (column and row generation), so the flow stays
//! sparse while the optimum is that of the full problem.

use super::layout::{Cell, Layout, Node};
use super::model::{FREE, Model, index, number, units};
use super::simplex::Simplex;
use super::value::Value;
use std::collections::{BTreeMap, BTreeSet};

const NONE: u32 = u32::MAX;

/// Best-suited candidates per application that are offered from the start, beyond its demand.
const FIRST_OFFER: usize = 12;

/// Candidates added per application and round of pricing.
const LATER_OFFER: usize = 8;

/// The rules of a branch, in addition to the problem's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Branch {
    /// Tighter caps.
    pub caps: BTreeMap<Cell, u32>,
    /// Pairs that must not be used, by position.
    pub barred: BTreeSet<u32>,
    /// Pairs that must be used, by position.
    pub forced: BTreeSet<u32>,
    /// Per application the least affinity of a pair that may be used; empty: any.
    pub least: Vec<i64>,
    /// Above 0: the charge on each candidate of this employer for this application, in place of their common cap. The
    /// charge on as many as the cap allows is given back, so the value of the flow bounds every assignment that keeps the cap.
    pub charges: BTreeMap<(u32, u32), i64>,
}

impl Branch {
    /// Whether the pair must be used, by a lock or by the branch.
    pub fn is_fixed(&self, model: &Model, at: u32) -> bool {
        self.forced.contains(&at) || model.locks.binary_search(&at).is_ok()
    }

    /// The charge on the pair, to be taken from its value.
    fn charge(&self, model: &Model, at: u32) -> i64 {
        if self.charges.is_empty() {
            return 0;
        }
        let employer = model.experts[index(model.columns[index(at)])].employer;
        self.charges.get(&(model.application_of(at), employer)).copied().unwrap_or(0)
    }

    /// Every pair that must be used, ascending.
    pub fn fixed<'a>(&'a self, model: &'a Model) -> impl Iterator<Item = u32> + 'a {
        let more = self.forced.iter().copied().filter(|at| model.locks.binary_search(at).is_err());
        model.locks.iter().copied().chain(more)
    }
}

/// Cells and arcs found useful so far; every further flow over the same model starts with them.
pub struct Learnt {
    cells: BTreeSet<Cell>,
    offered: Vec<u32>,
    is_offered: Vec<u64>,
}

/// An optimal flow.
#[derive(Debug, Clone)]
pub struct Flow {
    /// Positions of the chosen pairs, ascending.
    pub chosen: Vec<u32>,
    /// Sum of the values of the chosen pairs.
    pub value: i64,
    /// No flow that keeps the charged caps is worth more; the value itself where nothing is charged.
    pub bound: i64,
    /// Empty if feasible.
    pub violations: Vec<Violation>,
    pub prices: Prices,
}

/// Supply that could not be placed at a node; below 0, need that could not be met.
#[derive(Debug, Clone, Copy)]
pub struct Violation {
    pub node: Node,
    pub units: i32,
}

/// Dual values of the flow, in units of [`Value`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prices {
    /// Price of a seat of each application.
    pub seats: Vec<i64>,
    /// Reward, ≥ 0, for filling a required role.
    pub roles: Vec<[i64; 3]>,
    /// Price of an expert: above 0 at full load, below 0 at the least load.
    pub experts: Vec<i64>,
}

impl Learnt {
    /// Offers each application its best candidates, and whatever must or should be used.
    pub fn new(model: &Model, value: &Value<'_>) -> Self {
        let words = model.columns.len().div_ceil(64);
        let mut learnt = Self { cells: BTreeSet::new(), offered: Vec::new(), is_offered: vec![0; words] };
        let mut best: Vec<u32> = Vec::new();
        for i in 0..number(model.applications.len()) {
            best.clear();
            best.extend(model.row(i).map(number));
            let wanted = index(model.applications[index(i)].demand) + FIRST_OFFER;
            if best.len() > wanted {
                best.select_nth_unstable_by_key(wanted, |&at| (-value.of(i, at), at));
                best.truncate(wanted);
            }
            for &at in &best {
                learnt.offer(at);
            }
        }
        for &at in &model.kept {
            learnt.offer(at);
        }
        learnt
    }

    fn offer(&mut self, at: u32) {
        let (word, bit) = (index(at) / 64, 1 << (at % 64));
        if self.is_offered[word] & bit == 0 {
            self.is_offered[word] |= bit;
            self.offered.push(at);
        }
    }

    fn has(&self, at: u32) -> bool {
        self.is_offered[index(at) / 64] & (1 << (at % 64)) != 0
    }
}

/// The best flow under the problem's rules and those of the branch; employer caps hold per cell.
pub fn solve(model: &Model, value: &Value<'_>, branch: &Branch, learnt: &mut Learnt) -> Flow {
    learnt.cells.extend(branch.caps.keys());
    loop {
        let mut net = Net::new(model, value, branch, learnt);
        net.offer_all(learnt);
        net.simplex.run();
        while net.price_out(learnt) {
            net.simplex.run();
        }
        let chosen = net.chosen(learnt);
        let exceeded = exceeded(model, &chosen, &learnt.cells);
        if exceeded.is_empty() {
            let total = chosen.iter().map(|&at| value.of(model.application_of(at), at)).sum();
            let charged: i64 = chosen.iter().map(|&at| branch.charge(model, at)).sum();
            let allowed: i64 = branch.charges.values().map(|charge| charge * i64::from(model.cap)).sum();
            let bound = total - charged + allowed;
            return Flow { value: total, bound, violations: net.violations(), prices: net.prices(), chosen };
        }
        learnt.cells.extend(exceeded);
    }
}

/// Cells that hold more than the cap and are not yet in the network.
fn exceeded(model: &Model, chosen: &[u32], known: &BTreeSet<Cell>) -> Vec<Cell> {
    let mut counts: BTreeMap<Cell, u32> = BTreeMap::new();
    for &at in chosen {
        let j = model.columns[index(at)];
        let employer = model.experts[index(j)].employer;
        if employer != FREE {
            let application = model.application_of(at);
            *counts.entry(Cell { application, employer, kind: model.kind(application, j) }).or_default() += 1;
        }
    }
    counts.into_iter().filter(|(cell, n)| *n > model.cap && !known.contains(cell)).map(|(cell, _)| cell).collect()
}

struct Net<'a, 'p> {
    model: &'a Model<'p>,
    value: &'a Value<'a>,
    branch: &'a Branch,
    simplex: Simplex,
    nodes: Vec<Node>,
    /// Node at which candidates of each kind enter, per application; only looked at for applications with required roles.
    kinds: Vec<[u32; 8]>,
    /// Per application: its cells and their nodes. A cell of capacity 0 has the node `NONE`.
    cells: BTreeMap<Cell, u32>,
    /// Whether an application has cells.
    has_cells: Vec<bool>,
    /// Whether the branch charges some of an application's candidates.
    has_charges: Vec<bool>,
    /// Arc of each offered pair, in the order of offering; `NONE` if barred or locked.
    arcs: Vec<u32>,
}

impl<'a, 'p> Net<'a, 'p> {
    fn new(model: &'a Model<'p>, value: &'a Value<'a>, branch: &'a Branch, learnt: &Learnt) -> Self {
        let mut layout = Layout::new(model);
        for &cell in &learnt.cells {
            layout.add_cell(cell, branch.caps.get(&cell).copied().unwrap_or(model.cap));
        }
        let mut supply = layout.supply;
        for at in branch.fixed(model) {
            let i = model.application_of(at);
            let j = model.columns[index(at)];
            let cell = Cell { application: i, employer: model.experts[index(j)].employer, kind: model.kind(i, j) };
            let tail = layout.cells.get(&cell).copied().unwrap_or(layout.kinds[index(i)][usize::from(cell.kind)]);
            supply[index(tail)] -= 1;
            supply[index(j)] += 1;
        }
        let mut room = vec![0; layout.nodes.len()];
        for (j, expert) in model.experts.iter().enumerate() {
            room[j] = units(expert.max_load - expert.min_load);
        }
        let mut has_charges = vec![false; model.applications.len()];
        for &(application, _) in branch.charges.keys() {
            has_charges[index(application)] = true;
        }
        let longest = i64::from(number(layout.nodes.len() + 1)) * 2;
        let dearest = branch.charges.values().copied().max().unwrap_or(0);
        let prohibitive = if value.largest() + dearest == 0 { 1 } else { (value.largest() + dearest + 1) * longest };
        let mut simplex = Simplex::new(&supply, &room, prohibitive);
        for &(tail, head, capacity) in &layout.links {
            simplex.add_arc(tail, head, capacity, 0);
        }
        Self {
            model,
            value,
            branch,
            simplex,
            nodes: layout.nodes,
            kinds: layout.kinds,
            cells: layout.cells,
            has_cells: layout.has_cells,
            has_charges,
            arcs: Vec::new(),
        }
    }

    /// Value after charges.
    fn worth(&self, application: u32, expert: u32, at: u32) -> i64 {
        let value = self.value.of(application, at);
        if !self.has_charges[index(application)] {
            return value;
        }
        let employer = self.model.experts[index(expert)].employer;
        value - self.branch.charges.get(&(application, employer)).copied().unwrap_or(0)
    }

    /// Node from which a pair's arc starts.
    fn tail(&self, application: u32, expert: u32) -> u32 {
        let kind = self.model.kind(application, expert);
        if self.has_cells[index(application)] {
            let employer = self.model.experts[index(expert)].employer;
            if let Some(&node) = self.cells.get(&Cell { application, employer, kind }) {
                return node;
            }
        }
        self.kinds[index(application)][usize::from(kind)]
    }

    /// Whether the flow does not decide about the pair.
    fn is_excluded(&self, application: u32, at: u32) -> bool {
        let least = self.branch.least.get(index(application)).copied().unwrap_or(i64::MIN);
        self.branch.is_fixed(self.model, at)
            || self.branch.barred.contains(&at)
            || i64::from(self.model.values[index(at)]) < least
    }

    /// Adds arcs for the offered pairs that have none yet.
    fn offer_all(&mut self, learnt: &Learnt) {
        for &at in &learnt.offered[self.arcs.len()..] {
            let i = self.model.application_of(at);
            let j = self.model.columns[index(at)];
            let arc = if self.is_excluded(i, at) {
                NONE
            } else {
                self.simplex.add_arc(self.tail(i, j), j, 1, -self.worth(i, j, at))
            };
            self.arcs.push(arc);
        }
    }

    /// Offers the pairs that would improve the flow; false if there are none, which proves the flow optimal over all pairs.
    fn price_out(&mut self, learnt: &mut Learnt) -> bool {
        let before = learnt.offered.len();
        let mut found: Vec<(i64, u32)> = Vec::new();
        let experts: Vec<i64> = (0..number(self.model.experts.len())).map(|j| self.simplex.potential(j)).collect();
        for i in 0..number(self.model.applications.len()) {
            found.clear();
            let plain = !self.has_cells[index(i)] && self.model.applications[index(i)].required == 0;
            let seat = self.simplex.potential(self.kinds[index(i)][0]);
            for at in self.model.row(i) {
                let j = self.model.columns[at];
                let start = if plain { seat } else { self.simplex.potential(self.tail(i, j)) };
                let gain = self.worth(i, j, number(at)) + experts[index(j)] - start;
                if gain > 0 && !learnt.has(number(at)) && !self.is_excluded(i, number(at)) {
                    found.push((-gain, number(at)));
                }
            }
            if found.len() > LATER_OFFER {
                found.select_nth_unstable(LATER_OFFER);
                found.truncate(LATER_OFFER);
            }
            found.sort_unstable();
            for &(_, at) in &found {
                learnt.offer(at);
            }
        }
        self.offer_all(learnt);
        learnt.offered.len() > before
    }

    fn chosen(&self, learnt: &Learnt) -> Vec<u32> {
        let used =
            learnt.offered.iter().zip(&self.arcs).filter(|(_, arc)| **arc != NONE && self.simplex.flow(**arc) > 0);
        let mut chosen: Vec<u32> = used.map(|(&at, _)| at).chain(self.branch.fixed(self.model)).collect();
        chosen.sort_unstable();
        chosen
    }

    fn violations(&self) -> Vec<Violation> {
        let all = self.nodes.iter().zip(0..).map(|(&node, v)| Violation { node, units: self.simplex.violation(v) });
        all.filter(|violation| violation.units != 0).collect()
    }

    fn prices(&self) -> Prices {
        let count = self.model.experts.len();
        let mut prices =
            Prices { experts: (0..number(count)).map(|j| -self.simplex.potential(j)).collect(), ..Prices::default() };
        for (i, application) in self.model.applications.iter().enumerate() {
            let seat = self.simplex.potential(number(count + i));
            let mut roles = [0; 3];
            for (r, reward) in roles.iter_mut().enumerate() {
                if application.required & 1 << r != 0 {
                    *reward = seat - self.simplex.potential(self.kinds[i][1 << r]);
                }
            }
            prices.seats.push(seat);
            prices.roles.push(roles);
        }
        prices
    }
}
