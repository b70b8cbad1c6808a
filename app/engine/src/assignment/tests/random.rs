//! Small random problems with every rule switched on.

use crate::assignment::{Affinity, ApplicationDemand, Conflict, ExpertSupply, Link, Objective, Pair, Problem, RoleSet};
use domain::rubric::ExpertRole;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Which rules a random problem uses.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub applications: u32,
    pub experts: u32,
    pub employers: u32,
    /// Coarse affinities make ties.
    pub levels: i32,
}

pub fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn roles(rng: &mut impl Rng) -> RoleSet {
    if rng.random_bool(0.3) {
        RoleSet::EMPTY
    } else {
        ExpertRole::ALL.iter().copied().filter(|_| rng.random_bool(0.5)).collect()
    }
}

fn minima(rng: &mut impl Rng, demand: u32) -> [u32; 3] {
    let mut minima = [0; 3];
    if rng.random_bool(0.6) {
        for _ in 0..rng.random_range(0..=demand) {
            minima[rng.random_range(0..3)] += 1;
        }
    }
    minima
}

/// A problem as small as enumeration allows.
pub fn small(seed: u64) -> Problem {
    let rng = &mut rng(seed);
    let shape = Shape {
        applications: rng.random_range(1..=4),
        experts: rng.random_range(1..=6),
        employers: rng.random_range(1..=4),
        levels: *[2, 10, 1_000_000].get(rng.random_range(0..3)).unwrap(),
    };
    problem(rng, shape)
}

pub fn problem(rng: &mut impl Rng, shape: Shape) -> Problem {
    let mut problem = Problem { employer_cap: if rng.random_bool(0.7) { 1 } else { 2 }, ..Problem::default() };
    for i in 0..shape.applications {
        let demand = rng.random_range(0..=3.min(shape.experts));
        let minima = minima(rng, demand);
        problem.applications.push(ApplicationDemand { id: format!("A{}", 9 - i % 10 + i / 10 * 10), demand, minima });
    }
    let seats: u32 = problem.applications.iter().map(|a| a.demand).sum();
    for j in 0..shape.experts {
        let max_load = rng.random_range(0..=3) + seats / shape.experts;
        let min_load = if rng.random_bool(0.3) { rng.random_range(0..=max_load.min(2)) } else { 0 };
        let employer = rng.random_bool(0.7).then(|| format!("单位{}", rng.random_range(0..shape.employers)));
        problem.experts.push(ExpertSupply {
            id: format!("E{j:03}"),
            min_load,
            max_load,
            roles: roles(rng),
            employer,
            region: None,
        });
    }
    let density = rng.random_range(0.6..=1.0);
    for application in 0..shape.applications {
        for expert in 0..shape.experts {
            if rng.random_bool(density) {
                let micro = rng.random_range(-shape.levels..=shape.levels) * (Affinity::ONE / shape.levels);
                problem.pairs.push(Pair { expert, application, affinity: Affinity::from_micro(micro).unwrap() });
            }
            let link = Link { expert, application };
            if rng.random_bool(0.05) {
                problem.conflicts.push(Conflict { link, reason: "同单位".to_owned() });
            } else if rng.random_bool(0.04) {
                problem.locks.push(link);
            }
        }
    }
    problem
}

/// Some links of an earlier assignment, sensible or not.
pub fn previous(seed: u64, problem: &Problem) -> Objective {
    let rng = &mut rng(seed);
    let all = (0..problem.experts.len()).flat_map(|e| (0..problem.applications.len()).map(move |a| (e, a)));
    Objective::Keep(
        all.filter(|_| rng.random_bool(0.3))
            .map(|(e, a)| Link { expert: u32::try_from(e).unwrap(), application: u32::try_from(a).unwrap() })
            .collect(),
    )
}
