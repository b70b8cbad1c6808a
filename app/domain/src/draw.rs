//! 抽取 as a rule of procedure: three departments bind themselves, then reveal, then lots fall.

use crate::Timestamp;
use crate::access::{Department, person};
use crate::consent::Act;
use crate::ids::{AccountId, DrawId, RoundId};
use crate::reason::Reason;
use crate::rubric::ExpertRole;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

crate::coded! {
    /// 抽取状态
    DrawState {
        Open = "open", "承诺与公布";
        Drawn = "drawn", "已抽取";
        Void = "void", "已作废";
    }
}

/// One department's secret: bound first, made known later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pledge {
    /// SHA-256 of the nonce, hexadecimal.
    pub commitment: String,
    /// 32 bytes, hexadecimal, once revealed.
    pub nonce: Option<String>,
    /// The accounts that bound the department and revealed for it; draws of earlier versions do not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<AccountId>,
}

/// The departments' commitments so far.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pledges(BTreeMap<Department, Pledge>);

/// Where a lot led.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The panel in which its expert was seated.
    Seated {
        panel: String,
        role: &'static str,
    },
    PassedOver {
        reason: String,
    },
}

/// 抽取
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Draw {
    pub id: DrawId,
    pub round: RoundId,
    pub state: DrawState,
    /// JSON: how many seats of which role each panel asks for.
    pub demand: String,
    /// JSON: the pool as it was closed.
    pub pool: String,
    /// SHA-256 of the pool, hexadecimal.
    pub pool_digest: String,
    pub pledges: Pledges,
    /// JSON, exactly as it is handed out; after the draw.
    pub record: Option<String>,
    pub opened_at: Timestamp,
    pub drawn_at: Option<Timestamp>,
    pub void_reason: String,
}

impl Draw {
    /// The act by which it would be set aside now.
    pub fn voiding(&self) -> Act {
        if self.pledges.is_revealing() { Act::VoidRevealed } else { Act::VoidUnrevealed }
    }

    /// Sets the draw aside; it stays on record with its reason.
    #[must_use]
    pub fn void(self, reason: Reason) -> Self {
        Self { state: DrawState::Void, void_reason: reason.into(), ..self }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DrawError {
    #[error("本次抽取已经结束")]
    Closed,
    #[error("抽取记录写明每一位专家，签到之前只交给负责通知的组织者；签到之后可以下载、核验")]
    Sealed,
    #[error("本轮次已有抽取；作废之后才能重新开始")]
    Standing,
    #[error("本轮次已开启抽取；作废抽取之后才能定向指派")]
    Opened,
    #[error("没有可以直接接替的专家；调整其他席位会使已有的评分作废，评分中不能进行")]
    NoSuccessor,
    #[error("{0}已经承诺，承诺不能更改")]
    AlreadyCommitted(Department),
    #[error("还有部门没有承诺：{}；三个部门都承诺之后才能公布随机数", names(.0))]
    Uncommitted(Vec<Department>),
    #[error("{0}已经公布")]
    AlreadyRevealed(Department),
    #[error("与{0}的承诺相同；各部门须各自生成随机数")]
    SameCommitment(Department),
    #[error("您已代表{0}承诺或公布，同一人不得代表两个部门")]
    SamePerson(Department),
    #[error(
        "候选池中没有可以接替的专家（{panel}，{}），席位没有改动；可放宽同一单位上限或补充专家库后重新抽取",
        role.map_or("不限类别", |role| role.label())
    )]
    Unfillable { panel: String, role: Option<ExpertRole> },
}

/// Why a text is no pledge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PledgeError {
    #[error("承诺应为随机数的 SHA-256，64位十六进制数")]
    Commitment,
    #[error("随机数应为64位十六进制数")]
    Nonce,
    #[error("与本部门的承诺不符，没有公布；请核对承诺时保存的随机数")]
    OtherNonce,
}

fn names(departments: &[Department]) -> String {
    departments.iter().map(|d| d.label()).collect::<Vec<_>>().join("、")
}

impl Pledges {
    pub fn get(&self, department: Department) -> Option<&Pledge> {
        self.0.get(&department)
    }

    pub fn insert(&mut self, department: Department, pledge: Pledge) {
        self.0.insert(department, pledge);
    }

    /// Nobody acts for two departments.
    fn require_another_person<N: AsRef<str>>(
        &self,
        department: Department,
        by: AccountId,
        name_of: impl Fn(AccountId) -> Option<N>,
    ) -> Result<(), DrawError> {
        let same = |pledge: &Pledge| pledge.by.iter().any(|other| person::is_same(*other, by, &name_of));
        let other = self.0.iter().find(|(other, pledge)| **other != department && same(pledge));
        other.map_or(Ok(()), |(other, _)| Err(DrawError::SamePerson(*other)))
    }

    /// `name_of` gives the name behind an account: two accounts of one name are one person.
    ///
    /// # Errors
    /// `AlreadyCommitted`: nobody may choose again after seeing what others do; `SameCommitment` as another department, which could then
    /// follow what that one reveals; `SamePerson` as acted for another department.
    pub fn commit<N: AsRef<str>>(
        &mut self,
        department: Department,
        commitment: String,
        by: AccountId,
        name_of: impl Fn(AccountId) -> Option<N>,
    ) -> Result<(), DrawError> {
        if self.0.contains_key(&department) {
            return Err(DrawError::AlreadyCommitted(department));
        }
        if let Some((other, _)) = self.0.iter().find(|(_, pledge)| pledge.commitment == commitment) {
            return Err(DrawError::SameCommitment(*other));
        }
        self.require_another_person(department, by, name_of)?;
        self.insert(department, Pledge { commitment, nonce: None, by: vec![by] });
        Ok(())
    }

    /// # Errors
    /// `Uncommitted` while any department could still choose its nonce after seeing this one; `AlreadyRevealed`; `SamePerson` as acted for
    /// another department.
    pub fn reveal<N: AsRef<str>>(
        &mut self,
        department: Department,
        nonce: String,
        by: AccountId,
        name_of: impl Fn(AccountId) -> Option<N>,
    ) -> Result<(), DrawError> {
        let missing: Vec<_> = Department::ALL.iter().copied().filter(|d| !self.0.contains_key(d)).collect();
        if !missing.is_empty() {
            return Err(DrawError::Uncommitted(missing));
        }
        self.require_another_person(department, by, name_of)?;
        match self.0.get_mut(&department) {
            Some(pledge) if pledge.nonce.is_none() => {
                pledge.nonce = Some(nonce);
                pledge.by.push(by);
                Ok(())
            }
            _ => Err(DrawError::AlreadyRevealed(department)),
        }
    }

    pub fn is_committed(&self) -> bool {
        Department::ALL.iter().all(|d| self.0.contains_key(d))
    }

    /// Whether any nonce is known.
    pub fn is_revealing(&self) -> bool {
        self.0.values().any(|pledge| pledge.nonce.is_some())
    }

    /// All nonces are known, and the seed with them.
    pub fn is_complete(&self) -> bool {
        self.is_committed() && self.0.values().all(|pledge| pledge.nonce.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    /// The coordinator of the department at this place.
    fn coordinator(place: u128) -> AccountId {
        AccountId(Uuid::from_u128(place))
    }

    fn name(account: AccountId) -> Option<&'static str> {
        ["张三", "李四", "王五", " 张三"].get(usize::try_from(account.0.as_u128()).unwrap()).copied()
    }

    fn committed() -> Pledges {
        let mut pledges = Pledges::default();
        for (place, department) in (0..).zip(Department::ALL.iter().copied()) {
            pledges.commit(department, department.key().to_owned(), coordinator(place), name).unwrap();
        }
        pledges
    }

    #[test]
    fn nobody_reveals_while_somebody_can_still_choose() {
        let mut pledges = Pledges::default();
        pledges.commit(Department::Industry, "a".to_owned(), coordinator(0), name).unwrap();
        pledges.commit(Department::Science, "b".to_owned(), coordinator(1), name).unwrap();
        let refused = pledges.reveal(Department::Industry, String::new(), coordinator(0), name).unwrap_err();
        assert_eq!(refused, DrawError::Uncommitted(vec![Department::Education]));
        assert!(refused.to_string().contains("省教育厅"));
    }

    #[test]
    fn a_commitment_and_a_nonce_are_given_once() {
        let mut pledges = committed();
        let again = pledges.commit(Department::Industry, "other".to_owned(), coordinator(0), name);
        assert_eq!(again, Err(DrawError::AlreadyCommitted(Department::Industry)));
        pledges.reveal(Department::Industry, "n".to_owned(), coordinator(0), name).unwrap();
        let again = pledges.reveal(Department::Industry, "m".to_owned(), coordinator(0), name);
        assert_eq!(again, Err(DrawError::AlreadyRevealed(Department::Industry)));
        assert_eq!(pledges.get(Department::Industry).unwrap().nonce.as_deref(), Some("n"));
    }

    #[test]
    fn the_seed_is_known_when_the_third_nonce_is() {
        let mut pledges = committed();
        for (place, department) in (0..).zip(Department::ALL.iter().copied()) {
            assert!(!pledges.is_complete());
            pledges.reveal(department, place.to_string(), coordinator(place), name).unwrap();
        }
        assert!(pledges.is_complete());
    }

    #[test]
    fn nobody_follows_another_department_or_acts_for_two() {
        let mut pledges = Pledges::default();
        pledges.commit(Department::Industry, "a".to_owned(), coordinator(0), name).unwrap();
        let copied = pledges.commit(Department::Science, "a".to_owned(), coordinator(1), name);
        assert_eq!(copied, Err(DrawError::SameCommitment(Department::Industry)));
        for same in [0, 3] {
            let twice = pledges.commit(Department::Science, "b".to_owned(), coordinator(same), name);
            assert_eq!(twice, Err(DrawError::SamePerson(Department::Industry)));
        }
        let mut pledges = committed();
        pledges.reveal(Department::Industry, "n".to_owned(), coordinator(0), name).unwrap();
        let twice = pledges.reveal(Department::Science, "m".to_owned(), coordinator(3), name);
        assert_eq!(twice, Err(DrawError::SamePerson(Department::Industry)));
    }
}
