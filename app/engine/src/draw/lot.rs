//! From three secrets to one lot per expert.

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// 32 bytes that a party chose, hexadecimal in files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nonce(pub [u8; 32]);

/// SHA-256 of a nonce's bytes (承诺).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commitment(pub [u8; 32]);

/// HMAC-SHA-256 of the expert's id under the seed (签号). Smaller comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lot(pub [u8; 32]);

macro_rules! hexadecimal {
    ($($name:ident),*) => {$(
        impl $name {
            /// 64 hexadecimal digits; `None` for anything else.
            pub fn from_hex(text: &str) -> Option<Self> {
                let mut bytes = [0; 32];
                hex::decode_to_slice(text.trim(), &mut bytes).ok()?;
                Some(Self(bytes))
            }

            pub fn to_hex(self) -> String {
                hex::encode(self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.to_hex())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::from_hex(&text).ok_or_else(|| serde::de::Error::custom("not 64 hexadecimal digits"))
            }
        }
    )*};
}

hexadecimal!(Nonce, Commitment, Lot);

impl Nonce {
    pub fn commitment(self) -> Commitment {
        Commitment(Sha256::digest(self.0).into())
    }
}

/// One of those whose secrets make the seed: bound by the commitment before any nonce was known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    pub name: String,
    pub commitment: Commitment,
    pub nonce: Nonce,
}

/// `SHA-256("hengping-draw/1" ‖ nonces ‖ round ‖ pool digest)`: nonces and digest as their bytes, the round's id as UTF-8.
pub fn seed(parties: &[Party], round: &str, pool_digest: [u8; 32]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"hengping-draw/1");
    for party in parties {
        hash.update(party.nonce.0);
    }
    hash.update(round.as_bytes());
    hash.update(pool_digest);
    hash.finalize().into()
}

/// The lot of each expert; it depends on nobody else in the pool.
pub fn lots<'a>(seed: [u8; 32], experts: impl IntoIterator<Item = &'a str>) -> Vec<Lot> {
    // HMAC pads a key shorter than the block of 64 bytes with zeros. The keyed state is made once and copied.
    let mut key = [0; 64];
    key[..seed.len()].copy_from_slice(&seed);
    let keyed = Hmac::<Sha256>::new(&key.into());
    let lot = |expert: &str| {
        let mut mac = keyed.clone();
        mac.update(expert.as_bytes());
        Lot(mac.finalize().into_bytes().into())
    };
    experts.into_iter().map(lot).collect()
}
