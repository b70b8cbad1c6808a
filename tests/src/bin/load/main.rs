//! A hall of experts who score at one time: `cargo xtask bench session`. See `docs/benchmarks.md`.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a measurement that cannot be taken ends the command")]

mod compare;
mod expert;
mod figures;
mod prepare;

use clap::{Args, Parser};
use expert::{Expert, Hall, Saved};
use figures::Figures;
use server::config::{Config, Flags};
use std::time::{Duration, Instant};

#[derive(Parser)]
enum Command {
    /// 建立一个处于独立评分的轮次，专家均有账号
    Prepare {
        #[command(flatten)]
        flags: Flags,
        /// 专家人数
        #[arg(long, default_value_t = 300)]
        experts: usize,
    },
    /// 在运行中的服务上登录、填写、保存，然后与数据库核对
    Run {
        #[command(flatten)]
        flags: Flags,
        #[command(flatten)]
        load: Load,
    },
}

#[derive(Args, Clone, Copy)]
struct Load {
    /// 专家人数
    #[arg(long, default_value_t = 300)]
    experts: usize,
    /// 保存持续的秒数
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// 全部专家登录所用的秒数
    #[arg(long, default_value_t = 60)]
    sign_in: u64,
    /// 每位专家两次保存之间的毫秒数
    #[arg(long, default_value_t = 2_000)]
    every: u64,
    /// 保存多少次后换一份评分表；0 为不换
    #[arg(long, default_value_t = 20)]
    turn: u64,
}

/// One thread: the generator must leave the cores to the server.
#[tokio::main(flavor = "current_thread")]
async fn main() {
    match Command::parse() {
        Command::Prepare { flags, experts } => {
            prepare::prepare(&Config::read(&flags).expect("the configuration can be read"), experts).await;
        }
        Command::Run { flags, load } => run(&Config::read(&flags).expect("the configuration can be read"), load).await,
    }
}

async fn run(config: &Config, load: Load) {
    let mut logins = prepare::logins(config);
    logins.truncate(load.experts);
    assert_eq!(logins.len(), load.experts, "the database was prepared for fewer experts");
    let hall = Hall::new(config.listen.address());
    let start = Instant::now();
    let share = |of: Duration, place: usize| of * u32::try_from(place).unwrap() / u32::try_from(load.experts).unwrap();
    let arriving: Vec<_> = (0..)
        .zip(logins)
        .map(|(place, login)| {
            let arrives = share(Duration::from_secs(load.sign_in), place);
            tokio::spawn(Expert::arrive(hall.clone(), login, start + arrives))
        })
        .collect();
    let mut figures = Figures::default();
    let mut experts = Vec::new();
    for arrival in arriving {
        experts.push(figures.signed_in(arrival.await.unwrap()));
    }
    figures.signing_in = start.elapsed();

    let begins = Instant::now() + Duration::from_millis(500);
    let ends = begins + Duration::from_secs(load.seconds);
    let every = Duration::from_millis(load.every);
    let working: Vec<_> = (0..)
        .zip(experts.into_iter().flatten())
        .map(|(place, expert)| {
            // Neither all saves nor all changes of sheet fall on one moment.
            let first = begins + share(every, place);
            let turn = (load.turn > 0).then(|| (load.turn, place as u64 % load.turn.max(1)));
            tokio::spawn(expert.work(first, every, ends, turn))
        })
        .collect();
    let mut saved: Vec<Saved> = Vec::new();
    for work in working {
        saved.extend(figures.worked(work.await.unwrap()));
    }
    figures.print(config, load, &compare::differences(config, &saved).await);
}
