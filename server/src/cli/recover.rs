//! `hengping recover`: one of the three administrators gets back in.

use super::Failure;
use service::App;

#[derive(clap::Args)]
pub struct Args {
    /// 登录名
    #[arg(long, value_name = "NAME")]
    login: String,
}

/// # Errors
/// `Broken` for any other account.
pub async fn run(app: &App, args: &Args) -> Result<String, Failure> {
    let recovered = service::account::recover(app, &args.login).await;
    let password = recovered.map_err(|error| Failure::broken(&error))?;
    Ok(format!("{} 的初始密码：{password}\n登录后须修改密码并重新设置第二因素；已记入审计\n", args.login.trim()))
}
