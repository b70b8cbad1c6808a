use super::samples::{application, date, expert, tie, uscc};
use super::*;
use crate::application::{Application, Person};
use crate::expert::{Expert, Tie, TieKind};
use crate::identity::Authorities;

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
    let authorities = Authorities::new([(Some(uscc(77)), "示例市经信局")]);
    let around = Surroundings { authorities, ..Surroundings::default() };
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

fn named(n: u128, unit: &str) -> Expert {
    Expert { employer: unit.to_owned(), employer_uscc: None, ..expert(n, 1) }
}

/// One application of a university and a company.
fn filed() -> Application {
    let mut application = application(1, 1, &[10, 11]);
    application.members[0].name = "示例大学".to_owned();
    application.members[1].name = "示例西部有限公司".to_owned();
    application
}

fn found(expert: Expert, application: Application) -> Vec<Finding> {
    detect(&[expert], &[application], &Surroundings::default(), date(DAY))
}

#[test]
fn a_unit_nearly_the_same_is_left_to_people_for_employers_and_for_posts() {
    for unit in ["示例大学材料学院", "示例西部有限责任公司", "甘肃示例西部有限公司", "示例大学出版社有限公司"]
    {
        let now = found(named(1, unit), filed());
        assert_eq!(rules(&now), [(1, Rule::SimilarUnit)], "{unit}");
        assert_eq!(now[0].rule.effect(), Effect::Discretionary);
        let mut former = named(1, "无关单位");
        let post =
            Tie { uscc: None, unit: unit.to_owned(), ..tie(TieKind::Employment, 1, "2020-01-01", Some("2024-01-01")) };
        former.ties.push(post.clone());
        assert_eq!(rules(&found(former.clone(), filed())), [(1, Rule::SimilarUnit)], "{unit}");
        former.ties = vec![Tie { until: Some(date("2020-01-01")), ..post }];
        assert!(found(former, filed()).is_empty(), "more than three years ago");
    }
}

#[test]
fn a_code_never_silences_the_name() {
    let coded = Expert { employer_uscc: Some(uscc(77)), ..named(1, "示例大学") };
    let now = found(coded, filed());
    assert_eq!(rules(&now), [(1, Rule::SimilarUnit)]);
    assert!(now[0].evidence.expert_side.contains("代码不同"), "{:?}", now[0].evidence);
    let same = Expert { employer_uscc: Some(uscc(10)), ..named(1, "更名后的大学") };
    assert_eq!(rules(&found(same, filed())), [(1, Rule::SameLegalPerson)]);
    let other = Expert { employer_uscc: Some(uscc(77)), ..named(1, "无关大学") };
    assert!(found(other, filed()).is_empty());
}

#[test]
fn what_is_found_for_sure_is_not_doubted_beside_it() {
    let mut e = named(1, "示例大学");
    e.ties.push(Tie {
        uscc: None,
        unit: "示例大学材料学院".to_owned(),
        ..tie(TieKind::Employment, 1, "2020-01-01", None)
    });
    assert_eq!(rules(&found(e, filed())), [(1, Rule::SameLegalPerson)]);
    let mut e = named(1, "示例大学材料学院");
    e.ties.push(tie(TieKind::Employment, 11, "2020-01-01", Some("2024-01-01")));
    // The company is sure, the university still a doubt.
    assert_eq!(rules(&found(e, filed())), [(1, Rule::FormerEmployment), (1, Rule::SimilarUnit)]);
}

#[test]
fn people_are_found_by_what_their_names_look_like() {
    for (name, unit, rule) in [
        ("艾尔肯‧示例", "示例研究院", Rule::ListedPerson),
        ("艾尔肯.示例", "示例研究院检测中心", Rule::ListedPerson),
        ("艾尔肯·示例", "另一研究院", Rule::Namesake),
        ("艾尔肯\u{200b}·示例", "示例研究院", Rule::ListedPerson),
    ] {
        let mut listing = application(1, 1, &[10]);
        let person =
            Person { name: "艾尔肯·示例".to_owned(), unit: "示例研究院".to_owned(), duty: String::new() };
        listing.people.push(person);
        let e = Expert { name: name.to_owned(), ..named(1, unit) };
        let now = found(e, listing);
        assert_eq!(rules(&now), [(1, rule)], "{name} {unit}");
        assert_eq!(now[0].evidence.application_side, "申报人员：艾尔肯·示例，示例研究院");
    }
}

#[test]
fn offices_of_an_authority_are_the_authority_and_former_ones_are_weighed() {
    assert_eq!(rules(&found(named(1, "省工信厅科技处"), filed())), [(1, Rule::SupervisingAuthority)]);
    assert_eq!(rules(&found(named(1, "省工信厅信息中心"), filed())), [(1, Rule::SimilarUnit)]);
    let seconded = |until: Option<&str>| {
        let mut e = named(1, "无关单位");
        let post = tie(TieKind::Employment, 1, "2020-01-01", until);
        e.ties.push(Tie { uscc: None, unit: "兰州市工业和信息化局办公室".to_owned(), ..post });
        rules(&found(e, filed()))
    };
    assert_eq!(seconded(None), [(1, Rule::SupervisingAuthority)]);
    assert_eq!(seconded(Some("2024-01-01")), [(1, Rule::OtherRelation)]);
    assert_eq!(seconded(Some("2020-06-01")), []);
}
