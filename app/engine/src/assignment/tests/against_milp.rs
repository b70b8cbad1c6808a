//! Medium problems, too large to enumerate, against a mixed-integer programme solved by `good_lp` with `microlp`.

use super::random::{Shape, previous, problem, rng};
use crate::assignment::{Objective, Options, Problem, Status, solve, verify};
use domain::rubric::ExpertRole;
use good_lp::{Expression, ResolutionError, Solution, SolverModel, Variable, constraint, microlp, variable, variables};
use std::collections::{BTreeMap, BTreeSet};

/// The worth of one kept link in the objective `keep`, in affinity: more than all affinities together.
const KEPT: f64 = 1_000.0;

/// The best total affinity in millionths, after the most kept links; `None` if nothing keeps every rule.
fn best(problem: &Problem) -> Option<(usize, i64)> {
    let mut variables = variables!();
    let barred: BTreeSet<_> = problem.conflicts.iter().map(|c| c.link).collect();
    let previous: BTreeSet<_> = match &problem.objective {
        Objective::Keep(links) => links.iter().copied().collect(),
        _ => BTreeSet::new(),
    };
    let locks: BTreeSet<_> = problem.locks.iter().copied().collect();
    let mut seats: BTreeMap<_, (Variable, i64)> = BTreeMap::new();
    for pair in &problem.pairs {
        let link = crate::assignment::Link { expert: pair.expert, application: pair.application };
        if !barred.contains(&link) {
            seats.insert(link, (variables.add(variable().binary()), i64::from(pair.affinity.micro())));
        }
    }
    if !locks.iter().all(|lock| seats.contains_key(lock)) {
        return None;
    }
    let mut limits = Vec::new();
    let sum = |chosen: Vec<Variable>| chosen.into_iter().fold(Expression::from(0.0), |sum, v| sum + v);
    for lock in &locks {
        limits.push(constraint!(seats[lock].0 == 1));
    }
    for (e, expert) in (0_u32..).zip(&problem.experts) {
        let own = || sum(seats.iter().filter(|(link, _)| link.expert == e).map(|(_, (v, _))| *v).collect());
        limits.push(constraint!(own() <= f64::from(expert.max_load)));
        limits.push(constraint!(own() >= f64::from(expert.min_load)));
    }
    for (a, application) in (0_u32..).zip(&problem.applications) {
        let own: Vec<_> = seats.iter().filter(|(link, _)| link.application == a).collect();
        limits.push(constraint!(sum(own.iter().map(|(_, (v, _))| *v).collect()) == f64::from(application.demand)));
        let mut employers: BTreeMap<&str, Vec<Variable>> = BTreeMap::new();
        // Which seat somebody takes: continuous, for with the experts chosen it is a flow.
        let mut roles: [Vec<Variable>; 3] = Default::default();
        for (link, (seat, _)) in own {
            let expert = &problem.experts[link.expert as usize];
            if let Some(employer) = &expert.employer {
                employers.entry(employer).or_default().push(*seat);
            }
            let mut seated = Expression::from(0.0);
            for role in ExpertRole::ALL.iter().copied() {
                let wanted = application.minima[role as usize] > 0;
                if wanted && (expert.roles.is_empty() || expert.roles.contains(role)) {
                    let fills = variables.add(variable().min(0).max(1));
                    roles[role as usize].push(fills);
                    seated += fills;
                }
            }
            limits.push(constraint!(seated <= *seat));
        }
        for (role, minimum) in roles.into_iter().zip(application.minima) {
            limits.push(constraint!(sum(role) >= f64::from(minimum)));
        }
        for colleagues in employers.into_values().filter(|c| c.len() > problem.employer_cap as usize) {
            limits.push(constraint!(sum(colleagues) <= f64::from(problem.employer_cap)));
        }
    }
    let worth = |link: &crate::assignment::Link, micro: i64| {
        micro as f64 / 1e6 + if previous.contains(link) { KEPT } else { 0.0 }
    };
    let objective = seats.iter().fold(Expression::from(0.0), |sum, (link, (v, m))| sum + worth(link, *m) * *v);
    let mut model = variables.maximise(objective).using(microlp);
    for limit in limits {
        model = model.with(limit);
    }
    let solution = match model.solve() {
        Ok(solution) => solution,
        Err(ResolutionError::Infeasible) => return None,
        Err(error) => panic!("{error}"),
    };
    let chosen = seats.iter().filter(|(_, (v, _))| solution.value(*v) > 0.5);
    let kept = chosen.clone().filter(|(link, _)| previous.contains(link)).count();
    Some((kept, chosen.map(|(_, (_, micro))| micro).sum()))
}

fn compare(problem: &Problem, name: &str) -> bool {
    let outcome = solve(problem, Options { flow_limit: u32::MAX, ..Options::default() }).unwrap();
    verify(problem, &outcome).unwrap_or_else(|error| panic!("{name}: {error}"));
    let Some((kept, total)) = best(problem) else {
        assert_eq!(outcome.status, Status::Infeasible, "{name}");
        return false;
    };
    assert_eq!(outcome.status, Status::Optimal, "{name}");
    #[expect(clippy::cast_possible_truncation, reason = "a sum of a few hundred affinities")]
    let found = (outcome.total.unwrap() * 1e6).round() as i64;
    if let Objective::Keep(links) = &problem.objective {
        let changes = outcome.objective.unwrap();
        assert!((changes - (links.len() - kept) as f64).abs() < 1e-9, "{name}: {changes} changes, {kept} kept");
    }
    assert_eq!(found, total, "{name}");
    true
}

fn medium(seed: u64) -> Problem {
    let rng = &mut rng(seed);
    let shape = Shape {
        applications: 12,
        experts: 36,
        employers: 10,
        levels: if seed.is_multiple_of(2) { 10 } else { 1_000_000 },
    };
    let mut problem = problem(rng, shape);
    // Nearly every problem of this size with the locks of a small one would be infeasible.
    problem.locks.truncate(1);
    problem
}

#[test]
fn total_equals_the_integer_programme() {
    let feasible = (0..100).filter(|&seed| compare(&medium(seed), &format!("total {seed}"))).count();
    assert!((20..100).contains(&feasible), "{feasible} of the problems were feasible");
}

#[test]
fn keep_equals_the_integer_programme() {
    for seed in 100..140 {
        let mut problem = medium(seed);
        problem.objective = previous(seed, &problem);
        compare(&problem, &format!("keep {seed}"));
    }
}
