//! 第二因素: the device that gives one-time codes, and the codes for when it is lost.

use crate::Timestamp;
use crate::access::Role;
use crate::ids::{AccountId, KeyId};

crate::coded! {
    /// Whether a device has still to be confirmed.
    Pending {
        Yes = "yes", "待确认";
        No = "no", "已确认";
    }
}

crate::coded! {
    /// Who has to have a second factor
    Demanded {
        Staff = "staff", "组织、监督与管理角色";
        Everyone = "everyone", "所有角色";
    }
}

impl Demanded {
    /// Whether signing in takes a second factor. An account without a role sees nothing, and needs none.
    pub const fn of(self, role: Role) -> bool {
        match self {
            Self::Staff => role.needs_second_factor(),
            Self::Everyone => !matches!(role, Role::Unassigned),
        }
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

/// 安全密钥: a device that signs with a key that never leaves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityKey {
    pub id: KeyId,
    pub account: AccountId,
    /// What its owner calls it.
    pub name: String,
    /// Its public key, with what is needed to recognise it: JSON. Nothing in it is secret.
    pub credential: String,
    pub registered_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

/// Characters of a key's name.
pub const LONGEST_KEY_NAME: usize = 40;
/// Keys that an account may have.
pub const MOST_KEYS: usize = 8;

/// A recovery code by its keyed hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryCode {
    pub id: uuid::Uuid,
    pub hash: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use Role::{Auditor, Coordinator, Expert, Organizer, Recommender, SecurityAdmin, Supervisor, SystemAdmin};

    #[test]
    fn whoever_organizes_supervises_or_administers_needs_one_and_the_others_where_it_is_set() {
        let needing =
            |demanded: Demanded| Role::ALL.iter().filter(|role| demanded.of(**role)).copied().collect::<Vec<_>>();
        let staff = [Coordinator, Organizer, Supervisor, SystemAdmin, SecurityAdmin, Auditor];
        assert_eq!(needing(Demanded::Staff), staff);
        let everyone = needing(Demanded::Everyone);
        assert_eq!(everyone.len(), staff.len() + 2);
        assert!([Expert, Recommender].iter().all(|role| everyone.contains(role)));
    }
}
