//! `hengping audit`: verifying the chain, and writing the digests to keep elsewhere.

use super::Failure;
use crate::digests;
use domain::access::{Errand, Scope};
use service::App;
use service::audit::verify_chain;
use std::fmt::Write;
use std::path::Path;
use store::Store;

/// Recomputes the chain and compares it with the digests at `path`.
///
/// # Errors
/// `Tampered` naming every fault; `Broken` if database or digests cannot be read.
pub async fn verify(store: &Store, path: &Path) -> Result<String, Failure> {
    let kept = digests::read(path).map_err(|error| Failure::broken(&error))?;
    let found =
        verify_chain(&store.of(Scope::program(Errand::Audit)), &kept).await.map_err(|error| Failure::broken(&error))?;
    if !found.faults.is_empty() {
        return Err(Failure::Tampered(found.faults.iter().map(ToString::to_string).collect()));
    }
    let compared = if kept.is_empty() {
        "没有另存的每日摘要可供比对：不能排除整条链被重写".to_owned()
    } else {
        format!("与 {} 份每日摘要相符", kept.len())
    };
    Ok(format!("审计链完整：{} 条，末条摘要 {}\n{compared}\n", found.rows, found.hash))
}

/// Writes the digests that are due into `folder`.
///
/// # Errors
/// `Broken` if they cannot be written.
pub async fn digest(app: &App, folder: &Path) -> Result<String, Failure> {
    let written = digests::write_due(app, folder).await.map_err(|error| Failure::broken(&error))?;
    let mut text = String::new();
    for file in &written {
        let _ = writeln!(text, "{}", file.display());
    }
    if written.is_empty() {
        text.push_str("每日摘要均已写出\n");
    }
    Ok(text)
}
