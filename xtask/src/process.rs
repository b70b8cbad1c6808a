//! Running other programs, and telling the user about it.

use anyhow::{Context, Result, bail, ensure};
use std::{
    env,
    ffi::OsString,
    path::PathBuf,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Says what is being done and, afterwards, how long it took.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("▶ {what}");
    let start = Instant::now();
    let done = work().with_context(|| format!("未完成：{what}"))?;
    eprintln!("✓ {what}（{}）", seconds(start.elapsed()));
    Ok(done)
}

pub fn seconds(time: Duration) -> String {
    format!("{:.1} 秒", time.as_secs_f64())
}

/// Runs a program with our own input and output.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| cannot_start(command))?;
    ensure!(status.success(), "{} 失败：{status}", shown(command));
    Ok(())
}

/// Runs a program and returns what it printed.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.stderr(Stdio::inherit()).output().with_context(|| cannot_start(command))?;
    ensure!(output.status.success(), "{} 失败：{}", shown(command), output.status);
    Ok(String::from_utf8(output.stdout)?)
}

/// Whether a program exists and ends well; nothing of it is shown.
pub fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Like [`run`], but ends the program after `limit`.
pub fn run_within(limit: Duration, command: &mut Command) -> Result<()> {
    let start = Instant::now();
    let mut child = command.spawn().with_context(|| cannot_start(command))?;
    while start.elapsed() < limit {
        if let Some(status) = child.try_wait()? {
            ensure!(status.success(), "{} 失败：{status}", shown(command));
            return Ok(());
        }
        thread::sleep(Duration::from_millis(50));
    }
    child.kill()?;
    child.wait()?;
    bail!("{} 超过 {} 未完成", shown(command), seconds(limit))
}

/// Becomes the other program where the system can do that, so that signals reach it directly.
pub fn become_program(command: &mut Command) -> Result<()> {
    #[cfg(unix)]
    {
        let error = std::os::unix::process::CommandExt::exec(command);
        Err(error).with_context(|| cannot_start(command))
    }
    #[cfg(not(unix))]
    run(command)
}

pub fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// The program `name` on the search path.
pub fn find_program(name: &str) -> Option<PathBuf> {
    env::split_paths(&variable("PATH")?)
        .map(|folder| folder.join(name).with_extension(env::consts::EXE_EXTENSION))
        .find(|file| file.is_file())
}

/// The one place that reads the environment.
pub fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

fn cannot_start(command: &Command) -> String {
    format!("无法运行 {}", shown(command))
}

fn shown(command: &Command) -> String {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
