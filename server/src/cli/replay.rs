//! `hengping replay`: repeats a draw from its record.

use super::{Failure, draw, read};
use engine::draw::{Forgery, Source, replay};
use std::path::{Path, PathBuf};

/// 重放：按抽取记录重新抽取，逐字节核对
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// 抽取记录（JSON）
    #[arg(value_name = "RECORD.json")]
    pub record: PathBuf,
}

/// Repeats the draw and says what was established.
///
/// # Errors
/// `Refused` for what is not a record; `Broken` naming the first thing that does not fit.
pub fn run(args: &Args) -> Result<String, Failure> {
    check(&args.record, &read(&args.record)?)
}

pub(super) fn check(path: &Path, bytes: &[u8]) -> Result<String, Failure> {
    let refused = |reason: &str| Failure::Refused(vec![format!("{}：{reason}", path.display())]);
    let text = std::str::from_utf8(bytes).map_err(|_| refused("不是 UTF-8 文本"))?;
    let record = replay(text).map_err(|forgery| match forgery {
        Forgery::Unreadable(_) => refused(&forgery.to_string()),
        other => Failure::Broken(format!("核验不通过：{other}")),
    })?;
    let basis = match &record.source {
        Source::Committed { parties } => {
            let names: Vec<_> = parties.iter().map(|party| party.name.as_str()).collect();
            format!("种子由{}的随机数得出，均与承诺相符", names.join("、"))
        }
        Source::Stated => "种子由抽取者给定，不证明随机性".to_owned(),
    };
    Ok(format!("核验通过：重新抽取所得与记录逐字节相同；{basis}\n{}", draw::summary(&record)))
}
