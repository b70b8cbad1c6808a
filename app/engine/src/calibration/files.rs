//! `scores.csv`: `application,expert,score[,panel]`.

use std::collections::BTreeMap;

use super::Score;
use crate::csv_input::{RowError, read};
use crate::decimal::DecimalError;

/// Reads the sheets of a round; `file` is the name shown in errors.
///
/// # Errors
/// All bad rows: a missing column or cell, a score that is no decimal, a second sheet of the same expert for the same
/// application; or the empty file.
pub fn read_scores(file: &str, bytes: &[u8]) -> Result<Vec<Score>, Vec<RowError>> {
    let (rows, mut errors) = read(file, bytes, &["application", "expert", "score"], &["panel"]);
    let mut scores = Vec::with_capacity(rows.len());
    let mut seen: BTreeMap<(String, String), u64> = BTreeMap::new();
    let nothing = rows.is_empty() && errors.is_empty();
    for row in rows {
        let mut fault = |column: &str, reason: String| {
            errors.push(RowError {
                file: file.to_owned(),
                line: row.line,
                column: column.to_owned(),
                reason,
            });
        };
        let Ok([application, expert, score, panel]) = <[String; 4]>::try_from(row.cells) else {
            continue;
        };
        if application.is_empty() {
            fault("application", "申请编号为空".to_owned());
        }
        if expert.is_empty() {
            fault("expert", "专家编号为空".to_owned());
        }
        let parsed = match score.parse() {
            Ok(value) => Some(value),
            Err(DecimalError::NotANumber) if score.is_empty() => {
                fault(
                    "score",
                    "评分为空：缺少的评分不得计为 0，请删去此行".to_owned(),
                );
                None
            }
            Err(error) => {
                fault("score", format!("“{score}”{error}"));
                None
            }
        };
        if application.is_empty() || expert.is_empty() {
            continue;
        }
        let pair = (application.clone(), expert.clone());
        if let Some(first) = seen.get(&pair) {
            fault(
                "expert",
                format!("专家 {expert} 对申请 {application} 已在第 {first} 行评分"),
            );
            continue;
        }
        seen.insert(pair, row.line);
        if let Some(score) = parsed {
            scores.push(Score {
                application,
                expert,
                score,
                panel: Some(panel).filter(|panel| !panel.is_empty()),
            });
        }
    }
    if nothing {
        let reason = "没有评分".to_owned();
        errors.push(RowError {
            file: file.to_owned(),
            line: 1,
            column: String::new(),
            reason,
        });
    }
    errors.sort_by_key(|error| error.line);
    if errors.is_empty() {
        Ok(scores)
    } else {
        Err(errors)
    }
}
