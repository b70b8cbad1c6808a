//! 每日摘要: the audit chain's state at the end of each day, in files that can be copied to where the program cannot reach.

use chrono::{Days, NaiveDate};
use service::audit::{DayDigest, digest_of_day};
use service::{App, Result};
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

/// Writes what is due, now and as days end, for as long as the program runs.
pub async fn keep(app: Arc<App>, folder: PathBuf) {
    let mut clock = tokio::time::interval(EVERY);
    loop {
        clock.tick().await;
        match write_due(&app, &folder).await {
            Ok(files) if files.is_empty() => {}
            Ok(files) => tracing::info!(count = files.len(), "audit digests written"),
            Err(error) => tracing::error!(error = %error.to_string().escape_debug(), "audit digests cannot be written"),
        }
    }
}

/// Writes a file for every day that is over, was not written down, and is not older than [`LOOK_BACK`] days.
///
/// # Errors
/// The database cannot be read or the folder written.
pub async fn write_due(app: &App, folder: &Path) -> Result<Vec<PathBuf>> {
    let internal = |error: &dyn std::fmt::Display| service::Error::Internal(error.to_string());
    std::fs::create_dir_all(folder).map_err(|error| internal(&error))?;
    let today = domain::beijing::day(app.clock.now());
    let mut written = Vec::new();
    for day in (1..=LOOK_BACK).rev().filter_map(|days| today.checked_sub_days(Days::new(days))) {
        let file = file_of(folder, day);
        if file.exists() {
            continue;
        }
        let Some(kept) = digest_of_day(app, day).await? else { continue };
        let text = serde_json::to_string_pretty(&kept).map_err(|error| internal(&error))?;
        // Whole or not at all: a file that was cut short would accuse the chain.
        let part = file.with_extension("part");
        std::fs::write(&part, text + "\n").map_err(|error| internal(&error))?;
        std::fs::rename(&part, &file).map_err(|error| internal(&error))?;
        written.push(file);
    }
    Ok(written)
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
