//! Measuring the engine and the pages: the instances are generated, nothing is downloaded.

use crate::{
    bundle,
    process::{self, step, succeeds},
    project::Project,
    setup,
};
use anyhow::{Result, bail};
use std::{path::PathBuf, process::Command};

const PAGES: &str = "pages";
const NAMES: [&str; 3] = ["assignment", "calibration", PAGES];

/// Every page on the demonstration; the table goes into the documentation.
fn pages(project: &Project) -> Result<()> {
    bundle::build(project)?;
    let mut cargo = project.cargo();
    cargo.args(["run", "--release", "--quiet", "--package", "tests", "--bin", "pages", "--", "docs/benchmarks.md"]);
    step("测量页面", || process::run(cargo.env("HENGPING_SITE", project.site())))
}

fn measure(project: &Project, names: &[&str]) -> Result<()> {
    for name in names {
        if *name == PAGES {
            pages(project)?;
            continue;
        }
        let mut cargo = project.cargo();
        cargo.args(["bench", "--package", "engine", "--bench", name]);
        let (variable, peer, program) = match *name {
            "assignment" => ("HENGPING_BENCH_PYTHON", "OR-Tools", or_tools(project)),
            _ => ("HENGPING_BENCH_RSCRIPT", "lme4", setup::for_mixed_models()),
        };
        match program {
            Ok(program) => {
                cargo.env(variable, program);
            }
            Err(error) => eprintln!("· 不与 {peer} 比较：{error}"),
        }
        step(&format!("测量 {name}"), || process::run(&mut cargo))?;
    }
    Ok(())
}

/// A Python with OR-Tools, in an environment of its own under the target folder.
fn or_tools(project: &Project) -> Result<PathBuf> {
    let place = project.target.join("bench-python");
    let python = place.join("bin/python");
    let ready = |python: &PathBuf| succeeds(Command::new(python).args(["-c", "import numpy, ortools"]));
    if !ready(&python) {
        step("为比较准备 OR-Tools", || {
            process::run(Command::new("python3").args(["-m", "venv"]).arg(&place))?;
            process::run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "ortools", "numpy"]))
        })?;
    }
    Ok(python)
}

/// # Errors
/// An unknown name; a bench that fails.
pub fn run(project: &Project, name: Option<&str>) -> Result<()> {
    match name {
        None => measure(project, &NAMES),
        Some(name) if NAMES.contains(&name) => measure(project, &[name]),
        Some(name) => bail!("没有“{name}”这项测量；可选：{}", NAMES.join("、")),
    }
}
