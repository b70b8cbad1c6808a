//! `cargo xtask dist`: what is copied to a server, as one folder and as one archive, the same to the byte whoever builds it, and the list of what it is
//! made of.

mod archive;
mod paths;
mod sbom;
mod twice;

use crate::{bundle, process::output, process::run, process::step, project::Project, setup};
use anyhow::{Context, Result, ensure};
use paths::Paths;
use sha2::{Digest, Sha256};
use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

pub use twice::check;

/// The files beside the program.
const SBOM: &str = "sbom.cdx.json";
const BUILT_WITH: &str = "BUILT-WITH.txt";
const SUMS: &str = "SHA256SUMS";

/// Builds the folder and the archive.
pub fn build(project: &Project) -> Result<PathBuf> {
    let compiler = setup::for_build(project)?;
    let host = host()?;
    // What is built for others is kept apart: it is compiled with other paths written into it.
    let apart = Project { root: project.root.clone(), target: project.target.join("dist-build") };
    let paths = Paths::of(&apart)?;

    bundle::build_reproducibly(&apart, &compiler, &paths.flags())?;
    let program = step("编译程序 hengping", || compile(&apart, &paths, &host))?;

    let place = project.target.join("dist/hengping");
    step("汇集到一个文件夹", || {
        if place.exists() {
            fs::remove_dir_all(&place)?;
        }
        fs::create_dir_all(&place)?;
        fs::copy(&program, place.join(program.file_name().context("程序没有文件名")?))?;
        copy_folder(&apart.site(), &place.join("site"))?;
        fs::copy(project.root.join("LICENSE"), place.join("LICENSE"))?;
        fs::write(place.join(SBOM), sbom::of(project, &host)?)?;
        fs::write(place.join(BUILT_WITH), built_with(&compiler)?)?;
        fs::write(place.join(SUMS), sums(&place)?)?;
        Ok(())
    })?;
    let archive = archive::pack(&place, &format!("hengping-{}-{host}", env!("CARGO_PKG_VERSION")))?;
    eprintln!("· {}\n· {}\n· SHA-256 {}", place.display(), archive.display(), digest(&archive)?);
    Ok(archive)
}

fn compile(project: &Project, paths: &Paths, host: &str) -> Result<PathBuf> {
    let mut cargo = project.cargo();
    cargo
        .args(["build", "--locked", "--release", "--package", "server", "--bin", "hengping", "--target", host])
        .arg("--target-dir")
        .arg(&project.target)
        .env_remove("CARGO_BUILD_BUILD_DIR")
        .env("CARGO_ENCODED_RUSTFLAGS", paths.flags())
        .env("CFLAGS", paths.c_flags())
        .env("CXXFLAGS", paths.c_flags());
    run(&mut cargo)?;
    Ok(project.target.join(host).join("release").join(format!("hengping{}", std::env::consts::EXE_SUFFIX)))
}

/// The platform that is built for.
fn host() -> Result<String> {
    let version = output(Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc -vV 没有给出 host")?;
    Ok(host.to_owned())
}

/// Who wants the same bytes needs the same compilers.
fn built_with(compiler: &setup::wasm::Compiler) -> Result<String> {
    let rustc = output(Command::new("rustc").arg("-vV"))?;
    let cc = output(Command::new("cc").arg("--version"))?;
    let cc = cc.lines().next().unwrap_or_default();
    let web = compiler.version()?;
    Ok(format!("program\n{}\n\n{cc}\n\nbrowser bundle\n{}\n", rustc.trim(), web.trim()))
}

/// The digests of all files, as `sha256sum --check` reads them.
fn sums(place: &Path) -> Result<String> {
    let mut text = String::new();
    for file in archive::files(place)? {
        let name = file.strip_prefix(place)?;
        writeln!(text, "{}  {}", digest(&file)?, name.display())?;
    }
    ensure!(!text.is_empty(), "文件夹是空的");
    Ok(text)
}

fn digest(file: &Path) -> Result<String> {
    Ok(hex::encode(Sha256::digest(fs::read(file)?)))
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
