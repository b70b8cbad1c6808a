//! The program `hengping`.

use clap::{Args, Parser, Subcommand};
use server::cli::{self, assign, calibrate, draw, import, replay, simulate, verify};
use server::config::{Config, Flags};
use server::demo;
use server::http::router;
use server::start::{StartError, open_app, open_store};
use std::process::ExitCode;
use std::sync::Arc;

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
    Demo(DemoArgs),
    /// 从 Excel 导入专家库或汇总表
    Import(ImportArgs),
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
}

#[derive(Args)]
struct DemoArgs {
    #[command(flatten)]
    flags: Flags,
    /// 规模倍数：1 为一个真实轮次的大小
    #[arg(long, default_value_t = 1)]
    scale: usize,
    /// 只生成数据，不启动网站
    #[arg(long)]
    prepare: bool,
}

#[derive(Args)]
struct ImportArgs {
    #[command(flatten)]
    flags: Flags,
    #[command(flatten)]
    import: import::Args,
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,hengping=info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let done = match Cli::parse().command {
        Command::Serve(flags) => serve(&flags).await,
        Command::Migrate(flags) => migrate(&flags).await,
        Command::Demo(args) => play(&args).await,
        Command::Import(args) => return import(&args).await,
        Command::Assign(args) => return cli::finish(assign::run(&args)),
        Command::Draw(args) => return cli::finish(draw::run(&args)),
        Command::Replay(args) => return cli::finish(replay::run(&args)),
        Command::Calibrate(args) => return cli::finish(calibrate::run(&args)),
        Command::Simulate(args) => return cli::finish(simulate::run(&args)),
        Command::Verify(args) => return cli::finish(verify::run(&args)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

type Done = Result<(), Box<dyn std::error::Error>>;

async fn serve(flags: &Flags) -> Done {
    let config = Config::read(flags)?;
    let app = open_app(&config, open_store(&config).await?)?;
    if let Some(link) = service::account::open_setup_link(&app).await? {
        println!("首次设置：请在浏览器打开一次性链接，建立系统管理员");
        println!("  {}/set-up?key={}", config.address(), link.as_str());
    }
    listen(&config, app).await?;
    Ok(())
}

async fn play(args: &DemoArgs) -> Done {
    let config = Config::read(&args.flags)?;
    let accounts = demo::prepare(&config, args.scale).await?;
    demo::print(&accounts);
    if !args.prepare {
        let app = open_app(&config, open_store(&config).await?)?;
        listen(&config, app).await?;
    }
    Ok(())
}

async fn migrate(flags: &Flags) -> Done {
    let config = Config::read(flags)?;
    open_store(&config).await?;
    println!("数据库结构已是最新");
    Ok(())
}

async fn import(args: &ImportArgs) -> ExitCode {
    let opened = async {
        let config = Config::read(&args.flags)?;
        Ok::<_, Box<dyn std::error::Error>>(open_app(&config, open_store(&config).await?)?)
    };
    match opened.await {
        Ok(app) => cli::finish(import::run(&app, &args.import).await),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn listen(config: &Config, app: Arc<service::App>) -> Result<(), StartError> {
    let site = |error| StartError::Site(config.site.display().to_string(), error);
    let router = router(app, &config.site, config.listen).map_err(site)?;
    let failed = |error| StartError::Listen(config.listen, error);
    let listener = tokio::net::TcpListener::bind(config.listen).await.map_err(failed)?;
    println!("衡评已启动：{}", config.address());
    axum::serve(listener, router).with_graceful_shutdown(stop()).await.map_err(failed)
}

/// Until the console or the service manager asks to stop.
async fn stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
