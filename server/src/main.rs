//! The program `hengping`.

use clap::{Args, Parser, Subcommand};
use server::cli::{self, assign, calibrate, draw, import, replay, retention, simulate, verify};
use server::config::{Config, Flags};
use server::demo;
use server::digests;
use server::http::{Door, Rates, router};
use server::start::{StartError, add_seal_key, look_at_store, open_app, open_store};
use service::Policy;
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
    /// 核验审计链，或写出每日摘要
    #[command(subcommand)]
    Audit(AuditCommand),
    /// 换用新的加密密钥，并把已加密保存的内容用新密钥重新加密
    RotateKeys(Flags),
    /// 列出保存期限已到的个人信息，或予以删除
    Retention(RetentionArgs),
    /// 删除一位专家的姓名、单位、经历和号码
    Anonymise(Anonymisation),
    /// 恢复三员之一的账号：给出新的初始密码，清除第二因素
    Recover(RecoverArgs),
}

#[derive(Subcommand)]
enum AuditCommand {
    /// 重算每一条审计记录的摘要，指出被改、被删、被调换的记录
    Verify {
        #[command(flatten)]
        flags: Flags,
        /// 另行保存的每日摘要（文件夹或文件）；不写则用数据文件夹中的
        #[arg(long, value_name = "PATH")]
        digests: Option<std::path::PathBuf>,
    },
    /// 写出截至昨天的每日摘要，供另行保存
    Digest(Flags),
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
struct RetentionArgs {
    #[command(flatten)]
    flags: Flags,
    #[command(flatten)]
    retention: retention::Args,
}

#[derive(Args)]
struct Anonymisation {
    #[command(flatten)]
    flags: Flags,
    #[command(flatten)]
    anonymise: retention::AnonymiseArgs,
}

#[derive(Args)]
struct RecoverArgs {
    #[command(flatten)]
    flags: Flags,
    /// 登录名
    #[arg(long, value_name = "NAME")]
    login: String,
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
        Command::Audit(command) => return audit(command).await,
        Command::RotateKeys(flags) => rotate_keys(&flags).await,
        Command::Retention(args) => return cli::finish(retain(&args).await),
        Command::Anonymise(args) => return cli::finish(anonymise(&args).await),
        Command::Recover(args) => recover(&args).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn audit(command: AuditCommand) -> ExitCode {
    let result = match command {
        AuditCommand::Verify { flags, digests } => verify_audit(&flags, digests).await,
        AuditCommand::Digest(flags) => write_digests(&flags).await,
    };
    cli::finish(result)
}

async fn verify_audit(flags: &Flags, digests: Option<std::path::PathBuf>) -> Result<String, cli::Failure> {
    let config = Config::read(flags).map_err(|error| cli::Failure::broken(&error))?;
    let store = look_at_store(&config).await.map_err(|error| cli::Failure::broken(&error))?;
    let kept = digests.unwrap_or_else(|| config.data.join(digests::FOLDER));
    cli::audit::verify(&store, &kept).await
}

async fn retain(args: &RetentionArgs) -> Result<String, cli::Failure> {
    retention::run(&*opened(&args.flags).await?, &args.retention).await
}

async fn anonymise(args: &Anonymisation) -> Result<String, cli::Failure> {
    retention::anonymise(&*opened(&args.flags).await?, &args.anonymise).await
}

async fn opened(flags: &Flags) -> Result<Arc<service::App>, cli::Failure> {
    let config = Config::read(flags).map_err(|error| cli::Failure::broken(&error))?;
    let store = open_store(&config).await.map_err(|error| cli::Failure::broken(&error))?;
    open_app(&config, store, Policy::Strict).map_err(|error| cli::Failure::broken(&error))
}

async fn write_digests(flags: &Flags) -> Result<String, cli::Failure> {
    let config = Config::read(flags).map_err(|error| cli::Failure::broken(&error))?;
    cli::audit::digest(&*opened(flags).await?, &config.data.join(digests::FOLDER)).await
}

type Done = Result<(), Box<dyn std::error::Error>>;

async fn serve(flags: &Flags) -> Done {
    let config = Config::read(flags)?;
    let app = open_app(&config, open_store(&config).await?, Policy::Strict)?;
    let links = service::account::open_setup_links(&app).await?;
    if !links.is_empty() {
        println!("首次设置：请把下列一次性链接分别交给三个人，各自建立账号（三员分立）");
    }
    for (role, link) in links {
        println!("  {role}：{}/set-up?key={}", config.address(), link.as_str());
    }
    listen(&config, app).await?;
    Ok(())
}

async fn play(args: &DemoArgs) -> Done {
    let config = Config::read(&args.flags)?;
    let accounts = demo::prepare(&config, args.scale).await?;
    demo::print(&accounts);
    if !args.prepare {
        println!("演示不要求第二因素，密码也不过期；正式使用（hengping serve）都要求");
        let app = open_app(&config, open_store(&config).await?, Policy::Demonstration)?;
        listen(&config, app).await?;
    }
    Ok(())
}

async fn rotate_keys(flags: &Flags) -> Done {
    let config = Config::read(flags)?;
    let store = open_store(&config).await?;
    if config.seal_keys.is_empty() {
        add_seal_key(&config)?;
    }
    let app = open_app(&config, store, Policy::Strict)?;
    let accounts = service::account::reseal(&app).await? + service::approach::reseal(&app).await?;
    let count = accounts + service::personal::reseal(&app).await? + service::import::reseal(&app).await?;
    println!("已换用新密钥，重新加密 {count} 项。旧密钥仍保留在密钥文件中，供读取备份；正在运行的程序须重新启动");
    Ok(())
}

async fn recover(args: &RecoverArgs) -> Done {
    let config = Config::read(&args.flags)?;
    let app = open_app(&config, open_store(&config).await?, Policy::Strict)?;
    let password = service::account::recover(&app, &args.login).await?;
    println!("{} 的初始密码：{password}\n登录后须修改密码并重新设置第二因素；已记入审计", args.login.trim());
    Ok(())
}

async fn migrate(flags: &Flags) -> Done {
    let config = Config::read(flags)?;
    server::start::migrate(&config).await?;
    println!("数据库结构已是最新");
    Ok(())
}

async fn import(args: &ImportArgs) -> ExitCode {
    let opened = async {
        let config = Config::read(&args.flags)?;
        Ok::<_, Box<dyn std::error::Error>>(open_app(&config, open_store(&config).await?, Policy::Strict)?)
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
    let door = Door { app: app.clone(), proxies: config.proxies.clone().into(), rates: Rates::default() };
    let router = router(door, &config.site, config.listen).map_err(site)?;
    let failed = |error| StartError::Listen(config.listen, error);
    let listener = tokio::net::TcpListener::bind(config.listen).await.map_err(failed)?;
    println!("衡评已启动：{}", config.address());
    let daily = tokio::spawn(digests::keep(app, config.data.join(digests::FOLDER)));
    let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    let served = axum::serve(listener, service).with_graceful_shutdown(stop()).await.map_err(failed);
    daily.abort();
    served
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

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::CommandFactory;

    #[test]
    fn every_command_can_be_typed() {
        Cli::command().debug_assert();
    }
}
