//! 邀请: one-time links by which seated experts open their accounts. The secret itself is only in the link.

use crate::Timestamp;
use crate::ids::{ExpertId, RoundId};

/// 邀请
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub token_hash: String,
    pub expert: ExpertId,
    pub round: RoundId,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

/// Everybody with a seat has an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("本轮有席位的专家都已开通账号，没有需要邀请的")]
pub struct NobodyToInvite;
