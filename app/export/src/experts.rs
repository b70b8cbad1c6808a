//! 专家名单: the pool, or the part of it that a page shows.

use crate::table::{ColumnOf, Table, to_xlsx as write};
use crate::{Cell, ExportError};
use domain::Timestamp;
use domain::beijing::minute;
use domain::expert::Expert;

const COLUMNS: [ColumnOf<Expert>; 11] = [
    ("专家编号", |expert| Cell::text(&expert.code)),
    ("姓名", |expert| Cell::text(&expert.name)),
    ("来源部门", |expert| Cell::text(expert.source.label())),
    ("专家类别", |expert| Cell::text(expert.role.label())),
    ("重点领域", |expert| Cell::text(expert.sectors.iter().map(|s| s.label()).collect::<Vec<_>>().join("、"))),
    ("专业方向", |expert| Cell::text(&expert.specialities)),
    ("学科", |expert| Cell::text(expert.disciplines.iter().map(ToString::to_string).collect::<Vec<_>>().join("、"))),
    ("职称", |expert| Cell::text(&expert.title)),
    ("工作单位", |expert| Cell::text(&expert.employer)),
    ("统一社会信用代码", |expert| {
        Cell::text(expert.employer_uscc.as_ref().map(ToString::to_string).unwrap_or_default())
    }),
    ("在库状态", |expert| Cell::text(expert.standing.label())),
];

/// Writes 专家名单.
///
/// # Errors
/// More rows than a sheet holds.
pub fn to_xlsx(experts: &[Expert], generated: Timestamp) -> Result<Vec<u8>, ExportError> {
    let lines = vec![format!("生成时间：{}", minute(generated))];
    write(&Table::numbered("专家名单".to_owned(), lines, &COLUMNS, experts))
}
