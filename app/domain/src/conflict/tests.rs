use super::*;
use crate::access::Department;
use crate::application::{ApplicationState, Form, MemberRole, Person, UnitKind};
use crate::expert::PoolState;
use crate::ids::BatchId;
use crate::money::Fen;
use crate::region::Recommender;
use crate::rubric::ExpertRole;
use uuid::Uuid;

fn uscc(n: u32) -> Uscc {
    Uscc::from_body(&format!("9162000000000{n:04}")).unwrap()
}

fn date(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
}

fn expert(n: u128, employer: u32) -> Expert {
    Expert {
        id: ExpertId(Uuid::from_u128(n)),
        code: format!("E{n}"),
        name: format!("专家{n}"),
        source: Department::Industry,
        role: ExpertRole::Technical,
        sectors: vec![],
        specialities: String::new(),
        disciplines: Vec::new(),
        title: String::new(),
        employer: format!("单位{employer}"),
        employer_uscc: Some(uscc(employer)),
        region: String::new(),
        standing: PoolState::Active,
        ties: vec![],
    }
}

fn application(n: u128, task: u128, units: &[u32]) -> Application {
    Application {
        id: ApplicationId(Uuid::from_u128(n)),
        batch: BatchId(Uuid::nil()),
        task: TaskId(Uuid::from_u128(task)),
        code: format!("A-{n:03}"),
        title: "示例".to_owned(),
        form: Form::Consortium,
        recommender: Recommender::Lanzhou,
        investment: Fen::wan(1000),
        committed_on: None,
        state: ApplicationState::Filed,
        state_reason: String::new(),
        members: units
            .iter()
            .enumerate()
            .map(|(i, unit)| Member {
                uscc: uscc(*unit),
                name: format!("单位{unit}"),
                kind: UnitKind::Enterprise,
                role: if i == 0 { MemberRole::Lead } else { MemberRole::Participant },
            })
            .collect(),
        people: vec![],
        sections: vec![],
    }
}

fn tie(kind: TieKind, unit: u32, since: &str, until: Option<&str>) -> Tie {
    Tie {
        kind,
        uscc: Some(uscc(unit)),
        unit: format!("单位{unit}"),
        position: String::new(),
        since: Some(date(since)),
        until: until.map(date),
    }
}

fn rules(findings: &[Finding]) -> Vec<(u128, Rule)> {
    findings.iter().map(|f| (f.application.0.as_u128(), f.rule)).collect()
}

const DAY: &str = "2025-09-01";

#[test]
fn r1_same_legal_person_as_any_member_of_the_consortium() {
    let applications = [application(1, 1, &[10, 11, 12]), application(2, 1, &[13, 14])];
    let found = detect(&[expert(1, 12)], &applications, &Surroundings::default(), date(DAY));
    assert_eq!(rules(&found), [(1, Rule::SameLegalPerson)]);
    assert!(found[0].evidence.application_side.contains("参与单位：单位12"), "{:?}", found[0].evidence);
}

#[test]
fn r1_reaches_parent_and_subsidiary() {
    let around = Surroundings { affiliates: vec![(uscc(10), uscc(99))], ..Surroundings::default() };
    let found = detect(&[expert(1, 99)], &[application(1, 1, &[10, 11])], &around, date(DAY));
    assert_eq!(rules(&found), [(1, Rule::SameLegalPerson)]);
}

#[test]
fn r4_employment_counts_for_three_years_to_the_day() {
    let applications = [application(1, 1, &[10])];
    for (until, expected) in [("2022-08-31", 0), ("2022-09-01", 1), ("2024-01-01", 1)] {
        let mut e = expert(1, 50);
        e.ties.push(tie(TieKind::Employment, 10, "2010-01-01", Some(until)));
        let found = detect(&[e], &applications, &Surroundings::default(), date(DAY));
        assert_eq!(found.len(), expected, "{until}");
    }
}

#[test]
fn r4_employment_that_begins_later_does_not_count() {
    let mut e = expert(1, 50);
    e.ties.push(tie(TieKind::Employment, 10, "2025-10-01", None));
    assert!(detect(&[e], &[application(1, 1, &[10])], &Surroundings::default(), date(DAY)).is_empty());
}

#[test]
fn r4_the_present_post_among_the_former_ones_is_one_finding() {
    let mut e = expert(1, 10);
    e.ties.push(tie(TieKind::Employment, 10, "2010-01-01", None));
    let found = detect(&[e], &[application(1, 1, &[10])], &Surroundings::default(), date(DAY));
    assert_eq!(rules(&found), [(1, Rule::SameLegalPerson)]);
}

#[test]
fn r4_a_present_post_whose_code_only_the_history_knows_is_still_found() {
    let mut e = expert(1, 10);
    e.employer_uscc = None;
    e.ties.push(tie(TieKind::Employment, 10, "2010-01-01", None));
    let mut renamed = application(1, 1, &[10]);
    renamed.members[0].name = "更名后的单位".to_owned();
    let found = detect(&[e], &[renamed], &Surroundings::default(), date(DAY));
    assert_eq!(rules(&found), [(1, Rule::FormerEmployment)]);
}

#[test]
fn r5_and_r6_directors_and_controllers() {
    let mut e = expert(1, 50);
    e.ties.push(tie(TieKind::Supervisor, 10, "2020-01-01", None));
    e.ties.push(tie(TieKind::Shareholder, 11, "2020-01-01", None));
    let found = detect(&[e], &[application(1, 1, &[10, 11])], &Surroundings::default(), date(DAY));
    assert_eq!(rules(&found), [(1, Rule::Directorship), (1, Rule::Shareholding)]);
}

#[test]
fn r3_a_listed_expert_leaves_the_task_and_the_batch() {
    let e = expert(1, 50);
    let mut own = application(1, 7, &[10, 50]);
    own.people
        .push(Person { name: "专家1".to_owned(), unit: "单位50".to_owned(), duty: "课题负责".to_owned() });
    let applications = [own, application(2, 7, &[20]), application(3, 8, &[30])];
    let found = detect(&[e], &applications, &Surroundings::default(), date(DAY));
    assert_eq!(
        rules(&found),
        [(1, Rule::SameLegalPerson), (1, Rule::ListedPerson), (2, Rule::OwnApplication), (3, Rule::SameBatch),]
    );
}

#[test]
fn a_namesake_elsewhere_is_left_to_people() {
    let mut other = application(1, 1, &[10]);
    other.people.push(Person { name: "专家1".to_owned(), unit: "单位10".to_owned(), duty: String::new() });
    let found = detect(&[expert(1, 50)], &[other], &Surroundings::default(), date(DAY));
    assert_eq!(rules(&found), [(1, Rule::Namesake)]);
    assert_eq!(found[0].rule.effect(), Effect::Discretionary);
}

#[test]
fn r10_staff_of_the_supervising_authority_review_nothing() {
    let around = Surroundings { authorities: BTreeSet::from([uscc(77).to_string()]), ..Surroundings::default() };
    let found = detect(&[expert(1, 77)], &[application(1, 1, &[10]), application(2, 2, &[11])], &around, date(DAY));
    assert_eq!(rules(&found), [(1, Rule::SupervisingAuthority), (2, Rule::SupervisingAuthority)]);
}

#[test]
fn units_without_a_code_are_compared_by_name() {
    let mut e = expert(1, 10);
    e.employer_uscc = None;
    e.employer = "单位 10".to_owned();
    let found = detect(&[e], &[application(1, 1, &[10])], &Surroundings::default(), date(DAY));
    assert_eq!(rules(&found), [(1, Rule::SameLegalPerson)]);
}
