//! Time-based one-time codes (TOTP, RFC 6238) and recovery codes: how they are made, sealed and checked.

use super::Account;
use crate::crypto::random;
use crate::{App, Context, Error, Result};
use domain::ids::AccountId;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use totp_rs::{Builder, Totp};
use uuid::Uuid;

const RECOVERY_CODES: usize = 10;
/// Shown by authenticator programs beside the account.
const ISSUER: &str = "Hengping";
/// Steps of half a minute that a clock may be off.
const SKEW: u16 = 1;

pub(super) fn purpose(account: AccountId) -> String {
    format!("account.second_factor:{account}")
}

pub(super) fn totp(secret: &str, login: &str) -> Result<Totp> {
    let internal = |error: &dyn std::fmt::Display| Error::Internal(error.to_string());
    let secret = totp_rs::Secret::try_from_base32(secret).map_err(|error| internal(&error))?;
    let builder = Builder::new().with_secret(secret).with_skew(SKEW).with_account_name(login).with_issuer(Some(ISSUER));
    builder.build().map_err(|error| internal(&error))
}

fn seconds(ctx: &Context) -> u64 {
    u64::try_from(ctx.now().timestamp()).unwrap_or(0)
}

pub(super) fn seal(app: &App, account: AccountId, secret: &Secret) -> Result<String> {
    Ok(app.keys.seal(&purpose(account), &serde_json::to_vec(secret)?)?)
}

pub(super) fn opened(app: &App, account: AccountId, sealed: &str) -> Result<Secret> {
    Ok(serde_json::from_slice(&app.keys.open(&purpose(account), sealed)?)?)
}

/// Keyed, so that the database alone does not tell which codes are right.
pub(super) fn code_hash(app: &App, account: AccountId, code: &str) -> Result<String> {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    let mut mac = Hmac::<Sha256>::new_from_slice(&app.hash_key)?;
    mac.update(format!("recovery:{account}:{code}").as_bytes());
    Ok(hex::encode(mac.finalize().into_bytes()))
}

/// The step a code belongs to, if it is right and later than the last one used.
pub(super) fn step_of(ctx: &Context, account: &Account, secret: &Secret, used: i64, code: &str) -> Result<Option<i64>> {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let step = totp(&secret.totp, &account.login)?.check(&digits, seconds(ctx));
    Ok(step.and_then(|step| i64::try_from(step).ok()).filter(|step| *step > used))
}

/// A second factor as it is kept, sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct Secret {
    /// Base32.
    pub totp: String,
    pub recovery_codes: Vec<String>,
    /// Until it is confirmed: the session it was made for.
    #[serde(default)]
    pub session: Option<Uuid>,
}

impl Secret {
    pub(super) fn new(session: Option<Uuid>) -> Result<Self> {
        let bytes = random::<20>()?;
        let totp = totp_rs::Secret::from(bytes.to_vec()).to_base32();
        let recovery_codes = (0..RECOVERY_CODES).map(|_| recovery_code()).collect::<Result<_>>()?;
        Ok(Self { totp, recovery_codes, session })
    }
}

/// 50 bits in two groups without look-alike characters.
fn recovery_code() -> Result<String> {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let bytes = random::<10>()?;
    let letters: String = bytes.iter().map(|b| char::from(ALPHABET[usize::from(b % 32)])).collect();
    Ok(format!("{}-{}", &letters[..5], &letters[5..]))
}
