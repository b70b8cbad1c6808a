//! Pools that read like a small round.

use crate::assignment::{Affinity, ApplicationDemand, Conflict, ExpertSupply, Link, Pair, Problem, RoleSet};
use crate::draw::{Pool, Record, Source, draw};
use domain::rubric::ExpertRole;

pub fn expert(id: &str, role: ExpertRole, employer: &str) -> ExpertSupply {
    ExpertSupply {
        id: id.to_owned(),
        min_load: 0,
        max_load: 1,
        roles: RoleSet::EMPTY.with(role),
        employer: Some(employer.to_owned()),
        region: None,
    }
}

/// Panels of two technical experts and one finance expert; everybody may sit anywhere.
pub fn problem(panels: u32, technical: u32, finance: u32, employers: u32) -> Problem {
    let mut problem = Problem::default();
    for i in 0..panels {
        problem.applications.push(ApplicationDemand { id: format!("第{i}组"), demand: 3, minima: [2, 1, 0] });
    }
    for j in 0..technical + finance {
        let role = if j < technical { ExpertRole::Technical } else { ExpertRole::Finance };
        problem.experts.push(expert(&format!("E{j:03}"), role, &format!("单位{}", j % employers)));
        for i in 0..panels {
            let micro = i32::try_from((j * 7 + i * 3) % 11).unwrap() * 50_000;
            problem.pairs.push(Pair { expert: j, application: i, affinity: Affinity::from_micro(micro).unwrap() });
        }
    }
    problem
}

pub fn bar(problem: &mut Problem, expert: u32, application: u32, reason: &str) {
    problem.conflicts.push(Conflict { link: Link { expert, application }, reason: reason.to_owned() });
}

pub fn drawn(problem: &Problem, seed: u8) -> Record {
    let pool = Pool::new(problem).unwrap();
    draw(pool, "2025-1", Source::Stated, Some([seed; 32]), 2).unwrap()
}
