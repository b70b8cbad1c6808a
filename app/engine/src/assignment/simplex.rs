//! Primal network simplex on a strongly feasible spanning tree, with block pricing.
//!
//! Source: Ahuja, Magnanti and Orlin (1993), "Network Flows", ch. 11; block pricing and the tie rule for the leaving arc as
//! described by Kovács (2015), "Minimum-cost flow algorithms: an experimental evaluation", Optim. Methods Softw. 30(1).

/// Capacity that never binds.
pub const UNLIMITED: i32 = i32::MAX / 2;

const NONE: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct Arc {
    tail: u32,
    head: u32,
    cost: i64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ArcState {
    Tree,
    /// Not in the tree, flow 0.
    Lower,
    /// Not in the tree, flow at capacity.
    Upper,
}

/// A node of the spanning tree: its parent, the arc to it, and its siblings in a doubly linked list.
#[derive(Clone, Copy)]
struct TreeNode {
    parent: u32,
    arc: u32,
    depth: u32,
    child: u32,
    next: u32,
    previous: u32,
    /// Whether the arc leads from the node to its parent.
    upward: bool,
}

/// A minimum-cost flow towards the root, which absorbs whatever is supplied.
///
/// Every node has an artificial arc to or from the root at a prohibitive cost, unless its supply fits its own root arc, so there is always a flow; what remains on artificial arcs is
/// the least possible violation. Arcs may be added after a run: the next run continues from the tree reached.
pub struct Simplex {
    arcs: Vec<Arc>,
    flow: Vec<i32>,
    capacity: Vec<i32>,
    state: Vec<ArcState>,
    tree: Vec<TreeNode>,
    potential: Vec<i64>,
    root: u32,
    /// Artificial arc of each node, `NONE` if it needs none.
    artificial: Vec<u32>,
    /// The arc priced last; pricing goes on behind it.
    last_priced: usize,
}

/// The arc that leaves the tree.
enum Leaving {
    /// The entering arc itself: it goes from one bound to the other.
    Entering,
    /// The arc from this node to its parent, on the entering arc's upstream side.
    First(u32),
    /// The arc from this node to its parent, on the entering arc's downstream side.
    Second(u32),
}

fn index(i: u32) -> usize {
    i as usize
}

/// Positions are checked against 2^30 when the model is built.
#[expect(clippy::cast_possible_truncation, reason = "the model refuses more than 2^30 arcs or nodes")]
fn id(i: usize) -> u32 {
    i as u32
}

impl Simplex {
    /// `supply[v]` units start at node v (negative: are wanted); `root_room[v]` is the capacity of v's free arc to the root, 0 for none.
    /// `prohibitive`: cost of one unit of violation, above the cost of any simple path.
    pub fn new(supply: &[i32], root_room: &[i32], prohibitive: i64) -> Self {
        let n = supply.len();
        let root = id(n);
        let blank =
            TreeNode { parent: NONE, arc: NONE, depth: 0, child: NONE, next: NONE, previous: NONE, upward: true };
        let mut simplex = Self {
            arcs: Vec::new(),
            flow: Vec::new(),
            capacity: Vec::new(),
            state: Vec::new(),
            tree: vec![blank; n + 1],
            potential: vec![0; n + 1],
            root,
            artificial: vec![NONE; n],
            last_priced: 0,
        };
        for (v, (&s, &room)) in supply.iter().zip(root_room).enumerate() {
            let node = id(v);
            let own = (room > 0).then(|| simplex.add_arc(node, root, room, 0));
            let arc = match own {
                Some(arc) if (0..room).contains(&s) => arc,
                _ => {
                    let (tail, head) = if s >= 0 { (node, root) } else { (root, node) };
                    // Where nothing is supplied, or the root arc takes the surplus, a violation is never better than one elsewhere.
                    let cost = if s < 0 || (s > 0 && room == 0) { prohibitive } else { 3 * prohibitive };
                    let arc = simplex.add_arc(tail, head, UNLIMITED, cost);
                    simplex.artificial[v] = arc;
                    arc
                }
            };
            let a = simplex.arcs[index(arc)];
            simplex.flow[index(arc)] = s.abs();
            simplex.state[index(arc)] = ArcState::Tree;
            simplex.potential[v] = if a.tail == node { -a.cost } else { a.cost };
            simplex.attach(node, root, arc);
            simplex.tree[v].depth = 1;
        }
        simplex
    }

    /// Adds an arc with flow 0; returns its number.
    pub fn add_arc(&mut self, tail: u32, head: u32, capacity: i32, cost: i64) -> u32 {
        let arc = id(self.arcs.len());
        self.arcs.push(Arc { tail, head, cost });
        self.flow.push(0);
        self.capacity.push(capacity);
        self.state.push(ArcState::Lower);
        arc
    }

    pub fn flow(&self, arc: u32) -> i32 {
        self.flow[index(arc)]
    }

    /// Potential relative to the root: `cost + potential(tail) − potential(head) ≥ 0` on every arc that is not full, `≤ 0` on every arc that carries flow.
    pub fn potential(&self, node: u32) -> i64 {
        self.potential[index(node)] - self.potential[index(self.root)]
    }

    /// Units of node v's supply (negative: of its need) that could not be placed.
    pub fn violation(&self, node: u32) -> i32 {
        match self.artificial[index(node)] {
            NONE => 0,
            arc if self.arcs[index(arc)].tail == node => self.flow[index(arc)],
            arc => -self.flow[index(arc)],
        }
    }

    /// Pivots until no arc has a favourable reduced cost.
    pub fn run(&mut self) {
        let block = self.arcs.len().isqrt().max(32);
        while let Some(entering) = self.find_entering_arc(block) {
            self.pivot(entering);
        }
    }

    /// Block search: the most favourable arc of the next block that holds one.
    fn find_entering_arc(&mut self, block: usize) -> Option<u32> {
        let m = self.arcs.len();
        let mut best = 0;
        let mut entering = None;
        let mut at = self.last_priced;
        let mut left = block;
        for _ in 0..m {
            at = if at + 1 >= m { 0 } else { at + 1 };
            let gain = match self.state[at] {
                ArcState::Tree => 0,
                ArcState::Lower => -self.reduced_cost(at),
                ArcState::Upper => self.reduced_cost(at),
            };
            if gain > best {
                best = gain;
                entering = Some(id(at));
            }
            left -= 1;
            if left == 0 {
                if entering.is_some() {
                    break;
                }
                left = block;
            }
        }
        self.last_priced = at;
        entering
    }

    fn reduced_cost(&self, arc: usize) -> i64 {
        let a = self.arcs[arc];
        a.cost + self.potential[index(a.tail)] - self.potential[index(a.head)]
    }

    fn pivot(&mut self, entering: u32) {
        let a = self.arcs[index(entering)];
        // Flow will run from `first` through the entering arc to `second` and back through the tree.
        let (first, second) =
            if self.state[index(entering)] == ArcState::Lower { (a.tail, a.head) } else { (a.head, a.tail) };
        let join = self.find_join_node(first, second);
        let (amount, leaving) = self.find_leaving_arc(entering, first, second, join);
        self.change_flow(entering, first, second, join, amount);
        let (out, bottom, top) = match leaving {
            Leaving::Entering => {
                let state = &mut self.state[index(entering)];
                *state = if *state == ArcState::Lower { ArcState::Upper } else { ArcState::Lower };
                return;
            }
            Leaving::First(out) => (out, first, second),
            Leaving::Second(out) => (out, second, first),
        };
        let leaving = index(self.tree[index(out)].arc);
        self.state[leaving] = if self.flow[leaving] == 0 { ArcState::Lower } else { ArcState::Upper };
        self.state[index(entering)] = ArcState::Tree;
        self.update_tree(out, bottom, top, entering);
    }

    /// The first node that the tree paths from both nodes to the root share.
    fn find_join_node(&self, mut u: u32, mut v: u32) -> u32 {
        while u != v {
            if self.tree[index(u)].depth >= self.tree[index(v)].depth {
                u = self.tree[index(u)].parent;
            } else {
                v = self.tree[index(v)].parent;
            }
        }
        u
    }

    /// The most flow that the cycle takes, and the arc that limits it: of several the last one going round from the join, which
    /// keeps the tree strongly feasible and so excludes cycling.
    fn find_leaving_arc(&self, entering: u32, first: u32, second: u32, join: u32) -> (i32, Leaving) {
        let mut amount = self.capacity[index(entering)];
        let mut leaving = Leaving::Entering;
        let mut u = first;
        while u != join {
            let node = self.tree[index(u)];
            let residual = self.residual_capacity(node.arc, !node.upward);
            if residual < amount {
                amount = residual;
                leaving = Leaving::First(u);
            }
            u = node.parent;
        }
        u = second;
        while u != join {
            let node = self.tree[index(u)];
            let residual = self.residual_capacity(node.arc, node.upward);
            if residual <= amount {
                amount = residual;
                leaving = Leaving::Second(u);
            }
            u = node.parent;
        }
        (amount, leaving)
    }

    fn residual_capacity(&self, arc: u32, forward: bool) -> i32 {
        let flow = self.flow[index(arc)];
        match self.capacity[index(arc)] {
            _ if !forward => flow,
            UNLIMITED => UNLIMITED,
            capacity => capacity - flow,
        }
    }

    fn change_flow(&mut self, entering: u32, first: u32, second: u32, join: u32, amount: i32) {
        if amount == 0 {
            return;
        }
        let forward = self.state[index(entering)] == ArcState::Lower;
        self.flow[index(entering)] += if forward { amount } else { -amount };
        for (start, with) in [(first, false), (second, true)] {
            let mut u = start;
            while u != join {
                let node = self.tree[index(u)];
                self.flow[index(node.arc)] += if node.upward == with { amount } else { -amount };
                u = node.parent;
            }
        }
    }

    /// Cuts the subtree at `out` off its parent, turns it over so that `bottom` is on top, and hangs it under `top` by the entering arc.
    fn update_tree(&mut self, out: u32, bottom: u32, top: u32, entering: u32) {
        let a = self.arcs[index(entering)];
        let level = self.potential[index(top)];
        let shift = if a.tail == bottom { level - a.cost } else { level + a.cost } - self.potential[index(bottom)];
        let (mut node, mut parent, mut arc) = (bottom, top, entering);
        loop {
            let old = self.tree[index(node)];
            self.detach(node);
            self.attach(node, parent, arc);
            if node == out {
                break;
            }
            (parent, arc, node) = (node, old.arc, old.parent);
        }
        self.update_potentials(bottom, shift);
    }

    fn detach(&mut self, node: u32) {
        let TreeNode { parent, next, previous, .. } = self.tree[index(node)];
        if previous == NONE {
            self.tree[index(parent)].child = next;
        } else {
            self.tree[index(previous)].next = next;
        }
        if next != NONE {
            self.tree[index(next)].previous = previous;
        }
    }

    fn attach(&mut self, node: u32, parent: u32, arc: u32) {
        let next = self.tree[index(parent)].child;
        self.tree[index(parent)].child = node;
        if next != NONE {
            self.tree[index(next)].previous = node;
        }
        let upward = self.arcs[index(arc)].tail == node;
        let own = &mut self.tree[index(node)];
        (own.parent, own.arc, own.next, own.previous, own.upward) = (parent, arc, next, NONE, upward);
    }

    /// Shifts the potentials of a subtree and renews its depths, walking it without a stack.
    fn update_potentials(&mut self, top: u32, shift: i64) {
        let mut node = top;
        loop {
            let depth = self.tree[index(self.tree[index(node)].parent)].depth + 1;
            self.tree[index(node)].depth = depth;
            self.potential[index(node)] += shift;
            let mut step = self.tree[index(node)].child;
            while step == NONE {
                if node == top {
                    return;
                }
                step = self.tree[index(node)].next;
                if step == NONE {
                    node = self.tree[index(node)].parent;
                }
            }
            node = step;
        }
    }
}
