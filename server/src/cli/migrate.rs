//! `hengping migrate`: the schema of this version.

use super::Failure;
use crate::config::{Config, Flags};

/// # Errors
/// `Broken` if the database cannot be opened or changed.
pub async fn run(flags: &Flags) -> Result<String, Failure> {
    crate::start::migrate(&Config::read(flags)?).await?;
    Ok("数据库结构已是最新\n".to_owned())
}
