//! The files that are copied to a server: one folder with the program and the bundle.

use crate::{process::step, program, project::Project};
use anyhow::{Context, Result};
use std::{fs, path::Path};

pub fn build(project: &Project) -> Result<()> {
    let program = program::build_release(project)?;
    let place = project.target.join("dist/hengping");
    step("汇集到一个文件夹", || {
        if place.exists() {
            fs::remove_dir_all(&place)?;
        }
        fs::create_dir_all(&place)?;
        let name = program.file_name().context("程序没有文件名")?;
        fs::copy(&program, place.join(name))?;
        copy_folder(&project.site(), &place.join("site"))
    })?;
    eprintln!("· {}", place.display());
    Ok(())
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
