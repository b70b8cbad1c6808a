//! 审计记录 as it is kept: who did what, to what, when, and its place in the chain.

use crate::Timestamp;
use crate::access::Role;
use crate::ids::{AccountId, RoundId};
use uuid::Uuid;

/// 审计记录
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    pub id: Uuid,
    pub at: Timestamp,
    pub account: Option<AccountId>,
    pub actor: String,
    pub role: Option<Role>,
    pub action: String,
    pub object: String,
    pub object_id: Option<Uuid>,
    pub round: Option<RoundId>,
    /// JSON.
    pub detail: String,
    /// Where the request came from.
    pub address: String,
    pub result: AuditResult,
    /// Digests of what was changed, before and after.
    pub before: Option<String>,
    pub after: Option<String>,
    /// 冻结摘要 of the round from here on, as stored: JSON of [`crate::imprint::Imprints`].
    pub imprints: Option<String>,
    pub link: Link,
}

crate::coded! {
    /// 结果
    AuditResult {
        Done = "done", "成功";
        Refused = "refused", "被拒绝";
    }
}

/// A row's place in the chain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    /// From 1, without gaps.
    pub seq: i64,
    /// The hash of the row before; empty for the first.
    pub previous: String,
    /// Algorithm and digest.
    pub hash: String,
}
