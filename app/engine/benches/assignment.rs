//! Exact assignment on generated instances: how the time grows over three doublings.

use divan::{Bencher, black_box};
use engine::assignment::{
    Affinity, ApplicationDemand, ExpertSupply, Objective, Options, Pair, Problem, RoleSet, solve,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn main() {
    divan::main();
}

/// `applications` × 4·`applications` experts, every pair eligible, demand 7, load at most 3.
fn dense(applications: u32) -> Problem {
    let experts = applications * 4;
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut pairs = Vec::new();
    for expert in 0..experts {
        for application in 0..applications {
            let affinity = Affinity::from_micro(random.random_range(0..1_000_000)).unwrap_or_else(|| unreachable!());
            pairs.push(Pair { expert, application, affinity });
        }
    }
    Problem {
        applications: (0..applications)
            .map(|i| ApplicationDemand { id: format!("A{i:05}"), demand: 7, minima: [0; 3] })
            .collect(),
        experts: (0..experts)
            .map(|i| ExpertSupply {
                id: format!("E{i:05}"),
                min_load: 0,
                max_load: 3,
                roles: RoleSet::EMPTY,
                employer: None,
                region: None,
            })
            .collect(),
        pairs,
        objective: Objective::Total,
        ..Problem::default()
    }
}

#[divan::bench(args = [62, 125, 250, 500], sample_count = 3, sample_size = 1)]
fn dense_total(bencher: Bencher, applications: u32) {
    let problem = dense(applications);
    bencher.bench(|| solve(black_box(&problem), Options::default()));
}
