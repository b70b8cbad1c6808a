//! Cryptography: password hashes, sealed texts, digests, random bytes. Uses no other part of the services.

mod digest;
mod keyed;
mod passwords;
mod seal;

pub use digest::Algorithm;
pub use keyed::{ImprintKey, Salt};
pub use passwords::{Passwords, Scheme};
pub use seal::{Cipher, KeyFileError, Keyring};

use crate::heavy::Unplaced;

pub type Result<T, E = CryptoError> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum CryptoError {
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// The random source, a stored text or an algorithm fails.
    #[error("{0}")]
    Failed(String),
    #[error(transparent)]
    Unplaced(#[from] Unplaced),
}

impl CryptoError {
    fn failed(error: impl std::fmt::Display) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Bytes from the system's random source.
///
/// # Errors
/// The source fails.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(CryptoError::failed)?;
    Ok(bytes)
}
