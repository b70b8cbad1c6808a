//! Configuration: built-in values, then `hengping.toml` in the data folder, then `HENGPING_…` of the environment, then the
//! command line. The only place that reads the environment.

use crate::listen::Place;
use crate::log::{Form, NoTarget, Target};
use clap::Args;
use domain::second_factor::Demanded;
use figment::providers::{Env, Format, Serialized, Toml};
use figment::{Figment, Provider};
use serde::{Deserialize, Serialize};
use service::Transport;
use service::crypto::{Algorithm, Cipher, Scheme};
use std::collections::BTreeSet;
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
    /// 监听地址：地址:端口，或 unix:套接字文件
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<Place>,
    /// 数据库：sqlite://… 或 postgres://…
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// 对外网址，如 https://hengping.example.gov.cn
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// 允许其他机器不经 TLS 以明文访问
    #[arg(long)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub plain_http: bool,
}

/// Why a configuration is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{0}")]
    Value(#[from] Box<figment::Error>),
    #[error("配置中没有“{key}”这一项{}", near.as_ref().map(|near| format!("，是否应为“{near}”")).unwrap_or_default())]
    Unknown { key: String, near: Option<String> },
    #[error("{0}")]
    LogTarget(#[from] NoTarget),
    #[error("listen 是套接字文件时，须用 public_url 写明对外网址")]
    NoAddress,
    #[error("对外网址“{0}”应以 https:// 或 http:// 开头")]
    Address(String),
    #[error(
        "{0} 不是本机地址，又没有经 TLS：口令和评分会以明文经过网络。请把 public_url 设为 https:// 开头的网址、由反向代理终结 TLS；确需如此，用 --plain-http 或 plain_http = true 明示"
    )]
    Exposed(String),
}

/// The whole configuration.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Config {
    pub data: PathBuf,
    pub site: PathBuf,
    /// `address:port`, or `unix:` and the path of a socket for a reverse proxy on the same machine.
    pub listen: Place,
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
    /// Who needs a second factor beside the password: `staff` (whoever organizes, supervises or administers) or `everyone`.
    pub second_factor: Demanded,
    /// By which the audit is chained: `sha256` or `sm3`.
    pub digest: Algorithm,
    /// The one that brings the schema up to date: the program when it starts (`at-start`), or `hengping migrate` alone (`apart`), so that the
    /// program's own database account needs no right to change it. Unless it is said: apart with PostgreSQL, where the two can be different accounts.
    #[serde(default)]
    pub schema: Option<Schema>,
    /// Serves other machines in the clear. Without it nobody outside this one is served but over TLS.
    #[serde(default)]
    pub plain_http: bool,
    /// How the log is written to the console: `text` or `json`.
    pub log: Form,
    /// The log service of this machine that the audit and the log are sent to as well; empty: none.
    #[serde(default)]
    pub log_to: String,
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
            listen: Place::Tcp(SocketAddr::from(([127, 0, 0, 1], 3000))),
            database: String::new(),
            public_url: String::new(),
            seal_keys: String::new(),
            cipher: Cipher::Aes256Gcm,
            passwords: Scheme::Argon2id,
            second_factor: Demanded::Staff,
            digest: Algorithm::Sha256,
            schema: None,
            plain_http: false,
            log: Form::Text,
            log_to: String::new(),
            proxies: vec![IpAddr::from([127, 0, 0, 1]), IpAddr::from(Ipv6Addr::LOCALHOST)],
        }
    }
}

/// Variables of the project's own tests and benchmarks, which share the prefix.
const OF_TESTS: [&str; 4] = ["test_postgres", "chromedriver", "bench_python", "bench_rscript"];

/// The names of all settings that a source gives.
fn names(source: &Figment) -> Result<BTreeSet<String>, ConfigError> {
    let all = source.data().map_err(Box::new)?;
    let mut names: BTreeSet<String> = all.into_values().flat_map(figment::value::Dict::into_keys).collect();
    // Never written out, so that no built-in value names it.
    names.insert("seal_keys".to_owned());
    Ok(names)
}

/// A folder next to the program, where a release keeps it.
fn beside_program(name: &str) -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    program.parent().unwrap_or(Path::new(".")).join(name)
}

impl Config {
    /// # Errors
    /// A value of the wrong kind, naming where it came from; a name that is none, and the one it may mean.
    pub fn read(flags: &Flags) -> Result<Self, ConfigError> {
        let built_in = Figment::from(Serialized::defaults(Self::default()));
        let chosen = built_in.clone().merge(Env::prefixed("HENGPING_")).merge(Serialized::defaults(flags));
        let data: PathBuf = chosen.extract_inner("data").map_err(Box::new)?;
        let whole = built_in
            .clone()
            .merge(Toml::file(data.join("hengping.toml")))
            .merge(Env::prefixed("HENGPING_").ignore(&OF_TESTS))
            .merge(Serialized::defaults(flags));
        let known = names(&built_in)?;
        if let Some(key) = names(&whole)?.into_iter().find(|key| !known.contains(key)) {
            let likeness = |name: &&String| strsim::jaro_winkler(name, &key);
            let near = known.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
            let near = near.filter(|name| likeness(name) > 0.8).cloned();
            return Err(ConfigError::Unknown { key, near });
        }
        let config: Self = whole.extract().map_err(Box::new)?;
        if config.scheme().is_none() {
            return Err(ConfigError::Address(config.public_url));
        }
        config.log_target()?;
        if config.public_url.is_empty() && matches!(config.listen, Place::Unix(_)) {
            return Err(ConfigError::NoAddress);
        }
        Ok(config)
    }

    /// The scheme of the address that people open, however it is spelt.
    fn scheme(&self) -> Option<Transport> {
        let (scheme, _) = self.public_url.split_once("://").unwrap_or(("http", ""));
        match scheme.to_ascii_lowercase().as_str() {
            "https" => Some(Transport::Tls),
            "http" if self.public_url.is_empty() || self.public_url.contains("://") => Some(Transport::Plain),
            _ => None,
        }
    }

    /// Refuses to serve other machines in the clear, unless that is said.
    ///
    /// # Errors
    /// `Exposed` naming the address.
    pub fn require_private(&self) -> Result<(), ConfigError> {
        let address = self.address();
        if self.transport() == Transport::Tls || self.plain_http {
            return Ok(());
        }
        let host = address.split_once("://").map_or("", |(_, rest)| rest.split('/').next().unwrap_or_default());
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name).trim_matches(['[', ']']);
        let here = name.parse::<IpAddr>().map_or(name == "localhost", |ip| ip.to_canonical().is_loopback());
        if here && self.listen.is_local() { Ok(()) } else { Err(ConfigError::Exposed(address)) }
    }

    /// The log service to send to, if there is one.
    ///
    /// # Errors
    /// The setting names none.
    pub fn log_target(&self) -> Result<Option<Target>, ConfigError> {
        if self.log_to.is_empty() { Ok(None) } else { Ok(Some(self.log_to.parse()?)) }
    }

    /// Where the database is.
    pub fn database_url(&self) -> String {
        if self.database.is_empty() {
            format!("sqlite://{}?mode=rwc", self.data.join("hengping.db").display())
        } else {
            self.database.clone()
        }
    }

    /// Who brings the schema up to date.
    pub fn schema(&self) -> Schema {
        let apart = self.database.starts_with("postgres:") || self.database.starts_with("postgresql:");
        self.schema.unwrap_or(if apart { Schema::Apart } else { Schema::AtStart })
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
        self.scheme().unwrap_or(Transport::Plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str, change: impl FnOnce(&mut Flags)) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().map_err(|error| ConfigError::Address(error.to_string()))?;
        std::fs::write(folder.path().join("hengping.toml"), toml)
            .map_err(|error| ConfigError::Address(error.to_string()))?;
        let mut flags = Flags { data: Some(folder.path().to_owned()), ..Flags::default() };
        change(&mut flags);
        Config::read(&flags)
    }

    #[test]
    fn a_name_that_is_none_is_refused_with_the_one_it_may_mean() {
        let said = |toml: &str| read(toml, |_| {}).map(drop).map_err(|error| error.to_string());
        assert_eq!(said("public_url = \"https://a.example\"\nproxies = [\"10.0.0.1\"]"), Ok(()));
        for (toml, near) in [
            ("public-url = \"https://a\"", "public_url"),
            ("schma = \"apart\"", "schema"),
            ("Listen = \"x\"", "listen"),
        ] {
            let words = said(toml).unwrap_err();
            assert!(words.contains("没有") && words.contains(near), "{words}");
        }
        let words = said("qqqq = 1").unwrap_err();
        assert!(words.contains("qqqq") && !words.contains("是否应为"), "{words}");
    }

    #[test]
    fn the_schema_changes_apart_with_postgresql_unless_something_else_is_said() {
        let schema = |toml: &str| read(toml, |_| {}).map(|config| config.schema()).map_err(|error| error.to_string());
        assert_eq!(schema(""), Ok(Schema::AtStart));
        assert_eq!(schema("schema = \"apart\""), Ok(Schema::Apart));
        let database = "database = \"postgres://hengping@localhost/hengping\"\n";
        assert_eq!(schema(database), Ok(Schema::Apart));
        assert_eq!(schema(&format!("{database}schema = \"at-start\"")), Ok(Schema::AtStart));
    }

    #[test]
    fn where_the_log_goes_is_checked_before_anything_starts() {
        assert!(read("log_to = \"unix:/dev/log\"\nlog = \"json\"", |_| {}).is_ok());
        assert!(matches!(read("log_to = \"tcp:10.0.0.9:514\"", |_| {}), Err(ConfigError::LogTarget(_))));
    }

    #[test]
    fn tls_is_seen_however_it_is_spelt() {
        let transport = |address: &str| {
            let read = read("", |flags| flags.public_url = Some(address.to_owned()));
            read.map(|config| config.transport()).map_err(|error| error.to_string())
        };
        for address in ["https://a.example", "HTTPS://a.example", "Https://a.example/"] {
            assert_eq!(transport(address), Ok(Transport::Tls), "{address}");
        }
        assert_eq!(transport("http://127.0.0.1:3000"), Ok(Transport::Plain));
        for address in ["a.example", "ftp://a.example", "https//a.example"] {
            assert!(transport(address).unwrap_err().contains("https://"), "{address}");
        }
    }

    #[test]
    fn nobody_else_is_served_in_the_clear_unless_that_is_said() {
        let served = |listen: &str, address: Option<&str>, plain_http: bool| {
            let read = read("", |flags| {
                flags.listen = listen.parse().ok();
                flags.public_url = address.map(str::to_owned);
                flags.plain_http = plain_http;
            });
            read.and_then(|config| config.require_private()).is_ok()
        };
        for listen in ["127.0.0.1:3000", "[::1]:3000"] {
            assert!(served(listen, None, false), "{listen}");
        }
        for listen in ["0.0.0.0:3000", "[::]:3000", "192.0.2.1:3000"] {
            assert!(!served(listen, None, false), "{listen}");
            assert!(served(listen, None, true) && served(listen, Some("https://a.example"), false), "{listen}");
        }
        assert!(!served("127.0.0.1:3000", Some("http://hengping.example"), false), "a proxy without TLS");
        assert!(served("127.0.0.1:3000", Some("http://localhost:8080"), false));
        assert!(served("unix:/run/hengping.sock", Some("https://a.example"), false));
        assert!(!served("unix:/run/hengping.sock", Some("http://a.example"), false), "a proxy without TLS");
    }

    #[test]
    fn behind_a_socket_the_address_that_people_open_has_to_be_said() {
        let socket = "listen = \"unix:/run/hengping.sock\"\n";
        assert!(matches!(read(socket, |_| {}), Err(ConfigError::NoAddress)));
        let said = read(&format!("{socket}public_url = \"https://a.example\""), |_| {}).unwrap();
        assert_eq!(said.address(), "https://a.example");
        assert!(matches!(read("listen = \"unix:hengping.sock\"", |_| {}), Err(ConfigError::Value(_))));
    }
}
