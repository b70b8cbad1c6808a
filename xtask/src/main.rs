//! The project's commands: `cargo xtask …`.

mod bench;
mod bundle;
mod check;
mod circles;
mod dist;
mod mentions;
mod postgres;
mod process;
mod program;
mod project;
mod session;
mod setup;
mod test;

use anyhow::Result;
use clap::Parser;
use project::Project;
use std::{path::PathBuf, process::ExitCode};

/// 衡评的开发命令
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Command {
    /// 检查并备齐所需的工具（其余命令也会先做这一步）
    Setup {
        /// 重试上次没有成功的 rustup target add
        #[arg(long)]
        retry: bool,
    },
    /// 编译浏览器端与程序
    Build,
    /// 得到可以部署的文件夹 <target>/dist/hengping 和压缩包：谁编译都逐字节相同
    Dist {
        /// 把已提交的内容在两处各编译一遍，逐字节比对
        #[arg(long)]
        check: bool,
    },
    /// 编译并启动服务
    Serve {
        /// 数据文件夹
        #[arg(long, default_value = "data")]
        data: PathBuf,
        /// 原样交给 hengping serve 的其他参数
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// 编译并启动带演示数据的服务
    Demo {
        /// 监听地址
        #[arg(long, default_value = "127.0.0.1:3000")]
        listen: String,
        /// 原样交给 hengping demo 的其他参数
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// 检查格式、静态检查、依赖
    Check,
    /// 用演示数据制作 README 的截图
    Screenshots,
    /// 测量指派、校准、页面与评审现场
    Bench {
        /// assignment、calibration、pages 或 session；不写则为前三项
        name: Option<String>,
        #[command(flatten)]
        session: session::Args,
    },
    /// 全部检查与测试，与 CI 相同
    Test {
        /// 只跑一部分测试：参数原样交给 cargo test，例如 -p store；此时不做静态检查
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
}

fn main() -> ExitCode {
    match run(Command::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("✗ {}", error.chain().map(ToString::to_string).collect::<Vec<_>>().join("\n  原因："));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    let project = Project::locate()?;
    match command {
        Command::Setup { retry } => {
            if retry {
                setup::wasm::forget(&project)?;
            }
            setup::for_build(&project)?;
            setup::for_tests()?;
            eprintln!("所需工具均已备齐");
            Ok(())
        }
        Command::Dist { check: true } => dist::check(&project),
        Command::Dist { check: false } => dist::build(&project).map(drop),
        Command::Build => {
            bundle::build(&project)?;
            program::build(&project).map(drop)
        }
        Command::Serve { data, args } => program::serve(&project, &data, &args),
        Command::Demo { listen, args } => program::demo(&project, listen, &args),
        Command::Check => check::all(&project),
        Command::Screenshots => test::screenshots(&project),
        Command::Bench { name, session } if name.as_deref() == Some("session") => session::run(&project, &session),
        Command::Bench { name, .. } => bench::run(&project, name.as_deref()),
        Command::Test { args } => test::all(&project, &args),
    }
}
