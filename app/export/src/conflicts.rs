//! 回避登记表: every record of a round with its evidence and its decision.

use crate::table::{ColumnOf, Table, to_xlsx as write};
use crate::{Cell, ExportError};
use domain::beijing::{minute, written};
use domain::conflict::Conflict;
use domain::expert::Expert;
use domain::{NaiveDate, Timestamp};

/// The whole register.
#[derive(Debug, Clone)]
pub struct Conflicts<'a> {
    /// The round's title.
    pub round: &'a str,
    pub reference_day: NaiveDate,
    pub generated: Timestamp,
    pub rows: Vec<Row<'a>>,
}

#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    pub conflict: &'a Conflict,
    pub expert: Option<&'a Expert>,
    /// The code of the application.
    pub application: &'a str,
}

fn columns<'a>() -> [ColumnOf<Row<'a>>; 10] {
    [
        ("专家编号", |row| Cell::text(row.expert.map_or("", |expert| expert.code.as_str()))),
        ("姓名", |row| Cell::text(row.expert.map_or("", |expert| expert.name.as_str()))),
        ("项目编号", |row| Cell::text(row.application)),
        ("回避情形", |row| Cell::text(row.conflict.rule.label())),
        ("依据", |row| Cell::text(row.conflict.rule.source())),
        ("专家一方事实", |row| Cell::text(&row.conflict.evidence.expert_side)),
        ("申报一方事实", |row| Cell::text(&row.conflict.evidence.application_side)),
        ("来源", |row| Cell::text(row.conflict.origin.label())),
        ("认定", |row| Cell::text(if row.conflict.excludes() { "回避" } else { row.conflict.decision.label() })),
        ("理由", |row| Cell::text(&row.conflict.reason)),
    ]
}

/// Writes 回避登记表.
///
/// # Errors
/// More rows than a sheet holds.
pub fn to_xlsx(register: &Conflicts<'_>) -> Result<Vec<u8>, ExportError> {
    let title = format!("{}回避登记表", register.round);
    let lines =
        vec![format!("回避基准日：{}；生成时间：{}", written(register.reference_day), minute(register.generated))];
    write(&Table::numbered(title, lines, &columns(), &register.rows))
}
