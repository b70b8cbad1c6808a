//! Pools on which caps cross roles, with one employer far larger than the others: the walk ends, and soon.

use crate::assignment::{ApplicationDemand, Affinity, Pair, Problem, RoleSet};
use crate::assignment::files::{Files, read};
use crate::assignment::tests::random::rng;
use crate::assignment::Criterion;
use crate::draw::{Drawn, Pool, Record, Source, draw, replay};
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
        let employer = if rng.random_bool(share) { 0 } else { 1 + (f64::from(experts) * 0.2 * rng.random::<f64>().powi(3)) as u32 };
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

#[test]
fn the_large() {
    let start = std::time::Instant::now();
    let problem = skewed(3, 40, 20_000, 0.4);
    let record = drawn(&problem, 3);
    eprintln!("{:?} {:?} {}", start.elapsed(), record.decisions, record.lots.len());
}

#[test]
fn the_file() {
    let files = Files {
        applications: include_bytes!("skewed/applications.csv"),
        experts: include_bytes!("skewed/experts.csv"),
        affinity: include_bytes!("skewed/affinity.csv"),
        ..Files::default()
    };
    let problem = read(&files, Criterion::Total, 1).unwrap();
    for seed in 0..20 {
        let start = std::time::Instant::now();
        let record = drawn(&problem, seed);
        eprintln!("{:?} {:?} {}", start.elapsed(), record.decisions, record.lots.len());
    }
}

#[test]
fn skews() {
    for seed in 0..20 {
        for (panels, experts) in [(10, 400), (6, 120), (12, 250)] {
            let start = std::time::Instant::now();
            let problem = skewed(seed, panels, experts, 0.4);
            match draw(Pool::new(&problem).unwrap(), "2025-1", Source::Stated, Some([1; 32]), 2) {
                Ok(record) => eprintln!("{:?} {:?} {} {:?}", start.elapsed(), record.decisions, record.lots.len(), record.seating_status),
                Err(error) => {
 eprintln!("{:?} {}", start.elapsed(), error);
 if std::env::var("S").is_ok() { let s = crate::assignment::solve(&problem, Default::default()).unwrap(); eprintln!("   solve: {:?} {:?} {:?}", s.status, start.elapsed(), s.certificate.map(|c| (c.method, c.nodes))); } }
            }
        }
    }
}
