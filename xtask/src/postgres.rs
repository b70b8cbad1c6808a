//! A throw-away PostgreSQL cluster for the tests.

use crate::process::{find_program, is_root, output};
use anyhow::{Context, Result};
use std::{
    ffi::OsStr,
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// Stops the cluster and removes its folder when its input ends, that is when the starter lets go of it or dies.
const WARDEN: &str = r#"
trap '' HUP INT TERM
read -r _
"$1/pg_ctl" stop --silent --mode=immediate --pgdata "$2/data"
rm -rf "$2"
"#;

const SETTINGS: &str = "-c listen_addresses=127.0.0.1 -c max_connections=200";

/// Whether what is committed survives a power cut.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// For tests.
    None,
    /// As in use, for measurements.
    Full,
}

impl Durability {
    const fn settings(self) -> &'static str {
        match self {
            Self::None => " -c fsync=off -c full_page_writes=off -c synchronous_commit=off",
            Self::Full => "",
        }
    }
}

/// A running cluster, stopped and removed when this value goes, also when this process is killed.
pub struct Cluster {
    port: u16,
    warden: Child,
}

impl Cluster {
    pub fn start(durability: Durability) -> Result<Self> {
        let programs = programs().context("没有 PostgreSQL")?;
        let place = output(as_owner("mktemp").args(["-d", "-t", "hengping-postgres-XXXXXX"]))?;
        let place = Path::new(place.trim());
        let cluster = Self { port: free_port()?, warden: warden(&programs, place)? };
        let data = place.join("data");
        output(
            as_owner(programs.join("initdb"))
                .args(["--auth=trust", "--encoding=UTF8", "--locale=C"])
                .args(["--no-sync", "--username=postgres", "--pgdata"])
                .arg(&data),
        )?;
        let log = place.join("log");
        let options = format!("-p {} -k '{}' {SETTINGS}{}", cluster.port, place.display(), durability.settings());
        output(
            as_owner(programs.join("pg_ctl"))
                .args(["start", "--silent", "--wait", "--pgdata"])
                .arg(&data)
                .arg("--log")
                .arg(&log)
                .args(["--options", &options]),
        )
        .with_context(|| fs::read_to_string(log).unwrap_or_default())?;
        Ok(cluster)
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.warden.stdin.take());
        if let Err(error) = self.warden.wait() {
            eprintln!("· 没有等到临时的 PostgreSQL 停止：{error}");
        }
    }
}

fn warden(programs: &Path, place: &Path) -> Result<Child> {
    as_owner("sh")
        .args(["-c", WARDEN, "sh"])
        .args([programs, place])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("无法运行 sh")
}

/// PostgreSQL refuses to run as root; Debian's package comes with a user for it.
fn as_owner(program: impl AsRef<OsStr>) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
        command.arg(program);
        command
    } else {
        Command::new(program)
    };
    // Where both may be.
    command.current_dir("/");
    command
}

pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The folder with `initdb` and `pg_ctl`: Debian's newest, or wherever the search path has them.
pub fn programs() -> Option<PathBuf> {
    newest_of_debian().or_else(|| {
        let initdb = fs::canonicalize(find_program("initdb")?).ok()?;
        Some(initdb.parent()?.to_owned())
    })
}

fn newest_of_debian() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let numbers = versions.filter_map(|entry| {
        let name = entry.ok()?.file_name();
        name.to_str()?.parse::<u32>().ok()
    });
    numbers
        .map(|number| (number, format!("/usr/lib/postgresql/{number}/bin")))
        .filter(|(_, programs)| Path::new(programs).join("initdb").exists())
        .max()
        .map(|(_, programs)| programs.into())
}

#[cfg(test)]
mod tests {
    use super::{Cluster, Durability};
    use std::{net::TcpStream, path::Path, process::Command};

    #[test]
    fn serves_while_held_and_leaves_nothing_behind() {
        let cluster = Cluster::start(Durability::None).unwrap();
        let psql = super::programs().unwrap().join("psql");
        let answer = Command::new(psql).args([&cluster.url(), "-Atc", "show data_directory"]).output().unwrap();
        let data = String::from_utf8(answer.stdout).unwrap();
        let port = cluster.port;

        drop(cluster);
        assert!(data.contains("hengping-postgres-"), "{data}");
        assert!(!Path::new(data.trim()).exists());
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    }
}
