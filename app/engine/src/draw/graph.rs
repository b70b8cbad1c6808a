//! The seat graph `expert → (kind, employer) → kind → seats`, with a complete seating in it that is changed by augmenting paths.
//!
//! Every seat is always taken, so bringing one expert in means letting another out. A *kind* is the set of an application's required roles
//! that an expert can fill. Experts of one employer but several kinds share a cap that no flow expresses: a path that would break it is
//! taken back and reported as unsure; a missing path is final, because the graph forbids nothing that the rules allow.

use crate::assignment::{Assigned, Problem, Role, Seat};
use std::collections::{BTreeMap, HashMap, HashSet};

const NONE: u32 = u32::MAX;
const MANY: u32 = u32::MAX / 4;

/// What is set aside when asking why somebody cannot be seated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lifted {
    pub recusals: bool,
    pub employers: bool,
    pub roles: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entered {
    Seated,
    /// Proved: no seating of this kind.
    Blocked,
    /// The flow allows it, the employer cap across roles may not.
    Unsure,
}

pub struct Graph<'p> {
    problem: &'p Problem,
    heads: Vec<u32>,
    /// Residual capacity; the reverse of edge e is e ^ 1.
    free: Vec<u32>,
    out: Vec<Vec<u32>>,
    /// Application of an expert's edge, `NONE` for the others.
    application: Vec<u32>,
    cells: HashMap<(u32, u8, u32), u32>,
    kinds: HashMap<(u32, u8), u32>,
    types: HashMap<(u32, Option<Role>), u32>,
    /// Employer number of each expert, `NONE` if no cap applies.
    employers: Vec<u32>,
    /// Edge of each (expert, application).
    pairs: HashMap<(u32, u32), u32>,
    conflicts: HashSet<(u32, u32)>,
    listed: Vec<Vec<u32>>,
    designated: HashSet<(u32, u32)>,
    loads: Vec<u32>,
    /// Seats of one employer on one application.
    present: HashMap<(u32, u32), u32>,
}

impl<'p> Graph<'p> {
    pub fn new(problem: &'p Problem) -> Self {
        let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
        for employer in problem.experts.iter().filter_map(|e| e.employer.as_deref()) {
            let next = number(numbers.len());
            numbers.entry(employer).or_insert(next);
        }
        let employer = |name: &Option<String>| name.as_deref().and_then(|n| numbers.get(n)).copied().unwrap_or(NONE);
        let mut graph = Self {
            problem,
            heads: Vec::new(),
            free: Vec::new(),
            out: vec![Vec::new(); problem.experts.len()],
            application: Vec::new(),
            cells: HashMap::new(),
            kinds: HashMap::new(),
            types: HashMap::new(),
            employers: problem.experts.iter().map(|e| employer(&e.employer)).collect(),
            pairs: HashMap::new(),
            conflicts: problem.conflicts.iter().map(|c| (c.link.expert, c.link.application)).collect(),
            listed: vec![Vec::new(); problem.experts.len()],
            designated: problem.locks.iter().map(|l| (l.expert, l.application)).collect(),
            loads: vec![0; problem.experts.len()],
            present: HashMap::new(),
        };
        for pair in &problem.pairs {
            graph.listed[pair.expert as usize].push(pair.application);
            if !graph.conflicts.contains(&(pair.expert, pair.application)) {
                graph.add_pair(pair.expert, pair.application);
            }
        }
        graph
    }

    fn node(&mut self) -> u32 {
        self.out.push(Vec::new());
        number(self.out.len() - 1)
    }

    fn edge(&mut self, tail: u32, head: u32, capacity: u32, application: u32) -> u32 {
        let at = number(self.heads.len());
        self.heads.extend([head, tail]);
        self.free.extend([capacity, 0]);
        self.application.extend([application; 2]);
        self.out[tail as usize].push(at);
        self.out[head as usize].push(at + 1);
        at
    }

    fn add_pair(&mut self, expert: u32, application: u32) {
        let kind = self.kind(application, expert);
        let head = self.entrance(application, kind, self.employers[expert as usize]);
        let at = self.edge(expert, head, 1, application);
        self.pairs.insert((expert, application), at);
    }

    /// Required roles of the application that the expert can fill, as bits.
    fn kind(&self, application: u32, expert: u32) -> u8 {
        let roles = self.problem.experts[expert as usize].roles;
        let roles = if roles.is_empty() { 0b111 } else { roles.bits() };
        self.required(application) & roles
    }

    fn required(&self, application: u32) -> u8 {
        let minima = self.problem.applications[application as usize].minima;
        Role::ALL.iter().filter(|r| minima[r.index()] > 0).fold(0, |bits, r| bits | 1 << r.index())
    }

    /// Node at which an expert of this kind and employer comes in.
    fn entrance(&mut self, application: u32, kind: u8, employer: u32) -> u32 {
        if employer == NONE {
            return self.kind_node(application, kind);
        }
        if let Some(&node) = self.cells.get(&(application, kind, employer)) {
            return node;
        }
        let head = self.kind_node(application, kind);
        let node = self.node();
        self.edge(node, head, self.problem.employer_cap, NONE);
        self.cells.insert((application, kind, employer), node);
        node
    }

    fn kind_node(&mut self, application: u32, kind: u8) -> u32 {
        if let Some(&node) = self.kinds.get(&(application, kind)) {
            return node;
        }
        let node = self.node();
        self.kinds.insert((application, kind), node);
        let roles = Role::ALL.into_iter().filter(|r| kind & 1 << r.index() != 0);
        for seat in roles.map(Some).chain([None]) {
            let known = self.types.get(&(application, seat)).copied();
            let head = known.unwrap_or_else(|| {
                let head = self.node();
                self.types.insert((application, seat), head);
                head
            });
            self.edge(node, head, MANY, NONE);
        }
        node
    }

    /// Takes over a complete seating.
    pub fn settle(&mut self, assigned: &[Assigned]) {
        for at in (0..self.free.len()).step_by(2) {
            self.free[at] += self.free[at + 1];
            self.free[at + 1] = 0;
        }
        for pair in self.designated.iter().filter_map(|key| self.pairs.get(key)) {
            self.free[*pair as usize] = 1;
        }
        self.loads.fill(0);
        self.present.clear();
        let applications: HashMap<&str, u32> =
            self.problem.applications.iter().map(|a| a.id.as_str()).zip(0..).collect();
        let experts: HashMap<&str, u32> = self.problem.experts.iter().map(|e| e.id.as_str()).zip(0..).collect();
        let mut required: HashMap<(u32, Role), u32> = HashMap::new();
        for one in assigned {
            let (Some(&i), Some(&j)) = (applications.get(one.application.as_str()), experts.get(one.expert.as_str()))
            else {
                continue;
            };
            let minima = self.problem.applications[i as usize].minima;
            let seat = Seat::role(one.role).filter(|role| {
                let taken = required.entry((i, *role)).or_default();
                *taken += 1;
                *taken <= minima[role.index()]
            });
            self.place(i, j, seat);
        }
    }

    fn place(&mut self, application: u32, expert: u32, seat: Option<Role>) {
        let Some(&pair) = self.pairs.get(&(expert, application)) else { return };
        let kind = self.kind(application, expert);
        let (Some(&kind_node), Some(&type_node)) =
            (self.kinds.get(&(application, kind)), self.types.get(&(application, seat)))
        else {
            return;
        };
        let mut path = vec![pair];
        if self.heads[pair as usize] != kind_node {
            path.extend(self.between(self.heads[pair as usize], kind_node));
        }
        path.extend(self.between(kind_node, type_node));
        for at in path {
            self.push(at);
        }
        self.seat(expert, application);
        if self.designated.contains(&(expert, application)) {
            // A designated seat is not given up by any path.
            self.free[pair as usize + 1] = 0;
        }
    }

    fn between(&self, tail: u32, head: u32) -> Option<u32> {
        self.out[tail as usize].iter().copied().find(|&at| at % 2 == 0 && self.heads[at as usize] == head)
    }

    fn push(&mut self, at: u32) {
        self.free[at as usize] -= 1;
        self.free[(at ^ 1) as usize] += 1;
    }

    fn seat(&mut self, expert: u32, application: u32) {
        self.loads[expert as usize] += 1;
        let employer = self.employers[expert as usize];
        if employer != NONE {
            *self.present.entry((application, employer)).or_default() += 1;
        }
    }

    fn unseat(&mut self, expert: u32, application: u32) {
        self.loads[expert as usize] -= 1;
        let employer = self.employers[expert as usize];
        if let Some(count) = self.present.get_mut(&(application, employer)) {
            *count -= 1;
        }
    }

    /// Whether an employer has candidates of several kinds for one application, so that the flow alone does not decide.
    pub fn crosses(&self) -> bool {
        let mut seen = HashSet::new();
        self.cells.keys().any(|&(application, _, employer)| !seen.insert((application, employer)))
    }

    pub fn load(&self, expert: u32) -> u32 {
        self.loads[expert as usize]
    }

    /// Applications the expert is listed for, recused or not.
    pub fn listed(&self, expert: u32) -> &[u32] {
        &self.listed[expert as usize]
    }

    pub fn seated(&self) -> impl Iterator<Item = u32> + '_ {
        (0..number(self.loads.len())).filter(|&j| self.loads[j as usize] > 0)
    }

    /// Seats the expert `units` times more, each time letting out somebody of whom `releasable` (expert, load) is true. All or nothing.
    pub fn enter(&mut self, expert: u32, units: u32, releasable: impl Fn(u32, u32) -> bool) -> Entered {
        let mut done: Vec<Vec<u32>> = Vec::new();
        for _ in 0..units {
            let starts: Vec<u32> =
                self.out[expert as usize].iter().copied().filter(|&at| self.free[at as usize] > 0).collect();
            let Some(path) = self.path(&starts, expert, &releasable) else {
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
            let roles = Role::ALL.into_iter().filter(|r| kind & 1 << r.index() != 0);
            nodes.extend(roles.map(Some).chain([None]).filter_map(|seat| self.types.get(&(application, seat))));
        }
        self.reach(nodes, expert, &releasable).is_some()
    }

    fn path(&self, starts: &[u32], expert: u32, releasable: &impl Fn(u32, u32) -> bool) -> Option<Vec<u32>> {
        let nodes = starts.iter().map(|&at| self.heads[at as usize]).collect();
        let mut path = self.reach(nodes, expert, releasable)?;
        let first = path.first().map(|&at| self.heads[(at ^ 1) as usize])?;
        let start = starts.iter().copied().find(|&at| self.heads[at as usize] == first)?;
        path.insert(0, start);
        Some(path)
    }

    /// Breadth first from the nodes to an expert who may be let out; the edges of the way.
    fn reach(&self, nodes: Vec<u32>, expert: u32, releasable: &impl Fn(u32, u32) -> bool) -> Option<Vec<u32>> {
        let experts = number(self.loads.len());
        let mut came: HashMap<u32, u32> = nodes.iter().map(|&node| (node, NONE)).collect();
        came.insert(expert, NONE);
        let mut queue = std::collections::VecDeque::from(nodes);
        while let Some(node) = queue.pop_front() {
            for &at in &self.out[node as usize] {
                let head = self.heads[at as usize];
                if self.free[at as usize] == 0 || came.contains_key(&head) {
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

#[expect(clippy::cast_possible_truncation, reason = "problems of more than 2^30 of anything are refused before")]
fn number(n: usize) -> u32 {
    n as u32
}
