//! The problem in canonical order: people and applications sorted by id, pairs in compressed rows, rules resolved.
//!
//! Everything after this step depends only on what the problem says, never on the order in which it was written down.

mod locks;

pub use locks::BrokenLock;

use super::problem::{Affinity, Link, Objective, Problem, ProblemError};
use std::collections::{BTreeMap, BTreeSet};

/// Sizes beyond this are refused, so that 32-bit positions and flows suffice.
const LIMIT: usize = 1 << 30;

/// "No employer": no cap applies.
pub const FREE: u32 = u32::MAX;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Position in the problem.
    pub source: u32,
    pub demand: u32,
    pub minima: [u32; 3],
    /// Bit r: role r has a minimum.
    pub required: u8,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expert {
    pub source: u32,
    pub min_load: u32,
    pub max_load: u32,
    /// Bit r: may take role r; all bits if any role may be taken.
    pub roles: u8,
    /// Number of the employer, or [`FREE`].
    pub employer: u32,
}

#[derive(Clone)]
pub struct Model<'p> {
    pub problem: &'p Problem,
    pub applications: Vec<Application>,
    pub experts: Vec<Expert>,
    pub employers: u32,
    /// Row i of the pairs is `rows[i]..rows[i + 1]`, by expert; pairs in conflict are left out.
    pub rows: Vec<u32>,
    pub columns: Vec<u32>,
    /// Affinity in millionths.
    pub values: Vec<i32>,
    /// Positions of locked pairs, ascending.
    pub locks: Vec<u32>,
    pub broken_locks: Vec<BrokenLock>,
    /// Positions of pairs to be kept, ascending.
    pub kept: Vec<u32>,
    /// Reasons of conflict for (application, expert); positions in `problem.conflicts`.
    pub conflicts: BTreeMap<(u32, u32), Vec<u32>>,
    /// Canonical number of each application and expert of the problem.
    pub application_rank: Vec<u32>,
    pub expert_rank: Vec<u32>,
    pub cap: u32,
}

pub fn index(i: u32) -> usize {
    i as usize
}

/// A position as 32 bits; sizes are checked in [`Model::new`].
#[expect(clippy::cast_possible_truncation, reason = "the model refuses more than 2^30 of anything")]
pub fn number(i: usize) -> u32 {
    i as u32
}

/// A count as a flow; sizes are checked in [`Model::new`].
#[expect(clippy::cast_possible_wrap, reason = "the model refuses more than 2^30 of anything")]
pub fn units(i: u32) -> i32 {
    i as i32
}

/// Canonical order: `order[rank] = source`, `rank[source] = rank`; the error is an id that is empty or occurs twice.
fn ranks<'a>(ids: impl Iterator<Item = &'a str>) -> Result<(Vec<u32>, Vec<u32>), String> {
    let ids: Vec<&str> = ids.collect();
    let mut order: Vec<u32> = (0..number(ids.len())).collect();
    order.sort_unstable_by_key(|&s| ids[index(s)]);
    let mut rank = vec![0; ids.len()];
    for (r, &s) in order.iter().enumerate() {
        let same = r > 0 && ids[index(order[r - 1])] == ids[index(s)];
        if same || ids[index(s)].is_empty() {
            return Err(ids[index(s)].to_owned());
        }
        rank[index(s)] = number(r);
    }
    Ok((order, rank))
}

impl<'p> Model<'p> {
    /// # Errors
    /// [`ProblemError`] if ids repeat, bounds cross, a link points nowhere, a pair is listed twice, or anything exceeds 2³⁰.
    pub fn new(problem: &'p Problem) -> Result<Self, ProblemError> {
        check_sizes(problem)?;
        let (application_order, application_rank) =
            ranks(problem.applications.iter().map(|a| a.id.as_str())).map_err(ProblemError::ApplicationId)?;
        let (expert_order, expert_rank) =
            ranks(problem.experts.iter().map(|e| e.id.as_str())).map_err(ProblemError::ExpertId)?;
        let mut model = Self {
            problem,
            applications: application_order.iter().map(|&source| application(problem, source)).collect(),
            experts: Vec::new(),
            employers: 0,
            rows: Vec::new(),
            columns: Vec::new(),
            values: Vec::new(),
            locks: Vec::new(),
            broken_locks: Vec::new(),
            kept: Vec::new(),
            conflicts: BTreeMap::new(),
            application_rank,
            expert_rank,
            cap: problem.employer_cap,
        };
        model.read_experts(&expert_order)?;
        for (at, conflict) in problem.conflicts.iter().enumerate() {
            let key = model.canonical(conflict.link)?;
            model.conflicts.entry(key).or_default().push(number(at));
        }
        for reasons in model.conflicts.values_mut() {
            reasons.sort_unstable_by_key(|&at| &problem.conflicts[index(at)].reason);
        }
        model.read_pairs()?;
        model.read_locks()?;
        if let Objective::Keep(links) = &problem.objective {
            let mut kept = Vec::new();
            for &link in links {
                let (i, j) = model.canonical(link)?;
                kept.extend(model.position(i, j));
            }
            kept.sort_unstable();
            kept.dedup();
            model.kept = kept;
        }
        Ok(model)
    }

    fn read_experts(&mut self, order: &[u32]) -> Result<(), ProblemError> {
        let names: BTreeSet<&str> = self.problem.experts.iter().filter_map(|e| e.employer.as_deref()).collect();
        let numbers: BTreeMap<&str, u32> = names.into_iter().zip(0..).collect();
        self.employers = number(numbers.len());
        for &source in order {
            let e = &self.problem.experts[index(source)];
            if e.min_load > e.max_load {
                return Err(ProblemError::LoadBounds(e.id.clone()));
            }
            self.experts.push(Expert {
                source,
                min_load: e.min_load,
                max_load: e.max_load,
                roles: if e.roles.is_empty() { 0b111 } else { e.roles.bits() },
                employer: e.employer.as_deref().and_then(|name| numbers.get(name)).copied().unwrap_or(FREE),
            });
        }
        Ok(())
    }

    /// Pairs into rows by counting; rows that did not come in order are sorted.
    fn read_pairs(&mut self) -> Result<(), ProblemError> {
        let mut ends = vec![0_u32; self.applications.len() + 1];
        for pair in &self.problem.pairs {
            let (i, _) = self.canonical(Link { expert: pair.expert, application: pair.application })?;
            ends[index(i) + 1] += 1;
        }
        for i in 1..ends.len() {
            ends[i] += ends[i - 1];
        }
        let mut cells = vec![(0_u32, 0_i32); self.problem.pairs.len()];
        let mut next = ends.clone();
        for pair in &self.problem.pairs {
            let i = index(self.application_rank[index(pair.application)]);
            cells[index(next[i])] = (self.expert_rank[index(pair.expert)], pair.affinity.micro());
            next[i] += 1;
        }
        self.rows = vec![0];
        self.columns.reserve_exact(cells.len());
        self.values.reserve_exact(cells.len());
        for i in 0..self.applications.len() {
            let row = &mut cells[index(ends[i])..index(ends[i + 1])];
            if !row.is_sorted_by_key(|c| c.0) {
                row.sort_unstable_by_key(|c| c.0);
            }
            if let Some(twin) = row.windows(2).find(|w| w[0].0 == w[1].0) {
                let (application, expert) = self.ids(number(i), twin[0].0);
                return Err(ProblemError::DuplicatePair {
                    expert: expert.to_owned(),
                    application: application.to_owned(),
                });
            }
            let mut barred = self.conflicts.range((number(i), 0)..(number(i) + 1, 0)).map(|((_, j), _)| *j).peekable();
            for &(j, value) in row.iter() {
                while barred.next_if(|&b| b < j).is_some() {}
                if barred.peek() != Some(&j) {
                    self.columns.push(j);
                    self.values.push(value);
                }
            }
            self.rows.push(number(self.columns.len()));
        }
        Ok(())
    }

    /// (application, expert) in canonical numbers.
    pub fn canonical(&self, link: Link) -> Result<(u32, u32), ProblemError> {
        match (self.application_rank.get(index(link.application)), self.expert_rank.get(index(link.expert))) {
            (Some(&i), Some(&j)) => Ok((i, j)),
            _ => Err(ProblemError::UnknownLink(link)),
        }
    }

    pub fn row(&self, application: u32) -> std::ops::Range<usize> {
        index(self.rows[index(application)])..index(self.rows[index(application) + 1])
    }

    /// Position of a pair that is eligible and not in conflict.
    pub fn position(&self, application: u32, expert: u32) -> Option<u32> {
        let row = self.row(application);
        let within = self.columns[row.clone()].binary_search(&expert).ok()?;
        Some(number(row.start + within))
    }

    /// The application whose row holds this position.
    pub fn application_of(&self, position: u32) -> u32 {
        number(self.rows.partition_point(|&start| start <= position) - 1)
    }

    /// The required roles of the application that the expert can fill, as bits: the expert's kind there.
    pub fn kind(&self, application: u32, expert: u32) -> u8 {
        self.applications[index(application)].required & self.experts[index(expert)].roles
    }

    /// Ids of (application, expert).
    pub fn ids(&self, application: u32, expert: u32) -> (&'p str, &'p str) {
        (self.application_id(application), self.expert_id(expert))
    }

    pub fn application_id(&self, application: u32) -> &'p str {
        &self.problem.applications[index(self.applications[index(application)].source)].id
    }

    pub fn expert_id(&self, expert: u32) -> &'p str {
        &self.problem.experts[index(self.experts[index(expert)].source)].id
    }

    pub fn seats(&self) -> u32 {
        self.applications.iter().map(|a| a.demand).sum()
    }

    pub fn affinity(&self, position: u32) -> f64 {
        Affinity::from_micro(self.values[index(position)]).map_or(0.0, Affinity::to_f64)
    }
}

fn application(problem: &Problem, source: u32) -> Application {
    let a = &problem.applications[index(source)];
    let required = a.minima.iter().enumerate().filter(|(_, m)| **m > 0).fold(0, |bits, (r, _)| bits | 1 << r);
    Application { source, demand: a.demand, minima: a.minima, required }
}

fn check_sizes(problem: &Problem) -> Result<(), ProblemError> {
    let sum = |it: &mut dyn Iterator<Item = u32>| it.map(u64::from).sum::<u64>();
    let seats = sum(&mut problem.applications.iter().flat_map(|a| a.minima.into_iter().chain([a.demand])));
    let least = sum(&mut problem.experts.iter().map(|e| e.min_load));
    let most = problem.experts.iter().map(|e| e.max_load).max().unwrap_or(0);
    let lists = [
        problem.pairs.len(),
        problem.applications.len(),
        problem.experts.len(),
        problem.conflicts.len(),
        problem.locks.len(),
    ];
    let limit = LIMIT as u64;
    if seats > limit || least > limit || u64::from(most) > limit || lists.iter().any(|&n| n > LIMIT) {
        return Err(ProblemError::TooLarge);
    }
    Ok(())
}
