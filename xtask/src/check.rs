//! Checks that run nothing: format, clippy, the browser's dependencies, licences.

use crate::{
    process::{output, run, step, succeeds},
    project::Project,
    setup::wasm::TARGET,
};
use anyhow::{Result, ensure};

pub fn all(project: &Project) -> Result<()> {
    step("检查格式", || run(project.cargo().args(["fmt", "--all", "--check"])))?;
    // Apart: in one build cargo would join the features of browser and server, and Leptos is made for one of them.
    step("静态检查：服务器端", || {
        clippy(project, &["--workspace", "--exclude", "frontend", "--features", "server/gallery"])
    })?;
    step("静态检查：浏览器端", || clippy(project, &["--package", "frontend", "--package", "ui"]))?;
    step("检查浏览器端没有混入服务器端的依赖", || leaks(project))?;
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
    use super::server_only;

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
