//! Pools on which caps cross roles, with one employer far larger than the others: the walk ends, and soon.

use crate::assignment::files::{Files, read};
use crate::assignment::tests::random::rng;
use crate::assignment::{Affinity, ApplicationDemand, Criterion, Options, Pair, Problem, RoleSet, Status, solve};
use crate::draw::decide::Version;
use crate::draw::record::draw_as;
use crate::draw::walk::{Outcome, walk};
use crate::draw::{DrawError, EARLIER, Pool, Record, Source, draw, replay};
use domain::rubric::ExpertRole;
use rand::RngExt;

/// Panels of 5 + 1 + 1; `share` of the experts belong to one employer; a few experts may sit anywhere, the others on one or two panels.
fn skewed(seed: u64, panels: u32, experts: u32, share: f64) -> Problem {
    let rng = &mut rng(seed);
    let mut problem = Problem::default();
    for i in 0..panels {
        problem.applications.push(ApplicationDemand { id: format!("g{i:03}"), demand: 7, minima: [5, 1, 1] });
    }
    for j in 0..experts {
        let role = match rng.random_range(0..10) {
            0 => ExpertRole::Finance,
            1 => ExpertRole::Management,
            _ => ExpertRole::Technical,
        };
        let employer =
            if rng.random_bool(share) { 0 } else { 1 + experts / 5 * rng.random_range(0..100_u32).pow(3) / 1_000_000 };
        let mut expert = super::scene::expert(&format!("e{j:05}"), role, &format!("u{employer}"));
        if rng.random_bool(0.1) {
            expert.roles = RoleSet::EMPTY.with(role).with(ExpertRole::Management);
        }
        problem.experts.push(expert);
        let everywhere = role != ExpertRole::Technical;
        let home = rng.random_range(0..panels);
        let other = rng.random_range(0..panels);
        for application in 0..panels {
            if everywhere || application == home || (application == other && j % 3 == 0) {
                let affinity = Affinity::from_micro(rng.random_range(0..1000) * 1000).unwrap();
                problem.pairs.push(Pair { expert: j, application, affinity });
            }
        }
    }
    problem
}

fn drawn(problem: &Problem, seed: u8) -> Record {
    draw(Pool::new(problem).unwrap(), "2025-1", Source::Stated, Some([seed; 32]), 2).unwrap()
}

/// Every seat is filled, nobody was passed over for want of a decision, and the searches stayed within their limit.
fn holds(problem: &Problem, record: &Record) {
    let decisions = record.decisions.unwrap();
    let seats: u32 = problem.applications.iter().map(|application| application.demand).sum();
    assert_eq!(record.seating.len(), seats as usize);
    assert_eq!(decisions.undecided, 0);
    assert!(decisions.flows <= decisions.flow_limit, "{decisions:?}");
}

#[test]
fn twenty_thousand_experts_of_whom_two_fifths_have_one_employer_are_drawn() {
    let problem = skewed(3, 40, 20_000, 0.4);
    holds(&problem, &drawn(&problem, 3));
}

/// 400 experts for 10 panels of 5 + 1 + 1: a walk that only branched on cells did not end here.
#[test]
fn a_pool_with_crossing_caps_is_drawn_with_every_seed() {
    let files = Files {
        applications: include_bytes!("skewed/applications.csv"),
        experts: include_bytes!("skewed/experts.csv"),
        affinity: include_bytes!("skewed/affinity.csv"),
        ..Files::default()
    };
    let problem = read(&files, Criterion::Total, 1).unwrap();
    for seed in 0..20 {
        holds(&problem, &drawn(&problem, seed));
    }
}

/// The walk fills the seats of exactly those pools that the assignment fills, whatever the pool looks like.
#[test]
fn skewed_pools_end_with_what_the_assignment_says() {
    let (mut filled, mut refused) = (0, 0);
    for seed in 0..6 {
        for (panels, experts, share) in [(10, 400, 0.4), (6, 120, 0.4), (12, 250, 0.6), (4, 60, 0.8)] {
            let problem = skewed(seed, panels, experts, share);
            match draw(Pool::new(&problem).unwrap(), "2025-1", Source::Stated, Some([1; 32]), 2) {
                Ok(record) => {
                    filled += 1;
                    holds(&problem, &record);
                }
                Err(DrawError::Infeasible(_)) => {
                    refused += 1;
                    assert_eq!(solve(&problem, Options::default()).unwrap().status, Status::Infeasible, "seed {seed}");
                }
                Err(other) => panic!("seed {seed}, {panels} panels, {experts} experts: {other}"),
            }
        }
    }
    assert!(filled > 6 && refused > 0, "{filled} filled, {refused} refused");
}

/// The seating with which the walk ends stands by itself: a record has it where the best one is not found within the limit.
#[test]
fn the_walk_ends_with_a_seating_that_keeps_every_rule() {
    for seed in 0..4 {
        let problem = skewed(seed, 10, 400, 0.4);
        let order: Vec<u32> = (0..400).map(|j| (j * 37 + 11) % 400).collect();
        let Outcome::Walked(walked) = walk(&problem, &order, Version::Two).unwrap() else { panic!("seed {seed}") };
        let mut seated: Vec<u32> = walked.seating.iter().map(|(expert, _)| *expert).collect();
        seated.sort_unstable();
        assert_eq!(seated, walked.accepted, "seed {seed}");
        let mut standing = problem.clone();
        standing.pairs.retain(|pair| walked.seating.contains(&(pair.expert, pair.application)));
        let solution = solve(&standing, Options::default()).unwrap();
        assert_eq!(solution.assignments.len(), 70, "seed {seed}: {:?}", solution.shortfalls);
    }
}

#[test]
fn records_of_the_walk_before_are_replayed_by_it() {
    let problem = skewed(5, 3, 200, 0.1);
    let old = draw_as(Version::One, Pool::new(&problem).unwrap(), "2024-1", Source::Stated, Some([4; 32]), 2).unwrap();
    assert_eq!((old.algorithm.as_str(), old.decisions), (EARLIER, None));
    let text = old.to_text().unwrap();
    assert_eq!(replay(&text).unwrap(), old);
    let new = drawn(&problem, 4).to_text().unwrap();
    replay(&new).unwrap();
    assert!(replay(&text.replace(EARLIER, "draw/9")).is_err());
}
