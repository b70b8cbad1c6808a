//! Measuring a review session: the server and a load generator as two processes.

use crate::{
    bundle,
    postgres::{Cluster, Durability, free_port},
    process::{self, run_within, step},
    program,
    project::Project,
};
use anyhow::{Result, bail};
use std::{
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

#[derive(clap::Args)]
pub struct Args {
    /// session：sqlite、postgres 或 both
    #[arg(long, default_value = "both")]
    database: String,
    /// session：专家人数
    #[arg(long, default_value_t = 300)]
    experts: u32,
    /// session：保存持续的秒数
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// session：保存多少次后换一份评分表；0 为不换
    #[arg(long, default_value_t = 20)]
    turn: u32,
}

/// The server starts within this time.
const START: Duration = Duration::from_secs(20);
/// Everything around the saves takes no longer: signing in, comparing.
const LIMIT: Duration = Duration::from_mins(5);

pub fn run(project: &Project, args: &Args) -> Result<()> {
    let databases: &[&str] = match args.database.as_str() {
        "both" => &["sqlite", "postgres"],
        "sqlite" => &["sqlite"],
        "postgres" => &["postgres"],
        other => bail!("没有“{other}”这种数据库；可选：sqlite、postgres、both"),
    };
    bundle::build(project)?;
    let server = program::build_release(project)?;
    let load = step("编译负载发生器", || {
        process::run(project.cargo().args(["build", "--release", "--package", "tests", "--bin", "load"]))?;
        Ok(project.target.join("release").join(format!("load{}", std::env::consts::EXE_SUFFIX)))
    })?;
    for database in databases {
        let cluster = match *database {
            "postgres" => Some(step("启动临时的 PostgreSQL", || Cluster::start(Durability::Full))?),
            _ => None,
        };
        let url = cluster.as_ref().map(Cluster::url);
        step(&format!("测量评审现场（{database}）"), || {
            measure(project, args, &server, &load, url.as_deref())
        })?;
    }
    Ok(())
}

fn measure(project: &Project, args: &Args, server: &Path, load: &Path, url: Option<&str>) -> Result<()> {
    let data = tempfile::tempdir()?;
    let listen = format!("127.0.0.1:{}", free_port()?);
    let told = |program: &Path, command: &str| {
        let mut told = Command::new(program);
        told.arg(command).arg("--data").arg(data.path()).args(["--listen", &listen]);
        told.args(url.iter().flat_map(|url| ["--database", url]));
        told
    };
    let (experts, seconds, turn) = (args.experts.to_string(), args.seconds.to_string(), args.turn.to_string());
    process::run(told(load, "prepare").args(["--experts", &experts]))?;
    let _server = Server::start(told(server, "serve").arg("--site").arg(project.site()), &listen)?;
    let limit = LIMIT + Duration::from_secs(args.seconds.into());
    run_within(limit, told(load, "run").args(["--experts", &experts, "--seconds", &seconds, "--turn", &turn]))
}

/// A running server, ended with this value.
struct Server(Child);

impl Server {
    fn start(command: &mut Command, listen: &str) -> Result<Self> {
        let server = Self(command.stdout(Stdio::null()).spawn()?);
        let begun = Instant::now();
        while TcpStream::connect(listen).is_err() {
            if begun.elapsed() > START {
                bail!("程序没有在 {} 秒内启动", START.as_secs());
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.0.kill().and_then(|()| self.0.wait()) {
            eprintln!("· 没有等到服务停止：{error}");
        }
    }
}
