//! Exact assignment against OR-Tools' `SimpleMinCostFlow` on the same arcs in the same run, and how the time grows over three doublings.
//!
//! Every measurement is a process of its own, so that its peak memory is its own. Run by `cargo xtask bench assignment`, which names a Python with
//! `ortools` in `HENGPING_BENCH_PYTHON`; without one only Hengping is measured.

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]
#![expect(clippy::unwrap_used, reason = "a bench ends where it unwraps")]

use domain::rubric::ExpertRole;
use engine::assignment::{
    Affinity, ApplicationDemand, ExpertSupply, Objective, Options, Pair, Prepared, Problem, RoleSet, Status,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// One generated instance.
struct Shape {
    name: &'static str,
    applications: u32,
    experts: u32,
    demand: u32,
    load: u32,
    /// Share of pairs that are eligible.
    density: f64,
    /// Affinities are multiples of this many millionths.
    grain: i32,
    /// So many employers, of each at most one expert on an application that needs five technical, one finance and one management expert; their caps cross
    /// with the roles. 0: neither employers nor roles.
    employers: u32,
}

const fn shape(name: &'static str, applications: u32, experts: u32, demand: u32, load: u32) -> Shape {
    Shape { name, applications, experts, demand, load, density: 1.0, grain: 1, employers: 0 }
}

const AGAINST_THE_PEER: [Shape; 5] = [
    shape("province", 500, 2_000, 7, 3),
    Shape { grain: 10_000, ..shape("ties", 500, 2_000, 7, 3) },
    // 3,500 seats, capacity 3,570.
    shape("tight", 500, 595, 7, 6),
    shape("dense", 5_062, 2_840, 3, 6),
    Shape { density: 0.1, ..shape("sparse", 10_000, 5_000, 3, 7) },
];

const DOUBLINGS: [Shape; 4] = [
    shape("62 × 250", 62, 250, 7, 3),
    shape("125 × 500", 125, 500, 7, 3),
    shape("250 × 1,000", 250, 1_000, 7, 3),
    shape("500 × 2,000", 500, 2_000, 7, 3),
];

/// Instances that no flow can express, solved by branch and bound over charged flows; there is no peer to measure.
const CROSSING: [Shape; 4] = [
    Shape { employers: 75, ..shape("125 × 500 +", 125, 500, 7, 3) },
    Shape { employers: 150, ..shape("250 × 1,000 +", 250, 1_000, 7, 3) },
    Shape { employers: 300, ..shape("500 × 2,000 +", 500, 2_000, 7, 3) },
    Shape { employers: 300, grain: 10_000, ..shape("the same, ties", 500, 2_000, 7, 3) },
];

impl Shape {
    fn problem(&self) -> Problem {
        let mut random = ChaCha8Rng::seed_from_u64(7);
        let mut pairs = Vec::new();
        for application in 0..self.applications {
            for expert in 0..self.experts {
                if self.density >= 1.0 || random.random_bool(self.density) {
                    let micro = random.random_range(0..=1_000_000 / self.grain) * self.grain;
                    pairs.push(Pair { expert, application, affinity: Affinity::from_micro(micro).unwrap() });
                }
            }
        }
        let minima = if self.employers == 0 { [0; 3] } else { [5, 1, 1] };
        let application = |i| ApplicationDemand { id: format!("A{i:05}"), demand: self.demand, minima };
        let mut expert = |j: u32| ExpertSupply {
            id: format!("E{j:05}"),
            min_load: 0,
            max_load: self.load,
            roles: if self.employers == 0 { RoleSet::EMPTY } else { roles(j, &mut random) },
            employer: (self.employers > 0).then(|| format!("U{}", random.random_range(0..self.employers))),
            region: None,
        };
        Problem {
            applications: (0..self.applications).map(application).collect(),
            experts: (0..self.experts).map(&mut expert).collect(),
            pairs,
            objective: Objective::Total,
            employer_cap: 1,
            ..Problem::default()
        }
    }
}

/// 70 % technical, 15 % finance, 15 % management; one in seven can also take a management seat.
fn roles(expert: u32, random: &mut ChaCha8Rng) -> RoleSet {
    let role = match expert * 7 % 20 {
        0..14 => ExpertRole::Technical,
        14..17 => ExpertRole::Finance,
        _ => ExpertRole::Management,
    };
    let roles = RoleSet::EMPTY.with(role);
    if random.random_bool(0.15) { roles.with(ExpertRole::Management) } else { roles }
}

/// The measurement of one process.
#[derive(Debug, Serialize, Deserialize)]
struct Measured {
    build_ms: f64,
    solve_ms: f64,
    /// Sum of affinities in millionths.
    objective: i64,
    peak_kb: u64,
    /// Flows solved, and how far the proved bound is above the result, in millionths; only of Hengping.
    #[serde(default)]
    flows: u32,
    #[serde(default)]
    gap: f64,
}

fn main() {
    let arguments: Vec<String> = std::env::args().filter(|a| a != "--bench").collect();
    match arguments.get(1).map(String::as_str) {
        Some("measure") => measure(find(&arguments[2])),
        Some("arcs") => write_arcs(find(&arguments[2]), Path::new(&arguments[3])),
        _ => compare(),
    }
}

fn find(name: &str) -> &'static Shape {
    AGAINST_THE_PEER.iter().chain(&DOUBLINGS).chain(&CROSSING).find(|shape| shape.name == name).unwrap()
}

fn measure(shape: &Shape) {
    let problem = shape.problem();
    let start = Instant::now();
    let prepared = Prepared::new(&problem).unwrap();
    let build_ms = start.elapsed().as_secs_f64() * 1e3;
    let start = Instant::now();
    let outcome = prepared.solve(Options::default());
    let solve_ms = start.elapsed().as_secs_f64() * 1e3;
    assert!(outcome.status == Status::Optimal || shape.employers > 0, "{}", shape.name);
    let gap = (outcome.bound.unwrap() - outcome.objective.unwrap()) * 1e6;
    let flows = outcome.certificate.as_ref().unwrap().nodes;
    let micro = |a: &engine::assignment::Assigned| Affinity::from_f64(a.affinity).unwrap().micro();
    let objective = outcome.assignments.iter().map(|a| i64::from(micro(a))).sum();
    let measured = Measured { build_ms, solve_ms, objective, peak_kb: peak(), flows, gap };
    println!("{}", serde_json::to_string(&measured).unwrap());
}

/// The process's own high-water mark; 0 where the system does not tell.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

/// Little-endian 32-bit numbers: applications, experts, demand, load, then application, expert, affinity of every pair.
fn write_arcs(shape: &Shape, file: &Path) {
    let mut out = std::io::BufWriter::new(std::fs::File::create(file).unwrap());
    for number in [shape.applications, shape.experts, shape.demand, shape.load] {
        out.write_all(&number.to_le_bytes()).unwrap();
    }
    for pair in shape.problem().pairs {
        out.write_all(&pair.application.to_le_bytes()).unwrap();
        out.write_all(&pair.expert.to_le_bytes()).unwrap();
        out.write_all(&pair.affinity.micro().to_le_bytes()).unwrap();
    }
    out.flush().unwrap();
}

fn said(command: &mut Command) -> Measured {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn compare() {
    let own = std::env::current_exe().unwrap();
    #[expect(clippy::disallowed_methods, reason = "the command that runs the bench names the peer")]
    let python = std::env::var("HENGPING_BENCH_PYTHON").ok();
    let hengping = |name: &str| said(Command::new(&own).args(["measure", name]));
    println!(
        "{:<14}{:>12}{:>12}{:>8}{:>10}{:>10}{:>8}",
        "", "Hengping ms", "OR-Tools ms", "ratio", "MB", "MB", "ratio"
    );
    for shape in &AGAINST_THE_PEER {
        let mine = hengping(shape.name);
        let time = mine.build_ms + mine.solve_ms;
        let Some(python) = &python else {
            println!("{:<14}{time:>12.0}{:>12}{:>8}{:>10}", shape.name, "—", "—", mine.peak_kb / 1024);
            continue;
        };
        let file = std::env::temp_dir().join(format!("hengping-arcs-{}-{}", std::process::id(), shape.name));
        assert!(Command::new(&own).arg("arcs").arg(shape.name).arg(&file).status().unwrap().success());
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/ortools_flow.py");
        let theirs = said(Command::new(python).arg(script).arg(&file));
        std::fs::remove_file(&file).unwrap();
        assert_eq!(mine.objective, theirs.objective, "{}: the objectives agree to the last unit", shape.name);
        let other = theirs.build_ms + theirs.solve_ms;
        println!(
            "{:<14}{time:>12.0}{other:>12.0}{:>8.2}{:>10}{:>10}{:>8.2}",
            shape.name,
            time / other,
            mine.peak_kb / 1024,
            theirs.peak_kb / 1024,
            mine.peak_kb as f64 / theirs.peak_kb as f64
        );
    }
    println!("\nover three doublings of both sides, demand 7, load 3:");
    let mut last: Option<f64> = None;
    for shape in &DOUBLINGS {
        let mine = hengping(shape.name);
        let time = mine.build_ms + mine.solve_ms;
        let growth = last.map_or_else(String::new, |last| format!("× {:.1}", time / last));
        println!("{:<14}{time:>12.1} ms  {growth}", shape.name);
        last = Some(time);
    }
    println!("\nwith roles and one expert per employer, whose caps cross:");
    for shape in &CROSSING {
        let mine = hengping(shape.name);
        let time = mine.build_ms + mine.solve_ms;
        println!("{:<14}{time:>12.1} ms  {:>5} flows  gap {:.0} millionths", shape.name, mine.flows, mine.gap);
    }
}
