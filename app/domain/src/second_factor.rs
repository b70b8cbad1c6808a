//! 第二因素: the device that gives one-time codes, and the codes for when it is lost.

use crate::ids::AccountId;

crate::coded! {
    /// Whether a device has still to be confirmed.
    Pending {
        Yes = "yes", "待确认";
        No = "no", "已确认";
    }
}

/// The device of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    pub account: AccountId,
    /// Only the program can open it.
    pub sealed: String,
    /// The last step whose code was used.
    pub last_step: i64,
    pub pending: Pending,
}

/// A recovery code by its keyed hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryCode {
    pub id: uuid::Uuid,
    pub hash: String,
}
