//! 会签: the three departments sign the same content.

use crate::Timestamp;
use crate::access::Department;
use crate::ids::{AccountId, RoundId};
use crate::round::Gate;

/// 会签: one department's signature under one content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Countersign {
    pub id: uuid::Uuid,
    pub round: RoundId,
    pub gate: Gate,
    pub department: Department,
    pub account: AccountId,
    /// Digest of exactly what was signed.
    pub digest: String,
    pub at: Timestamp,
}
