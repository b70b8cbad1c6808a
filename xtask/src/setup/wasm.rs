//! The compiler for the browser: rustc together with a standard library for `wasm32-unknown-unknown`.

use super::packages::{self, Need};
use crate::{
    process::{find_program, output, run_within, step, variable},
    project::Project,
};
use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

pub const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's compiler and the sources of its standard library.
const DISTRIBUTION_RUSTC: &str = "/usr/bin/rustc";
const DISTRIBUTION_SOURCES: &str = "/usr/lib/rustlib/src/rust/library";

pub enum Compiler {
    /// The standard library is installed.
    Ready,
    /// The standard library is compiled along, by Debian's rustc from Debian's sources.
    Distribution { linker: PathBuf },
}

impl Compiler {
    /// `cargo build` for the browser, output in a folder of its own.
    pub fn cargo_build(&self, project: &Project) -> Command {
        let mut cargo = project.cargo();
        cargo.args(["build", "--target", TARGET]).arg("--target-dir").arg(project.web());
        if let Self::Distribution { linker } = self {
            cargo
                .arg("-Zbuild-std=std,panic_abort")
                .env("RUSTC", DISTRIBUTION_RUSTC)
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                // It names the libraries of the compiler that built xtask.
                .env_remove("LD_LIBRARY_PATH");
        }
        cargo
    }
}

impl Compiler {
    /// What rustc says of itself.
    pub fn version(&self) -> Result<String> {
        match self {
            Self::Ready => output(rustc().arg("-vV")),
            Self::Distribution { .. } => {
                output(Command::new(DISTRIBUTION_RUSTC).arg("-vV").env_remove("LD_LIBRARY_PATH"))
            }
        }
    }
}

/// The first of three ways that works.
pub fn compiler(project: &Project) -> Result<Compiler> {
    if installed()? {
        eprintln!("· wasm 标准库：已安装");
        return Ok(Compiler::Ready);
    }
    if added_by_rustup(project)? {
        eprintln!("· wasm 标准库：由 rustup 安装");
        return Ok(Compiler::Ready);
    }
    let linker = linker()?;
    packages::ensure(&[
        Need {
            what: concat!("系统的 rustc（不低于 ", env!("CARGO_PKG_RUST_VERSION"), "）"),
            package: "rustc-web",
            present: distribution_rustc_is_recent,
        },
        Need {
            what: "Rust 标准库源码", package: "rust-web-src", present: || Path::new(DISTRIBUTION_SOURCES).exists()
        },
    ])
    .context("没有 wasm 标准库：rustup target add wasm32-unknown-unknown 未成功，也没有系统自带的 Rust 源码")?;
    eprintln!("· wasm 标准库：用系统的 {DISTRIBUTION_RUSTC} 从源码编译");
    Ok(Compiler::Distribution { linker })
}

fn installed() -> Result<bool> {
    let folder = output(rustc().args(["--print", "target-libdir", "--target", TARGET]))?;
    Ok(Path::new(folder.trim()).is_dir())
}

/// Tried once for each compiler: where the servers are out of reach, waiting for them every time would not help.
fn added_by_rustup(project: &Project) -> Result<bool> {
    if find_program("rustup").is_none() {
        return Ok(false);
    }
    let version = output(rustc().arg("-vV"))?;
    let note = note(project)?;
    if fs::read_to_string(&note).is_ok_and(|tried| tried == version) {
        return Ok(false);
    }
    let tried = step("rustup target add wasm32-unknown-unknown（最多等 60 秒）", || {
        let limit = Duration::from_mins(1);
        run_within(limit, Command::new("rustup").args(["target", "add", TARGET]))
    });
    match tried {
        Ok(()) => installed(),
        Err(error) => {
            eprintln!("· 未成功：{error:#}\n· 今后不再自动重试；重试用 cargo xtask setup --retry");
            fs::write(note, version)?;
            Ok(false)
        }
    }
}

/// Makes the next run ask rustup again.
pub fn forget(project: &Project) -> Result<()> {
    let note = note(project)?;
    if note.exists() {
        fs::remove_file(note)?;
    }
    Ok(())
}

fn note(project: &Project) -> Result<PathBuf> {
    project.note("rustup-target-failed")
}

/// The linker for wasm, which comes with the Rust toolchain.
fn linker() -> Result<PathBuf> {
    let sysroot = output(rustc().args(["--print", "sysroot"]))?;
    let version = output(rustc().arg("-vV"))?;
    let host = host(&version)?;
    let own = Path::new(sysroot.trim()).join(format!("lib/rustlib/{host}/bin/rust-lld"));
    if own.exists() {
        return Ok(own);
    }
    find_program("wasm-ld").with_context(|| {
        format!("没有 wasm 的链接器：{} 不存在，PATH 中也没有 wasm-ld。请安装 rustup 工具链或软件包 lld", own.display())
    })
}

fn distribution_rustc_is_recent() -> bool {
    let rustc = Path::new(DISTRIBUTION_RUSTC);
    rustc.exists()
        && output(Command::new(rustc).arg("--version")).is_ok_and(|version| {
            let found = version.split_whitespace().nth(1).unwrap_or_default();
            minor(found) >= minor(env!("CARGO_PKG_RUST_VERSION"))
        })
}

fn minor(version: &str) -> Option<u32> {
    version.strip_prefix("1.")?.split('.').next()?.parse().ok()
}

fn host(verbose_version: &str) -> Result<&str> {
    verbose_version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc -vV 没有给出 host")
}

fn rustc() -> Command {
    Command::new(variable("RUSTC").unwrap_or_else(|| "rustc".into()))
}

#[cfg(test)]
mod tests {
    use super::{host, minor};

    #[test]
    fn reads_what_rustc_says_about_itself() {
        let text = "rustc 1.96.0 (ac68faa20 2026-05-25)\nhost: x86_64-unknown-linux-gnu\nrelease: 1.96.0\n";
        assert_eq!(host(text).unwrap(), "x86_64-unknown-linux-gnu");
    }

    #[test]
    fn compares_versions_as_numbers() {
        assert!(minor("1.100.0") > minor("1.95"));
        assert!(minor("1.63.0") < minor("1.95"));
        assert!(minor("") < minor("1.95"));
    }
}
