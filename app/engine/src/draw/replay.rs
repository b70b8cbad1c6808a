//! Repeating a draw from its record, and naming what does not fit.

use super::decide::Version;
use super::event::Vacancy;
use super::lot::Lot;
use super::record::{ALGORITHM, DrawError, EARLIER, Record, Source, draw_as};
use serde_json::Value;

/// A fault of a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Forgery {
    #[error("不是抽取记录：{0}")]
    Unreadable(String),
    #[error("算法版本“{0}”既不是 {ALGORITHM}，也不是 {EARLIER}")]
    Algorithm(String),
    #[error("“{0}”公布的随机数与其承诺不符")]
    Commitment(String),
    #[error("候选池已被改动：记录中的摘要为 {stated}，按候选池计算为 {computed}")]
    Pool { stated: String, computed: String },
    #[error("种子不是由各方随机数、轮次和候选池得出：记录为 {stated}，应为 {computed}")]
    Seed { stated: String, computed: String },
    #[error("记录中的种子不是64位十六进制数")]
    SeedFormat,
    #[error("按记录重算，候选池不能满足全部席位")]
    Infeasible,
    #[error("在 {0} 次流计算的限度内不能按记录重算")]
    Undecided(u32),
    #[error("记录不能重算：{0}")]
    Failed(String),
    #[error("记录与重算结果在“{path}”处不同：记录为 {stated}，应为 {computed}")]
    Edited { path: String, stated: String, computed: String },
    #[error("内容相同，但文件的字节不同（多余的字段、空白或顺序）")]
    Bytes,
}

/// Draws again from what the record says it rests on, repeats its events, and compares byte for byte.
///
/// # Errors
/// [`Forgery`] naming the first thing that does not fit.
pub fn replay(text: &str) -> Result<Record, Forgery> {
    let record: Record = serde_json::from_str(text).map_err(|error| Forgery::Unreadable(error.to_string()))?;
    let version = match record.algorithm.as_str() {
        ALGORITHM => Version::Two,
        EARLIER => Version::One,
        _ => return Err(Forgery::Algorithm(record.algorithm)),
    };
    let computed = hex::encode(record.pool.digest());
    if computed != record.pool_digest {
        return Err(Forgery::Pool { stated: record.pool_digest, computed });
    }
    let stated = Lot::from_hex(&record.seed).ok_or(Forgery::SeedFormat)?.0;
    let again = draw_as(
        version,
        record.pool.clone(),
        &record.round,
        record.source.clone(),
        Some(stated),
        record.alternates_wanted,
    );
    let mut again = match again {
        Ok(again) => again,
        Err(DrawError::Infeasible(_)) => return Err(Forgery::Infeasible),
        Err(DrawError::Undecided(limit)) => return Err(Forgery::Undecided(limit)),
        Err(DrawError::BrokenCommitment(party)) => return Err(Forgery::Commitment(party)),
        Err(error) => return Err(Forgery::Failed(error.to_string())),
    };
    if matches!(record.source, Source::Committed { .. }) && again.seed != record.seed {
        return Err(Forgery::Seed { stated: record.seed, computed: again.seed });
    }
    again.earlier.clone_from(&record.earlier);
    let mut last: Option<&Vacancy> = None;
    for event in &record.events {
        // One vacancy may leave several seats; they were filled in one go.
        if last != Some(&event.vacancy) {
            again.replace(&event.vacancy).map_err(|error| Forgery::Failed(error.to_string()))?;
        }
        last = Some(&event.vacancy);
    }
    let written = again.to_text().map_err(|error| Forgery::Failed(error.to_string()))?;
    if written == text {
        return Ok(record);
    }
    let parse = |text: &str| serde_json::from_str::<Value>(text).map_err(|error| Forgery::Failed(error.to_string()));
    match difference("", &parse(text)?, &parse(&written)?) {
        Some((path, stated, computed)) => Err(Forgery::Edited { path, stated, computed }),
        None => Err(Forgery::Bytes),
    }
}

/// The first place where two values differ, as a path like `lots[3].expert`.
fn difference(path: &str, stated: &Value, computed: &Value) -> Option<(String, String, String)> {
    match (stated, computed) {
        (Value::Object(a), Value::Object(b)) => {
            let keys = a.keys().chain(b.keys().filter(|key| !a.contains_key(*key)));
            keys.into_iter().find_map(|key| {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                difference(&path, a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null))
            })
        }
        (Value::Array(a), Value::Array(b)) => (0..a.len().max(b.len())).find_map(|at| {
            let path = format!("{path}[{at}]");
            difference(&path, a.get(at).unwrap_or(&Value::Null), b.get(at).unwrap_or(&Value::Null))
        }),
        _ if stated == computed => None,
        _ => Some((path.to_owned(), brief(stated), brief(computed))),
    }
}

fn brief(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() > 80 { text.chars().take(80).chain(['…']).collect() } else { text }
}
