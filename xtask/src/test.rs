//! Everything CI runs.

use crate::{
    bundle, check,
    postgres::{Cluster, Durability},
    process::{run, seconds, step, succeeds},
    project::Project,
    setup,
};
use anyhow::{Context, Result};
use std::{
    process::Command,
    time::{Duration, Instant},
};

/// All checks and tests; with `args`, only those tests and no checks.
pub fn all(project: &Project, args: &[String]) -> Result<()> {
    let mut summary = Summary::default();
    let result = everything(project, args, &mut summary);
    summary.print();
    result
}

fn everything(project: &Project, args: &[String], summary: &mut Summary) -> Result<()> {
    summary.part("备齐工具", setup::for_tests)?;
    if args.is_empty() {
        summary.part("检查", || check::all(project))?;
    }
    summary.part("编译浏览器端", || bundle::build(project))?;
    summary.part("测试", || tests(project, args))
}

fn tests(project: &Project, args: &[String]) -> Result<()> {
    let chromedriver = setup::chromedriver().context("没有 ChromeDriver")?;
    let postgres = step("启动临时的 PostgreSQL", || Cluster::start(Durability::None))?;
    let prepare = |command: &mut Command| {
        command
            .env("HENGPING_SITE", project.site())
            .env("HENGPING_CHROMEDRIVER", &chromedriver)
            .env("HENGPING_TEST_POSTGRES", postgres.url());
        // The browser's entry has nothing to test on the host, and would bring its features into the server's build.
        if args.is_empty() {
            command.args(["--workspace", "--exclude", "frontend"]);
        } else {
            command.args(args);
        }
    };
    let run_tests = |words: &[&str]| {
        let mut cargo = project.cargo();
        prepare(cargo.args(words));
        run(&mut cargo)
    };
    let nextest = args.is_empty() && succeeds(project.cargo().args(["nextest", "--version"]));
    step("运行测试", || {
        if nextest {
            run_tests(&["nextest", "run", "--no-fail-fast"])?;
            run_tests(&["test", "--doc"])
        } else {
            run_tests(&["test"])
        }
    })
}

/// Makes the README's pictures from the demonstration data.
pub fn screenshots(project: &Project) -> Result<()> {
    setup::for_tests()?;
    bundle::build(project)?;
    let chromedriver = setup::chromedriver().context("没有 ChromeDriver")?;
    let mut cargo = project.cargo();
    cargo.args(["run", "--quiet", "--package", "tests", "--bin", "screenshots", "--", "docs/screenshots"]);
    cargo.env("HENGPING_SITE", project.site()).env("HENGPING_CHROMEDRIVER", chromedriver);
    step("制作截图", || run(&mut cargo))
}

/// A step that was done, and its time.
#[derive(Default)]
struct Summary {
    parts: Vec<(&'static str, bool, Duration)>,
}

impl Summary {
    fn part(&mut self, name: &'static str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        let start = Instant::now();
        let result = work();
        self.parts.push((name, result.is_ok(), start.elapsed()));
        result
    }

    fn print(&self) {
        eprintln!("\n小结");
        for (name, passed, time) in &self.parts {
            let sign = if *passed { "✓ 通过" } else { "✗ 失败" };
            eprintln!("  {sign}  {name}（{}）", seconds(*time));
        }
    }
}
