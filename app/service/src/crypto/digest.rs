//! 摘要算法: digests that name their algorithm, so that it can be changed while old ones are still checked.

use sha2::Digest;

domain::coded! {
    /// 摘要算法
    Algorithm {
        Sha256 = "sha256", "SHA-256";
        /// GB/T 32905-2016
        Sm3 = "sm3", "SM3";
    }
}

impl Algorithm {
    /// The algorithm's key and the digest in hexadecimal.
    pub fn digest(self, content: &[u8]) -> String {
        let digest = match self {
            Self::Sha256 => hex::encode(sha2::Sha256::digest(content)),
            Self::Sm3 => hex::encode(sm3::Sm3::digest(content)),
        };
        format!("{}:{digest}", self.key())
    }

    /// The algorithm that made a hash.
    pub fn of(hash: &str) -> Option<Self> {
        Self::from_key(hash.split_once(':')?.0)
    }
}
