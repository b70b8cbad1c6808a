//! Results that were tampered with are refused; the order of the input does not matter; known optima are found.

use super::random::{Shape, problem, rng, small};
use crate::assignment::{
    Affinity, ApplicationDemand, ExpertSupply, Objective, Options, Pair, Problem, RoleSet, SeatRole, Solution, Status,
    Verified, VerifyError, solve, verify,
};
use proptest::prelude::*;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The same problem in another order.
fn shuffled(problem: &Problem, seed: u64) -> Problem {
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let order = |n: usize, rng: &mut ChaCha8Rng| {
        let mut order: Vec<usize> = (0..n).collect();
        order.shuffle(rng);
        order
    };
    let (experts, applications) = (order(problem.experts.len(), rng), order(problem.applications.len(), rng));
    let place =
        |order: &[usize], old: u32| u32::try_from(order.iter().position(|&o| o == old as usize).unwrap()).unwrap();
    let mut other = problem.clone();
    other.experts = experts.iter().map(|&e| problem.experts[e].clone()).collect();
    other.applications = applications.iter().map(|&a| problem.applications[a].clone()).collect();
    for pair in &mut other.pairs {
        (pair.expert, pair.application) = (place(&experts, pair.expert), place(&applications, pair.application));
    }
    for link in other.locks.iter_mut().chain(other.conflicts.iter_mut().map(|c| &mut c.link)) {
        (link.expert, link.application) = (place(&experts, link.expert), place(&applications, link.application));
    }
    other.pairs.shuffle(rng);
    other.locks.shuffle(rng);
    other.conflicts.shuffle(rng);
    other
}

/// Every expert suits exactly one planted application per review best.
fn planted(seed: u64, applications: u32, demand: u32) -> (Problem, i64) {
    let rng = &mut rng(seed);
    let experts = applications * demand;
    let mut seats: Vec<u32> = (0..experts).map(|s| s / demand).collect();
    seats.shuffle(rng);
    let application = |a| ApplicationDemand { id: format!("A{a}"), demand, minima: [0; 3] };
    let expert = |e| ExpertSupply {
        id: format!("E{e}"),
        min_load: 1,
        max_load: 1,
        roles: RoleSet::EMPTY,
        employer: None,
        region: None,
    };
    let mut p = Problem {
        applications: (0..applications).map(application).collect(),
        experts: (0..experts).map(expert).collect(),
        ..Problem::default()
    };
    let mut optimum = 0;
    for e in 0..experts {
        for a in 0..applications {
            let micro = if seats[e as usize] == a {
                rng.random_range(500_000..=1_000_000)
            } else {
                rng.random_range(-1_000_000..500_000)
            };
            optimum += if seats[e as usize] == a { i64::from(micro) } else { 0 };
            p.pairs.push(Pair { expert: e, application: a, affinity: Affinity::from_micro(micro).unwrap() });
        }
    }
    (p, optimum)
}

#[test]
fn a_planted_assignment_is_recovered() {
    for (seed, applications, demand) in [(1, 5, 3), (2, 40, 3), (3, 30, 7), (4, 100, 1)] {
        let (problem, optimum) = planted(seed, applications, demand);
        let outcome = solve(&problem, Options::default()).unwrap();
        #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
        let expected = optimum as f64 / 1e6;
        assert_eq!((outcome.status, outcome.objective), (Status::Optimal, Some(expected)));
        assert_eq!(verify(&problem, &outcome), Ok(Verified::Optimal));
    }
}

#[test]
fn medium_problems_with_every_rule_carry_a_valid_proof() {
    for seed in 0..40 {
        let shape = Shape { applications: 12, experts: 24, employers: 9, levels: 1_000_000 };
        let p = problem(&mut rng(seed), shape);
        let outcome = solve(&p, Options::default()).unwrap();
        verify(&p, &outcome).unwrap_or_else(|e| panic!("{seed}: {e}"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn order_of_input_does_not_matter(seed: u64, order: u64, fair: bool) {
        let mut problem = small(seed);
        if fair {
            problem.objective = Objective::Fair;
        }
        let outcome = solve(&problem, Options::default()).unwrap();
        prop_assert_eq!(solve(&shuffled(&problem, order), Options::default()).unwrap(), outcome);
    }
}

/// A problem whose outcome is optimal with two assignments at least, one of them of a role.
fn solved() -> (Problem, Solution) {
    let found = (0..).map(small).find_map(|problem| {
        let outcome = solve(&problem, Options::default()).unwrap();
        let roles = outcome.assignments.iter().filter(|a| a.role != SeatRole::Any).count();
        let proved = verify(&problem, &outcome) == Ok(Verified::Optimal);
        let needs_roles = problem.applications.iter().any(|a| a.minima.iter().sum::<u32>() > 0);
        (proved && needs_roles && outcome.assignments.len() > 3 && roles > 1 && outcome.total > Some(0.5))
            .then_some((problem, outcome))
    });
    found.unwrap()
}

#[test]
fn tampered_results_are_refused() {
    let (problem, good) = solved();
    let refused = |tamper: &dyn Fn(&mut Solution)| {
        let mut bad = good.clone();
        tamper(&mut bad);
        verify(&problem, &bad).unwrap_err()
    };
    assert!(matches!(refused(&|o| drop(o.assignments.pop())), VerifyError::Demand { .. }));
    assert!(matches!(refused(&|o| o.assignments[1] = o.assignments[0].clone()), VerifyError::Link { .. }));
    assert!(matches!(refused(&|o| o.assignments[0].affinity += 0.001), VerifyError::Affinity { .. }));
    assert!(matches!(refused(&|o| o.assignments[0].expert = "nobody".to_owned()), VerifyError::Link { .. }));
    assert!(matches!(
        refused(&|o| o.assignments.iter_mut().for_each(|a| a.role = SeatRole::Any)),
        VerifyError::Roles { .. }
    ));
    assert_eq!(refused(&|o| o.objective = Some(99.0)), VerifyError::Objective);
    assert_eq!(refused(&|o| o.bound = Some(99.0)), VerifyError::Unproved);
    assert_eq!(refused(&|o| o.certificate = None), VerifyError::Certificate);
    assert_eq!(refused(&|o| o.input_digest = "0".repeat(64)), VerifyError::Digest);
    assert!(matches!(refused(&|o| o.algorithm = "assign/0".to_owned()), VerifyError::Algorithm(_)));
    assert_eq!(
        refused(&|o| o.certificate.as_mut().unwrap().experts.iter_mut().for_each(|e| e.price = -3_000_000)),
        VerifyError::Unproved
    );
    let infeasible = |o: &mut Solution| {
        o.status = Status::Infeasible;
        o.assignments.clear();
        (o.objective, o.bound, o.total) = (None, None, None);
    };
    assert_eq!(refused(&infeasible), VerifyError::Unproved);
}

#[test]
fn a_worse_assignment_with_the_same_proof_is_refused() {
    let (problem, good) = solved();
    let mut turned = problem.clone();
    for pair in &mut turned.pairs {
        pair.affinity = Affinity::from_micro(-pair.affinity.micro()).unwrap();
    }
    let worst = solve(&turned, Options::default()).unwrap();
    let mut bad = Solution { assignments: worst.assignments, ..good.clone() };
    bad.assignments.iter_mut().for_each(|a| a.affinity = -a.affinity);
    let total = worst.total.map(|t| -t);
    assert!(total < good.total);
    (bad.objective, bad.total, bad.bound, bad.total_bound) = (total, total, total, total);
    assert_eq!(verify(&problem, &bad), Err(VerifyError::Unproved));
}
