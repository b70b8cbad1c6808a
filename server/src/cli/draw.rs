//! `hengping draw`: who is drawn, from a folder of files and a seed.

use super::{Failure, assign, explanation, output, seed};
use engine::assignment::{Criterion, Shortfall, Status};
use engine::draw::{ALGORITHM, DrawError, Drawn, Pool, Record, Source, draw};
use serde::Serialize;
use std::fmt::Write;
use std::path::PathBuf;

/// 抽取：由文件夹中的项目、专家、匹配度与回避，按种子随机抽取专家并安排席位
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// 输入文件夹（applications.csv、experts.csv、affinity.csv，可选 conflicts.csv、locks.csv）
    #[arg(long, value_name = "DIR")]
    pub input: PathBuf,
    /// 种子，1 至 64 位十六进制数
    #[arg(long, value_name = "HEX", value_parser = seed)]
    pub seed: [u8; 32],
    /// 抽取记录（JSON）
    #[arg(long, value_name = "RECORD.json")]
    pub output: PathBuf,
    /// 轮次名称，写入记录
    #[arg(long, value_name = "ROUND", default_value = "")]
    pub round: String,
    /// 每组每类备选人数
    #[arg(long, value_name = "N", default_value = "2")]
    pub alternates: u32,
    /// 同一项目中同一单位专家上限
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u32).range(1..))]
    pub employer_cap: u32,
}

/// The file that is written if nobody can be drawn.
#[derive(Serialize)]
struct Refusal<'a> {
    algorithm: &'static str,
    status: Status,
    shortfalls: &'a [Shortfall],
}

/// Draws and writes the record.
///
/// # Errors
/// `Refused` with every bad row; `Infeasible` with the explanation if the pool cannot fill the seats, which is written as
/// well; `Broken` if the output cannot be written.
pub fn run(args: &Args) -> Result<String, Failure> {
    let problem = assign::problem(&args.input, None, Criterion::Total, args.employer_cap)?;
    let pool = Pool::new(&problem).map_err(|error| Failure::refused(&[error]))?;
    let drawn = draw(pool, &args.round, Source::Stated, Some(args.seed), args.alternates);
    match drawn {
        Err(DrawError::Infeasible(shortfalls)) => {
            output::write_json(
                &args.output,
                &Refusal { algorithm: ALGORITHM, status: Status::Infeasible, shortfalls: &shortfalls },
            )?;
            Err(Failure::Infeasible(explanation(&shortfalls)))
        }
        Err(error) => Err(Failure::refused(&[error])),
        Ok(record) => {
            output::write_json(&args.output, &record)?;
            Ok(format!("{}结果：{}\n", summary(&record), args.output.display()))
        }
    }
}

/// The decisions of a record, in a few lines.
pub(super) fn summary(record: &Record) -> String {
    let accepted = record.lots.iter().filter(|entry| entry.outcome == Drawn::Accepted).count();
    let mut text = format!(
        "候选 {} 名，依次抽取 {} 签：抽中 {accepted} 名，未中 {} 名；备选 {} 名\n",
        record.pool.candidates.len(),
        record.lots.len(),
        record.lots.len() - accepted,
        record.alternates.len()
    );
    for shortage in &record.shortages {
        let role = shortage.place.role.role().map_or("专家", |role| role.label());
        let _ = writeln!(
            text,
            "备选不足：{} {role} 应有 {} 名，只有 {} 名",
            shortage.place.application, shortage.wanted, shortage.found
        );
    }
    if record.seating_status != Status::Optimal {
        text.push_str("席位安排可行，未证明匹配度之和最大\n");
    }
    if !record.events.is_empty() {
        let _ = writeln!(text, "递补 {} 次", record.events.len());
    }
    text
}
