//! Infeasible problems: the reasons are right and every relaxation truly helps.

use super::enumeration;
use super::random::small;
use crate::assignment::{
    Affinity, ApplicationDemand, Change, Conflict, ExpertSupply, IfInfeasible, Link, Options, Pair, Problem, RoleSet,
    SeatRole, Status, solve, verify,
};
use domain::rubric::ExpertRole;

fn expert(id: &str, max_load: u32, roles: &[ExpertRole]) -> ExpertSupply {
    ExpertSupply {
        id: id.to_owned(),
        min_load: 0,
        max_load,
        roles: roles.iter().copied().collect::<RoleSet>(),
        employer: None,
        region: None,
    }
}

/// The problem after a change, made without the engine's own means.
fn changed(problem: &Problem, changes: &[Change]) -> Problem {
    let mut p = problem.clone();
    for change in changes {
        match change {
            Change::Demand { application, to } => {
                p.applications.iter_mut().find(|a| a.id == *application).unwrap().demand = *to;
            }
            Change::Minimum { application, role, to } => {
                p.applications.iter_mut().find(|a| a.id == *application).unwrap().minima
                    [role.role().unwrap() as usize] = *to;
            }
            Change::MaxLoad { expert, to } => {
                p.experts.iter_mut().find(|e| e.id == *expert).unwrap().max_load = *to;
            }
            Change::MinLoad { expert, to } => {
                p.experts.iter_mut().find(|e| e.id == *expert).unwrap().min_load = *to;
            }
            Change::EmployerCap { to } => p.employer_cap = *to,
            Change::DropLock { application, expert } => {
                let (applications, experts) = (&p.applications, &p.experts);
                p.locks.retain(|l| {
                    applications[l.application as usize].id != *application || experts[l.expert as usize].id != *expert
                });
            }
        }
    }
    p
}

#[test]
fn a_missing_finance_expert_is_named_with_what_would_help() {
    let pair = |expert, application| Pair { expert, application, affinity: Affinity::from_micro(1).unwrap() };
    let problem = Problem {
        applications: vec![
            ApplicationDemand { id: "A-003".to_owned(), demand: 2, minima: [0, 1, 0] },
            ApplicationDemand { id: "A-004".to_owned(), demand: 1, minima: [0, 1, 0] },
        ],
        experts: vec![
            expert("F1", 1, &[ExpertRole::Finance]),
            expert("F2", 1, &[ExpertRole::Finance]),
            expert("T1", 9, &[ExpertRole::Technical]),
            expert("T2", 9, &[ExpertRole::Technical]),
        ],
        pairs: vec![pair(0, 0), pair(0, 1), pair(1, 0), pair(2, 0), pair(3, 0)],
        conflicts: vec![Conflict { link: Link { expert: 1, application: 0 }, reason: "同单位".to_owned() }],
        ..Problem::default()
    };
    let outcome =
        solve(&problem, Options { if_infeasible: IfInfeasible::ExplainAndFillWhatCanBeFilled, ..Options::default() })
            .unwrap();
    assert_eq!(outcome.status, Status::Infeasible);
    let [shortfall] = &outcome.shortfalls[..] else { panic!("{:#?}", outcome.shortfalls) };
    assert_eq!((shortfall.role, shortfall.needed, shortfall.available), (Some(SeatRole::Finance), 1, 0));
    let texts: Vec<&str> = shortfall.relaxations.iter().map(|r| r.text.as_str()).collect();
    let own = format!("将项目 {} 的财务专家由 1 名减为 0 名", shortfall.application);
    assert!(texts.iter().any(|t| t.starts_with(&own)), "{texts:?}");
    assert!(texts.contains(&"将专家 F1 的评审数上限由 1 项提高到 2 项"), "{texts:?}");
    assert_eq!(shortfall.competing, ["A-003", "A-004"]);
    if shortfall.application == "A-003" {
        assert_eq!(shortfall.excluded["同单位"], 1);
    }
    let partial = outcome.partial.unwrap();
    assert_eq!((partial.complete, partial.empty_seats, partial.assignments.len()), (false, 1, 2));
}

#[test]
fn relaxations_of_small_problems_truly_help() {
    let (mut single, mut helped) = (0, 0);
    for seed in 0..3_000 {
        let problem = small(seed);
        let outcome = solve(&problem, Options::default()).unwrap();
        if outcome.status != Status::Infeasible {
            continue;
        }
        assert!(!outcome.shortfalls.is_empty(), "{seed}");
        verify(&problem, &outcome).unwrap();
        for shortfall in &outcome.shortfalls {
            assert!(!shortfall.message.is_empty());
            assert!(
                shortfall.available < shortfall.needed || !shortfall.message.starts_with("项目"),
                "{seed} {shortfall:#?}"
            );
        }
        if let [shortfall] = &outcome.shortfalls[..] {
            single += 1;
            helped += usize::from(!shortfall.relaxations.is_empty());
            for relaxation in &shortfall.relaxations {
                assert!(
                    enumeration::best(&changed(&problem, &relaxation.changes)).is_some(),
                    "{seed} {relaxation:?} {problem:#?}"
                );
                assert!(relaxation.text.chars().count() > 8 && !relaxation.text.contains("其余"));
            }
        }
    }
    assert!(single > 300 && helped * 100 >= single * 95, "{helped} of {single}");
}

#[test]
fn incomplete_assignments_keep_every_prohibition() {
    for seed in 0..1_500 {
        let problem = small(seed);
        let outcome = solve(
            &problem,
            Options { if_infeasible: IfInfeasible::ExplainAndFillWhatCanBeFilled, ..Options::default() },
        )
        .unwrap();
        let Some(partial) = outcome.partial else {
            continue;
        };
        let seats: u32 = problem.applications.iter().map(|a| a.demand).sum();
        assert_eq!(
            partial.empty_seats + u32::try_from(partial.assignments.len()).unwrap(),
            seats,
            "{seed} {problem:#?} {partial:#?}"
        );
        for e in &problem.experts {
            let load = partial.assignments.iter().filter(|a| a.expert == e.id).count();
            assert!(load <= e.max_load as usize, "{seed} {e:?} {partial:#?}");
        }
        for a in &partial.assignments {
            let link = |l: &Link| {
                problem.applications[l.application as usize].id == a.application
                    && problem.experts[l.expert as usize].id == a.expert
            };
            assert!(!problem.conflicts.iter().any(|c| link(&c.link)), "{seed}");
        }
    }
}
