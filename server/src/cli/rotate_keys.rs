//! `hengping rotate-keys`: what is sealed is sealed again with a new key.

use super::Failure;
use crate::config::{Config, Flags};
use crate::start::{add_seal_key, open_app, open_store};
use service::Policy;

/// # Errors
/// `Broken` if a kept text cannot be opened or the database cannot be written.
pub async fn run(flags: &Flags) -> Result<String, Failure> {
    let config = Config::read(flags)?;
    let store = open_store(&config).await?;
    if config.seal_keys.is_empty() {
        add_seal_key(&config)?;
    }
    let app = open_app(&config, store, Policy::Strict).await?;
    let renew = async {
        let accounts = service::account::reseal(&app).await? + service::approach::reseal(&app).await?;
        Ok(accounts
            + service::personal::reseal(&app).await?
            + service::import::reseal(&app).await?
            + service::scoring::reseal(&app).await?)
    };
    let count = renew.await.map_err(|error: service::Error| Failure::broken(&error))?;
    Ok(format!("已换用新密钥，重新加密 {count} 项。旧密钥仍保留在密钥文件中，供读取备份；正在运行的程序须重新启动\n"))
}
