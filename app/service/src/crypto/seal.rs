//! 加密保存: what the database keeps but must not show to whoever holds only the database.
//!
//! AES-256-GCM (NIST SP 800-38D), or SM4-GCM (GB/T 32907) where 国密 algorithms are asked for. A sealed text names its cipher and
//! key, so that keys and ciphers can be changed while old texts are still read, and is bound to its purpose: what was sealed
//! for one row cannot be moved to another.

use super::{CryptoError, Result, random};
use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead, KeyInit, Nonce, Payload};
use aes_gcm::{Aes256Gcm, AesGcm};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sha2::Digest;
use sm4::Sm4;
use std::collections::BTreeMap;

type Sm4Gcm = AesGcm<Sm4, U12>;

domain::coded! {
    /// 加密算法
    Cipher {
        Aes256Gcm = "aes256gcm", "AES-256-GCM";
        Sm4Gcm = "sm4gcm", "SM4-GCM";
    }
}

const VERSION: &str = "v1";
const NONCE: usize = 12;

/// 32 secret bytes. Never printed.
#[derive(Clone)]
struct Key([u8; 32]);

/// The keys by number; the highest seals, all open.
#[derive(Clone)]
pub struct Keyring {
    cipher: Cipher,
    keys: BTreeMap<u32, Key>,
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keyring").field("cipher", &self.cipher).field("keys", &self.keys.keys()).finish_non_exhaustive()
    }
}

/// Why a text is no key file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileError {
    #[error("密钥文件每行应为：编号 64位十六进制数")]
    Line,
    #[error("密钥编号 {0} 重复")]
    Twice(u32),
    #[error("密钥文件中没有密钥")]
    Empty,
}

impl Keyring {
    /// Reads lines of a number and 64 hexadecimal digits.
    ///
    /// # Errors
    /// A line of another form, a number twice, or no line at all.
    pub fn parse(text: &str, cipher: Cipher) -> Result<Self> {
        let mut keys = BTreeMap::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let key = line.split_once(' ').and_then(|(number, digits)| {
                let bytes: [u8; 32] = hex::decode(digits.trim()).ok()?.try_into().ok()?;
                Some((number.parse().ok()?, Key(bytes)))
            });
            let (number, key) = key.ok_or(KeyFileError::Line)?;
            if keys.insert(number, key).is_some() {
                return Err(KeyFileError::Twice(number).into());
            }
        }
        if keys.is_empty() { Err(KeyFileError::Empty.into()) } else { Ok(Self { cipher, keys }) }
    }

    /// Keys that anybody knows: for databases that are made and thrown away.
    pub fn throw_away() -> Self {
        Self { cipher: Cipher::Aes256Gcm, keys: BTreeMap::from([(1, Key([7; 32]))]) }
    }

    /// A line for a key file: the number after the last, and a new key.
    ///
    /// # Errors
    /// The system's random source fails.
    pub fn next_line(existing: Option<&Self>) -> Result<String> {
        let number = existing.and_then(|ring| ring.keys.keys().next_back().copied()).unwrap_or(0) + 1;
        Ok(format!("{number} {}\n", hex::encode(random::<32>()?)))
    }

    /// Seals something for a purpose, with the newest key.
    ///
    /// # Errors
    /// The system's random source fails.
    pub fn seal(&self, purpose: &str, content: &[u8]) -> Result<String> {
        let nonce: [u8; NONCE] = random()?;
        let (number, key) = self.keys.last_key_value().ok_or_else(|| CryptoError::Failed("no key".to_owned()))?;
        let head = format!("{VERSION}.{}.{number}", self.cipher.key());
        let sealed = encrypt(self.cipher, key, &nonce, content, &bound(&head, purpose))?;
        Ok(format!("{head}.{}", STANDARD_NO_PAD.encode([&nonce[..], &sealed].concat())))
    }

    /// Opens what was sealed for the purpose.
    ///
    /// # Errors
    /// `Failed` for a text of another form, a key that is not there, another purpose, or a text that was changed.
    pub fn open(&self, purpose: &str, sealed: &str) -> Result<Vec<u8>> {
        let unreadable = || CryptoError::Failed("a sealed text cannot be opened".to_owned());
        let (head, body) = sealed.rsplit_once('.').ok_or_else(unreadable)?;
        let parts: Vec<&str> = head.split('.').collect();
        let [VERSION, cipher, number] = parts[..] else { return Err(unreadable()) };
        let cipher = Cipher::from_key(cipher).ok_or_else(unreadable)?;
        let key = number.parse().ok().and_then(|number: u32| self.keys.get(&number)).ok_or_else(unreadable)?;
        let body = STANDARD_NO_PAD.decode(body).map_err(|_| unreadable())?;
        let (nonce, body) = body.split_at_checked(NONCE).ok_or_else(unreadable)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| unreadable())?;
        decrypt(cipher, key, &nonce, body, &bound(head, purpose)).map_err(|_| unreadable())
    }

    /// Whether a sealed text has the newest key and the chosen cipher.
    pub fn is_current(&self, sealed: &str) -> bool {
        let newest = self.keys.keys().next_back().copied().unwrap_or(0);
        sealed.starts_with(&format!("{VERSION}.{}.{newest}.", self.cipher.key()))
    }
}

/// The bytes that are authenticated with a text but are no part of it.
fn bound(head: &str, purpose: &str) -> Vec<u8> {
    [head.as_bytes(), &[0], purpose.as_bytes()].concat()
}

/// SM4 takes 128 bits.
fn short(key: &Key) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&sm3::Sm3::digest([&key.0[..], b"sm4"].concat())[..16]);
    short
}

fn encrypt(cipher: Cipher, key: &Key, nonce: &[u8; NONCE], msg: &[u8], aad: &[u8]) -> Result<Vec<u8>> {
    let payload = Payload { msg, aad };
    match cipher {
        Cipher::Aes256Gcm => Aes256Gcm::new(&key.0.into()).encrypt(&Nonce::<Aes256Gcm>::from(*nonce), payload),
        Cipher::Sm4Gcm => Sm4Gcm::new(&short(key).into()).encrypt(&Nonce::<Sm4Gcm>::from(*nonce), payload),
    }
    .map_err(CryptoError::failed)
}

fn decrypt(cipher: Cipher, key: &Key, nonce: &[u8; NONCE], msg: &[u8], aad: &[u8]) -> Result<Vec<u8>> {
    let payload = Payload { msg, aad };
    match cipher {
        Cipher::Aes256Gcm => Aes256Gcm::new(&key.0.into()).decrypt(&Nonce::<Aes256Gcm>::from(*nonce), payload),
        Cipher::Sm4Gcm => Sm4Gcm::new(&short(key).into()).decrypt(&Nonce::<Sm4Gcm>::from(*nonce), payload),
    }
    .map_err(CryptoError::failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(text: &str, cipher: Cipher) -> Keyring {
        Keyring::parse(text, cipher).unwrap()
    }

    fn line(number: u32) -> String {
        format!("{number} {}\n", hex::encode([u8::try_from(number).unwrap(); 32]))
    }

    #[test]
    fn what_is_sealed_opens_for_its_purpose_only() {
        for cipher in Cipher::ALL {
            let ring = ring(&line(1), *cipher);
            let sealed = ring.seal("account.totp:1", "620102199001010011".as_bytes()).unwrap();
            assert!(sealed.starts_with(&format!("v1.{}.1.", cipher.key())) && !sealed.contains("620102"));
            assert_eq!(ring.open("account.totp:1", &sealed).unwrap(), b"620102199001010011");
            assert!(ring.open("account.totp:2", &sealed).is_err(), "moved to another row");
            assert_ne!(
                ring.seal("account.totp:1", "620102199001010011".as_bytes()).unwrap(),
                sealed,
                "every nonce is new"
            );
        }
    }

    #[test]
    fn any_changed_character_is_found() {
        let ring = ring(&line(1), Cipher::Aes256Gcm);
        let sealed = ring.seal("x", "13800001234".as_bytes()).unwrap();
        for place in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            assert!(ring.open("x", &String::from_utf8(changed).unwrap()).is_err(), "{place}");
        }
        assert!(ring.open("x", "").is_err() && ring.open("x", "v1.aes256gcm.1.").is_err());
    }

    #[test]
    fn keys_and_ciphers_change_while_old_texts_are_still_read() {
        let old = ring(&line(1), Cipher::Aes256Gcm);
        let sealed = old.seal("x", "旧".as_bytes()).unwrap();
        let new = ring(&(line(1) + &line(2)), Cipher::Sm4Gcm);
        assert_eq!(new.open("x", &sealed).unwrap(), "旧".as_bytes());
        assert!(old.is_current(&sealed) && !new.is_current(&sealed));
        let again = new.seal("x", "旧".as_bytes()).unwrap();
        assert!(new.is_current(&again) && old.open("x", &again).is_err());
    }

    #[test]
    fn a_key_file_is_read_strictly_and_grows_by_a_line() {
        for wrong in ["", "1", "1 abcd", "x 00", &format!("{}{}", line(1), line(1))] {
            assert!(Keyring::parse(wrong, Cipher::Aes256Gcm).is_err(), "{wrong}");
        }
        let first = Keyring::next_line(None).unwrap();
        let ring = ring(&first, Cipher::Aes256Gcm);
        assert!(first.starts_with("1 ") && Keyring::next_line(Some(&ring)).unwrap().starts_with("2 "));
        assert!(!format!("{ring:?}").contains(&first[2..20]), "keys are never printed");
    }
}
