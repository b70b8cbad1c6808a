//! `hengping audit`: verifying the chain, and writing the digests to keep elsewhere.

use super::Failure;
use crate::config::{Config, Flags};
use crate::digests;
use crate::start::look_at_store;
use domain::access::{Errand, Scope};
use service::App;
use service::audit::verify_chain;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use store::Store;

#[derive(clap::Subcommand)]
pub enum Command {
    /// 重算每一条审计记录的摘要，指出被改、被删、被调换的记录
    Verify {
        #[command(flatten)]
        flags: Flags,
        /// 另行保存的每日摘要（文件夹或文件）；不写则用数据文件夹中的
        #[arg(long, value_name = "PATH")]
        digests: Option<PathBuf>,
    },
    /// 写出截至昨天的每日摘要，供另行保存
    Digest(Flags),
}

/// # Errors
/// `Tampered` naming every fault; `Broken` if something cannot be read or written.
pub async fn run(command: &Command) -> Result<String, Failure> {
    match command {
        Command::Verify { flags, digests } => {
            let config = Config::read(flags)?;
            let kept = digests.clone().unwrap_or_else(|| config.data.join(digests::FOLDER));
            verify(&look_at_store(&config).await?, &kept).await
        }
        Command::Digest(flags) => {
            let folder = Config::read(flags)?.data.join(digests::FOLDER);
            digest(&*super::open(flags).await?, &folder).await
        }
    }
}

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
async fn digest(app: &App, folder: &Path) -> Result<String, Failure> {
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
