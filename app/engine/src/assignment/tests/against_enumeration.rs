//! Every answer for a small problem is the answer of exhaustive enumeration, and verifies.

use super::enumeration;
use super::random::{previous, small};
use crate::assignment::{Objective, Options, Problem, Status, solve, verify};

fn micro(points: Option<f64>) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "sums of a few affinities")]
    let micro = (points.unwrap() * 1e6).round() as i64;
    micro
}

fn compare(problem: &Problem, name: &str) -> bool {
    let outcome = solve(problem, Options::default()).unwrap();
    verify(problem, &outcome).unwrap_or_else(|e| panic!("{name}: {e} {outcome:#?} {problem:#?}"));
    let Some(best) = enumeration::best(problem) else {
        assert_eq!(outcome.status, Status::Infeasible, "{name} {problem:#?}");
        return false;
    };
    assert_eq!(outcome.status, Status::Optimal, "{name} {problem:#?} {outcome:#?}");
    assert_eq!(outcome.objective, outcome.bound, "{name}");
    assert_eq!(micro(outcome.total), best.total, "{name} {problem:#?} {outcome:#?}");
    let first = match &problem.objective {
        Objective::Total => best.total,
        Objective::Fair => best.first,
        Objective::Keep(links) => 1_000_000 * (i64::try_from(links.len()).unwrap() - best.first),
    };
    assert_eq!(micro(outcome.objective), first, "{name} {problem:#?} {outcome:#?}");
    true
}

#[test]
fn total_equals_enumeration() {
    let feasible = (0..4_000).filter(|&seed| compare(&small(seed), &format!("total {seed}"))).count();
    assert!((1_000..3_900).contains(&feasible), "{feasible} of the problems were feasible");
}

#[test]
fn keep_equals_enumeration() {
    for seed in 0..2_000 {
        let mut problem = small(seed);
        problem.objective = previous(seed, &problem);
        compare(&problem, &format!("keep {seed}"));
    }
}

#[test]
fn fair_equals_enumeration() {
    for seed in 0..2_000 {
        let mut problem = small(seed);
        problem.objective = Objective::Fair;
        compare(&problem, &format!("fair {seed}"));
    }
}
