//! 专家名单: the pool, or the part of it that a page shows. It can be imported again.

use crate::table::{ColumnOf, Sheet, Table, book};
use crate::{Cell, ExportError};
use domain::Timestamp;
use domain::beijing::minute;
use domain::expert::{Expert, Tie};
use domain::uscc::Uscc;

fn columns<'a>() -> [ColumnOf<&'a Expert>; 12] {
    [
        ("专家编号", |expert| Cell::text(&expert.code)),
        ("姓名", |expert| Cell::text(&expert.name)),
        ("来源部门", |expert| Cell::text(expert.source.label())),
        ("专家类别", |expert| Cell::text(expert.role.label())),
        ("重点领域", |expert| Cell::text(expert.sectors.iter().map(|s| s.label()).collect::<Vec<_>>().join("、"))),
        ("专业方向", |expert| Cell::text(&expert.specialities)),
        ("学科代码", |expert| {
            Cell::text(expert.disciplines.iter().map(ToString::to_string).collect::<Vec<_>>().join("、"))
        }),
        ("职称", |expert| Cell::text(&expert.title)),
        ("工作单位", |expert| Cell::text(&expert.employer)),
        ("统一社会信用代码", |expert| code(expert.employer_uscc.as_ref())),
        ("所在地区", |expert| Cell::text(&expert.region)),
        ("在库状态", |expert| Cell::text(expert.standing.label())),
    ]
}

fn tie_columns<'a>() -> [ColumnOf<(&'a Expert, &'a Tie)>; 8] {
    [
        ("专家编号", |(expert, _)| Cell::text(&expert.code)),
        ("姓名", |(expert, _)| Cell::text(&expert.name)),
        ("关系", |(_, tie)| Cell::text(tie.kind.label())),
        ("单位名称", |(_, tie)| Cell::text(&tie.unit)),
        ("统一社会信用代码", |(_, tie)| code(tie.uscc.as_ref())),
        ("职务", |(_, tie)| Cell::text(&tie.position)),
        ("起始时间", |(_, tie)| Cell::text(tie.since.map(|day| day.to_string()).unwrap_or_default())),
        ("结束时间", |(_, tie)| Cell::text(tie.until.map_or_else(|| "至今".to_owned(), |day| day.to_string()))),
    ]
}

fn code(uscc: Option<&Uscc>) -> Cell {
    Cell::text(uscc.map(ToString::to_string).unwrap_or_default())
}

/// Writes 专家名单, with 任职经历 as its second sheet.
///
/// # Errors
/// More rows than a sheet holds.
pub fn to_xlsx(experts: &[Expert], generated: Timestamp) -> Result<Vec<u8>, ExportError> {
    let lines = vec![format!("生成时间：{}", minute(generated))];
    let own: Vec<&Expert> = experts.iter().collect();
    let ties: Vec<(&Expert, &Tie)> =
        experts.iter().flat_map(|expert| expert.ties.iter().map(move |tie| (expert, tie))).collect();
    book(&[
        Sheet {
            name: "专家".to_owned(),
            table: Table::numbered("专家名单".to_owned(), lines, &columns(), &own),
            tail: Vec::new(),
        },
        Sheet {
            name: "任职经历".to_owned(),
            table: Table::numbered("专家任职经历".to_owned(), Vec::new(), &tie_columns(), &ties),
            tail: Vec::new(),
        },
    ])
}
