//! 申报汇总: every application of a round as it was filed. It can be imported again.

use crate::table::{ColumnOf, Sheet, Table, book};
use crate::{Cell, ExportError};
use domain::Timestamp;
use domain::application::{Application, Member, Person};
use domain::beijing::minute;
use domain::money::Fen;

/// The whole list.
#[derive(Debug, Clone)]
pub struct Applications<'a> {
    /// The round's title.
    pub round: &'a str,
    pub basis: &'a str,
    pub generated: Timestamp,
    pub rows: Vec<Row<'a>>,
}

#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    pub application: &'a Application,
    /// The title of its task.
    pub task: &'a str,
    /// The name of its panel; empty before there is one.
    pub panel: &'a str,
}

fn columns<'a>() -> [ColumnOf<Row<'a>>; 14] {
    [
        ("项目编号", |row| Cell::text(&row.application.code)),
        ("榜单任务", |row| Cell::text(row.task)),
        ("项目名称", |row| Cell::text(&row.application.title)),
        ("申报形式", |row| Cell::text(row.application.form.label())),
        ("牵头单位", |row| Cell::text(row.application.lead().map_or("", |lead| lead.name.as_str()))),
        ("统一社会信用代码", |row| {
            Cell::text(row.application.lead().map(|lead| lead.uscc.to_string()).unwrap_or_default())
        }),
        ("单位类型", |row| Cell::text(row.application.lead().map_or("", |lead| lead.kind.label()))),
        ("参与单位", |row| {
            let names: Vec<_> = row.application.participants().map(|member| member.name.as_str()).collect();
            Cell::text(names.join("、"))
        }),
        ("推荐单位", |row| Cell::text(row.application.recommender.label())),
        ("总投资（万元）", |row| wan(row.application.investment)),
        ("支持上限（万元）", |row| wan(row.application.investment.support_cap())),
        ("承诺书签署日期", |row| Cell::or_blank(row.application.committed_on, Cell::Date)),
        ("形式审查", |row| Cell::text(row.application.state.label())),
        ("评审组", |row| Cell::text(row.panel)),
    ]
}

const fn wan(money: Fen) -> Cell {
    Cell::Number(money.0 as f64 / 1_000_000.0)
}

fn member_columns<'a>() -> [ColumnOf<(&'a Application, &'a Member)>; 6] {
    [
        ("项目编号", |(application, _)| Cell::text(&application.code)),
        ("项目名称", |(application, _)| Cell::text(&application.title)),
        ("单位名称", |(_, member)| Cell::text(&member.name)),
        ("统一社会信用代码", |(_, member)| Cell::text(member.uscc.as_str())),
        ("单位类型", |(_, member)| Cell::text(member.kind.label())),
        ("角色", |(_, member)| Cell::text(member.role.label())),
    ]
}

fn person_columns<'a>() -> [ColumnOf<(&'a Application, &'a Person)>; 5] {
    [
        ("项目编号", |(application, _)| Cell::text(&application.code)),
        ("项目名称", |(application, _)| Cell::text(&application.title)),
        ("姓名", |(_, person)| Cell::text(&person.name)),
        ("单位", |(_, person)| Cell::text(&person.unit)),
        ("分工", |(_, person)| Cell::text(&person.duty)),
    ]
}

/// Writes 申报汇总, with 联合体成员 and 参与人员 as further sheets.
///
/// # Errors
/// More rows than a sheet holds.
pub fn to_xlsx(list: &Applications<'_>) -> Result<Vec<u8>, ExportError> {
    let title = format!("{}申报汇总", list.round);
    let lines = vec![format!("依据：{}；生成时间：{}", list.basis, minute(list.generated))];
    let applications = || list.rows.iter().map(|row| row.application);
    let members: Vec<(&Application, &Member)> =
        applications().flat_map(|own| own.participants().map(move |member| (own, member))).collect();
    let people: Vec<(&Application, &Person)> =
        applications().flat_map(|own| own.people.iter().map(move |person| (own, person))).collect();
    let sheet = |name: &str, table| Sheet { name: name.to_owned(), table, tail: Vec::new() };
    book(&[
        sheet("汇总表", Table::numbered(title, lines, &columns(), &list.rows)),
        sheet("联合体成员", Table::numbered("联合体成员".to_owned(), Vec::new(), &member_columns(), &members)),
        sheet("参与人员", Table::numbered("参与人员".to_owned(), Vec::new(), &person_columns(), &people)),
    ])
}
