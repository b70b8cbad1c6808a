//! `hengping verify`: checks an assignment against its input by its certificate, without solving again, or repeats a draw.

use super::{Failure, assign, folder, read, replay};
use engine::assignment::{Solution, Verified, verify};
use serde::Deserialize;
use std::path::PathBuf;

/// 核验：按证书核对分配结果，不重新求解；抽取记录则重新抽取并逐字节核对
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// 分配结果或抽取记录（JSON）
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// 输入文件夹；不给出时为结果所在的文件夹
    #[arg(long, value_name = "DIR")]
    pub input: Option<PathBuf>,
    /// 先前的分配结果（目标为 keep 时须给出）
    #[arg(long, value_name = "FILE")]
    pub previous: Option<PathBuf>,
    /// 同一申报中同一单位专家上限；不给出时取结果中所记的
    #[arg(long, value_name = "N")]
    pub employer_cap: Option<u32>,
}

/// The parts of an outcome file beside the outcome. The digest covers them, so a false one is noticed.
#[derive(Deserialize)]
struct Parameters {
    employer_cap: Option<u32>,
    algorithm: Option<String>,
}

/// Reads the outcome and its input, and says what was established.
///
/// # Errors
/// `Refused` for files that cannot be read; `Broken` naming the first thing found wrong with the outcome.
pub fn run(args: &Args) -> Result<String, Failure> {
    let bytes = read(&args.file)?;
    let not_an_outcome =
        |error: serde_json::Error| Failure::Refused(vec![format!("{}：不是分配结果，{error}", args.file.display())]);
    let parameters: Parameters = serde_json::from_slice(&bytes).map_err(not_an_outcome)?;
    if parameters.algorithm.as_deref() == Some(engine::draw::ALGORITHM) {
        return replay::check(&args.file, &bytes);
    }
    let outcome: Solution = serde_json::from_slice(&bytes).map_err(not_an_outcome)?;
    let employer_cap = args.employer_cap.or(parameters.employer_cap).unwrap_or(1);
    let input = args.input.clone().unwrap_or_else(|| folder(&args.file));
    let problem = assign::problem(&input, args.previous.as_deref(), outcome.criterion, employer_cap)?;
    match verify(&problem, &outcome) {
        Ok(verified) => Ok(format!("核验通过：{}\n", words(verified))),
        Err(error) => Err(Failure::Broken(format!("核验不通过：{error}"))),
    }
}

const fn words(verified: Verified) -> &'static str {
    match verified {
        Verified::Optimal => "遵守全部规则，证书证明没有更优的分配",
        Verified::Bounded => "遵守全部规则，证书证明所述的界；可能存在更优的分配",
        Verified::SearchNotRepeated => "遵守全部规则；所述的界出自未重复的穷举搜索，证书证明较弱的界",
        Verified::Infeasible => "证书证明没有满足全部规则的分配",
        Verified::InfeasibleNotRepeated => "所述的无解出自未重复的穷举搜索，或锁定与其他规则矛盾",
    }
}
