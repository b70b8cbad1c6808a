//! The form of 每日摘要.

use crate::Result;
use domain::Timestamp;

/// Begins what is digested, so that no other text has the same digest.
pub(super) const VERSION: &str = "hengping-audit/1";

/// A digest that was kept elsewhere: the chain as it was at the end of a day.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct DayDigest {
    pub version: String,
    /// Beijing day, 2026-01-31.
    pub day: String,
    /// Number and hash of the last row written on that day or before.
    pub seq: i64,
    pub hash: String,
    /// Absent in those of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<Timestamp>,
}

/// Why a text is no kept digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoDigest {
    #[error("不是每日摘要：{0}")]
    Unreadable(String),
    #[error("不是本程序的每日摘要")]
    Foreign,
}

impl DayDigest {
    /// # Errors
    /// The text is no digest of this program's audit.
    pub fn parse(text: &str) -> Result<Self> {
        let kept: Self = serde_json::from_str(text).map_err(|error| NoDigest::Unreadable(error.to_string()))?;
        if kept.version == VERSION { Ok(kept) } else { Err(NoDigest::Foreign.into()) }
    }
}
