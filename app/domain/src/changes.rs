//! 更新: what a newer list says otherwise than what is filed, cell by cell.

use crate::application::{Application, Member, MemberRole, Person, Task};
use crate::expert::{Expert, Tie};
use crate::uscc::Uscc;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One cell that changes. Blank is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// As the templates name it.
    pub column: String,
    pub from: String,
    pub to: String,
}

impl Change {
    pub fn new(column: &str, from: impl Into<String>, to: impl Into<String>) -> Self {
        Self { column: column.to_owned(), from: from.into(), to: to.into() }
    }
}

/// What replacing one entry of the pool by another changes.
pub fn of_expert(before: &Expert, after: &Expert) -> Vec<Change> {
    let cells = |expert: &Expert| {
        let sectors: Vec<_> = expert.sectors.iter().map(|sector| sector.label()).collect();
        let disciplines: Vec<_> = expert.disciplines.iter().map(ToString::to_string).collect();
        [
            ("姓名", expert.name.clone()),
            ("来源部门", expert.source.label().to_owned()),
            ("专家类别", expert.role.label().to_owned()),
            ("重点领域", sectors.join("、")),
            ("专业方向", expert.specialities.clone()),
            ("学科代码", disciplines.join("、")),
            ("职称", expert.title.clone()),
            ("工作单位", expert.employer.clone()),
            ("统一社会信用代码", code(expert.employer_uscc.as_ref())),
            ("所在地区", expert.region.clone()),
            ("在库状态", expert.standing.label().to_owned()),
        ]
    };
    let mut changes = differing(cells(before), cells(after));
    changes.extend(items("任职经历", &before.ties, &after.ties, tie));
    changes
}

/// What replacing one application by another changes; `tasks` are those of its batch.
pub fn of_application(before: &Application, after: &Application, tasks: &[Task]) -> Vec<Change> {
    let cells = |application: &Application| {
        let task = tasks.iter().find(|task| task.id == application.task).map(|task| task.code.clone());
        let lead = application.lead();
        [
            ("榜单任务编号", task.unwrap_or_default()),
            ("项目名称", application.title.clone()),
            ("申报形式", application.form.label().to_owned()),
            ("牵头单位", lead.map_or_else(String::new, |lead| lead.name.clone())),
            ("统一社会信用代码", code(lead.map(|lead| &lead.uscc))),
            ("单位类型", lead.map_or_else(String::new, |lead| lead.kind.label().to_owned())),
            ("推荐单位", application.recommender.label().to_owned()),
            ("总投资（万元）", application.investment.in_wan()),
            ("承诺书签署日期", day(application.committed_on)),
        ]
    };
    let others = |application: &Application| -> Vec<Member> {
        application.members.iter().filter(|member| member.role != MemberRole::Lead).cloned().collect()
    };
    let mut changes = differing(cells(before), cells(after));
    changes.extend(items("参与单位", &others(before), &others(after), member));
    changes.extend(items("参与人员", &before.people, &after.people, person));
    for heading in before.sections.iter().chain(&after.sections).map(|section| &section.heading) {
        let body = |application: &Application| {
            let own = application.sections.iter().find(|section| section.heading == *heading);
            own.map_or_else(String::new, |section| section.body.clone())
        };
        let change = Change::new(heading, body(before), body(after));
        if change.from != change.to && !changes.contains(&change) {
            changes.push(change);
        }
    }
    changes
}

fn differing<const N: usize>(before: [(&str, String); N], after: [(&str, String); N]) -> Vec<Change> {
    let pairs = before.into_iter().zip(after);
    pairs.filter(|(old, new)| old.1 != new.1).map(|((column, from), (_, to))| Change::new(column, from, to)).collect()
}

/// Of lists the items that go and the items that come; their order says nothing.
fn items<T: PartialEq>(column: &str, before: &[T], after: &[T], words: impl Fn(&T) -> String) -> Vec<Change> {
    let gone = before.iter().filter(|item| !after.contains(item)).map(|item| Change::new(column, words(item), ""));
    let come = after.iter().filter(|item| !before.contains(item)).map(|item| Change::new(column, "", words(item)));
    gone.chain(come).collect()
}

fn code(uscc: Option<&Uscc>) -> String {
    uscc.map(ToString::to_string).unwrap_or_default()
}

fn day(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

fn tie(tie: &Tie) -> String {
    let code = tie.uscc.as_ref().map(|uscc| format!("（{uscc}）")).unwrap_or_default();
    let position = if tie.position.is_empty() { String::new() } else { format!("，{}", tie.position) };
    let until = tie.until.map_or_else(|| "至今".to_owned(), |until| until.to_string());
    let span = match (tie.since, tie.until) {
        (None, None) => String::new(),
        (None, Some(_)) => format!("，截至{until}"),
        (Some(since), _) => format!("，{since}～{until}"),
    };
    format!("{}：{}{code}{position}{span}", tie.kind, tie.unit)
}

fn member(member: &Member) -> String {
    format!("{}（{}，{}）", member.name, member.uscc, member.kind)
}

fn person(person: &Person) -> String {
    let rest: Vec<&str> =
        [&person.unit, &person.duty].into_iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    if rest.is_empty() { person.name.clone() } else { format!("{}（{}）", person.name, rest.join("，")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conflict::samples::{application, expert, tie, uscc};
    use crate::expert::{PoolState, TieKind};

    fn told(changes: &[Change]) -> Vec<[&str; 3]> {
        changes.iter().map(|change| [change.column.as_str(), change.from.as_str(), change.to.as_str()]).collect()
    }

    #[test]
    fn of_an_expert_every_cell_that_differs_is_told_and_no_other() {
        let before = Expert { ties: vec![tie(TieKind::Director, 5, "2020-03-01", None)], ..expert(1, 1) };
        let mut after = before.clone();
        assert!(of_expert(&before, &after).is_empty());
        "研究员".clone_into(&mut after.title);
        after.employer_uscc = None;
        after.standing = PoolState::Suspended;
        after.ties = vec![tie(TieKind::Director, 5, "2020-03-01", Some("2024-06-30"))];
        let changes = of_expert(&before, &after);
        let columns: Vec<_> = changes.iter().map(|change| change.column.as_str()).collect();
        assert_eq!(columns, ["职称", "统一社会信用代码", "在库状态", "任职经历", "任职经历"]);
        assert_eq!(told(&changes)[2], ["在库状态", "在库", "暂停"]);
        assert!(changes[3].from.contains("至今") && changes[3].to.is_empty());
        assert!(changes[4].to.contains("2020-03-01～2024-06-30") && changes[4].from.is_empty());
    }

    #[test]
    fn of_an_application_members_people_and_texts_are_told_one_by_one() {
        let before = application(1, 1, &[1, 2, 3]);
        let mut after = before.clone();
        after.members.swap(1, 2);
        assert!(of_application(&before, &after, &[]).is_empty(), "order says nothing");
        after.members.pop();
        after.members[0].uscc = uscc(9);
        after.sections =
            vec![crate::application::Section { heading: "攻关方案".to_owned(), body: "新".to_owned() }];
        let changes = of_application(&before, &after, &[]);
        let columns: Vec<_> = changes.iter().map(|change| change.column.as_str()).collect();
        assert_eq!(columns, ["统一社会信用代码", "参与单位", "攻关方案"]);
    }
}
