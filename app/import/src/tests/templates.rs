use super::*;
use crate::{applications, experts, tasks};
use calamine::{Data, Reader, Xlsx};
use std::io::Cursor;

/// The template as a user fills it: the rows below the example, everything as text.
fn filled(template: &[u8], rows: &[(&str, &[&str])]) -> Vec<u8> {
    let mut source: Xlsx<_> = Xlsx::new(Cursor::new(template)).unwrap();
    let mut sheets = Vec::new();
    for name in source.sheet_names() {
        let range = source.worksheet_range(&name).unwrap();
        let mut cells: Vec<Vec<Put>> = range
            .rows()
            .map(|row| {
                row.iter()
                    .map(|cell| match cell {
                        Data::Empty => Put::Nothing,
                        other => Put::Text(other.to_string()),
                    })
                    .collect()
            })
            .collect();
        for (_, more) in rows.iter().filter(|(sheet, _)| *sheet == name) {
            cells.extend(lines(more));
        }
        sheets.push((name, cells));
    }
    let named: Vec<(&str, Vec<Vec<Put>>)> = sheets.iter().map(|(n, c)| (n.as_str(), c.clone())).collect();
    book(&named)
}

#[test]
fn empty_templates_hold_no_rows_and_no_problems() {
    let parsed = experts::read(&experts::template(), crate::Whole::default()).unwrap();
    assert_eq!(told(&parsed.problems), Vec::<String>::new());
    assert!(parsed.rows.is_empty());
    let parsed = applications::read(&applications::template(), crate::Whole::default()).unwrap();
    assert_eq!(told(&parsed.problems), Vec::<String>::new());
    assert!(parsed.rows.is_empty());
    let parsed = tasks::read(&tasks::template()).unwrap();
    assert_eq!(told(&parsed.problems), Vec::<String>::new());
    assert!(parsed.rows.is_empty());
}

#[test]
fn every_column_of_the_templates_is_a_known_one() {
    let unread: Vec<_> = [
        experts::read(&experts::template(), crate::Whole::default()).unwrap().seen,
        applications::read(&applications::template(), crate::Whole::default()).unwrap().seen,
        tasks::read(&tasks::template()).unwrap().seen,
    ]
    .concat()
    .into_iter()
    .map(|seen| (seen.sheet, seen.unread))
    .collect();
    for (sheet, unread) in unread.iter().filter(|(sheet, _)| sheet != "填写说明") {
        assert_eq!(unread, &["序号"], "{sheet}");
    }
}

#[test]
fn the_filled_expert_template_reads_back() {
    let bytes = filled(
        &experts::template(),
        &[
            (
                "专家",
                &[
                    "1|ZJ-0001|示例甲|省工信厅|产业/管理|新材料、其他（含未来产业）||||示例大学||兰州市|620102199001010011",
                ],
            ),
            ("任职经历", &["1|ZJ-0001|控股股东、实际控制人|示例公司|||2021-03|至今"]),
        ],
    );
    let parsed = experts::read(&bytes, crate::Whole::default()).unwrap();
    assert_eq!(told(&parsed.problems), Vec::<String>::new());
    assert_eq!(parsed.rows[0].value.ties.len(), 1);
}

#[test]
fn the_filled_application_template_reads_back() {
    let bytes = filled(
        &applications::template(),
        &[
            (
                "汇总表",
                &[
                    "1|SL-009|RW-01|示例攻关|联合体|示例公司|916200000000000004|企业|示例大学|兰州市|6200|2025-03-01|甲|乙|丙",
                ],
            ),
            ("联合体成员", &["1|SL-009|示例大学|91000000000000000K|高校|参与单位"]),
            ("参与人员", &["1|SL-009|示例乙|示例大学|负责人"]),
        ],
    );
    let parsed = applications::read(&bytes, crate::Whole::default()).unwrap();
    assert_eq!(told(&parsed.problems), Vec::<String>::new());
    let row = &parsed.rows[0].value;
    assert_eq!((row.members.len(), row.people.len(), row.sections.len()), (2, 1, 3));
}

/// The examples shown in the templates must themselves be right.
#[test]
fn the_example_rows_would_be_read_if_they_were_not_marked() {
    let unmark = |template: Vec<u8>| {
        let mut source: Xlsx<_> = Xlsx::new(Cursor::new(template)).unwrap();
        let mut sheets = Vec::new();
        for name in source.sheet_names() {
            let range = source.worksheet_range(&name).unwrap();
            let rows: Vec<Vec<Put>> = range
                .rows()
                .map(|row| {
                    row.iter()
                        .map(|c| Put::from(c.to_string().as_str()))
                        .map(|p| match p {
                            Put::Text(text) if text == "示例" => Put::Text("1".to_owned()),
                            other => other,
                        })
                        .collect()
                })
                .collect();
            sheets.push((name, rows));
        }
        let named: Vec<(&str, Vec<Vec<Put>>)> = sheets.iter().map(|(n, c)| (n.as_str(), c.clone())).collect();
        book(&named)
    };
    let parsed = experts::read(&unmark(experts::template()), crate::Whole::default()).unwrap();
    assert_eq!((told(&parsed.problems), parsed.rows.len()), (Vec::new(), 1));
    let parsed = applications::read(&unmark(applications::template()), crate::Whole::default()).unwrap();
    assert_eq!((told(&parsed.problems), parsed.rows.len()), (Vec::new(), 1));
}
