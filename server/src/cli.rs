//! The commands: each is one function from its arguments to what it prints at its end, or to why it stopped.

pub mod assign;
pub mod audit;
pub mod calibrate;
pub mod check;
pub mod demo;
pub mod draw;
pub mod import;
pub mod migrate;
mod output;
pub mod recover;
pub mod replay;
pub mod retention;
pub mod rotate_keys;
pub mod serve;
pub mod simulate;
pub mod verify;

use crate::config::{Config, ConfigError, Flags};
use crate::start::{StartError, open_app, open_store};
use engine::assignment::Shortfall;
use service::{App, Policy};
use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

/// Why a command stopped. Each case has its exit code.
#[derive(Debug, PartialEq, Eq)]
pub enum Failure {
    /// The file system, the database or the result itself is at fault.
    Broken(String),
    /// The input is at fault; every fault is listed, and nothing was written.
    Refused(Vec<String>),
    /// The problem has no solution; the lines say why. The output holds the same explanation.
    Infeasible(Vec<String>),
    /// Kept rows are not as they were written; the lines name every place.
    Tampered(Vec<String>),
    /// Rows break rules of the review; the lines name every place.
    Violated(Vec<String>),
}

impl Failure {
    pub const fn code(&self) -> u8 {
        match self {
            Self::Broken(_) => 1,
            Self::Refused(_) => 2,
            Self::Infeasible(_) => 3,
            Self::Tampered(_) | Self::Violated(_) => 4,
        }
    }

    pub fn broken(error: &impl fmt::Display) -> Self {
        Self::Broken(error.to_string())
    }

    /// All faults of an input, one line each.
    fn refused<E: fmt::Display>(faults: &[E]) -> Self {
        Self::Refused(faults.iter().map(ToString::to_string).collect())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(text) => writeln!(f, "{text}"),
            Self::Refused(lines) => {
                lines.iter().try_for_each(|line| writeln!(f, "{line}"))?;
                writeln!(f, "输入有 {} 处问题，没有写入任何结果", lines.len())
            }
            Self::Infeasible(lines) => lines.iter().try_for_each(|line| writeln!(f, "{line}")),
            Self::Tampered(lines) => {
                lines.iter().try_for_each(|line| writeln!(f, "{line}"))?;
                writeln!(f, "审计链有 {} 处与写入时不同", lines.len())
            }
            Self::Violated(lines) => {
                lines.iter().try_for_each(|line| writeln!(f, "{line}"))?;
                writeln!(f, "数据有 {} 处不合规则", lines.len())
            }
        }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        Self::broken(&error)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::broken(&error)
    }
}

/// A command on an installation: where that is, and the command's own arguments.
#[derive(clap::Args)]
pub struct On<T: clap::Args> {
    #[command(flatten)]
    pub flags: Flags,
    #[command(flatten)]
    pub args: T,
}

/// The installation that a command works on.
///
/// # Errors
/// `Broken` if it cannot be opened.
pub async fn open(flags: &Flags) -> Result<Arc<App>, Failure> {
    let config = Config::read(flags)?;
    Ok(open_app(&config, open_store(&config).await?, Policy::Strict).await?)
}

/// Prints what a command has to say: results on standard output, failures on standard error.
pub fn finish(result: Result<String, Failure>) -> ExitCode {
    match result {
        Ok(text) => {
            // A reader who closed the pipe has read enough.
            let _ = std::io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(failure) => {
            let _ = std::io::stderr().write_all(failure.to_string().as_bytes());
            ExitCode::from(failure.code())
        }
    }
}

/// The bytes of an input file that must be there.
fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::Refused(vec![unreadable(path, &error)]))
}

fn unreadable(path: &Path, error: &std::io::Error) -> String {
    let reason = match error.kind() {
        std::io::ErrorKind::NotFound => "文件不存在".to_owned(),
        std::io::ErrorKind::PermissionDenied => "没有读取权限".to_owned(),
        _ => error.to_string(),
    };
    format!("{}：无法读取，{reason}", path.display())
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Broken(format!("{}：无法写入，{error}；没有写入任何结果", path.display()))
}

/// Milliseconds since `start`.
fn milliseconds(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}

/// The folder a file lies in.
fn folder(path: &Path) -> PathBuf {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), Path::to_owned)
}

/// A hexadecimal number of up to 256 bits, the most significant digit first.
fn seed(text: &str) -> Result<[u8; 32], String> {
    let wrong = || "应为 1 至 64 位十六进制数".to_owned();
    if text.is_empty() || text.len() > 64 {
        return Err(wrong());
    }
    let mut seed = [0; 32];
    for (place, digit) in text.chars().rev().enumerate() {
        let digit = digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()).ok_or_else(wrong)?;
        seed[31 - place / 2] |= digit << (4 * (place % 2));
    }
    Ok(seed)
}

/// Why there is no solution, and what would help, one line each.
fn explanation(shortfalls: &[Shortfall]) -> Vec<String> {
    let mut lines = vec!["没有满足全部规则的分配".to_owned()];
    for shortfall in shortfalls {
        lines.push(shortfall.message.clone());
        lines.extend(shortfall.relaxations.iter().map(|relaxation| format!("  可行的调整：{}", relaxation.text)));
    }
    lines
}
