//! 申报汇总: every application of a round as it was filed.

use crate::table::{ColumnOf, Table, to_xlsx as write};
use crate::{Cell, ExportError};
use domain::Timestamp;
use domain::application::Application;
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

fn columns<'a>() -> [ColumnOf<Row<'a>>; 11] {
    [
        ("项目编号", |row| Cell::text(&row.application.code)),
        ("榜单任务", |row| Cell::text(row.task)),
        ("项目名称", |row| Cell::text(&row.application.title)),
        ("申报形式", |row| Cell::text(row.application.form.label())),
        ("牵头单位", |row| Cell::text(row.application.lead().map_or("", |lead| lead.name.as_str()))),
        ("参与单位", |row| {
            let names: Vec<_> = row.application.participants().map(|member| member.name.as_str()).collect();
            Cell::text(names.join("、"))
        }),
        ("推荐单位", |row| Cell::text(row.application.recommender.label())),
        ("总投资（万元）", |row| wan(row.application.investment)),
        ("支持上限（万元）", |row| wan(row.application.investment.support_cap())),
        ("形式审查", |row| Cell::text(row.application.state.label())),
        ("评审组", |row| Cell::text(row.panel)),
    ]
}

const fn wan(money: Fen) -> Cell {
    Cell::Number(money.0 as f64 / 1_000_000.0)
}

/// Writes 申报汇总.
///
/// # Errors
/// More rows than a sheet holds.
pub fn to_xlsx(list: &Applications<'_>) -> Result<Vec<u8>, ExportError> {
    let title = format!("{}申报汇总", list.round);
    let lines = vec![format!("依据：{}；生成时间：{}", list.basis, minute(list.generated))];
    write(&Table::numbered(title, lines, &columns(), &list.rows))
}
