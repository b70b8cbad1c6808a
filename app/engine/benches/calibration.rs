//! REML on crossed scores against R's `lme4::lmer` on the same file in the same run, and how the time grows over three doublings.
//!
//! Every measurement is a process of its own, so that its peak memory is its own. Run by `cargo xtask bench calibration`, which names an `Rscript`
//! with `lme4` in `HENGPING_BENCH_RSCRIPT`; without one only Hengping is measured.

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]
#![expect(clippy::unwrap_used, reason = "a bench ends where it unwraps")]

use engine::calibration::{Calibration, Options, Places, Score, files, fit};
use engine::decimal::Decimal;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Crossed scores: each application by so many different experts drawn at random.
struct Shape {
    name: &'static str,
    scores: usize,
    experts: usize,
    applications: usize,
}

const fn shape(name: &'static str, scores: usize, experts: usize, applications: usize) -> Shape {
    Shape { name, scores, experts, applications }
}

const AGAINST_THE_PEER: [Shape; 2] =
    [shape("73,000", 73_000, 1_100, 3_000), shape("1,000,000", 1_000_000, 20_000, 50_000)];

const DOUBLINGS: [Shape; 4] = [
    shape("36,500", 36_500, 550, 1_500),
    shape("73,000", 73_000, 1_100, 3_000),
    shape("146,000", 146_000, 2_200, 6_000),
    shape("292,000", 292_000, 4_400, 12_000),
];

/// Many small panels, each expert with one or two sheets: 2,076 applications, 200 panels, about 4,500 experts and 5,800 sheets.
const SPARSE: Shape = shape("sparse", 5_800, 4_500, 2_076);
const SPARSE_PANELS: usize = 200;

/// 1,000 applications by seven experts each, for the ranks.
const RANKS: Shape = shape("7,000", 7_000, 300, 1_000);

/// `lmer` is stopped after this time, or after this many times Hengping's if that is longer.
const PATIENCE: Duration = Duration::from_mins(10);
const PATIENCE_RATIO: f64 = 2.0;

impl Shape {
    fn scores(&self) -> Vec<Score> {
        if self.name == SPARSE.name { self.of_panels() } else { self.drawn() }
    }

    /// Two or three sheets each, mostly by experts of whom this is the only one, never by one of another panel.
    fn of_panels(&self) -> Vec<Score> {
        let mut random = ChaCha8Rng::seed_from_u64(7);
        let normal = |random: &mut ChaCha8Rng, sd: f64| {
            (0..12).map(|_| random.random::<f64>()).sum::<f64>().mul_add(sd, -6.0 * sd)
        };
        let mut experts = 0;
        let mut of_panel: Vec<Vec<(usize, f64)>> = vec![Vec::new(); SPARSE_PANELS];
        let mut scores = Vec::new();
        for application in 0..self.applications {
            let panel = &mut of_panel[application % SPARSE_PANELS];
            let merit = normal(&mut random, 6.0);
            let mut own: Vec<usize> = Vec::new();
            for _ in 0..if random.random_bool(0.8) { 3 } else { 2 } {
                let again = random.random_bool(0.215) && !panel.is_empty();
                let (expert, severity) = if again {
                    panel[random.random_range(0..panel.len())]
                } else {
                    experts += 1;
                    panel.push((experts, normal(&mut random, 4.0)));
                    panel[panel.len() - 1]
                };
                if own.contains(&expert) {
                    continue;
                }
                own.push(expert);
                scores.push(score(application, expert, 75.0 + merit + severity + normal(&mut random, 6.0)));
            }
        }
        scores
    }

    fn drawn(&self) -> Vec<Score> {
        let mut random = ChaCha8Rng::seed_from_u64(7);
        let normal = |random: &mut ChaCha8Rng, sd: f64| {
            (0..12).map(|_| random.random::<f64>()).sum::<f64>().mul_add(sd, -6.0 * sd)
        };
        let severity: Vec<f64> = (0..self.experts).map(|_| normal(&mut random, 4.0)).collect();
        let merit: Vec<f64> = (0..self.applications).map(|_| normal(&mut random, 6.0)).collect();
        let mut scores = Vec::with_capacity(self.scores);
        let mut left = self.scores;
        for (application, merit) in merit.iter().enumerate() {
            let share = left / (self.applications - application);
            left -= share;
            for expert in rand::seq::index::sample(&mut random, self.experts, share) {
                scores.push(score(application, expert, 75.0 + merit + severity[expert] + normal(&mut random, 6.0)));
            }
        }
        scores
    }
}

fn score(application: usize, expert: usize, points: f64) -> Score {
    #[expect(clippy::cast_possible_truncation, reason = "scores are small")]
    let hundredths = (points * 100.0).round() as i64;
    Score {
        application: format!("A{application:05}"),
        expert: format!("E{expert:05}"),
        score: Decimal::from_hundredths(hundredths).unwrap().into(),
        panel: None,
        items: Vec::new(),
    }
}

/// The measurement of one process.
#[derive(Debug, Serialize, Deserialize)]
struct Measured {
    fit_ms: f64,
    criterion: f64,
    /// Of applications, experts, residual.
    variances: [f64; 3],
    /// BLUPs by id.
    effects: BTreeMap<String, f64>,
    peak_kb: u64,
}

fn main() {
    let arguments: Vec<String> = std::env::args().filter(|a| a != "--bench").collect();
    match arguments.get(1).map(String::as_str) {
        Some("write") => write(find(&arguments[2]), Path::new(&arguments[3])),
        Some("measure") => measure(Path::new(&arguments[2])),
        _ => compare(),
    }
}

fn find(name: &str) -> &'static Shape {
    AGAINST_THE_PEER.iter().chain([&SPARSE]).chain(&DOUBLINGS).find(|shape| shape.name == name).unwrap()
}

fn write(shape: &Shape, file: &Path) {
    let mut out = std::io::BufWriter::new(std::fs::File::create(file).unwrap());
    writeln!(out, "application,expert,score").unwrap();
    for score in shape.scores() {
        writeln!(out, "{},{},{}", score.application, score.expert, score.score.decimal()).unwrap();
    }
    out.flush().unwrap();
}

fn measure(file: &Path) {
    let scores = files::read_scores("scores.csv", &std::fs::read(file).unwrap()).unwrap();
    let start = Instant::now();
    let Calibration { design, mixed, .. } = fit(&scores, &Options::default()).unwrap();
    let fit_ms = start.elapsed().as_secs_f64() * 1e3;
    let mixed = mixed.unwrap();
    let applications = design.applications.into_iter().zip(mixed.applications);
    let experts = design.experts.into_iter().zip(mixed.experts);
    let variances = [mixed.variances.application, mixed.variances.expert.unwrap(), mixed.variances.residual];
    let effects = applications.chain(experts).map(|(id, effect)| (id, effect.effect)).collect();
    let measured = Measured { fit_ms, criterion: mixed.criterion.unwrap(), variances, effects, peak_kb: peak() };
    println!("{}", serde_json::to_string(&measured).unwrap());
}

/// The process's own high-water mark; 0 where the system does not tell.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

/// A generated file that goes when its owner does.
struct Generated(PathBuf);

impl Generated {
    fn new(shape: &Shape) -> Self {
        let file = std::env::temp_dir().join(format!("hengping-scores-{}-{}.csv", std::process::id(), shape.scores));
        let own = std::env::current_exe().unwrap();
        assert!(Command::new(own).arg("write").arg(shape.name).arg(&file).status().unwrap().success());
        Self(file)
    }

    fn hengping(&self) -> Measured {
        let output = Command::new(std::env::current_exe().unwrap()).arg("measure").arg(&self.0).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// `None` if it was stopped after `patience`.
    fn lme4(&self, rscript: &str, patience: Duration) -> Option<Measured> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/lme4.R");
        let result = self.0.with_extension("json");
        let mut child = Command::new(rscript)
            .arg(script)
            .args([&self.0, &result])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let start = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if start.elapsed() > patience {
                child.kill().unwrap();
                child.wait().unwrap();
                return None;
            }
            std::thread::sleep(Duration::from_millis(50));
        };
        assert!(status.success(), "lmer failed");
        let measured = serde_json::from_slice(&std::fs::read(&result).unwrap()).unwrap();
        std::fs::remove_file(result).unwrap();
        Some(measured)
    }
}

impl Drop for Generated {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn compare() {
    #[expect(clippy::disallowed_methods, reason = "the command that runs the bench names the peer")]
    let rscript = std::env::var("HENGPING_BENCH_RSCRIPT").ok();
    println!(
        "{:<12}{:>12}{:>12}{:>9}{:>8}{:>8}{:>8}   agreement",
        "scores", "Hengping ms", "lme4 ms", "ratio", "MB", "MB", "ratio"
    );
    for shape in [&SPARSE].into_iter().chain(&AGAINST_THE_PEER) {
        let file = Generated::new(shape);
        let mine = file.hengping();
        let (name, time, memory) = (shape.name, mine.fit_ms, mine.peak_kb / 1024);
        let patience = PATIENCE.max(Duration::from_secs_f64(time / 1e3 * PATIENCE_RATIO));
        match rscript.as_ref().map(|rscript| file.lme4(rscript, patience)) {
            Some(Some(theirs)) => println!(
                "{name:<12}{time:>12.0}{:>12.0}{:>9.3}{memory:>8}{:>8}{:>8.2}   {}",
                theirs.fit_ms,
                time / theirs.fit_ms,
                theirs.peak_kb / 1024,
                mine.peak_kb as f64 / theirs.peak_kb as f64,
                agreement(&mine, &theirs)
            ),
            Some(None) => {
                let limit = patience.as_secs_f64() * 1e3;
                let ratio = format!("< {:.3}", time / limit);
                println!(
                    "{name:<12}{time:>12.0}{:>12}{ratio:>9}{memory:>8}   lmer was stopped",
                    format!("> {limit:.0}")
                );
            }
            None => println!("{name:<12}{time:>12.0}{:>12}{:>9}{memory:>8}", "—", "—"),
        }
    }
    println!("\nover three doublings of scores, experts and applications:");
    let mut last: Option<f64> = None;
    for shape in &DOUBLINGS {
        let mine = Generated::new(shape).hengping();
        let growth = last.map_or_else(String::new, |last| format!("× {:.1}", mine.fit_ms / last));
        println!("{:<12}{:>12.0} ms{:>8} MB  {growth}", shape.name, mine.fit_ms, mine.peak_kb / 1024);
        last = Some(mine.fit_ms);
    }
    ranks();
}

/// Largest differences; effects relative to the standard deviation of merit.
fn agreement(mine: &Measured, theirs: &Measured) -> String {
    let relative = |pair: (&f64, &f64)| (pair.0 / pair.1 - 1.0).abs();
    let variances = mine.variances.iter().zip(&theirs.variances).map(relative).fold(0.0, f64::max);
    assert_eq!(mine.effects.len(), theirs.effects.len());
    let difference = |(id, effect): (&String, &f64)| (effect - theirs.effects[id]).abs();
    let effects = mine.effects.iter().map(difference).fold(0.0, f64::max);
    let criterion = mine.criterion - theirs.criterion;
    format!("criterion {criterion:+.1e}, variances {variances:.1e} relative, effects {effects:.1e} points")
}

fn ranks() {
    let calibration = fit(&RANKS.scores(), &Options::default()).unwrap();
    let places = Places::overall(RANKS.applications, 100);
    let order = calibration.order(domain::round::Method::Mixed);
    let start = Instant::now();
    let drawn = calibration.draw(&order, Some(&places), [7; 32], 10_000).unwrap();
    let time = start.elapsed().as_secs_f64() * 1e3;
    println!("\n10,000 posterior draws of the ranks of {} applications: {time:.0} ms", drawn.len());
}
