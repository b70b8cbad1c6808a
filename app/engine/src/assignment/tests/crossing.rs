//! Employers whose candidates are of several kinds: charges close what no single flow can express.

use super::random::rng;
use crate::assignment::{
    Affinity, ApplicationDemand, ExpertSupply, Options, Pair, Problem, RoleSet, Status, Verified, solve, verify,
};
use domain::rubric::ExpertRole;
use rand::RngExt;

/// Panels of seven out of 160 experts from 32 employers, of each at most one: far too many combinations to branch on one by one.
fn crossing(seed: u64, grain: i32) -> Problem {
    let rng = &mut rng(seed);
    let mut problem = Problem::default();
    for i in 0..40 {
        problem.applications.push(ApplicationDemand { id: format!("A{i:02}"), demand: 7, minima: [5, 1, 1] });
    }
    for j in 0..160_u32 {
        let role = [
            ExpertRole::Technical,
            ExpertRole::Technical,
            ExpertRole::Technical,
            ExpertRole::Finance,
            ExpertRole::Management,
        ];
        let roles = RoleSet::EMPTY.with(role[j as usize % 5]);
        problem.experts.push(ExpertSupply {
            id: format!("E{j:03}"),
            min_load: 0,
            max_load: 4,
            roles: if rng.random_bool(0.2) { roles.with(ExpertRole::Management) } else { roles },
            employer: Some(format!("单位{}", rng.random_range(0..32))),
            region: None,
        });
        for application in 0..40 {
            let micro = rng.random_range(0..=Affinity::ONE / grain) * grain;
            problem.pairs.push(Pair { expert: j, application, affinity: Affinity::from_micro(micro).unwrap() });
        }
    }
    problem
}

#[test]
fn crossing_caps_are_proved_optimal_in_few_flows() {
    for seed in 0..8 {
        for grain in [1, 10_000] {
            let problem = crossing(seed, grain);
            let outcome = solve(&problem, Options { flow_limit: 600, ..Options::default() }).unwrap();
            assert_eq!(outcome.status, Status::Optimal, "seed {seed}, grain {grain}");
            assert!(matches!(verify(&problem, &outcome), Ok(Verified::Optimal | Verified::SearchNotRepeated)));
        }
    }
}

#[test]
fn a_search_that_is_stopped_states_a_bound_that_holds() {
    let problem = crossing(3, 1);
    let best = solve(&problem, Options::default()).unwrap();
    let stopped = solve(&problem, Options { flow_limit: 1, ..Options::default() }).unwrap();
    verify(&problem, &stopped).unwrap();
    assert!(stopped.objective <= best.objective && best.objective <= stopped.bound);
    let gap = stopped.bound.unwrap() - stopped.objective.unwrap();
    assert!(gap < 0.001 * best.objective.unwrap(), "the charges leave a gap of {gap}");
}
