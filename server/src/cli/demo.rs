//! `hengping demo`: the demonstration's data, and its site.

use super::{Failure, serve};
use crate::config::{Config, Flags};
use crate::demo::{prepare, print};
use crate::start::{open_app, open_store};
use service::Policy;

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    flags: Flags,
    /// 规模倍数：1 为一个真实轮次的大小
    #[arg(long, default_value_t = 1)]
    scale: usize,
    /// 只生成数据，不启动网站
    #[arg(long)]
    prepare: bool,
}

/// Fills an empty data folder, prints who can sign in, and serves.
///
/// # Errors
/// `Broken` if the folder is not empty or the data cannot be made.
pub async fn run(args: &Args) -> Result<String, Failure> {
    let config = Config::read(&args.flags)?;
    print(&prepare(&config, args.scale).await?);
    if !args.prepare {
        println!("演示不要求第二因素，密码也不过期；正式使用（hengping serve）都要求");
        let app = open_app(&config, open_store(&config).await?, Policy::Demonstration).await?;
        serve::listen(&config, app).await?;
    }
    Ok(String::new())
}
