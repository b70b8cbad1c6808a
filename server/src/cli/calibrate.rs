//! `hengping calibrate`: all methods over a file of scores.

use super::{Failure, milliseconds, output, read, seed};
use domain::points::Points;
use domain::round::{Method, Trimming};
use engine::calibration::report::{Report, report};
use engine::calibration::sensitivity::{Bounds, Effect, Scenario};
use engine::calibration::{Calibration, Given, Options, Places, files, fit};
use engine::decimal::Decimal;
use engine::ranking::{Candidate, Change, Entry, Exclusion, Quota, shortlist};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::time::Instant;

/// 校准：由评分文件计算全部方法的成绩、名次与不确定性
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// 评分文件（CSV：application,expert,score[,panel][,reached,reachable][,item:…]）
    #[arg(long, value_name = "FILE.csv")]
    pub scores: PathBuf,
    /// 结果文件（JSON）
    #[arg(long, value_name = "FILE.json")]
    pub output: PathBuf,
    /// 决定名次的方法：raw、trimmed、coefficient、grand、standard、additive、mixed
    #[arg(long, default_value = "mixed", value_parser = method)]
    pub method: Method,
    /// 有效评分不少于几份时去掉一个最高分和一个最低分（与评审办法一致）
    #[arg(long, value_name = "N", default_value = "7", value_parser = count)]
    pub trim_from: usize,
    /// 去极值的对象：totals（总分）或 items（各评分项，评分文件须有 item:… 各列）
    #[arg(long, value_name = "WHAT", default_value = "totals", value_parser = trimming)]
    pub trimming: Trimming,
    /// 入围名额；给出后计算入围概率
    #[arg(long, value_name = "K", value_parser = count)]
    pub top: Option<usize>,
    /// 名额范围：overall（全部合并）或 group（评分文件 group 列的各组分别有 K 个名额）；group 列为空的申报不参加分配
    #[arg(long, value_name = "SCOPE", default_value = "overall", requires = "top")]
    pub scope: Scope,
    /// 合格线，低于此分不入围
    #[arg(long, value_name = "POINTS", requires = "top", value_parser = points)]
    pub pass_mark: Option<Points>,
    /// 随机种子，1 至 64 位十六进制数
    #[arg(long, value_name = "HEX", default_value = "0", value_parser = seed)]
    pub seed: [u8; 32],
    /// 名次抽样次数
    #[arg(long, value_name = "N", default_value = "10000", value_parser = draws)]
    pub draws: usize,
}

/// Who competes with whom for places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Scope {
    Overall,
    Group,
}

fn points(text: &str) -> Result<Points, String> {
    Points::parse(text).map_err(|error| error.to_string())
}

fn method(key: &str) -> Result<Method, String> {
    Method::from_key(key).ok_or_else(|| {
        let known: Vec<_> = Method::ALL.iter().map(|m| format!("{}（{}）", m.key(), m.label())).collect();
        format!("没有此方法，可用：{}", known.join("、"))
    })
}

fn trimming(key: &str) -> Result<Trimming, String> {
    Trimming::from_key(key).ok_or_else(|| "可用：totals（总分）、items（各评分项）".to_owned())
}

/// Beyond this the error of a probability is below 0.0005, and memory runs out before it improves.
const MOST_DRAWS: usize = 1_000_000;

fn draws(text: &str) -> Result<usize, String> {
    count(text).ok().filter(|draws| *draws <= MOST_DRAWS).ok_or_else(|| format!("应为 1 至 {MOST_DRAWS} 的整数"))
}

fn count(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|count| *count > 0).ok_or_else(|| "应为正整数".to_owned())
}

/// The report with what it takes to draw the same ranks again.
#[derive(Serialize)]
struct Output<'a> {
    #[serde(flatten)]
    report: &'a Report,
    seed: String,
    draws: usize,
    /// The changes with which the first K would differ; without `--top` there is no list.
    #[serde(skip_serializing_if = "Option::is_none")]
    sensitivity: Option<Sensitivity>,
}

#[derive(Serialize)]
struct Sensitivity {
    /// Scenarios that were computed.
    scenarios: usize,
    /// Those that change the list.
    changes: Vec<Changed>,
}

#[derive(Serialize)]
struct Changed {
    #[serde(flatten)]
    scenario: Scenario,
    enter: Vec<String>,
    leave: Vec<String>,
    tied: Vec<String>,
}

/// Reads the scores, computes, and writes the report.
///
/// # Errors
/// `Refused` with every bad row; `Broken` if the output cannot be written.
pub fn run(args: &Args) -> Result<String, Failure> {
    let start = Instant::now();
    let bytes = read(&args.scores)?;
    let scores = files::read_scores(&args.scores.display().to_string(), &bytes).map_err(|f| Failure::refused(&f))?;
    let groups =
        files::read_groups(&args.scores.display().to_string(), &bytes).map_err(|found| Failure::refused(&found))?;
    if args.scope == Scope::Group && groups.is_none() {
        return Err(Failure::refused(&["评分文件没有 group 列，不能按组分配名额"]));
    }
    let read = milliseconds(start);

    let start = Instant::now();
    let calibration =
        fit(&scores, &Options { trim_from: args.trim_from, trimming: args.trimming, ..Options::default() })
            .map_err(|error| Failure::refused(&[error]))?;
    let fitted = milliseconds(start);

    let start = Instant::now();
    let order = calibration.order(args.method);
    let line = args.top.map(|top| Line::new(&calibration, groups.as_ref(), top, args));
    let places = line.as_ref().map(Line::places);
    let draws = calibration.draw(&order, places.as_ref(), args.seed, args.draws);
    let draw_time = milliseconds(start);

    let plan =
        draws.as_deref().zip(places.as_ref()).map(|(draws, places)| calibration.further_plan(draws, places, args.seed));
    let mut report = report(&calibration, args.method, &order, draws.as_deref(), plan.as_ref());
    if let Some(top) = args.top.filter(|top| *top >= calibration.design.applications.len()) {
        report.checks.push(format!("入围名额 {top} 不少于申报数 {}：全部入围", calibration.design.applications.len()));
    }
    report.timing_ms.read = read;
    report.timing_ms.fit = fitted;
    report.timing_ms.draws = draw_time;
    let seed = args.seed.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    });
    let sensitivity = line.and_then(|line| sensitivity(&calibration, args.method, &line, &mut report.checks));
    output::write_json(&args.output, &Output { report: &report, seed, draws: args.draws, sensitivity })?;
    Ok(summary(args, &report))
}

/// Beyond this many operations leaving out every expert is not worth the wait.
const BEARABLE: usize = 200_000_000_000;

/// The places, and who competes for them.
struct Line {
    quota: Quota,
    /// By application of the calibration; `None` for whoever takes no part.
    groups: Vec<Option<String>>,
    pass_mark: Option<Points>,
}

impl Line {
    fn new(
        calibration: &Calibration,
        groups: Option<&BTreeMap<String, Option<String>>>,
        top: usize,
        args: &Args,
    ) -> Self {
        let group = |code: &String| match groups {
            None => Some(String::new()),
            Some(groups) => {
                let own = groups.get(code).cloned().flatten()?;
                Some(if args.scope == Scope::Group { own } else { String::new() })
            }
        };
        let groups: Vec<_> = calibration.design.applications.iter().map(group).collect();
        let quota = match args.scope {
            Scope::Overall => Quota::Overall { places: top, reserves: 0 },
            Scope::Group => {
                let places = groups.iter().flatten().map(|group| (group.clone(), top)).collect();
                Quota::PerGroup { places, reserves: 0 }
            }
        };
        Self { quota, groups, pass_mark: args.pass_mark }
    }

    fn places(&self) -> Places {
        // A name that no group has.
        const OUTSIDE: &str = "\u{0}";
        let names: Vec<String> =
            self.groups.iter().map(|group| group.clone().unwrap_or_else(|| OUTSIDE.to_owned())).collect();
        let quota = match &self.quota {
            Quota::PerGroup { places, .. } => places.clone(),
            Quota::Overall { places, .. } => BTreeMap::from([(String::new(), *places)]),
        };
        let places = Places::grouped(&names, &quota);
        self.pass_mark.map_or(places.clone(), |mark| places.from_points(mark.0 as f64 / 100.0))
    }
}

fn sensitivity(
    calibration: &Calibration,
    method: Method,
    line: &Line,
    checks: &mut Vec<String>,
) -> Option<Sensitivity> {
    let columns = calibration.design.experts.len().min(calibration.design.applications.len());
    let of_expert = |sheets: &Vec<usize>| sheets.len() * columns + sheets.len().pow(3) / 3;
    let operations = calibration.design.of_expert.iter().map(of_expert).fold(columns.pow(3), usize::saturating_add);
    if operations > BEARABLE {
        checks.push(format!("规模过大（约 {operations} 次运算，限 {BEARABLE} 次），未逐一剔除专家做敏感性分析"));
        return None;
    }
    let place = |given: &Given| {
        let entry = |(index, id): (usize, &String)| Entry {
            candidate: Candidate {
                id: id.clone(),
                score: given.scores[index].map_or(0, Decimal::hundredths),
                tie_keys: vec![calibration.results[index].raw.map_or(0, Decimal::micros)],
            },
            group: line.groups[index].clone().unwrap_or_default(),
            exclusion: match (&line.groups[index], given.scores[index]) {
                (None, _) => Some(Exclusion::KnockedOut),
                (_, None) => Some(Exclusion::NoScore),
                _ => None,
            },
        };
        let entries: Vec<_> = calibration.design.applications.iter().enumerate().map(entry).collect();
        shortlist(&entries, &line.quota, line.pass_mark.map(|mark| mark.0))
    };
    let bounds = Bounds {
        pass: line.pass_mark.and_then(|mark| Decimal::from_hundredths(mark.0).ok()),
        per_group: matches!(line.quota, Quota::PerGroup { .. }),
        ..Bounds::default()
    };
    let effects = calibration.sensitivity(method, bounds, place);
    let scenarios = effects.len();
    let listed = |effect: Effect| {
        let Change { enter, leave, tied } = effect.change;
        Changed { scenario: effect.scenario, enter, leave, tied }
    };
    let changes = effects.into_iter().filter(|effect| !effect.change.is_none()).map(listed).collect();
    Some(Sensitivity { scenarios, changes })
}

fn summary(args: &Args, report: &Report) -> String {
    let mut text = format!(
        "申报 {} 项，专家 {} 名，方法：{}\n",
        report.applications.len(),
        report.experts.len(),
        args.method.label()
    );
    for check in &report.checks {
        text.push_str("核查：");
        text.push_str(check);
        text.push('\n');
    }
    let _ = writeln!(text, "结果：{}", args.output.display());
    text
}
