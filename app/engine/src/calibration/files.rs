//! `scores.csv`: `application,expert,score[,panel]`, and what makes a rescaled score exact:
//! `[,reached,reachable][,item:…]`.
//!
//! Where items do not apply, `score` is the six-decimal form of 100 · reached ÷ reachable, and the fraction counts. A
//! column `item:A1` holds the points given to A1; an empty cell means that A1 does not apply.
//!
//! A column `group` names the group whose places (入围名额) an application competes for; where it is empty, the application competes for none.

use std::collections::BTreeMap;

use super::Score;
use crate::csv_input::Column::{Optional, Required};
use crate::csv_input::{Column, Row, RowError, Table, keep};
use crate::decimal::Decimal;
use crate::total::{self, Total};

const COLUMNS: &[Column] = &[
    Required("application"),
    Required("expert"),
    Required("score"),
    Optional("panel"),
    Optional("reached"),
    Optional("reachable"),
];
/// Prefix of the columns that hold the points of one item.
pub const ITEM: &str = "item:";
const GROUP: &str = "group";
/// 满分, to which points reached of fewer reachable are rescaled.
const FULL: i128 = 100;

/// Reads the sheets of a round; `file` is the name shown in errors.
///
/// # Errors
/// All bad rows: a missing column or cell, a score that is no decimal or not the one its parts make, a second sheet of
/// the same expert for the same application; or the empty file.
pub fn read_scores(file: &str, bytes: &[u8]) -> Result<Vec<Score>, Vec<RowError>> {
    let mut seen: BTreeMap<(String, String), u64> = BTreeMap::new();
    let table = Table::new(file, bytes, COLUMNS)?;
    let columns = table.prefixed(ITEM);
    let scores = table.rows(|row| {
        let mut errors = Vec::new();
        let application = keep(row.text(0), &mut errors);
        let expert = keep(row.text(1), &mut errors);
        let value = parts(row, &columns, &mut errors);
        let panel = keep(row.optional(3), &mut errors).flatten();
        let (Some(application), Some(expert)) = (application, expert) else { return Err(errors) };
        if let Some(first) = seen.insert((application.to_owned(), expert.to_owned()), row.line) {
            errors.push(row.error(1, format!("专家 {expert} 对申报 {application} 已在第 {first} 行评分")));
        }
        match value {
            Some((score, items)) if errors.is_empty() => Ok(Score {
                application: application.to_owned(),
                expert: expert.to_owned(),
                score,
                panel: panel.map(ToOwned::to_owned),
                items,
            }),
            _ => Err(errors),
        }
    })?;
    if scores.is_empty() {
        let reason = "没有评分".to_owned();
        return Err(vec![RowError { file: file.to_owned(), line: 1, column: String::new(), reason }]);
    }
    Ok(scores)
}

/// The group of every application, `None` for those that compete for no place; nothing if the file has no groups.
///
/// # Errors
/// Bad rows: an application with two groups.
pub fn read_groups(file: &str, bytes: &[u8]) -> Result<Option<BTreeMap<String, Option<String>>>, Vec<RowError>> {
    let table = Table::new(file, bytes, &[Required("application"), Optional(GROUP)])?;
    if !table.prefixed(GROUP).iter().any(|(name, _)| name == GROUP) {
        return Ok(None);
    }
    let mut groups: BTreeMap<String, Option<String>> = BTreeMap::new();
    table.rows(|row| {
        let application = row.text(0).map_err(|error| vec![error])?;
        let group = row.optional(1).map_err(|error| vec![error])?.map(ToOwned::to_owned);
        match groups.insert(application.to_owned(), group.clone()) {
            Some(other) if other != group => {
                Err(vec![row.error(1, format!("申报 {application} 在其他行属于另一组，或不参加分配"))])
            }
            _ => Ok(()),
        }
    })?;
    Ok(Some(groups))
}

/// The exact total with its items, both on the scale of the total.
fn parts(row: &Row<'_>, columns: &[(String, usize)], errors: &mut Vec<RowError>) -> Option<(Total, Vec<Total>)> {
    let score = keep(score(row), errors);
    let reached = keep(optional(row, 4), errors).flatten();
    let reachable = keep(optional(row, 5), errors).flatten();
    let mut items = Vec::new();
    for column in columns {
        let item = row.optional_in(column).and_then(|text| {
            let parse =
                |text: &str| text.parse::<Decimal>().map_err(|e| row.error_in(&column.0, format!("“{text}”{e}")));
            text.map(parse).transpose()
        });
        items.extend(keep(item, errors).flatten());
    }
    let score = score.filter(|_| errors.is_empty())?;
    let (total, scale) = match (reached, reachable) {
        (None, None) => (Total::from(score), (1, 1)),
        (Some(reached), Some(reachable)) if reachable > Decimal::default() => {
            let scale = (FULL * 1_000_000, i128::from(reachable.micros()));
            (scaled(reached, scale)?, scale)
        }
        (Some(_), Some(_)) => {
            errors.push(row.error(5, "应大于 0"));
            return None;
        }
        (reached, _) => {
            errors.push(row.error(if reached.is_none() { 4 } else { 5 }, "reached 与 reachable 应同时填写"));
            return None;
        }
    };
    if total.decimal() != score {
        errors.push(row.error(2, format!("“{score}”不等于 100 × reached ÷ reachable（{}）", total.decimal())));
    }
    let items: Vec<Total> = items.into_iter().filter_map(|item| scaled(item, scale)).collect();
    if !items.is_empty() && total::sum(items.iter().copied()) != total.exact() {
        errors.push(row.error(2, format!("各评分项（{ITEM}…）之和不等于总分 {score}")));
    }
    errors.is_empty().then_some((total, items))
}

fn scaled(points: Decimal, (numerator, denominator): (i128, i128)) -> Option<Total> {
    Total::from_ratio(i128::from(points.micros()) * numerator, denominator * 1_000_000)
}

fn score(row: &Row<'_>) -> Result<Decimal, RowError> {
    optional(row, 2)?.ok_or_else(|| row.error(2, "评分为空：缺少的评分不得计为 0，请删去此行"))
}

fn optional(row: &Row<'_>, column: usize) -> Result<Option<Decimal>, RowError> {
    let parse = |text: &str| text.parse().map_err(|error| row.error(column, format!("“{text}”{error}")));
    row.optional(column)?.map(parse).transpose()
}
