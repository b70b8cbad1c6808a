//! `hengping check`: the database against its own rules.

use super::Failure;
use crate::config::{Config, Flags};
use crate::start::{existing_imprint_key, look_at_store};
use service::crypto::ImprintKey;
use store::Store;

/// # Errors
/// `Violated` naming everything that breaks a rule; `Broken` if the database cannot be read.
pub async fn run(flags: &Flags) -> Result<String, Failure> {
    let config = Config::read(flags)?;
    check(&look_at_store(&config).await?, &existing_imprint_key(&config)?).await
}

/// Checks an open database; only reads.
///
/// # Errors
/// As [`run`].
pub async fn check(store: &Store, key: &ImprintKey) -> Result<String, Failure> {
    let checked = service::invariant::check(store, key).await.map_err(|error| Failure::broken(&error))?;
    if !checked.broken.is_empty() {
        return Err(Failure::Violated(checked.broken.iter().map(ToString::to_string).collect()));
    }
    let (rounds, sheets, rows) = (checked.rounds, checked.sheets, checked.rows);
    Ok(format!("数据完好：{rounds} 个轮次、{sheets} 张评分表、{rows} 条审计记录，没有不合规则之处\n"))
}
