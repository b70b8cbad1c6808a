//! Opening the database and assembling the application.

use crate::config::Config;
use service::account::Passwords;
use service::{App, RandomIds, SystemClock};
use std::io;
use std::path::Path;
use std::sync::Arc;
use store::Store;

/// Why the program cannot start, in words for the console.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("无法读写数据文件夹 {0}：{1}")]
    Data(String, io::Error),
    #[error("无法打开数据库：{0}")]
    Store(#[from] store::StoreError),
    #[error("数据库结构不是本版本的，请先运行 hengping migrate")]
    NotMigrated,
    #[error("{0}")]
    Service(#[from] service::Error),
    #[error("网页资源文件夹 {0} 不完整：{1}。请先运行 cargo xtask build，或用 --site 指定")]
    Site(String, io::Error),
    #[error("无法监听 {0}：{1}")]
    Listen(std::net::SocketAddr, io::Error),
}

/// Opens the data folder and the database, and brings the schema up to date.
///
/// # Errors
/// The folder or database cannot be opened or changed.
pub async fn open_store(config: &Config) -> Result<Store, StartError> {
    std::fs::create_dir_all(&config.data).map_err(|e| StartError::Data(config.data.display().to_string(), e))?;
    let store = Store::open(&config.database_url()).await?;
    store.migrate().await?;
    Ok(store)
}

/// # Errors
/// The key cannot be read or made.
pub fn open_app(config: &Config, store: Store) -> Result<Arc<App>, StartError> {
    Ok(Arc::new(App {
        store,
        clock: Arc::new(SystemClock),
        ids: Arc::new(RandomIds),
        hash_key: hash_key(&config.data)?,
        passwords: Passwords::standard()?,
        transport: config.transport(),
    }))
}

/// The key of the keyed hashes, made once and kept in the data folder, readable by its owner only.
///
/// # Errors
/// The file cannot be read or written.
pub fn hash_key(data: &Path) -> Result<Vec<u8>, StartError> {
    let path = data.join("hash.key");
    let failed = |e| StartError::Data(path.display().to_string(), e);
    match std::fs::read(&path) {
        Ok(key) if key.len() == 32 => Ok(key),
        Ok(_) => Err(failed(io::Error::from(io::ErrorKind::InvalidData))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key = service::account::random_key()?;
            write_private(&path, &key).map_err(failed)?;
            Ok(key)
        }
        Err(error) => Err(failed(error)),
    }
}

fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(content)
}
