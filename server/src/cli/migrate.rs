//! `hengping migrate`: the schema of this version.

use super::Failure;
use crate::config::{Config, Flags};
use crate::start::{migrate, open_app};
use service::Policy;
use std::fmt::Write;

/// # Errors
/// `Broken` if the database cannot be opened or changed.
pub async fn run(flags: &Flags) -> Result<String, Failure> {
    let config = Config::read(flags)?;
    let app = open_app(&config, migrate(&config).await?, Policy::Strict).await?;
    let gone = service::audit::watch_guards(&app).await.map_err(|error| Failure::broken(&error))?;
    let mut text = "数据库结构已是最新\n".to_owned();
    if !gone.is_empty() {
        let _ = writeln!(
            text,
            "保护审计记录的触发器（{}）不在或被换过，已重新设置并记入审计；请运行 hengping audit verify",
            gone.join("、")
        );
    }
    Ok(text)
}
