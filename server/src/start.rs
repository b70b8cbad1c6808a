//! Opening the database and assembling the application.

use crate::config::{Config, ConfigError, Schema};
use crate::listen::Place;
use domain::access::{Errand, Scope};
use service::crypto::{CryptoError, ImprintKey, Keyring, Passwords};
use service::{App, Policy, RandomIds, SystemClock};
use std::io;
use std::path::Path;
use std::sync::Arc;
use store::{Repositories, Store};

/// Why the program cannot start, in words for the console.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("无法读写数据文件夹 {0}：{1}")]
    Data(String, io::Error),
    #[error("无法打开数据库：{0}")]
    Store(#[from] store::StoreError),
    #[error(
        "数据库结构不是本版本的，请先运行 hengping migrate（PostgreSQL 的结构不随启动升级，除非 schema = \"at-start\"）"
    )]
    NotMigrated,
    #[error("{0}")]
    Service(#[from] service::Error),
    #[error("{0}")]
    Config(#[from] ConfigError),
    #[error("这是演示数据库：账号的密码人人都知道。请另建数据文件夹，或用 hengping demo 启动")]
    Demonstration,
    #[error("网页资源文件夹 {0} 不完整：{1}。请先运行 cargo xtask build，或用 --site 指定")]
    Site(String, io::Error),
    #[error("无法监听 {0}：{1}")]
    Listen(Place, io::Error),
}

impl From<CryptoError> for StartError {
    fn from(error: CryptoError) -> Self {
        Self::Service(error.into())
    }
}

/// Opens the data folder and the database, and brings the schema up to date unless that is done apart.
///
/// # Errors
/// The folder or database cannot be opened or changed, or the schema is not up to date.
pub async fn open_store(config: &Config) -> Result<Store, StartError> {
    match config.schema() {
        Schema::AtStart => migrate(config).await,
        Schema::Apart => {
            make_folder(config)?;
            look_at_store(config).await
        }
    }
}

/// Opens the data folder and the database, and brings the schema up to date.
///
/// # Errors
/// The folder or database cannot be opened or changed.
pub async fn migrate(config: &Config) -> Result<Store, StartError> {
    make_folder(config)?;
    let store = Store::open(&config.database_url()).await?;
    store.migrate().await?;
    Ok(store)
}

/// A folder for the program's owner only.
///
/// # Errors
/// It cannot be made.
pub fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Takes back what others than the owner may do with the folder and the files in it, as an earlier version or a copy may have left them.
#[cfg(unix)]
fn close(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let own = rustix::process::geteuid().as_raw();
    let closed = |path: &Path| {
        let found = std::fs::symlink_metadata(path)?;
        let mode = found.permissions().mode();
        if found.uid() == own && mode & 0o077 != 0 && !found.is_symlink() {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode & 0o700))?;
        }
        Ok::<_, io::Error>(())
    };
    closed(folder)?;
    for entry in std::fs::read_dir(folder)? {
        closed(&entry?.path())?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn close(_: &Path) -> io::Result<()> {
    Ok(())
}

/// The key of the digests in the audit, for whoever examines an installation and makes nothing.
///
/// # Errors
/// There is no key, or it cannot be read.
pub fn existing_imprint_key(config: &Config) -> Result<ImprintKey, StartError> {
    let path = config.data.join(HASH_KEY);
    let key = std::fs::read(&path).map_err(|error| StartError::Data(path.display().to_string(), error))?;
    Ok(ImprintKey::of(&key, config.digest)?)
}

fn make_folder(config: &Config) -> Result<(), StartError> {
    make_private(&config.data)
        .and_then(|()| close(&config.data))
        .map_err(|e| StartError::Data(config.data.display().to_string(), e))
}

/// Opens the database as it is: whoever examines it changes nothing.
///
/// # Errors
/// It cannot be opened, or has another version's schema.
pub async fn look_at_store(config: &Config) -> Result<Store, StartError> {
    let store = Store::open(&config.database_url()).await?;
    if store.is_migrated().await? { Ok(store) } else { Err(StartError::NotMigrated) }
}

/// # Errors
/// A key cannot be read or made, or the accounts not read.
pub async fn open_app(config: &Config, store: Store, policy: Policy) -> Result<Arc<App>, StartError> {
    let hash_key = hash_key(&config.data)?;
    let on_file = store.of(Scope::program(Errand::SignIn)).accounts().hashes().await?;
    Ok(Arc::new(App {
        imprint_key: ImprintKey::of(&hash_key, config.digest)?,
        store,
        clock: Arc::new(SystemClock),
        ids: Arc::new(RandomIds),
        hash_key,
        passwords: Passwords::by(config.passwords)?.beside(on_file),
        keys: seal_keys(config)?,
        policy,
        second_factor: config.second_factor,
        ceremonies: service::account::Ceremonies::default(),
        transport: config.transport(),
        address: config.address(),
        digest: config.digest,
    }))
}

/// Where the key of the keyed hashes is.
const HASH_KEY: &str = "hash.key";

/// The key of the keyed hashes, made once and kept in the data folder, readable by its owner only.
///
/// # Errors
/// The file cannot be read or written.
pub fn hash_key(data: &Path) -> Result<Vec<u8>, StartError> {
    let path = data.join(HASH_KEY);
    let failed = |e| StartError::Data(path.display().to_string(), e);
    match std::fs::read(&path) {
        Ok(key) if key.len() == 32 => Ok(key),
        Ok(_) => Err(failed(io::Error::from(io::ErrorKind::InvalidData))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key = service::crypto::random::<32>()?;
            write_private(&path, &key).map_err(failed)?;
            Ok(key.to_vec())
        }
        Err(error) => Err(failed(error)),
    }
}

/// Where the keys that seal personal data and secrets are, unless the configuration holds them itself.
pub const SEAL_KEYS: &str = "seal.keys";

/// The sealing keys: from the configuration or its environment, or from a file in the data folder that is made once.
///
/// # Errors
/// The keys cannot be read, or a file cannot be written.
pub fn seal_keys(config: &Config) -> Result<Keyring, StartError> {
    if !config.seal_keys.is_empty() {
        // One line a key; a variable of the environment may use semicolons.
        return Ok(Keyring::parse(&config.seal_keys.replace(';', "\n"), config.cipher)?);
    }
    let path = config.data.join(SEAL_KEYS);
    let failed = |e| StartError::Data(path.display().to_string(), e);
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Keyring::parse(&text, config.cipher)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let text = Keyring::next_line(None)?;
            write_private(&path, text.as_bytes()).map_err(failed)?;
            Ok(Keyring::parse(&text, config.cipher)?)
        }
        Err(error) => Err(failed(error)),
    }
}

/// Adds a key to the file; from the next start on it seals. Returns the ring with it.
///
/// # Errors
/// The configuration holds the keys itself, or the file cannot be written.
pub fn add_seal_key(config: &Config) -> Result<Keyring, StartError> {
    let path = config.data.join(SEAL_KEYS);
    let failed = |e| StartError::Data(path.display().to_string(), e);
    if !config.seal_keys.is_empty() {
        return Err(failed(io::Error::other("密钥由配置或环境变量给出，请在那里添加新的一行后再运行本命令")));
    }
    let ring = seal_keys(config)?;
    let text = std::fs::read_to_string(&path).map_err(failed)? + &Keyring::next_line(Some(&ring))?;
    let part = path.with_extension("part");
    let _ = std::fs::remove_file(&part);
    write_private(&part, text.as_bytes()).map_err(failed)?;
    std::fs::rename(&part, &path).map_err(failed)?;
    Ok(Keyring::parse(&text, config.cipher)?)
}

fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(content)
}
