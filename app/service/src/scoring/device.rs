//! 本机副本: what a browser keeps of a sheet that could not be saved is readable only where its account is signed in.

use crate::{Context, Result};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Under which name the copies of an account lie, and the key that opens them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceKey {
    pub owner: String,
    /// 32 bytes in hexadecimal digits.
    pub key: String,
}

/// The same in every session of the account, so that a copy is found again after the session that made it has ended; the key is
/// never kept on the device.
///
/// # Errors
/// The key of the installation has a wrong length.
pub fn device_key(ctx: &Context) -> Result<DeviceKey> {
    let derive = |purpose: &str| -> Result<String> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&ctx.app.hash_key)?;
        mac.update(purpose.as_bytes());
        mac.update(ctx.actor.account.0.as_bytes());
        Ok(hex::encode(mac.finalize().into_bytes()))
    };
    let mut owner = derive("copies of unsaved sheets: owner")?;
    owner.truncate(16);
    Ok(DeviceKey { owner, key: derive("copies of unsaved sheets: key")? })
}
