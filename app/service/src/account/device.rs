//! 常用设备: a browser in which somebody has signed in before. Guesses made elsewhere do not keep its owner out.

use crate::crypto::random;
use crate::{App, Result};
use domain::ids::AccountId;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Accounts that one browser remembers: a tablet of the hall is used by several experts one after the other.
const REMEMBERED: usize = 8;
/// For how long.
pub const DEVICE_DAYS: u32 = 180;

/// One entry: account, random number, and the proof that this installation made it.
struct Entry<'a> {
    account: &'a str,
    nonce: &'a str,
    proof: &'a str,
}

fn entries(cookie: &str) -> impl Iterator<Item = Entry<'_>> {
    cookie.split('.').filter_map(|entry| {
        let mut parts = entry.split('-');
        let (account, nonce, proof) = (parts.next()?, parts.next()?, parts.next()?);
        parts.next().is_none().then_some(Entry { account, nonce, proof })
    })
}

fn proof(app: &App, account: &str, nonce: &str) -> Result<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&app.hash_key)?;
    mac.update(format!("device:{account}:{nonce}").as_bytes());
    Ok(hex::encode(mac.finalize().into_bytes()))
}

/// The number under which the browser is known to have signed in as the account; `None` if it is not.
pub(super) fn known(app: &App, cookie: &str, account: AccountId) -> Result<Option<String>> {
    let own = account.0.simple().to_string();
    for entry in entries(cookie).filter(|entry| entry.account == own) {
        if proof(app, entry.account, entry.nonce)? == entry.proof {
            return Ok(Some(entry.nonce.to_owned()));
        }
    }
    Ok(None)
}

/// The cookie after the account has signed in, beside the other accounts it holds.
///
/// # Errors
/// The system's random source fails.
pub fn remember(app: &App, cookie: &str, account: AccountId) -> Result<String> {
    let (own, nonce) = (account.0.simple().to_string(), hex::encode(random::<8>()?));
    let mut all = vec![format!("{own}-{nonce}-{}", proof(app, &own, &nonce)?)];
    for Entry { account, nonce, proof: given } in entries(cookie).filter(|entry| entry.account != own) {
        if all.len() < REMEMBERED && proof(app, account, nonce)? == given {
            all.push(format!("{account}-{nonce}-{given}"));
        }
    }
    Ok(all.join("."))
}
