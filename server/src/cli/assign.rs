//! `hengping assign`: who reviews what, from a folder of files.

use super::{Failure, explanation, milliseconds, output, read, unreadable};
use engine::assignment::files::{self, Files};
use engine::assignment::{Criterion, IfInfeasible, Options, Prepared, Problem, Solution, Status};
use serde::Serialize;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// 分配：由文件夹中的申报、专家、匹配度、回避与锁定计算评审分配
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// 输入文件夹（applications.csv、experts.csv、affinity.csv，可选 conflicts.csv、locks.csv）
    #[arg(long, value_name = "DIR")]
    pub input: PathBuf,
    /// 结果文件（JSON）
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
    /// 目标：total（匹配度总和最大）、fair（先使最差的申报最好）、keep（先使变动最少）
    #[arg(long, default_value = "total", value_parser = criterion)]
    pub objective: Criterion,
    /// 先前的分配结果（仅用于 keep）
    #[arg(long, value_name = "FILE", required_if_eq("objective", "keep"))]
    pub previous: Option<PathBuf>,
    /// 同一申报中同一单位专家上限
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u32).range(1..))]
    pub employer_cap: u32,
    /// 不可行时另附尽可能填满的部分分配，并标明不完整（仍以退出码3结束）
    #[arg(long)]
    pub partial: bool,
    /// 分支定界至多求解多少次网络流；到限即止，写明尚未证明的差距
    #[arg(long, value_name = "N", default_value_t = Options::default().flow_limit)]
    pub flow_limit: u32,
}

fn criterion(key: &str) -> Result<Criterion, String> {
    match key {
        "total" => Ok(Criterion::Total),
        "fair" => Ok(Criterion::Fair),
        "keep" => Ok(Criterion::Keep),
        _ => Err("没有此目标，可用：total、fair、keep".to_owned()),
    }
}

/// The outcome with the parameter that is in no input file, so that it can be verified without repeating it.
#[derive(Serialize)]
struct Output<'a> {
    #[serde(flatten)]
    outcome: &'a Solution,
    employer_cap: u32,
}

/// Reads the folder, solves, and writes the outcome.
///
/// # Errors
/// `Refused` with every bad row of every file; `Infeasible` with the explanation, which is written as well; `Broken` if
/// the output cannot be written.
pub fn run(args: &Args) -> Result<String, Failure> {
    let start = Instant::now();
    let problem = problem(&args.input, args.previous.as_deref(), args.objective, args.employer_cap)?;
    let read = milliseconds(start);

    let start = Instant::now();
    let prepared = Prepared::new(&problem).map_err(|error| Failure::refused(&[error]))?;
    let build = milliseconds(start);

    let start = Instant::now();
    let if_infeasible = if args.partial { IfInfeasible::ExplainAndFillWhatCanBeFilled } else { IfInfeasible::Explain };
    let mut outcome = prepared.solve(Options { flow_limit: args.flow_limit, if_infeasible });
    outcome.timing_ms.read = read;
    outcome.timing_ms.build = build;
    outcome.timing_ms.solve = milliseconds(start);

    output::write_json(&args.output, &Output { outcome: &outcome, employer_cap: args.employer_cap })?;
    if outcome.status == Status::Infeasible {
        return Err(Failure::Infeasible(explanation(&outcome.shortfalls)));
    }
    Ok(summary(&outcome, &args.output))
}

/// The problem that the files of a folder state.
pub(super) fn problem(
    folder: &Path,
    previous: Option<&Path>,
    criterion: Criterion,
    employer_cap: u32,
) -> Result<Problem, Failure> {
    let mut missing = Vec::new();
    let mut required = |name: &str| {
        read(&folder.join(name)).unwrap_or_else(|failure| {
            if let Failure::Refused(lines) = failure {
                missing.extend(lines);
            }
            Vec::new()
        })
    };
    let (applications, experts, affinity) =
        (required("applications.csv"), required("experts.csv"), required("affinity.csv"));
    if !missing.is_empty() {
        return Err(Failure::Refused(missing));
    }
    let conflicts = optional(&folder.join("conflicts.csv"))?;
    let locks = optional(&folder.join("locks.csv"))?;
    let previous = match previous {
        Some(path) if criterion == Criterion::Keep => Some(read(path)?),
        _ => None,
    };
    let input = Files {
        applications: &applications,
        experts: &experts,
        affinity: &affinity,
        conflicts: conflicts.as_deref(),
        locks: locks.as_deref(),
        previous: previous.as_deref(),
    };
    files::read(&input, criterion, employer_cap).map_err(|faults| Failure::refused(&faults))
}

/// A file that may be absent; one that is there but cannot be read is a fault.
fn optional(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::Refused(vec![unreadable(path, &error)])),
    }
}

fn summary(outcome: &Solution, output: &Path) -> String {
    let state = if outcome.status == Status::Optimal { "已证明最优" } else { "可行，未证明最优" };
    let number = |value: Option<f64>| value.map_or_else(|| "无".to_owned(), |value| value.to_string());
    format!(
        "{state}：分配 {} 对，目标值 {}，界 {}\n结果：{}\n",
        outcome.assignments.len(),
        number(outcome.objective),
        number(outcome.bound),
        output.display()
    )
}
