//! Where things are, and cargo as seen from here.

use crate::process::{output, variable};
use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

pub struct Project {
    pub root: PathBuf,
    pub target: PathBuf,
}

impl Project {
    pub fn locate() -> Result<Self> {
        let metadata = output(cargo().args(["metadata", "--no-deps", "--format-version=1"]))?;
        let metadata: serde_json::Value = serde_json::from_str(&metadata)?;
        let path = |key: &str| {
            let path = metadata[key].as_str();
            path.map(PathBuf::from).with_context(|| format!("cargo metadata 没有给出 {key}"))
        };
        Ok(Self { root: path("workspace_root")?, target: path("target_directory")? })
    }

    /// The bundle as the program serves it.
    pub fn site(&self) -> PathBuf {
        self.target.join("site")
    }

    /// The folder of what cargo builds for the browser. Apart from the rest, so that another compiler can be used for it.
    pub fn web(&self) -> PathBuf {
        self.target.join("web")
    }

    /// A file of what these commands remember between runs.
    pub fn note(&self, name: &str) -> Result<PathBuf> {
        let folder = self.target.join("xtask");
        fs::create_dir_all(&folder)?;
        Ok(folder.join(name))
    }

    pub fn cargo(&self) -> Command {
        let mut cargo = cargo();
        cargo.current_dir(&self.root);
        cargo
    }
}

/// The cargo that started this command, without what it told us about the package `xtask`: some build scripts would see
/// a change and everything after them would be compiled again.
fn cargo() -> Command {
    let mut cargo = Command::new(variable("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let told = name.to_string_lossy();
        if told.starts_with("CARGO_PKG_") || told.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// The version of the package `name` in `Cargo.lock`.
pub fn locked_version(root: &Path, name: &str) -> Result<String> {
    let lock = fs::read_to_string(root.join("Cargo.lock")).context("读不到 Cargo.lock")?;
    lock.split_once(&format!("name = \"{name}\"\nversion = \""))
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(version, _)| version.to_owned())
        .with_context(|| format!("Cargo.lock 里没有 {name}"))
}
