//! `hengping audit`: verifying the chain and what it vouches for, and writing the digests to keep elsewhere.

use super::Failure;
use crate::config::{Config, Flags};
use crate::digests;
use crate::start::{existing_imprint_key, look_at_store};
use chrono::{DateTime, Days, NaiveDate};
use domain::access::{Errand, Scope};
use domain::ids::RoundId;
use domain::reason::Reason;
use service::App;
use service::audit::{DayDigest, Fault, digests_kept, not_as_sent, read_sent};
use service::crypto::ImprintKey;
use service::integrity::examine;
use service::scoring::Receipts;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use store::{Repositories, Store};

/// A digest written later than so many days after its day tells of the day on which it was written.
const IN_TIME: u64 = 3;

#[derive(clap::Subcommand)]
pub enum Command {
    /// 重算每一条审计记录的摘要，并把各轮次的内容与审计链中的摘要比对，指出被改、被删、被调换的内容
    Verify {
        #[command(flatten)]
        flags: Flags,
        /// 另行保存的每日摘要（文件夹或文件）；不写则用数据文件夹中的
        #[arg(long, value_name = "PATH")]
        digests: Option<PathBuf>,
        /// 日志服务器上收到的审计日志，逐条与审计链比对
        #[arg(long, value_name = "FILE")]
        sent: Option<PathBuf>,
    },
    /// 写出截至昨天的每日摘要，供另行保存
    Digest {
        #[command(flatten)]
        flags: Flags,
        /// 补写审计链有记载而文件已不在的每日摘要；须写明理由，记入审计
        #[arg(long, requires = "reason")]
        remake: bool,
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
    /// 用提交凭证（sheets.json）核对评分表与提交时的摘要
    Sheets {
        /// 评分结束后导出的提交凭证
        file: PathBuf,
        /// 只重算摘要，不与数据库中的审计链比对
        #[arg(long)]
        offline: bool,
        #[command(flatten)]
        flags: Flags,
    },
    /// 经批准在程序之外修复数据之后，接受某轮次现有的内容为准；须写明理由，记入审计
    Accept {
        #[command(flatten)]
        flags: Flags,
        /// 轮次编号，即其网址中的一段
        #[arg(long, value_name = "ID")]
        round: RoundId,
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

/// # Errors
/// `Tampered` naming every fault; `Broken` if something cannot be read or written.
pub async fn run(command: &Command) -> Result<String, Failure> {
    match command {
        Command::Verify { flags, digests, sent } => {
            let config = Config::read(flags)?;
            let kept = digests.clone().unwrap_or_else(|| config.data.join(digests::FOLDER));
            let store = look_at_store(&config).await?;
            let mut text = verify(&store, &existing_imprint_key(&config)?, &kept).await?;
            if let Some(file) = sent {
                text.push_str(&compare_sent(&store, file).await?);
            }
            Ok(text)
        }
        Command::Digest { flags, remake, reason } => {
            let folder = Config::read(flags)?.data.join(digests::FOLDER);
            let reason = reason.as_deref().filter(|_| *remake).and_then(Reason::new);
            digest(&*super::open(flags).await?, &folder, reason).await
        }
        Command::Sheets { file, offline, flags } => sheets(file, (!offline).then_some(flags)).await,
        Command::Accept { flags, round, reason } => accept(&*super::open(flags).await?, *round, reason).await,
    }
}

/// Recomputes the chain, compares it with the digests at `path`, and the rounds with what the chain says of them.
///
/// # Errors
/// `Tampered` naming every fault; `Broken` if database or digests cannot be read.
pub async fn verify(store: &Store, key: &ImprintKey, path: &Path) -> Result<String, Failure> {
    let kept = digests::read(path).map_err(|error| Failure::broken(&error))?;
    let mut found = examine(store, key, &kept).await.map_err(|error| Failure::broken(&error))?;
    // One file alone is compared by itself; a folder should hold every digest that was kept.
    if !path.is_file() {
        let audit = store.of(Scope::program(Errand::Audit));
        let recorded = digests_kept(&audit).await.map_err(|error| Failure::broken(&error))?;
        let gone = digests::gone(&recorded, &kept).into_iter().map(|day| Fault::DigestGone { day });
        found.chain.faults.extend(gone);
    }
    let mut faults: Vec<String> = found.chain.faults.iter().map(ToString::to_string).collect();
    faults.extend(found.altered.iter().map(|(round, what)| format!("轮次“{round}”：{what}与审计链中的摘要不符")));
    if !faults.is_empty() {
        return Err(Failure::Tampered(faults));
    }
    let since = since(store).await?;
    let compared = compared(&kept, since);
    Ok(format!(
        "审计链完整：{} 条，末条摘要 {}；各轮次的内容与审计链相符\n{compared}\n",
        found.chain.rows, found.chain.hash
    ))
}

/// Compares the rows with what another system was told of them when they were written.
///
/// # Errors
/// `Tampered` naming every row that is not as it was sent; `Refused` for a file that tells of none.
async fn compare_sent(store: &Store, file: &Path) -> Result<String, Failure> {
    let text = String::from_utf8_lossy(&super::read(file)?).into_owned();
    let sent = read_sent(&text);
    if sent.is_empty() {
        return Err(Failure::Refused(vec![format!("{} 中没有审计日志", file.display())]));
    }
    let audit = store.of(Scope::program(Errand::Audit));
    let wrong = not_as_sent(&audit, &sent).await.map_err(|error| Failure::broken(&error))?;
    if !wrong.is_empty() {
        let fault = |seq: i64| format!("第 {seq} 条与送出时不符：被改、被删，或整条链被重写");
        return Err(Failure::Tampered(wrong.into_iter().map(fault).collect()));
    }
    Ok(format!("与日志服务器收到的 {} 条相符\n", sent.len()))
}

/// The day of the first row.
async fn since(store: &Store) -> Result<Option<NaiveDate>, Failure> {
    let audit = store.of(Scope::program(Errand::Audit));
    let first = audit.audit().following(0, 1).await.map_err(|error| Failure::broken(&error))?;
    Ok(first.first().map(|row| domain::beijing::day(row.at)))
}

/// What the kept digests prove, and what they do not.
fn compared(kept: &[DayDigest], since: Option<NaiveDate>) -> String {
    let day = |own: &DayDigest| own.day.parse::<NaiveDate>().ok();
    let in_time = |own: &&DayDigest| {
        let last = day(own).and_then(|day| day.checked_add_days(Days::new(IN_TIME)));
        let written = own.written.map(|at: DateTime<_>| domain::beijing::day(at));
        written.is_none_or(|written| last.is_some_and(|last| written <= last))
    };
    let Some(first) = kept.iter().filter(in_time).filter_map(day).min() else {
        return if kept.is_empty() {
            "没有另存的每日摘要可供比对：不能排除整条链被重写".to_owned()
        } else {
            format!("与 {} 份每日摘要相符，但都是事后补写的：不能排除补写之前整条链被重写", kept.len())
        };
    };
    let mut text = format!("与 {} 份每日摘要相符", kept.len());
    let late = kept.iter().filter(|own| !in_time(own)).count();
    if late > 0 {
        let _ = write!(text, "，其中 {late} 份是事后补写的，只说明补写时的情况");
    }
    if since.is_some_and(|since| since < first) {
        let _ = write!(text, "；当日写出的摘要始于 {first}，此前的记录在那时以前是否被整体重写，无从比对");
    }
    text
}

/// Writes the digests that are due into `folder`.
///
/// # Errors
/// `Tampered` where digests are gone; `Broken` if they cannot be written.
async fn digest(app: &App, folder: &Path, remake: Option<Reason>) -> Result<String, Failure> {
    let written = digests::write_due(app, folder, remake).await.map_err(|error| match error {
        digests::DigestError::Gone(_) => Failure::Tampered(vec![error.to_string()]),
        error => Failure::broken(&error),
    })?;
    let mut text = String::new();
    for file in &written {
        let _ = writeln!(text, "{}", file.display());
    }
    if written.is_empty() {
        text.push_str("每日摘要均已写出\n");
    }
    Ok(text)
}

/// # Errors
/// `Refused` for another file; `Tampered` naming every sheet that is not as it was submitted.
async fn sheets(file: &Path, against: Option<&Flags>) -> Result<String, Failure> {
    let text = String::from_utf8(super::read(file)?).map_err(|error| Failure::Refused(vec![error.to_string()]))?;
    let receipts = Receipts::parse(&text).map_err(|error| Failure::Refused(vec![error]))?;
    let checked = match against {
        None => receipts.check(),
        Some(flags) => {
            let store = look_at_store(&Config::read(flags)?).await?;
            let audit = store.of(Scope::program(Errand::Audit));
            receipts.check_against(&audit).await.map_err(|error| Failure::broken(&error))?
        }
    };
    let wrong = checked.wrong.iter().map(|own| format!("{own}：内容与摘要不符"));
    let unknown = checked.unknown.iter().map(|own| format!("{own}：审计链中没有这份提交"));
    let faults: Vec<String> = wrong.chain(unknown).collect();
    if !faults.is_empty() {
        return Err(Failure::Tampered(faults));
    }
    let how = if against.is_some() {
        "与审计链中提交时的摘要相符"
    } else {
        "与所附摘要相符；请再与审计中“提交评分表”的摘要逐条比对"
    };
    Ok(format!("{} 份提交{how}\n", checked.sheets))
}

/// # Errors
/// `Refused` without a reason; `Broken` for an unknown round.
async fn accept(app: &App, round: RoundId, reason: &str) -> Result<String, Failure> {
    let altered = service::integrity::accept(app, round, reason).await.map_err(|error| match error {
        service::Error::Rule(rule) => Failure::Refused(vec![rule.to_string()]),
        error => Failure::broken(&error),
    })?;
    let mut text = String::from("已接受该轮次现有的内容为准，并记入审计\n");
    for what in altered {
        let _ = writeln!(text, "  原与审计链不符：{what}");
    }
    Ok(text)
}
