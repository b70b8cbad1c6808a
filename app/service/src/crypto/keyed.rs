//! 带密钥的摘要: digests of secrets that have few possible values. Without the key nobody finds the content by trying.

use super::{Algorithm, CryptoError, Result};
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use sm3::Sm3;

const PREFIX: &str = "hmac-";

/// Makes and checks the digests that the audit keeps of a round's content. The key is outside the database.
#[derive(Clone)]
pub struct ImprintKey {
    key: [u8; 32],
    algorithm: Algorithm,
}

impl std::fmt::Debug for ImprintKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImprintKey").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

impl ImprintKey {
    /// Derived from the installation's key of keyed hashes, so that neither tells anything of the other.
    ///
    /// # Errors
    /// The key cannot be used.
    pub fn of(hash_key: &[u8], algorithm: Algorithm) -> Result<Self> {
        let mut mac = Hmac::<Sha256>::new_from_slice(hash_key).map_err(CryptoError::failed)?;
        mac.update(b"hengping-imprint/1");
        Ok(Self { key: mac.finalize().into_bytes().into(), algorithm })
    }

    /// The digest of `content` as content of `purpose`.
    ///
    /// # Errors
    /// The key cannot be used.
    pub fn digest(&self, purpose: &str, content: &[u8]) -> Result<String> {
        self.algorithm.keyed(&self.key, &bound(purpose, content))
    }

    /// Whether `digest` is that of `content` for `purpose`, by whichever algorithm it names.
    pub fn agrees(&self, digest: &str, purpose: &str, content: &[u8]) -> bool {
        agrees(&self.key, digest, &bound(purpose, content))
    }
}

fn bound(purpose: &str, content: &[u8]) -> Vec<u8> {
    [purpose.as_bytes(), &[0], content].concat()
}

/// 盐: the random key of one digest, with its algorithm. It is kept sealed, and made known when the content no longer has to be secret.
#[derive(Clone, Copy)]
pub struct Salt {
    key: [u8; 32],
    algorithm: Algorithm,
}

impl Salt {
    pub const fn new(key: [u8; 32], algorithm: Algorithm) -> Self {
        Self { key, algorithm }
    }

    /// Reads `<algorithm>:<hexadecimal>`.
    pub fn parse(text: &str) -> Option<Self> {
        let (algorithm, key) = text.split_once(':')?;
        Some(Self { key: hex::decode(key).ok()?.try_into().ok()?, algorithm: Algorithm::from_key(algorithm)? })
    }

    /// `<algorithm>:<hexadecimal>`.
    pub fn to_text(self) -> String {
        format!("{}:{}", self.algorithm.key(), hex::encode(self.key))
    }

    /// # Errors
    /// The salt cannot be used.
    pub fn digest(&self, content: &[u8]) -> Result<String> {
        self.algorithm.keyed(&self.key, content)
    }
}

impl Algorithm {
    /// HMAC (RFC 2104) as `hmac-<algorithm>:<hexadecimal>`.
    fn keyed(self, key: &[u8], content: &[u8]) -> Result<String> {
        let digest = match self {
            Self::Sha256 => hmac::<Hmac<Sha256>>(key, content)?,
            Self::Sm3 => hmac::<Hmac<Sm3>>(key, content)?,
        };
        Ok(format!("{PREFIX}{}:{digest}", self.key()))
    }
}

fn hmac<M: Mac + KeyInit>(key: &[u8], content: &[u8]) -> Result<String> {
    let mut mac = <M as KeyInit>::new_from_slice(key).map_err(CryptoError::failed)?;
    mac.update(content);
    Ok(hex::encode(mac.finalize().into_bytes()))
}

fn agrees(key: &[u8], digest: &str, content: &[u8]) -> bool {
    let algorithm = digest.strip_prefix(PREFIX).and_then(Algorithm::of);
    algorithm.is_some_and(|algorithm| algorithm.keyed(key, content).is_ok_and(|own| own == digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2, and OpenSSL's `dgst -sm3 -mac HMAC -macopt key:Jefe` of the same text.
    #[test]
    fn digests_are_hmac_of_the_named_algorithm() {
        let text = b"what do ya want for nothing?";
        assert_eq!(
            Algorithm::Sha256.keyed(b"Jefe", text).unwrap(),
            "hmac-sha256:5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            Algorithm::Sm3.keyed(b"Jefe", text).unwrap(),
            "hmac-sm3:2e87f1d16862e6d964b50a5200bf2b10b764faa9680a296a2405f24bec39f882"
        );
    }

    #[test]
    fn a_digest_stands_for_one_purpose_content_and_key() {
        let key = ImprintKey::of(b"one", Algorithm::Sha256).unwrap();
        let digest = key.digest("terms", b"{}").unwrap();
        assert!(key.agrees(&digest, "terms", b"{}"));
        assert!(!key.agrees(&digest, "seats", b"{}") && !key.agrees(&digest, "terms", b"[]"));
        assert!(!ImprintKey::of(b"two", Algorithm::Sha256).unwrap().agrees(&digest, "terms", b"{}"));
        assert!(!key.agrees("5bdcc146", "terms", b"{}") && !key.agrees("", "terms", b"{}"));
        let later = ImprintKey::of(b"one", Algorithm::Sm3).unwrap();
        assert!(later.agrees(&digest, "terms", b"{}"), "a digest by an earlier algorithm still counts");
        assert!(!format!("{key:?}").contains(&hex::encode(key.key)));
    }

    #[test]
    fn the_same_content_under_two_salts_has_two_digests() {
        let (one, two) = (Salt::new([1; 32], Algorithm::Sm3), Salt::new([2; 32], Algorithm::Sm3));
        let digest = one.digest(b"x").unwrap();
        assert_ne!(digest, two.digest(b"x").unwrap());
        assert_eq!(Salt::parse(&one.to_text()).unwrap().digest(b"x").unwrap(), digest);
        assert!(Salt::parse("sm3:00").is_none() && Salt::parse(&one.to_text().replace("sm3", "md5")).is_none());
    }
}
