//! Files in, problems or complete lists of errors out.

use crate::assignment::files::{Files, read};
use crate::assignment::{Affinity, Criterion, Objective, Options, Status, solve};
use domain::rubric::ExpertRole;
use proptest::prelude::*;

const APPLICATIONS: &str =
    "\u{feff}application,demand,technical,finance,management,title\nA-1,2,1,1,0,甲\nA-2,1,,,,乙\n";
const EXPERTS: &str = "expert,min_load,max_load,roles,employer,region\nE1,0,2,technical,U1,甘肃\nE2,0,1,finance|technical,U2,\nE3,0,1,,,\n";
const AFFINITY: &str = "expert,application,affinity\nE1,A-1,0.5\nE1,A-2,0.1234567\nE2,A-1,-1\nE3,A-2,1\n";

fn files<'a>() -> Files<'a> {
    Files {
        applications: APPLICATIONS.as_bytes(),
        experts: EXPERTS.as_bytes(),
        affinity: AFFINITY.as_bytes(),
        ..Files::default()
    }
}

fn words(files: Files<'_>, criterion: Criterion) -> Vec<String> {
    read(&files, criterion, 1).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn a_complete_set_of_files_is_read_and_solved() {
    let problem = read(
        &Files {
            conflicts: Some(b"expert,application,reason\nE3,A-2,\n"),
            locks: Some(b"application,expert\nA-1,E1\n"),
            ..files()
        },
        Criterion::Total,
        1,
    )
    .unwrap();
    assert_eq!(problem.applications[0].minima, [1, 1, 0]);
    assert!(problem.experts[1].roles.contains(ExpertRole::Finance) && problem.experts[2].roles.is_empty());
    assert_eq!(problem.pairs[1].affinity, Affinity::from_micro(123_457).unwrap());
    let outcome = solve(&problem, Options::default()).unwrap();
    assert_eq!((outcome.status, outcome.objective), (Status::Optimal, Some(-0.376_543)));
}

#[test]
fn an_earlier_outcome_is_read_back_without_those_who_left() {
    let first = solve(&read(&files(), Criterion::Total, 1).unwrap(), Options::default()).unwrap();
    let json = serde_json::to_string_pretty(&first).unwrap();
    let previous = json.replace("\"E3\"", "\"gone\"");
    let problem = read(&Files { previous: Some(previous.as_bytes()), ..files() }, Criterion::Keep, 1).unwrap();
    let Objective::Keep(links) = &problem.objective else { panic!("keep was asked for") };
    assert_eq!(links.len(), 2);
    assert_eq!(serde_json::from_str::<crate::assignment::Solution>(&json).unwrap(), first);
}

#[test]
fn every_bad_row_of_every_file_is_listed() {
    let bad = Files {
        applications: "application,demand,finance\nA-1,2,1\nA-1,1,0\n,1,0\nA-3,二,-1\n".as_bytes(),
        experts: "expert,min_load,max_load,roles\nE1,3,2,technical|cook\nE2,0,1.5,\n".as_bytes(),
        affinity: "expert,application,affinity\nE1,A-1,0.5\nE1,A-1,0.5\nE9,A-9,0\nE2,A-3,NaN\nE2,A-1,1.01\nE2,A-3\n"
            .as_bytes(),
        conflicts: Some("expert,application,reason\nE1,A-7,同单位\n".as_bytes()),
        locks: Some(b"expert\nE1\n"),
        previous: Some(b"{\n\"assignments\": 3}"),
    };
    let expected = [
        "applications.csv 第 3 行“application”列：“A-1”重复出现",
        "applications.csv 第 4 行“application”列：不能为空",
        "applications.csv 第 5 行“demand”列：“二”不是非负整数",
        "applications.csv 第 5 行“finance”列：“-1”不是非负整数",
        "experts.csv 第 2 行“roles”列：“cook”不是专家类别（technical、finance、management）",
        "experts.csv 第 2 行“min_load”列：最低评审数 3 大于上限 2",
        "experts.csv 第 3 行“max_load”列：“1.5”不是非负整数",
        "affinity.csv 第 3 行“expert”列：该专家与项目的组合重复出现",
        "affinity.csv 第 4 行“expert”列：“E9”不在 experts.csv 中",
        "affinity.csv 第 4 行“application”列：“A-9”不在 applications.csv 中",
        "affinity.csv 第 5 行“affinity”列：不是数（NaN）",
        "affinity.csv 第 6 行“affinity”列：1.01 超出 −1 到 1",
        "affinity.csv 第 7 行“expert”列：该专家与项目的组合重复出现",
        "affinity.csv 第 7 行“affinity”列：不能为空",
        "conflicts.csv 第 2 行“application”列：“A-7”不在 applications.csv 中",
        "locks.csv 第 1 行“application”列：缺少此列",
    ];
    let found = words(bad, Criterion::Keep);
    assert_eq!(found[..expected.len()], expected);
    assert!(found[expected.len()].starts_with("previous 第 2 行：不是有效的分配结果"), "{found:?}");
    assert_eq!(found.len(), expected.len() + 1);
}

#[test]
fn keep_without_an_earlier_outcome_is_an_error() {
    assert_eq!(words(files(), Criterion::Keep).len(), 1);
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(applications: Vec<u8>, experts: Vec<u8>, affinity: Vec<u8>, more: Vec<u8>) {
        let with = |header: &str, rest: &[u8]| [header.as_bytes(), rest].concat();
        let (a, e, f) = (with(APPLICATIONS, &applications), with(EXPERTS, &experts), with(AFFINITY, &affinity));
        let locks = with("expert,application\n", &more);
        for files in [
            Files { applications: &a, experts: &e, affinity: &f, conflicts: Some(&locks), locks: Some(&locks), previous: Some(&more) },
            Files { applications: &applications, experts: &experts, affinity: &affinity, conflicts: Some(&more), locks: Some(&more), previous: None },
        ] {
            let _ = read(&files, Criterion::Total, 1);
            let _ = read(&files, Criterion::Keep, 1);
        }
    }
}
