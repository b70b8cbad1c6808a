//! Passwords: argon2id behind a PHC string, computed off the async threads.

use crate::error::invalid;
use crate::{Error, Result};
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};

/// How passwords are hashed.
#[derive(Debug, Clone)]
pub struct Passwords {
    params: Params,
    /// Checked where there is no account, so that the answer takes as long.
    decoy: String,
}

impl Passwords {
    /// The cost for real use: 19 MiB, 2 passes (OWASP's minimum for argon2id).
    ///
    /// # Errors
    /// The system's random source fails.
    pub fn standard() -> Result<Self> {
        Self::new(Params::default())
    }

    /// The least cost the algorithm allows, for databases that are made and thrown away.
    ///
    /// # Errors
    /// The system's random source fails.
    pub fn cheap() -> Result<Self> {
        Self::new(Params::new(8, 1, 1, None).map_err(internal)?)
    }

    fn new(params: Params) -> Result<Self> {
        let decoy = hash_with(&params, "衡评")?;
        Ok(Self { params, decoy })
    }

    /// # Errors
    /// The system's random source or the worker fails.
    pub async fn hash(&self, password: String) -> Result<String> {
        let params = self.params.clone();
        tokio::task::spawn_blocking(move || hash_with(&params, &password)).await.map_err(internal)?
    }

    /// Whether the password belongs to the hash. Takes as long where there is no hash.
    ///
    /// # Errors
    /// A stored hash that cannot be read.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.clone());
        let right = tokio::task::spawn_blocking(move || {
            let parsed = PasswordHash::new(&hash).map_err(internal)?;
            Ok::<_, Error>(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
        });
        Ok(right.await.map_err(internal)?? && known)
    }
}

fn hash_with(params: &Params, password: &str) -> Result<String> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    Ok(argon2.hash_password(password.as_bytes()).map_err(internal)?.to_string())
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(error.to_string())
}

const SHORTEST: usize = 10;
const LONGEST: usize = 128;
const CLASSES: usize = 3;

/// At least 10 characters from three of four classes, and not the login.
pub fn check(password: &str, login: &str) -> Result<()> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(invalid(format!("密码至少{SHORTEST}位")));
    }
    if length > LONGEST {
        return Err(invalid(format!("密码最多{LONGEST}位")));
    }
    let classes = [
        password.chars().any(char::is_lowercase),
        password.chars().any(char::is_uppercase),
        password.chars().any(|c| c.is_ascii_digit()),
        password.chars().any(|c| !c.is_alphanumeric() || (c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase())),
    ];
    if classes.into_iter().filter(|c| *c).count() < CLASSES {
        return Err(invalid("密码应包含大写字母、小写字母、数字、符号中的三类"));
    }
    if !login.is_empty() && password.to_lowercase().contains(&login.to_lowercase()) {
        return Err(invalid("密码不能包含登录名"));
    }
    Ok(())
}

/// 32 bytes from the system's random source.
///
/// # Errors
/// The source fails.
pub fn random_key() -> Result<Vec<u8>> {
    let mut bytes = vec![0; 32];
    getrandom::fill(&mut bytes).map_err(internal)?;
    Ok(bytes)
}

/// A first password that can be read out and typed: 5 groups without look-alike characters.
pub fn first_password() -> Result<String> {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(internal)?;
    let letters: String = bytes.iter().map(|b| char::from(ALPHABET[usize::from(b % 32)])).collect();
    Ok(format!("{}-{}-{}-{}a9", &letters[..4], &letters[4..8], &letters[8..12], &letters[12..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused_with_the_reason() {
        assert!(check("Short-1", "li").is_err());
        assert!(check("alllowercase", "li").is_err());
        assert!(check("Wanglei-2025", "wanglei").is_err());
        assert!(check("Hengping-2025", "wanglei").is_ok());
        assert!(check("衡评Review2025", "wanglei").is_ok());
    }

    #[test]
    fn first_passwords_are_strong_and_differ() {
        let (a, b) = (first_password().unwrap(), first_password().unwrap());
        assert_ne!(a, b);
        assert!(check(&a, "e0001").is_ok(), "{a}");
    }

    #[tokio::test]
    async fn a_hash_is_argon2id_and_knows_its_password() {
        let passwords = Passwords::cheap().unwrap();
        let hash = passwords.hash("Hengping-2025".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(passwords.verify("Hengping-2025".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("Hengping-2026".to_owned(), Some(hash)).await.unwrap());
        assert!(!passwords.verify("衡评".to_owned(), None).await.unwrap());
    }
}
