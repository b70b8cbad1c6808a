//! 每日摘要: the audit chain's state at the end of each day, in files that can be copied to where the program cannot reach.

use crate::start::make_private;
use chrono::{Days, NaiveDate};
use domain::access::Errand;
use domain::reason::Reason;
use service::App;
use service::audit::{DayDigest, digest_of_day, digests_kept, record_digests, record_gone};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// In the data folder.
pub const FOLDER: &str = "audit-digests";
/// How often it is looked whether a day is over.
const EVERY: Duration = Duration::from_mins(15);
/// Days without a file that are made up for at most.
const LOOK_BACK: u64 = 40;

/// Why digests that are due were not written.
#[derive(Debug, thiserror::Error)]
pub enum DigestError {
    #[error("{0}")]
    Service(#[from] service::Error),
    #[error("无法写入每日摘要：{0}")]
    File(#[from] io::Error),
    /// The audit says that they were kept.
    #[error(
        "审计链记有 {} 的每日摘要，文件夹中没有，可能被删除；已记入审计，没有补写。查明后可用 hengping audit digest --remake --reason 补写",
        .0.join("、")
    )]
    Gone(Vec<String>),
}

/// Writes what is due, now and as days end, for as long as the program runs.
pub async fn keep(app: Arc<App>, folder: PathBuf) {
    let mut clock = tokio::time::interval(EVERY);
    loop {
        clock.tick().await;
        match write_due(&app, &folder, None).await {
            Ok(files) if files.is_empty() => {}
            Ok(files) => tracing::info!(count = files.len(), "audit digests written"),
            Err(error) => tracing::error!(error = %error.to_string().escape_debug(), "audit digests cannot be written"),
        }
    }
}

/// Writes a file for every day that is over, was not written down, and is not older than [`LOOK_BACK`] days, and records that it did. Files that
/// the audit says were written and are not there are written again only with a reason.
///
/// # Errors
/// `Gone` where files are missing; the database cannot be read or written, nor the folder.
pub async fn write_due(app: &App, folder: &Path, remake: Option<Reason>) -> Result<Vec<PathBuf>, DigestError> {
    make_private(folder)?;
    let mut gone = gone(&digests_kept(&app.program(Errand::Audit)).await?, &read(folder)?);
    if !gone.is_empty() && remake.is_none() {
        record_gone(app, gone.clone()).await?;
        return Err(DigestError::Gone(gone));
    }
    let today = domain::beijing::day(app.clock.now());
    let recent = (1..=LOOK_BACK).rev().filter_map(|days| today.checked_sub_days(Days::new(days)));
    let mut days: BTreeSet<NaiveDate> = recent.filter(|day| !file_of(folder, *day).exists()).collect();
    gone.retain(|day| day.parse().is_ok_and(|day| days.insert(day) || days.contains(&day)));
    let (mut files, mut made) = (Vec::new(), Vec::new());
    for day in days {
        let Some(kept) = digest_of_day(app, day).await? else { continue };
        let file = file_of(folder, day);
        let text = serde_json::to_string_pretty(&kept).map_err(io::Error::other)?;
        // Whole or not at all: a file that was cut short would accuse the chain.
        let part = file.with_extension("part");
        std::fs::write(&part, text + "\n")?;
        std::fs::rename(&part, &file)?;
        files.push(file);
        made.push(kept);
    }
    if !made.is_empty() {
        record_digests(app, &made, remake.filter(|_| !gone.is_empty())).await?;
    }
    Ok(files)
}

/// The days of which the audit says that a digest was kept, and none is there.
pub fn gone(recorded: &BTreeMap<String, DayDigest>, there: &[DayDigest]) -> Vec<String> {
    let there: BTreeSet<&str> = there.iter().map(|own| own.day.as_str()).collect();
    recorded.keys().filter(|day| !there.contains(day.as_str())).cloned().collect()
}

fn file_of(folder: &Path, day: NaiveDate) -> PathBuf {
    folder.join(format!("{day}.json"))
}

/// The digests of a folder, or of one file, oldest first.
///
/// # Errors
/// A file cannot be read, or is no digest.
pub fn read(path: &Path) -> io::Result<Vec<DayDigest>> {
    let mut files = Vec::new();
    if path.is_dir() {
        for entry in std::fs::read_dir(path)? {
            let file = entry?.path();
            if file.extension().is_some_and(|extension| extension == "json") {
                files.push(file);
            }
        }
    } else if path.exists() {
        files.push(path.to_owned());
    }
    files.sort();
    let kept = |file: &PathBuf| {
        let text = std::fs::read_to_string(file)?;
        DayDigest::parse(&text).map_err(|error| io::Error::other(format!("{}：{error}", file.display())))
    };
    files.iter().map(kept).collect()
}
