//! Passwords: behind a PHC string that names the scheme, computed off the async threads. argon2id is the usual one; where 国密
//! algorithms are asked for, PBKDF2 with HMAC-SM3 (GB/T 32905, RFC 8018) takes its place for new passwords, and old ones go on.

use crate::error::invalid;
use crate::{Error, Result};
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sha2::Digest;
use zxcvbn::Score;

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
    /// Checked where there is no account, so that the answer takes as long.
    decoy: String,
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
        Self::new(Scheme::Argon2id, Params::new(8, 1, 1, None).map_err(internal)?, 1_000)
    }

    fn new(scheme: Scheme, params: Params, rounds: u32) -> Result<Self> {
        let made = Self { scheme, params, rounds, decoy: String::new() };
        Ok(Self { decoy: made.hash_now("衡评")?, ..made })
    }

    fn hash_now(&self, password: &str) -> Result<String> {
        match self.scheme {
            Scheme::Argon2id => argon2id(&self.params, password),
            Scheme::Sm3 => {
                let mut salt = [0; SALT];
                getrandom::fill(&mut salt).map_err(internal)?;
                Ok(pbkdf2_sm3(password, &salt, self.rounds))
            }
        }
    }

    /// # Errors
    /// The system's random source or the worker fails.
    pub async fn hash(&self, password: String) -> Result<String> {
        let own = self.clone();
        crate::heavy::hash(move || own.hash_now(&password)).await?
    }

    /// Whether the password belongs to the hash. Takes as long where there is no hash.
    ///
    /// # Errors
    /// A stored hash that cannot be read.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.clone());
        let right = crate::heavy::hash(move || is_right(&password, &hash));
        Ok(right.await?? && known)
    }
}

/// OWASP's number of rounds for PBKDF2 with a 256-bit hash.
const ROUNDS: u32 = 600_000;
const SALT: usize = 16;
const SM3: &str = "$pbkdf2-sm3$";

fn is_right(password: &str, hash: &str) -> Result<bool> {
    let Some(rest) = hash.strip_prefix(SM3) else {
        let parsed = PasswordHash::new(hash).map_err(internal)?;
        return Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
    };
    let unreadable = || Error::Internal("unreadable password hash".to_owned());
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
    Ok(argon2.hash_password(password.as_bytes()).map_err(internal)?.to_string())
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(error.to_string())
}

const SHORTEST: usize = 10;
const LONGEST: usize = 128;
/// At least a million guesses: against a lock of five each half hour that takes more than ten years.
const STRENGTH: Score = Score::Two;
const CLASSES: usize = 3;
/// Words of the trade, the province and this program, and what people type when asked for letters and digits.
const KNOWN: [&str; 20] = [
    "hengping", "jiebang", "guashuai", "pingshen", "zhuanjia", "expert", "admin", "gansu", "lanzhou", "password",
    "passw0rd", "qwerty", "asdf", "1qaz", "2wsx", "1234", "abcd", "1314", "woaini", "aaaa",
];

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
    let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    if !login.is_empty() && bare(password).contains(&bare(login)) {
        return Err(invalid("密码不能包含登录名"));
    }
    if let Some(word) = KNOWN.iter().find(|word| bare(password).contains(*word)) {
        return Err(invalid(format!("密码不能包含“{word}”：常见词、键盘顺序和本系统、本省的名称最先被猜")));
    }
    // What the classes do not tell: common words, keyboard rows, years, and their usual disguises.
    if zxcvbn::zxcvbn(password, &[login]).score() < STRENGTH {
        return Err(invalid("密码容易被猜到，请避开常见单词、键盘顺序和年份，或再加长"));
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
        for common in [
            "Password123!",
            "Qwerty12345!",
            "P@ssw0rd2026",
            "Iloveyou123!",
            "Admin@2026x",
            "Gansu@2025",
            "1qaz@WSX3edc",
            "Zj-0007-2025",
        ] {
            assert!(check(common, "zj0007").is_err(), "{common}");
        }
        assert!(check("Qilian-Shan-2025", "wanglei").is_ok());
        assert!(check("衡评Review2025", "wanglei").is_ok());
    }

    #[tokio::test]
    async fn where_there_is_no_account_the_same_work_is_done_in_vain() {
        for scheme in Scheme::ALL {
            let passwords = Passwords { scheme: *scheme, ..Passwords::cheap().unwrap() };
            let passwords = Passwords { decoy: passwords.hash_now("衡评").unwrap(), ..passwords };
            // Scheme and costs of a PHC string stand before salt and hash.
            let cost = |hash: &str| hash.rsplitn(3, '$').nth(2).map(str::to_owned);
            let real = passwords.hash("Qilian-Shan-2025".to_owned()).await.unwrap();
            assert_eq!(cost(&passwords.decoy), cost(&real), "{scheme}");
            assert!(cost(&real).is_some_and(|cost| cost.contains('=')), "{real}");
            assert!(
                !passwords.verify("衡评".to_owned(), None).await.unwrap(),
                "not even with the decoy's own password"
            );
        }
    }

    #[test]
    fn first_passwords_are_strong_and_differ() {
        let (a, b) = (first_password().unwrap(), first_password().unwrap());
        assert_ne!(a, b);
        assert!(check(&a, "e0001").is_ok(), "{a}");
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
