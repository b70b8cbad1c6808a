//! The program `hengping`: compiling and starting it.

use crate::{
    bundle,
    process::{become_program, run, step},
    project::Project,
};
use anyhow::Result;
use std::{
    path::{Path, PathBuf},
    process::Command,
};

pub fn build(project: &Project) -> Result<PathBuf> {
    compile(project, &["--features", "gallery"], "debug")
}

pub fn build_release(project: &Project) -> Result<PathBuf> {
    compile(project, &["--release"], "release")
}

fn compile(project: &Project, profile: &[&str], folder: &str) -> Result<PathBuf> {
    step("编译程序 hengping", || {
        let mut cargo = project.cargo();
        run(cargo.args(["build", "--package", "server", "--bin", "hengping"]).args(profile))
    })?;
    let file = format!("hengping{}", std::env::consts::EXE_SUFFIX);
    Ok(project.target.join(folder).join(file))
}

pub fn serve(project: &Project, data: &Path, args: &[String]) -> Result<()> {
    start(project, "serve", data, args)
}

pub fn demo(project: &Project, listen: String, args: &[String]) -> Result<()> {
    let data = project.target.join("demo-data");
    let listen = ["--listen".to_owned(), listen];
    start(project, "demo", &data, &[&listen, args].concat())
}

fn start(project: &Project, command: &str, data: &Path, args: &[String]) -> Result<()> {
    bundle::build(project)?;
    let program = build(project)?;
    let mut program = Command::new(program);
    program.arg(command).arg("--site").arg(project.site());
    become_program(program.arg("--data").arg(data).args(args))
}
