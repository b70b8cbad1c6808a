//! The program `hengping`.

use clap::{Parser, Subcommand};
use server::cli::{
    Failure, On, assign, audit, calibrate, check, demo, draw, finish, import, migrate, open, recover, replay,
    retention, rotate_keys, serve, simulate, verify,
};
use server::config::Flags;
use server::log::{Form, begin};
use std::process::ExitCode;

/// 衡评：专家评审与评分平台
#[derive(Parser)]
#[command(name = "hengping", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 启动网站
    Serve(Flags),
    /// 升级数据库结构
    Migrate(Flags),
    /// 生成演示数据并启动网站
    Demo(demo::Args),
    /// 从 Excel 导入专家库或汇总表
    Import(On<import::Args>),
    /// 按文件指派专家
    Assign(assign::Args),
    /// 按文件随机抽取专家
    Draw(draw::Args),
    /// 按抽取记录重新抽取并核对
    Replay(replay::Args),
    /// 按文件校准评分
    Calibrate(calibrate::Args),
    /// 按设定的方案模拟评审，看能在多大程度上还原真实水平
    Simulate(simulate::Args),
    /// 核验指派结果的证明或抽取记录
    Verify(verify::Args),
    /// 检查数据库是否符合自身的规则：关联、审计、评分表、合计、关口，逐处列出不符
    Check(Flags),
    /// 核验审计链，或写出每日摘要
    #[command(subcommand)]
    Audit(audit::Command),
    /// 换用新的加密密钥，并把已加密保存的内容用新密钥重新加密
    RotateKeys(Flags),
    /// 列出保存期限已到的个人信息，或予以删除
    Retention(On<retention::Args>),
    /// 删除一位专家的姓名、单位、经历和号码
    Anonymise(On<retention::AnonymiseArgs>),
    /// 恢复三员之一的账号：给出新的初始密码，清除第二因素
    Recover(On<recover::Args>),
}

#[tokio::main]
async fn main() -> ExitCode {
    // Whatever the program writes is for its owner only.
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let command = Cli::parse().command;
    // The server's configuration says how it writes its log.
    if !matches!(command, Command::Serve(_)) {
        drop(begin(Form::Text));
    }
    finish(run(command).await)
}

async fn run(command: Command) -> Result<String, Failure> {
    match command {
        Command::Serve(flags) => serve::run(&flags).await,
        Command::Migrate(flags) => migrate::run(&flags).await,
        Command::Demo(args) => demo::run(&args).await,
        Command::Import(On { flags, args }) => import::run(&open(&flags).await?, &args).await,
        Command::Assign(args) => assign::run(&args),
        Command::Draw(args) => draw::run(&args),
        Command::Replay(args) => replay::run(&args),
        Command::Calibrate(args) => calibrate::run(&args),
        Command::Simulate(args) => simulate::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Check(flags) => check::run(&flags).await,
        Command::Audit(command) => audit::run(&command).await,
        Command::RotateKeys(flags) => rotate_keys::run(&flags).await,
        Command::Retention(On { flags, args }) => retention::run(&*open(&flags).await?, &args).await,
        Command::Anonymise(On { flags, args }) => retention::anonymise(&*open(&flags).await?, &args).await,
        Command::Recover(On { flags, args }) => recover::run(&*open(&flags).await?, &args).await,
    }
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::CommandFactory;

    #[test]
    fn every_command_can_be_typed() {
        Cli::command().debug_assert();
    }
}
