//! The seat graph `expert → (kind, employer) → kind → seats`, with a complete seating in it that is changed by augmenting paths.
//!
//! Every seat is always taken, so bringing one expert in means letting another out. A *kind* is the set of an application's required roles
//! that an expert can fill. Experts of one employer but several kinds share a cap that no flow expresses: a path that would break it is
//! taken back and reported as unsure; a missing path is final, because the graph forbids nothing that the rules allow.

mod paths;

pub use paths::{Entered, Lifted, Ways};

use crate::assignment::{Assigned, Problem, SeatRole, role_bit};
use domain::rubric::ExpertRole;
use std::collections::{BTreeMap, HashMap, HashSet};

const NONE: u32 = u32::MAX;
const MANY: u32 = u32::MAX / 4;

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
    types: HashMap<(u32, Option<ExpertRole>), u32>,
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
        ExpertRole::ALL.iter().filter(|role| minima[**role as usize] > 0).fold(0, |bits, role| bits | role_bit(*role))
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
        let roles = ExpertRole::ALL.iter().copied().filter(|role| kind & role_bit(*role) != 0);
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
        let mut required: HashMap<(u32, ExpertRole), u32> = HashMap::new();
        for one in assigned {
            let (Some(&i), Some(&j)) = (applications.get(one.application.as_str()), experts.get(one.expert.as_str()))
            else {
                continue;
            };
            let minima = self.problem.applications[i as usize].minima;
            let seat = SeatRole::role(one.role).filter(|role| {
                let taken = required.entry((i, *role)).or_default();
                *taken += 1;
                *taken <= minima[*role as usize]
            });
            self.place(i, j, seat);
        }
    }

    fn place(&mut self, application: u32, expert: u32, seat: Option<ExpertRole>) {
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

    /// The seating that stands, as (expert, application).
    pub fn seating(&self) -> HashSet<(u32, u32)> {
        self.pairs.iter().filter(|(_, at)| self.free[**at as usize] == 0).map(|(pair, _)| *pair).collect()
    }

    pub fn seated(&self) -> impl Iterator<Item = u32> + '_ {
        (0..number(self.loads.len())).filter(|&j| self.loads[j as usize] > 0)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "problems of more than 2^30 of anything are refused before")]
fn number(n: usize) -> u32 {
    n as u32
}
