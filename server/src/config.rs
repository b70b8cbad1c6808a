//! Configuration: built-in values, then `hengping.toml` in the data folder, then `HENGPING_…` of the environment, then the
//! command line. The only place that reads the environment.

use clap::Args;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};
use service::Transport;
use service::crypto::{Algorithm, Cipher, Scheme};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

/// The settings of the command line.
#[derive(Debug, Clone, Default, Args, Serialize)]
pub struct Flags {
    /// 数据文件夹
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<PathBuf>,
    /// 网页资源文件夹
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<PathBuf>,
    /// 监听地址
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
    /// 数据库：sqlite://… 或 postgres://…
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// 对外网址，如 https://hengping.example.gov.cn
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
}

/// The whole configuration.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Config {
    pub data: PathBuf,
    pub site: PathBuf,
    pub listen: SocketAddr,
    /// Empty: one SQLite file in the data folder.
    #[serde(default)]
    pub database: String,
    /// Empty: `http://` and the listening address.
    #[serde(default)]
    pub public_url: String,
    /// Lines of a number and 64 hexadecimal digits; empty: the file `seal.keys` in the data folder.
    #[serde(default, skip_serializing)]
    pub seal_keys: String,
    /// How personal data and secrets are sealed: `aes256gcm` or `sm4gcm`.
    pub cipher: Cipher,
    /// How new passwords are hashed: `argon2id` or `pbkdf2-sm3`.
    pub passwords: Scheme,
    /// By which the audit is chained: `sha256` or `sm3`.
    pub digest: Algorithm,
    /// The one that brings the schema up to date: the program when it starts, or `hengping migrate` alone, so that the program's own database account
    /// needs no right to change it.
    pub schema: Schema,
    /// Reverse proxies whose word about where a request comes from is taken.
    pub proxies: Vec<IpAddr>,
}

domain::coded! {
    /// 数据库结构的升级
    Schema {
        AtStart = "at-start", "启动时";
        Apart = "apart", "单独执行";
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("data"),
            site: beside_program("site"),
            listen: SocketAddr::from(([127, 0, 0, 1], 3000)),
            database: String::new(),
            public_url: String::new(),
            seal_keys: String::new(),
            cipher: Cipher::Aes256Gcm,
            passwords: Scheme::Argon2id,
            digest: Algorithm::Sha256,
            schema: Schema::AtStart,
            proxies: vec![IpAddr::from([127, 0, 0, 1]), IpAddr::from(Ipv6Addr::LOCALHOST)],
        }
    }
}

/// A folder next to the program, where a release keeps it.
fn beside_program(name: &str) -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    program.parent().unwrap_or(Path::new(".")).join(name)
}

impl Config {
    /// # Errors
    /// A value of the wrong kind, naming where it came from.
    pub fn read(flags: &Flags) -> Result<Self, Box<figment::Error>> {
        let built_in = Figment::from(Serialized::defaults(Self::default()));
        let chosen = built_in.clone().merge(Env::prefixed("HENGPING_")).merge(Serialized::defaults(flags));
        let data: PathBuf = chosen.extract_inner("data").map_err(Box::new)?;
        built_in
            .merge(Toml::file(data.join("hengping.toml")))
            .merge(Env::prefixed("HENGPING_"))
            .merge(Serialized::defaults(flags))
            .extract()
            .map_err(Box::new)
    }

    /// Where the database is.
    pub fn database_url(&self) -> String {
        if self.database.is_empty() {
            format!("sqlite://{}?mode=rwc", self.data.join("hengping.db").display())
        } else {
            self.database.clone()
        }
    }

    /// The address people open.
    pub fn address(&self) -> String {
        if self.public_url.is_empty() {
            format!("http://{}", self.listen)
        } else {
            self.public_url.trim_end_matches('/').to_owned()
        }
    }

    /// Cookies are marked for TLS where people come over it.
    pub fn transport(&self) -> Transport {
        if self.public_url.starts_with("https://") { Transport::Tls } else { Transport::Plain }
    }
}
