//! `cargo xtask dist --check`: builds the committed state in two folders that have nothing in common, and compares.

use super::digest;
use crate::{
    process::{output, run, step},
    project::Project,
};
use anyhow::{Result, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// # Errors
/// The two differ; both stay for whoever looks why.
pub fn check(project: &Project) -> Result<()> {
    let place = project.target.join("dist-check");
    let builders = ["one", "another/builder/with/a/longer/path"];
    let archives: Vec<PathBuf> = builders
        .into_iter()
        .map(|builder| step(&format!("编译：{builder}"), || build(project, &place.join(builder))))
        .collect::<Result<_>>()?;
    let digests: Vec<String> = archives.iter().map(|archive| digest(archive)).collect::<Result<_>>()?;
    ensure!(digests[0] == digests[1], "两次编译的结果不同：\n{}\n{}", archives[0].display(), archives[1].display());
    fs::remove_dir_all(place)?;
    eprintln!("两次编译逐字节相同：SHA-256 {}", digests[0]);
    Ok(())
}

fn build(project: &Project, place: &Path) -> Result<PathBuf> {
    if place.exists() {
        fs::remove_dir_all(place)?;
    }
    fs::create_dir_all(place)?;
    run(Command::new("git").args(["clone", "--quiet"]).arg(&project.root).arg(place))?;
    let target = place.join("target");
    let mut cargo = Command::new("cargo");
    cargo.current_dir(place).args(["xtask", "dist"]);
    cargo.env("CARGO_TARGET_DIR", &target).env_remove("CARGO_BUILD_BUILD_DIR");
    run(&mut cargo)?;
    let archives = output(Command::new("find").arg(target.join("dist")).args(["-maxdepth", "1", "-name", "*.tar.gz"]))?;
    Ok(PathBuf::from(archives.trim()))
}
