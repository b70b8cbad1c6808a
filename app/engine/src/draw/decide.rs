//! Decisions about experts whom paths alone can neither seat nor refuse: caps that cross roles.

mod core;

use crate::assignment::{Assigned, Decider, Problem, ProblemError, Seatable, seatable_by_cells};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};

/// Flows that one decision may solve.
pub const FLOWS_EACH: u32 = 10_000;
/// Flows that all decisions of a walk may solve.
pub const FLOW_LIMIT: u32 = 100_000;

/// The version of the walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// `draw/1`: every doubt went to a search that branches on cells; old records rest on it.
    One,
    /// `draw/2`: paths within the caps, places of the employer, then a bounded search with charges.
    Two,
}

/// The number of experts decided about in each way (判定方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Decisions {
    /// Accepted by augmenting paths.
    pub by_paths: u32,
    /// Refused because colleagues who were accepted hold every place of the employer.
    pub by_places: u32,
    /// Decided by branch and bound, with proof.
    pub by_search: u32,
    /// Passed over because the limit came first.
    pub undecided: u32,
    /// Flows solved, and the most that all decisions together may solve.
    pub flows: u32,
    pub flow_limit: u32,
}

impl Decisions {
    /// In the words of the record.
    pub fn text(&self) -> String {
        let Self { by_paths, by_places, by_search, undecided, flows, flow_limit } = self;
        let rest = if *undecided == 0 {
            String::new()
        } else {
            format!("，限度内未能判定而不予抽取 {undecided} 人")
        };
        format!(
            "可否就座的判定：增广路 {by_paths} 人，同单位名额 {by_places} 人，分支定界（有证明）{by_search} 人{rest}；\
             共解流 {flows} 次，限 {flow_limit} 次"
        )
    }
}

pub enum Verdict {
    Seated(Vec<Assigned>),
    /// Proved.
    Refuted,
    Undecided,
}

pub struct Judge {
    pub version: Version,
    pub decisions: Decisions,
    decider: Decider,
    /// Applications open to each expert.
    open: Vec<Vec<u32>>,
}

impl Judge {
    pub fn new(problem: &Problem, version: Version) -> Self {
        let barred: HashSet<(u32, u32)> =
            problem.conflicts.iter().map(|c| (c.link.expert, c.link.application)).collect();
        let mut open = vec![Vec::new(); problem.experts.len()];
        for pair in problem.pairs.iter().filter(|pair| !barred.contains(&(pair.expert, pair.application))) {
            open[pair.expert as usize].push(pair.application);
        }
        let decisions = Decisions { flow_limit: FLOW_LIMIT, ..Decisions::default() };
        Self { version, decisions, decider: Decider::default(), open }
    }

    /// Searches for a complete seating within what is left of the flows. `seated`: those in the seating that stands.
    ///
    /// In a large pool the search looks among few candidates for every seat first: a seating found there is one of the whole pool, and
    /// the charges of a refusal there mostly refuse the whole pool with the first flow.
    pub fn search(&mut self, problem: &Problem, seated: &HashSet<u32>) -> Result<Seatable, ProblemError> {
        if problem.experts.iter().any(|expert| expert.min_load > expert.max_load) {
            return Ok(Seatable::No);
        }
        if self.version == Version::One {
            return seatable_by_cells(problem, FLOW_LIMIT);
        }
        let core = core::of(problem, seated);
        if core.len() * 2 < problem.experts.len() {
            let found = self.decide(&core::restricted(problem, &core))?;
            if found.is_yes() {
                return Ok(found);
            }
        }
        let open: Vec<u32> = (0..).zip(&problem.experts).filter(|(_, e)| e.max_load > 0).map(|(j, _)| j).collect();
        self.decide(&core::restricted(problem, &open))
    }

    fn decide(&mut self, problem: &Problem) -> Result<Seatable, ProblemError> {
        let left = self.decisions.flow_limit.saturating_sub(self.decisions.flows);
        if left == 0 {
            return Ok(Seatable::Undecided);
        }
        let found = self.decider.decide(problem, left.min(FLOWS_EACH))?;
        self.decisions.flows = self.decider.flows;
        Ok(found)
    }

    pub fn count(&mut self, found: Seatable) -> Verdict {
        match found {
            Seatable::Undecided => {
                self.decisions.undecided += 1;
                Verdict::Undecided
            }
            Seatable::Yes(seating) => {
                self.decisions.by_search += 1;
                Verdict::Seated(seating)
            }
            Seatable::No => {
                self.decisions.by_search += 1;
                Verdict::Refuted
            }
        }
    }

    /// Whether the accepted of the expert's employer and the expert can have places under the employer's cap, all other rules set aside: a matching of
    /// their least loads to applications, each with the cap. False is a proof that they cannot all be seated.
    pub fn has_place(&mut self, problem: &Problem, accepted: &HashSet<u32>, expert: u32) -> bool {
        let employer = &problem.experts[expert as usize].employer;
        if employer.is_none() {
            return true;
        }
        let mut held: Vec<u32> =
            accepted.iter().copied().filter(|&j| problem.experts[j as usize].employer == *employer).collect();
        held.push(expert);
        held.sort_unstable();
        let mut places = Places { open: &self.open, cap: problem.employer_cap, taken: BTreeMap::new() };
        let seated = held
            .iter()
            .all(|&j| (0..problem.experts[j as usize].min_load.max(1)).all(|_| places.take(j, &mut HashSet::new())));
        self.decisions.by_places += u32::from(!seated);
        seated
    }
}

/// A matching of experts of one employer to applications.
struct Places<'a> {
    open: &'a [Vec<u32>],
    cap: u32,
    taken: BTreeMap<u32, Vec<u32>>,
}

impl Places<'_> {
    /// One more application for the expert, others moving if need be.
    fn take(&mut self, expert: u32, tried: &mut HashSet<u32>) -> bool {
        for &application in &self.open[expert as usize] {
            let holders = self.taken.entry(application).or_default();
            if holders.contains(&expert) || !tried.insert(application) {
                continue;
            }
            if holders.len() < self.cap as usize {
                holders.push(expert);
                return true;
            }
            for holder in holders.clone() {
                if self.take(holder, tried) {
                    let holders = self.taken.entry(application).or_default();
                    holders.retain(|other| *other != holder);
                    holders.push(expert);
                    return true;
                }
            }
        }
        false
    }
}
