//! The measured times, as a table.

use crate::Load;
use crate::expert::{Day, Expert, Saved};
use server::config::Config;
use std::time::Duration;

#[derive(Default)]
pub struct Figures {
    pub signing_in: Duration,
    sign_ins: Vec<Duration>,
    saves: Vec<Duration>,
    pages: Vec<Duration>,
    errors: Vec<String>,
}

impl Figures {
    pub fn signed_in(&mut self, arrived: Result<(Expert, Duration), String>) -> Option<Expert> {
        match arrived {
            Ok((expert, took)) => {
                self.sign_ins.push(took);
                Some(expert)
            }
            Err(error) => {
                self.errors.push(error);
                None
            }
        }
    }

    pub fn worked(&mut self, day: Day) -> Vec<Saved> {
        self.saves.extend(day.saves);
        self.pages.extend(day.pages);
        self.errors.extend(day.errors);
        day.saved
    }

    pub fn print(&mut self, config: &Config, load: Load, differences: &[String]) {
        let database = config.database_url().split(':').next().unwrap_or_default().to_owned();
        let due = load.experts as f64 * 1_000.0 / load.every as f64;
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        println!(
            "{database} · {} 位专家 · 每 {} 毫秒保存一次 · {} 秒 · 每 {} 次保存换一份评分表 · {cores} 核（含发生器）",
            load.experts, load.every, load.seconds, load.turn
        );
        println!("| 请求 | 次数 | p50 ms | p95 ms | p99 ms | 最长 ms |");
        println!("|---|---:|---:|---:|---:|---:|");
        for (name, took) in [("登录", &mut self.sign_ins), ("打开评分表", &mut self.pages), ("保存", &mut self.saves)]
        {
            took.sort_unstable();
            let at = |percent: usize| percentile(took, percent).as_secs_f64() * 1_000.0;
            let figures = [at(50), at(95), at(99), at(100)].map(|ms| format!("{ms:.1}")).join(" | ");
            println!("| {name} | {} | {figures} |", took.len());
        }
        println!(
            "全部登录用时 {:.1} 秒；每秒保存 {:.1} 次（应为 {due:.1}）；错误 {}；已确认的保存与数据库不符 {}",
            self.signing_in.as_secs_f64(),
            self.saves.len() as f64 / load.seconds as f64,
            self.errors.len(),
            differences.len()
        );
        for line in self.errors.iter().take(5).chain(differences.iter().take(5)) {
            println!("  {line}");
        }
    }
}

/// The smallest time within which this part of all, in percent, was done.
fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let rank = (percent * sorted.len()).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}
