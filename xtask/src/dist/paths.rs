//! Names for the folders of whoever builds, so that none of theirs is written into what is built.

use crate::{
    process::{output, variable},
    project::Project,
};
use anyhow::{Context, Result};
use std::{path::PathBuf, process::Command};

pub struct Paths(Vec<(PathBuf, &'static str)>);

impl Paths {
    /// Of two that fit, compilers take the last.
    pub fn of(project: &Project) -> Result<Self> {
        let home = || Some(PathBuf::from(variable("HOME")?).join(".cargo"));
        let cargo = variable("CARGO_HOME").map(PathBuf::from).or_else(home).context("找不到 cargo 的文件夹")?;
        let sysroot = output(Command::new("rustc").args(["--print", "sysroot"]))?;
        let sysroot = PathBuf::from(sysroot.trim());
        Ok(Self(vec![
            (sysroot, "/rustc"),
            (cargo, "/cargo"),
            (project.root.clone(), "/hengping"),
            (project.target.clone(), "/target"),
        ]))
    }

    /// For rustc, as cargo passes them on.
    pub fn flags(&self) -> String {
        let flags: Vec<String> =
            self.0.iter().map(|(path, name)| format!("--remap-path-prefix={}={name}", path.display())).collect();
        flags.join("\u{1f}")
    }

    /// For the C compiler.
    pub fn c_flags(&self) -> String {
        let flags: Vec<String> =
            self.0.iter().map(|(path, name)| format!("-ffile-prefix-map={}={name}", path.display())).collect();
        flags.join(" ")
    }
}
