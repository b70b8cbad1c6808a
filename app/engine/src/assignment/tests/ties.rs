//! Among equally good assignments none is out of reach: whatever tells them apart decides, however small it is.

use super::enumeration::optima;
use super::random::{Shape, problem, rng};
use crate::assignment::{Affinity, Link, Options, Problem, Status, solve};
use rand::RngExt;
use std::collections::HashMap;

/// A problem whose affinities are halves of one another, and small enough to leave room for a millionth more.
fn tied(seed: u64) -> Problem {
    let rng = &mut rng(seed);
    let shape = Shape {
        applications: rng.random_range(1..=4),
        experts: rng.random_range(2..=6),
        employers: rng.random_range(1..=4),
        levels: rng.random_range(1..=2),
    };
    let mut problem = problem(rng, shape);
    for pair in &mut problem.pairs {
        pair.affinity = Affinity::from_micro(pair.affinity.micro() / 2).unwrap();
    }
    problem
}

/// The problem with a millionth more on each of these links.
fn favouring(problem: &Problem, links: &[Link]) -> Problem {
    let mut problem = problem.clone();
    for pair in &mut problem.pairs {
        if links.contains(&Link { expert: pair.expert, application: pair.application }) {
            pair.affinity = Affinity::from_micro(pair.affinity.micro() + 1).unwrap();
        }
    }
    problem
}

fn chosen(problem: &Problem) -> Vec<Link> {
    let outcome = solve(problem, Options::default()).unwrap();
    assert_eq!(outcome.status, Status::Optimal);
    let experts: HashMap<_, _> = (0..).zip(&problem.experts).map(|(i, e)| (e.id.as_str(), i)).collect();
    let applications: HashMap<_, _> = (0..).zip(&problem.applications).map(|(i, a)| (a.id.as_str(), i)).collect();
    let mut links: Vec<_> = outcome
        .assignments
        .iter()
        .map(|a| Link { expert: experts[a.expert.as_str()], application: applications[a.application.as_str()] })
        .collect();
    links.sort_unstable();
    links
}

#[test]
fn every_optimum_is_reached() {
    let mut reached = 0;
    for seed in 0..6_000 {
        let problem = tied(seed);
        let optima = optima(&problem);
        if optima.len() < 2 {
            continue;
        }
        assert!(optima.contains(&chosen(&problem)), "{seed}");
        // Hundreds of ties are reached the same way as forty of them, spread over the whole list.
        for optimum in optima.iter().step_by(optima.len().div_ceil(40)) {
            assert_eq!(&chosen(&favouring(&problem, optimum)), optimum, "{seed} {problem:#?}");
            reached += 1;
        }
    }
    assert!(reached > 1_000, "only {reached} optima tried");
}
