//! Passwords: behind a PHC string that names the scheme, computed off the async threads. argon2id is the usual one; where 国密
//! algorithms are asked for, PBKDF2 with HMAC-SM3 (GB/T 32905, RFC 8018) takes its place for new passwords, and old ones go on.

use super::{CryptoError, Result, random};
use crate::heavy;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sha2::Digest;

domain::coded! {
    /// 口令算法
    Scheme {
        Argon2id = "argon2id", "Argon2id";
        Sm3 = "pbkdf2-sm3", "PBKDF2-HMAC-SM3";
    }
}

/// How passwords are hashed.
#[derive(Debug, Clone)]
pub struct Passwords {
    scheme: Scheme,
    params: Params,
    /// Of PBKDF2.
    rounds: u32,
    /// Checked where there is no account, so that the answer takes as long: one hash of every kind in use, the own kind first.
    decoys: Vec<String>,
}

/// Scheme and cost of a hash, which decide how long it takes.
fn kind(hash: &str) -> &str {
    // They stand before salt and hash.
    hash.rsplitn(3, '$').nth(2).unwrap_or(hash)
}

impl Passwords {
    /// The cost for real use: 19 MiB, 2 passes (OWASP's minimum for argon2id).
    ///
    /// # Errors
    /// The system's random source fails.
    pub fn standard() -> Result<Self> {
        Self::new(Scheme::Argon2id, Params::default(), ROUNDS)
    }

    /// The same cost by another scheme.
    ///
    /// # Errors
    /// The system's random source fails.
    pub fn by(scheme: Scheme) -> Result<Self> {
        Self::new(scheme, Params::default(), ROUNDS)
    }

    /// The least cost the algorithm allows, for databases that are made and thrown away.
    ///
    /// # Errors
    /// The system's random source fails.
    pub fn cheap() -> Result<Self> {
        Self::new(Scheme::Argon2id, Params::new(8, 1, 1, None).map_err(CryptoError::failed)?, 1_000)
    }

    fn new(scheme: Scheme, params: Params, rounds: u32) -> Result<Self> {
        let made = Self { scheme, params, rounds, decoys: Vec::new() };
        Ok(Self { decoys: vec![made.hash_now("衡评")?], ..made })
    }

    /// The same where hashes of other kinds are still on file, such as of an earlier scheme. Until they are replaced every check takes as
    /// long as one of each kind, whoever is named and known or not.
    #[must_use]
    pub fn beside(mut self, on_file: impl IntoIterator<Item = String>) -> Self {
        for hash in on_file {
            if self.decoys.iter().all(|known| kind(known) != kind(&hash)) {
                self.decoys.push(hash);
            }
        }
        self
    }

    /// Whether a hash is of the kind that new ones are.
    pub fn is_current(&self, hash: &str) -> bool {
        self.decoys.first().is_some_and(|own| kind(own) == kind(hash))
    }

    fn hash_now(&self, password: &str) -> Result<String> {
        match self.scheme {
            Scheme::Argon2id => argon2id(&self.params, password),
            Scheme::Sm3 => Ok(pbkdf2_sm3(password, &random::<SALT>()?, self.rounds)),
        }
    }

    /// # Errors
    /// The system's random source or the worker fails.
    pub async fn hash(&self, password: String) -> Result<String> {
        let own = self.clone();
        heavy::hash(move || own.hash_now(&password)).await?
    }

    /// Whether the password belongs to the hash. Takes as long where there is no hash.
    ///
    /// # Errors
    /// A stored hash that cannot be read.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        let decoys = self.decoys.clone();
        let right = heavy::hash(move || {
            let mut right = false;
            let mut left = hash.clone();
            for decoy in &decoys {
                match left.take_if(|own| kind(own) == kind(decoy)) {
                    Some(own) => right = is_right(&password, &own)?,
                    // What comes of it does not matter, only that it takes its time.
                    None => drop(is_right(&password, decoy)),
                }
            }
            // Of a kind that was not known when the program started.
            if let Some(own) = left {
                right = is_right(&password, &own)?;
            }
            Ok::<_, CryptoError>(right)
        });
        right.await?
    }
}

/// OWASP's number of rounds for PBKDF2 with a 256-bit hash.
const ROUNDS: u32 = 600_000;
const SALT: usize = 16;
const SM3: &str = "$pbkdf2-sm3$";

fn is_right(password: &str, hash: &str) -> Result<bool> {
    let Some(rest) = hash.strip_prefix(SM3) else {
        let parsed = PasswordHash::new(hash).map_err(CryptoError::failed)?;
        return Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
    };
    let unreadable = || CryptoError::Failed("unreadable password hash".to_owned());
    let parts: Vec<&str> = rest.split('$').collect();
    let [rounds, salt, _] = parts[..] else { return Err(unreadable()) };
    let rounds = rounds.strip_prefix("i=").and_then(|text| text.parse().ok()).ok_or_else(unreadable)?;
    let salt = STANDARD_NO_PAD.decode(salt).map_err(|_| unreadable())?;
    let again = pbkdf2_sm3(password, &salt, rounds);
    // Compared as keyed digests, so that the time tells nothing of where they differ.
    Ok(sm3::Sm3::digest(again.as_bytes()) == sm3::Sm3::digest(hash.as_bytes()))
}

/// `$pbkdf2-sm3$i=rounds$salt$hash`, both parts in base64 without padding.
fn pbkdf2_sm3(password: &str, salt: &[u8], rounds: u32) -> String {
    let mut key = [0; 32];
    pbkdf2::pbkdf2_hmac::<sm3::Sm3>(password.as_bytes(), salt, rounds, &mut key);
    format!("{SM3}i={rounds}${}${}", STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(key))
}

fn argon2id(params: &Params, password: &str) -> Result<String> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    Ok(argon2.hash_password(password.as_bytes()).map_err(CryptoError::failed)?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn where_there_is_no_account_the_same_work_is_done_in_vain() {
        for scheme in Scheme::ALL {
            let passwords = Passwords { scheme: *scheme, ..Passwords::cheap().unwrap() };
            let passwords = Passwords { decoys: vec![passwords.hash_now("衡评").unwrap()], ..passwords };
            let real = passwords.hash("Qilian-Shan-2025".to_owned()).await.unwrap();
            assert!(passwords.is_current(&real), "{scheme}");
            assert!(kind(&real).contains('='), "{real}");
            assert!(
                !passwords.verify("衡评".to_owned(), None).await.unwrap(),
                "not even with the decoy's own password"
            );
        }
    }

    #[tokio::test]
    async fn hashes_of_other_kinds_are_no_faster_than_unknown_names() {
        let now = Passwords::cheap().unwrap();
        let early = pbkdf2_sm3("Qilian-Shan-2025", b"0123456789abcdef", 1_000);
        let slower = Passwords::new(Scheme::Argon2id, Params::new(16, 2, 1, None).unwrap(), 1_000).unwrap();
        let other = slower.hash_now("Qilian-Shan-2025").unwrap();
        let both = now.clone().beside([early.clone(), early.clone(), other.clone()]);
        assert_eq!(both.decoys.len(), 3, "one of each kind");
        for hash in [&early, &other, &now.hash_now("Qilian-Shan-2025").unwrap()] {
            assert!(both.verify("Qilian-Shan-2025".to_owned(), Some(hash.clone())).await.unwrap());
            assert!(!both.verify("Qilian-Shan-2026".to_owned(), Some(hash.clone())).await.unwrap());
            assert_eq!(both.is_current(hash), now.is_current(hash));
        }
        assert!(!both.verify("Qilian-Shan-2025".to_owned(), None).await.unwrap(), "a decoy lets nobody in");
    }

    /// HMAC-SM3 in PBKDF2, against OpenSSL's `kdf -kdfopt digest:SM3 -kdfopt pass:password -kdfopt salt:salt -kdfopt iter:2`.
    #[tokio::test]
    async fn sm3_hashes_stand_beside_argon2id_ones() {
        let argon2id = Passwords::cheap().unwrap();
        let sm3 = Passwords { scheme: Scheme::Sm3, ..argon2id.clone() };
        let hash = sm3.hash("Qilian-Shan-2025".to_owned()).await.unwrap();
        assert!(hash.starts_with("$pbkdf2-sm3$i=1000$"));
        let key = hex::decode("fee723a2bc966e11dffb66133f4e8df577383c78ade30e3298edbd3e54ed85b7").unwrap();
        assert!(pbkdf2_sm3("password", b"salt", 2).ends_with(&format!("${}", STANDARD_NO_PAD.encode(key))));
        for either in [&argon2id, &sm3] {
            assert!(either.verify("Qilian-Shan-2025".to_owned(), Some(hash.clone())).await.unwrap());
            assert!(!either.verify("Qilian-Shan-2026".to_owned(), Some(hash.clone())).await.unwrap());
        }
        assert!(argon2id.verify("x".to_owned(), Some("$pbkdf2-sm3$i=1000$x".to_owned())).await.is_err());
    }

    #[tokio::test]
    async fn a_hash_is_argon2id_and_knows_its_password() {
        let passwords = Passwords::cheap().unwrap();
        let hash = passwords.hash("Qilian-Shan-2025".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(passwords.verify("Qilian-Shan-2025".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("Qilian-Shan-2026".to_owned(), Some(hash)).await.unwrap());
        assert!(!passwords.verify("衡评".to_owned(), None).await.unwrap());
    }
}
