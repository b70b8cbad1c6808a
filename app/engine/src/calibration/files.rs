//! `scores.csv`: `application,expert,score[,panel]`.

use std::collections::BTreeMap;

use super::Score;
use crate::csv_input::Column::{Optional, Required};
use crate::csv_input::{Column, Row, RowError, Table, keep};
use crate::decimal::Decimal;

const COLUMNS: &[Column] = &[Required("application"), Required("expert"), Required("score"), Optional("panel")];

/// Reads the sheets of a round; `file` is the name shown in errors.
///
/// # Errors
/// All bad rows: a missing column or cell, a score that is no decimal, a second sheet of the same expert for the same
/// application; or the empty file.
pub fn read_scores(file: &str, bytes: &[u8]) -> Result<Vec<Score>, Vec<RowError>> {
    let mut seen: BTreeMap<(String, String), u64> = BTreeMap::new();
    let scores = Table::new(file, bytes, COLUMNS)?.rows(|row| {
        let mut errors = Vec::new();
        let application = keep(row.text(0), &mut errors);
        let expert = keep(row.text(1), &mut errors);
        let value = keep(score(row), &mut errors);
        let panel = keep(row.optional(3), &mut errors).flatten();
        let (Some(application), Some(expert)) = (application, expert) else { return Err(errors) };
        if let Some(first) = seen.insert((application.to_owned(), expert.to_owned()), row.line) {
            errors.push(row.error(1, format!("专家 {expert} 对申请 {application} 已在第 {first} 行评分")));
        }
        match value {
            Some(score) if errors.is_empty() => Ok(Score {
                application: application.to_owned(),
                expert: expert.to_owned(),
                score,
                panel: panel.map(ToOwned::to_owned),
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

fn score(row: &Row<'_>) -> Result<Decimal, RowError> {
    let text = row.optional(2)?.ok_or_else(|| row.error(2, "评分为空：缺少的评分不得计为 0，请删去此行"))?;
    text.parse().map_err(|error| row.error(2, format!("“{text}”{error}")))
}
