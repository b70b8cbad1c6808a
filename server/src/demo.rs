//! `hengping demo`: a demonstration database, made once, and the server over it.

use crate::config::Config;
use crate::start::{StartError, hash_key, seal_keys};
use demo::{DemoAccount, build};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;
use store::Store;

/// Makes the demonstration database if the data folder has none, and returns its accounts.
///
/// The database is made beside its final place and moved there when it is whole, so that an interrupted run leaves nothing.
///
/// # Errors
/// The folder or database cannot be written, or holds something that is no demonstration.
pub async fn prepare(config: &Config, scale: usize) -> Result<Vec<DemoAccount>, StartError> {
    let failed = |e| StartError::Data(config.data.display().to_string(), e);
    std::fs::create_dir_all(&config.data).map_err(failed)?;
    let accounts = config.data.join("demo-accounts.json");
    if let Ok(text) = std::fs::read(&accounts) {
        return serde_json::from_slice(&text).map_err(|e| failed(io::Error::from(e)));
    }
    let place = config.data.join("hengping.db");
    if config.database.is_empty() && place.exists() {
        return Err(failed(io::Error::other("已有数据库，但不是演示数据；请换一个数据文件夹")));
    }
    let made = if config.database.is_empty() {
        in_file(config, &place, scale).await?
    } else {
        fill(config, &config.database, scale).await?
    };
    let text = serde_json::to_vec_pretty(&made).map_err(|e| failed(io::Error::from(e)))?;
    std::fs::write(&accounts, text).map_err(failed)?;
    Ok(made)
}

async fn in_file(config: &Config, place: &Path, scale: usize) -> Result<Vec<DemoAccount>, StartError> {
    let failed = |e| StartError::Data(config.data.display().to_string(), e);
    let part = place.with_extension("part");
    for leftover in ["part", "part-wal", "part-shm"].map(|end| place.with_extension(end)) {
        remove(&leftover).map_err(failed)?;
    }
    let made = fill(config, &format!("sqlite://{}?mode=rwc", part.display()), scale).await?;
    std::fs::rename(&part, place).map_err(failed)?;
    Ok(made)
}

fn remove(path: &PathBuf) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

async fn fill(config: &Config, url: &str, scale: usize) -> Result<Vec<DemoAccount>, StartError> {
    let start = Instant::now();
    println!("正在生成演示数据（规模 {scale}）……");
    let store = Store::open(url).await?;
    store.migrate().await?;
    let progress = |what: &str| println!("  ✓ {what}（{:.1} 秒）", start.elapsed().as_secs_f32());
    let demo = Box::pin(build(store.clone(), hash_key(&config.data)?, seal_keys(config)?, scale, progress)).await?;
    store.close().await?;
    Ok(demo.accounts)
}

/// Prints the accounts as a table.
pub fn print(accounts: &[DemoAccount]) {
    println!("演示账号：");
    for account in accounts {
        println!("  {:<10} {}  {} · {}", account.login, account.password, account.name, account.role);
    }
}
