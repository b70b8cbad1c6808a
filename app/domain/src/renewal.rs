//! 凭据重置: a new first password for an account, or the end of its second factor. Whoever holds either comes in as its owner, so that nobody
//! brings it about alone: one administrator asks, another agrees, and the first carries it out.

use crate::Timestamp;
use crate::access::person;
use crate::ids::{AccountId, RenewalId};
use crate::reason::Reason;

crate::coded! {
    /// 重置的凭据
    Credential {
        Password = "password", "密码";
        SecondFactor = "second_factor", "第二因素";
    }
}

crate::coded! {
    /// 凭据重置的状态
    RenewalState {
        Asked = "asked", "待复核";
        Agreed = "agreed", "已复核";
        Done = "done", "已重置";
        Declined = "declined", "已退回";
    }
}

/// Hours after which what was asked for has to be asked for again.
pub const LIFE_HOURS: i64 = 24;

/// 凭据重置
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewal {
    pub id: RenewalId,
    pub account: AccountId,
    pub credential: Credential,
    /// How the person was recognised who says that the account is theirs.
    pub recognised: Reason,
    pub asked_by: AccountId,
    pub asked_at: Timestamp,
    pub agreed_by: Option<AccountId>,
    pub state: RenewalState,
}

/// Why a credential is not reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RenewalError {
    #[error("这一重置已经办结")]
    Closed,
    #[error("提请已超过{LIFE_HOURS}小时，请重新提请")]
    Late,
    #[error("这一账号的{0}重置已经提请，尚未办结")]
    Asked(Credential),
    #[error("须由另一人复核：提请人不能复核自己的提请，也不能复核自己账号的重置")]
    SamePerson,
    #[error("尚未复核，不能重置")]
    NotAgreed,
    #[error("由提请的管理员办理")]
    Asker,
}

impl RenewalError {
    /// Whether something has to happen first, or has happened.
    pub const fn is_of_the_moment(self) -> bool {
        !matches!(self, Self::SamePerson | Self::Asker)
    }
}

impl Renewal {
    /// Whether something is still to be done about it.
    pub fn is_open(&self, now: Timestamp) -> bool {
        matches!(self.state, RenewalState::Asked | RenewalState::Agreed) && !self.is_late(now)
    }

    fn is_late(&self, now: Timestamp) -> bool {
        now - self.asked_at > chrono::Duration::hours(LIFE_HOURS)
    }

    fn require_in_time(&self, now: Timestamp) -> Result<(), RenewalError> {
        if self.is_late(now) { Err(RenewalError::Late) } else { Ok(()) }
    }

    /// A second person agrees, who is neither the one that asked nor the owner of the account.
    ///
    /// # Errors
    /// `Closed`, `Late`, `SamePerson`.
    pub fn agree<N: AsRef<str>>(
        &mut self,
        by: AccountId,
        now: Timestamp,
        name_of: impl Fn(AccountId) -> Option<N>,
    ) -> Result<(), RenewalError> {
        if self.state != RenewalState::Asked {
            return Err(RenewalError::Closed);
        }
        self.require_in_time(now)?;
        if [self.asked_by, self.account].into_iter().any(|own| person::is_same(own, by, &name_of)) {
            return Err(RenewalError::SamePerson);
        }
        (self.agreed_by, self.state) = (Some(by), RenewalState::Agreed);
        Ok(())
    }

    /// The one who asked does it.
    ///
    /// # Errors
    /// `Closed`, `Late`, `NotAgreed`, `Asker`.
    pub fn carry_out(&mut self, by: AccountId, now: Timestamp) -> Result<(), RenewalError> {
        match self.state {
            RenewalState::Asked => return Err(RenewalError::NotAgreed),
            RenewalState::Done | RenewalState::Declined => return Err(RenewalError::Closed),
            RenewalState::Agreed => {}
        }
        self.require_in_time(now)?;
        if by != self.asked_by {
            return Err(RenewalError::Asker);
        }
        self.state = RenewalState::Done;
        Ok(())
    }

    /// Sent back, or taken back.
    ///
    /// # Errors
    /// `Closed`.
    pub fn decline(&mut self) -> Result<(), RenewalError> {
        if matches!(self.state, RenewalState::Done | RenewalState::Declined) {
            return Err(RenewalError::Closed);
        }
        self.state = RenewalState::Declined;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const OWNER: AccountId = AccountId(Uuid::from_u128(1));
    const ASKER: AccountId = AccountId(Uuid::from_u128(2));
    const OTHER: AccountId = AccountId(Uuid::from_u128(3));
    /// The same person as the one who asks, under another account.
    const DOUBLE: AccountId = AccountId(Uuid::from_u128(4));

    fn name(account: AccountId) -> Option<&'static str> {
        match account {
            ASKER => Some("赵一"),
            DOUBLE => Some("赵　一"),
            OTHER => Some("钱二"),
            _ => None,
        }
    }

    fn asked() -> Renewal {
        Renewal {
            id: RenewalId(Uuid::nil()),
            account: OWNER,
            credential: Credential::Password,
            recognised: Reason::new("本人持身份证到场").unwrap(),
            asked_by: ASKER,
            asked_at: Timestamp::UNIX_EPOCH,
            agreed_by: None,
            state: RenewalState::Asked,
        }
    }

    #[test]
    fn it_takes_two_people_neither_of_whom_is_the_owner() {
        let now = Timestamp::UNIX_EPOCH;
        let mut renewal = asked();
        assert_eq!(renewal.carry_out(ASKER, now), Err(RenewalError::NotAgreed));
        for one in [ASKER, DOUBLE, OWNER] {
            assert_eq!(renewal.agree(one, now, name), Err(RenewalError::SamePerson));
        }
        renewal.agree(OTHER, now, name).unwrap();
        assert_eq!(renewal.agree(OTHER, now, name), Err(RenewalError::Closed));
        assert_eq!(renewal.carry_out(OTHER, now), Err(RenewalError::Asker), "who agreed never sees the secret");
        renewal.carry_out(ASKER, now).unwrap();
        assert_eq!(renewal.carry_out(ASKER, now), Err(RenewalError::Closed), "once");
        assert_eq!(renewal.decline(), Err(RenewalError::Closed));
    }

    #[test]
    fn it_ends_after_a_day_and_when_it_is_sent_back() {
        let later = Timestamp::UNIX_EPOCH + chrono::Duration::hours(LIFE_HOURS) + chrono::Duration::seconds(1);
        let mut renewal = asked();
        assert_eq!(renewal.agree(OTHER, later, name), Err(RenewalError::Late));
        renewal.agree(OTHER, Timestamp::UNIX_EPOCH, name).unwrap();
        assert_eq!(renewal.carry_out(ASKER, later), Err(RenewalError::Late));
        assert!(renewal.is_open(Timestamp::UNIX_EPOCH) && !renewal.is_open(later));
        renewal.decline().unwrap();
        assert_eq!(renewal.agree(OTHER, Timestamp::UNIX_EPOCH, name), Err(RenewalError::Closed));
        assert!(!renewal.is_open(Timestamp::UNIX_EPOCH));
    }
}
