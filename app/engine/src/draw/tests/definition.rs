//! The walk against its definition, decided by enumeration.

use crate::assignment::tests::{enumeration, random};
use crate::assignment::{Objective, Problem};
use crate::draw::decide::Version;
use crate::draw::walk::{Outcome, Walked, walk};
use rand::seq::SliceRandom;

/// Whether a complete seating exists in which all of `held` have their least load; with `only`, of nobody else.
fn seatable(problem: &Problem, held: &[u32], only: bool) -> bool {
    let mut problem = Problem { objective: Objective::Total, ..problem.clone() };
    for (expert, j) in problem.experts.iter_mut().zip(0..) {
        if held.contains(&j) {
            expert.min_load = expert.min_load.max(1);
        } else {
            expert.min_load = 0;
            if only {
                expert.max_load = 0;
            }
        }
    }
    let possible = problem.experts.iter().all(|e| e.min_load <= e.max_load);
    possible && enumeration::best(&problem).is_some()
}

/// Accepted experts in the order of acceptance, and how far the walk came; `None` if the seats cannot be filled.
pub fn by_definition(problem: &Problem, order: &[u32]) -> Option<(Vec<u32>, usize)> {
    let mut held: Vec<u32> = problem.locks.iter().map(|l| l.expert).collect();
    held.sort_unstable();
    held.dedup();
    if !seatable(problem, &held, false) {
        return None;
    }
    for (met, &expert) in order.iter().enumerate() {
        if seatable(problem, &held, true) {
            return Some((held, met));
        }
        if !held.contains(&expert) {
            held.push(expert);
            if !seatable(problem, &held, false) {
                held.pop();
            }
        }
    }
    Some((held, order.len()))
}

/// The walk's end, `None` if the seats cannot be filled.
pub fn walked(problem: &Problem, order: &[u32], version: Version) -> Option<Walked> {
    match walk(problem, order, version).unwrap() {
        Outcome::Walked(walked) => Some(walked),
        Outcome::Unfillable => None,
        Outcome::Undecided => panic!("no small pool needs that many flows"),
    }
}

#[test]
fn an_expert_is_accepted_if_and_only_if_all_accepted_can_still_be_seated() {
    let (mut feasible, mut passed) = (0, 0);
    for seed in 0..4_000 {
        let problem = random::small(seed);
        let mut order: Vec<u32> = (0..).take(problem.experts.len()).collect();
        order.shuffle(&mut random::rng(seed ^ 0xd4a3));
        let earlier = walked(&problem, &order, Version::One).map(|w| w.accepted);
        let walked = walked(&problem, &order, Version::Two);
        assert_eq!(walked.as_ref().map(|w| w.accepted.clone()), earlier, "both versions draw the same, seed {seed}");
        let expected = by_definition(&problem, &order);
        let found = walked.as_ref().map(|w| (w.accepted.clone(), w.steps.len()));
        let expected = expected.map(|(mut held, met)| {
            held.sort_unstable();
            (held, met)
        });
        assert_eq!(found, expected, "seed {seed}: {problem:?} {order:?}");
        feasible += usize::from(walked.is_some());
        passed += walked.map_or(0, |w| w.steps.iter().filter(|(_, reason)| reason.is_some()).count());
    }
    // The comparison says nothing if hardly anything was drawn or nobody was passed over.
    assert!(feasible > 800 && passed > 800, "{feasible} {passed}");
}
