//! Checks that run nothing: format, clippy, the browser's dependencies, licences.

use crate::{
    circles::Sources,
    mentions::missing,
    process::{output, run, step, succeeds},
    project::Project,
    setup::wasm::TARGET,
};
use anyhow::{Context, Result, ensure};
use std::{fs, path::Path};

pub fn all(project: &Project) -> Result<()> {
    step("检查格式", || run(project.cargo().args(["fmt", "--all", "--check"])))?;
    // Apart: in one build cargo would join the features of browser and server, and Leptos is made for one of them.
    step("静态检查：服务器端", || {
        clippy(project, &["--workspace", "--exclude", "frontend", "--features", "server/gallery"])
    })?;
    step("静态检查：浏览器端", || clippy(project, &["--package", "frontend", "--package", "ui"]))?;
    step("检查浏览器端没有混入服务器端的依赖", || leaks(project))?;
    step("检查各包、各模块没有循环依赖", || rooms(project))?;
    step("检查文档所提到的文件和测试都在", || mentions(project))?;
    if succeeds(project.cargo().args(["deny", "--version"])) {
        step("检查依赖的许可与来源（cargo-deny）", || {
            run(project.cargo().args(["deny", "check", "bans", "licenses", "sources"]))
        })?;
    } else {
        eprintln!("· 没有 cargo-deny，略过依赖的许可与来源");
    }
    Ok(())
}

/// On the host, also for the browser's side: clippy cannot read a standard library that another compiler built.
fn clippy(project: &Project, packages: &[&str]) -> Result<()> {
    let mut cargo = project.cargo();
    cargo.arg("clippy").args(packages).arg("--all-targets");
    run(cargo.args(["--", "--deny", "warnings"]))
}

/// The packages of the program and which of the others each may use, as `docs/ARCHITECTURE.md` draws them.
const ROOMS: [(&str, &[&str]); 12] = [
    ("migrations", &[]),
    ("app/domain", &[]),
    ("app/engine", &["domain"]),
    ("app/import", &["domain"]),
    ("app/export", &["domain"]),
    ("app/store", &["domain", "migrations"]),
    ("app/service", &["domain", "engine", "import", "export", "store"]),
    ("app/demo", &["domain", "engine", "import", "store", "service"]),
    ("app/ui", &["domain", "service"]),
    ("frontend", &["ui"]),
    ("server", &["domain", "engine", "export", "store", "service", "demo", "ui"]),
    ("xtask", &[]),
];

/// Packages use only those below them, and modules of a package stand in no circle.
fn rooms(project: &Project) -> Result<()> {
    let mut found = Vec::new();
    for (room, below) in ROOMS {
        let folder = project.root.join(room);
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).with_context(|| room.to_owned())?;
        found.extend(above(&manifest, below).into_iter().map(|other| format!("{room} 不应依赖 {other}")));
        let mut sources = Sources::default();
        read(&folder.join("src"), "", &mut sources)?;
        found.extend(sources.circles().into_iter().map(|circle| format!("{room}：{circle}")));
    }
    ensure!(found.is_empty(), "依赖关系有误：\n{}", found.join("\n"));
    Ok(())
}

/// The packages of the program among a manifest's dependencies that are not below it. What only tests use does not count.
fn above<'a>(manifest: &'a str, below: &[&str]) -> Vec<&'a str> {
    let own = |name: &str| ROOMS.iter().any(|(room, _)| room.rsplit('/').next() == Some(name));
    let mut section = "";
    let mut found = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        } else if section == "[dependencies]"
            && let Some((name, _)) = line.split_once(['=', '.'])
            && own(name.trim())
            && !below.contains(&name.trim())
        {
            found.push(name.trim());
        }
    }
    found
}

fn read(folder: &Path, inside: &str, sources: &mut Sources) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let path = format!("{inside}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read(&entry.path(), &format!("{path}/"), sources)?;
        } else if entry.path().extension().is_some_and(|extension| extension == "rs") {
            sources.add(&path, &fs::read_to_string(entry.path())?);
        }
    }
    Ok(())
}

fn mentions(project: &Project) -> Result<()> {
    let mut texts = Vec::new();
    documents(&project.root.join("docs"), &mut texts)?;
    for name in ["README.md", "SECURITY.md"] {
        texts.push(fs::read_to_string(project.root.join(name)).context(name)?);
    }
    let found: Vec<_> = texts.iter().flat_map(|text| missing(&project.root, text)).collect();
    ensure!(found.is_empty(), "文档提到的这些已经不在：{}", found.join("、"));
    Ok(())
}

fn documents(folder: &Path, texts: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            documents(&path, texts)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            texts.push(fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

fn leaks(project: &Project) -> Result<()> {
    let mut cargo = project.cargo();
    cargo.args(["tree", "--package", "frontend", "--target", TARGET]);
    let tree = output(cargo.args(["--edges", "normal,features", "--prefix", "none"]))?;
    let found = server_only(&tree);
    ensure!(found.is_empty(), "浏览器端混入了服务器端的依赖（运行时会出错）：{}", found.join("、"));
    Ok(())
}

/// The lines of a `cargo tree` that have no place in the browser.
fn server_only(tree: &str) -> Vec<&str> {
    let mut found: Vec<_> = tree
        .lines()
        .filter(|line| {
            let package = line.split_whitespace().next().unwrap_or_default();
            line.starts_with("tachys feature \"ssr\"")
                || package == "tokio"
                || package.starts_with("sqlx")
                || package.starts_with("sea-orm")
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::{above, server_only};

    #[test]
    fn a_package_above_is_named_and_one_for_tests_is_not() {
        let manifest = "[package]\nname = \"store\"\n[dependencies]\ndomain = {}\nservice.workspace = true\nserde = \"1\"\n\
                        [dev-dependencies]\nui = {}\n";
        assert_eq!(above(manifest, &["domain"]), ["service"]);
    }

    #[test]
    fn names_what_leaked_and_only_that() {
        let tree = "frontend v0.1.0 (/hengping/frontend)\n\
                    tachys v0.2.11\n\
                    tachys feature \"hydrate\"\n\
                    tachys feature \"ssr\"\n\
                    sqlx-core v0.9.0\n\
                    tokio v1.48.0\n\
                    tokio v1.48.0 (*)\n\
                    tokio-util v0.7.0";
        assert_eq!(
            server_only(tree),
            ["sqlx-core v0.9.0", "tachys feature \"ssr\"", "tokio v1.48.0", "tokio v1.48.0 (*)"]
        );
    }
}
