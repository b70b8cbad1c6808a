//! `hengping simulate`: how well the designs of a file would recover the truth.

use super::{Failure, output, read, seed};
use engine::simulation::{ALGORITHM, Effort, Setup, Summary, simulate};
use figment::Figment;
use figment::providers::{Format, Toml};
use serde::{Deserialize, Serialize};
use std::fmt::Write;
use std::path::PathBuf;

/// 模拟：按配置文件中的评审方案和方差，比较各方法能在多大程度上还原真实水平
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// 配置文件（TOML），每个方案一段 [[design]]
    #[arg(long, value_name = "FILE.toml")]
    pub config: PathBuf,
    /// 结果文件（JSON）；不给出时只打印表格
    #[arg(long, value_name = "FILE.json")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    #[serde(default = "zero")]
    seed: String,
    #[serde(default = "rounds")]
    rounds: usize,
    #[serde(default = "draws")]
    draws: usize,
    design: Vec<Setup>,
}

fn zero() -> String {
    "0".to_owned()
}

const fn rounds() -> usize {
    200
}

const fn draws() -> usize {
    1_000
}

#[derive(Serialize)]
struct Report<'a> {
    algorithm: &'static str,
    seed: &'a str,
    draws: usize,
    designs: Vec<Design<'a>>,
}

#[derive(Serialize)]
struct Design<'a> {
    design: &'a Setup,
    outcome: Summary,
}

/// Simulates every design and prints the table.
///
/// # Errors
/// `Refused` for a file that cannot be read or a design that makes no sense; `Broken` if the output cannot be written.
pub fn run(args: &Args) -> Result<String, Failure> {
    let bytes = read(&args.config)?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::Refused(vec![format!("{}：不是 UTF-8 文本", args.config.display())]))?;
    let config: Config = Figment::from(Toml::string(&text)).extract().map_err(|errors| {
        Failure::Refused(errors.into_iter().map(|error| format!("{}：{error}", args.config.display())).collect())
    })?;
    let seed = seed(&config.seed).map_err(|reason| Failure::Refused(vec![format!("seed：{reason}")]))?;
    let faults: Vec<_> = config.design.iter().filter_map(|setup| setup.check().err()).collect();
    if !faults.is_empty() {
        return Err(Failure::refused(&faults));
    }
    if config.rounds == 0 || config.draws == 0 {
        return Err(Failure::Refused(vec!["rounds 与 draws 应为正整数".to_owned()]));
    }
    let effort = Effort { rounds: config.rounds, draws: config.draws, seed };
    let mut designs = Vec::new();
    for design in &config.design {
        let outcome = simulate(design, effort).map_err(|error| Failure::refused(&[error]))?;
        designs.push(Design { design, outcome });
    }
    let report = Report { algorithm: ALGORITHM, seed: &config.seed, draws: config.draws, designs };
    if let Some(path) = &args.output {
        output::write_json(path, &report)?;
    }
    Ok(table(&report))
}

fn table(report: &Report<'_>) -> String {
    let mut text = String::new();
    for Design { design, outcome } in &report.designs {
        let _ = writeln!(
            text,
            "方案“{}”：{} 项申报，{} 名专家，{} 个评审组，每项 {} 份，回避 {:.0}%，连接评审 {:.0}%，入围 {} 项；模拟 {} 轮",
            outcome.name,
            design.applications,
            design.experts,
            design.panels,
            design.reviews,
            design.recusal * 100.0,
            design.bridging * 100.0,
            design.places,
            outcome.rounds,
        );
        let _ = writeln!(text, "  {:>10}  {:>8}  {:>10}  方法", "Kendall τ", "标准误", "入围命中率");
        for method in &outcome.methods {
            let show = |value: Option<f64>, digits: usize| {
                value.map_or_else(|| "—".to_owned(), |value| format!("{value:.digits$}"))
            };
            let percent = method.hit_rate.map_or_else(|| "—".to_owned(), |rate| format!("{:.1}%", rate * 100.0));
            let short = if method.rounds < outcome.rounds {
                format!("（{} 轮给不出全部成绩）", outcome.rounds - method.rounds)
            } else {
                String::new()
            };
            let (tau, se) = (show(method.tau, 3), show(method.tau_se, 3));
            let _ = writeln!(text, "  {tau:>10}  {se:>8}  {percent:>10}  {}{short}", method.method.label());
        }
        let percent =
            |value: Option<f64>| value.map_or_else(|| "—".to_owned(), |value| format!("{:.1}%", value * 100.0));
        let _ = writeln!(
            text,
            "  90% 名次区间包含真实名次 {}，90% 成绩区间包含真实水平 {}；名次区间平均宽度为申报数的 {}；边界区平均 {} 项；\
             评分连通的轮次 {}\n",
            percent(outcome.rank_coverage),
            percent(outcome.score_coverage),
            percent(outcome.rank_width),
            outcome.borderline.map_or_else(|| "—".to_owned(), |value| format!("{value:.1}")),
            percent(Some(outcome.connected)),
        );
    }
    text
}
