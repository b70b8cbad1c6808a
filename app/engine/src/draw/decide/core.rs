//! The candidates among whom a seating is looked for first.

use crate::assignment::{Conflict, Link, Pair, Problem};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Candidates for one application, of one set of roles and of employers that all differ.
const EACH: usize = 12;

/// Whoever must be seated or is, and some candidates of different employers for every application and set of roles; ascending.
pub fn of(problem: &Problem, seated: &HashSet<u32>) -> Vec<u32> {
    let mut core: BTreeSet<u32> = seated.iter().copied().collect();
    core.extend((0..).zip(&problem.experts).filter(|(_, e)| e.min_load > 0).map(|(j, _)| j));
    core.extend(problem.locks.iter().map(|link| link.expert));
    let barred: HashSet<(u32, u32)> = problem.conflicts.iter().map(|c| (c.link.expert, c.link.application)).collect();
    let mut counts: BTreeMap<(u32, u8), usize> = BTreeMap::new();
    let mut employers: HashSet<(u32, u8, &str)> = HashSet::new();
    for pair in problem.pairs.iter().filter(|pair| !barred.contains(&(pair.expert, pair.application))) {
        let expert = &problem.experts[pair.expert as usize];
        let key = (pair.application, expert.roles.bits());
        let count = counts.entry(key).or_default();
        if expert.max_load > 0
            && *count < EACH
            && expert.employer.as_deref().is_none_or(|name| employers.insert((key.0, key.1, name)))
        {
            *count += 1;
            core.insert(pair.expert);
        }
    }
    core.into_iter().filter(|&j| problem.experts[j as usize].max_load > 0).collect()
}

/// The problem with these experts alone, ascending.
pub fn restricted(problem: &Problem, experts: &[u32]) -> Problem {
    let place = |expert: u32| experts.binary_search(&expert).ok().and_then(|at| u32::try_from(at).ok());
    let link = |link: Link| place(link.expert).map(|expert| Link { expert, ..link });
    Problem {
        applications: problem.applications.clone(),
        experts: experts.iter().map(|&j| problem.experts[j as usize].clone()).collect(),
        pairs: problem
            .pairs
            .iter()
            .filter_map(|pair| place(pair.expert).map(|expert| Pair { expert, ..*pair }))
            .collect(),
        conflicts: problem
            .conflicts
            .iter()
            .filter_map(|conflict| link(conflict.link).map(|link| Conflict { link, ..conflict.clone() }))
            .collect(),
        locks: problem.locks.iter().filter_map(|&lock| link(lock)).collect(),
        employer_cap: problem.employer_cap,
        objective: problem.objective.clone(),
    }
}
