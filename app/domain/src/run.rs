//! 计算记录: a computation as it was made. It is never changed; a newer one follows it.

use crate::Timestamp;
use crate::ids::{RoundId, RunId};

crate::coded! {
    /// 计算类别
    RunKind {
        Detection = "detection", "回避比对";
        Assignment = "assignment", "指派";
        Bridging = "bridging", "连接评审";
        Calibration = "calibration", "校准";
        Ranking = "ranking", "排序";
    }
}

/// 计算记录
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Run {
    pub id: RunId,
    pub round: RoundId,
    pub kind: RunKind,
    pub algorithm: String,
    /// Digest of the output.
    pub digest: String,
    /// JSON.
    pub output: String,
    pub at: Timestamp,
}

impl Run {
    /// A new record of `output` with its digest.
    pub fn of(id: RunId, round: RoundId, kind: RunKind, algorithm: &str, output: String, at: Timestamp) -> Self {
        let digest = crate::digest::sha256(output.as_bytes());
        Self { id, round, kind, algorithm: algorithm.to_owned(), digest, output, at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_run_carries_the_digest_of_its_output() {
        let of = |output: &str| {
            let (id, round) = (RunId(Uuid::nil()), RoundId(Uuid::nil()));
            Run::of(id, round, RunKind::Ranking, "rank/1", output.to_owned(), Timestamp::UNIX_EPOCH).digest
        };
        assert_eq!(of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_ne!(of("{}"), of("[]"));
    }
}
