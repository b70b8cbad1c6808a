//! Measuring the engine: the instances are generated, nothing is downloaded.

use crate::{
    process::{self, step},
    project::Project,
};
use anyhow::{Result, bail};

const NAMES: [&str; 2] = ["assignment", "calibration"];

fn measure(project: &Project, names: &[&str]) -> Result<()> {
    for name in names {
        let mut cargo = project.cargo();
        cargo.args(["bench", "--package", "engine", "--bench", name]);
        step(&format!("测量 {name}"), || process::run(&mut cargo))?;
    }
    Ok(())
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
