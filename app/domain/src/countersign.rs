//! 会签: the three departments sign the same content.

use crate::Timestamp;
use crate::access::{Department, person};
use crate::ids::{AccountId, RoundId};
use crate::round::Gate;

/// 会签: one department's signature under one content.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Countersign {
    pub id: uuid::Uuid,
    pub round: RoundId,
    pub gate: Gate,
    pub department: Department,
    pub account: AccountId,
    /// Digest of exactly what was signed.
    pub digest: String,
    pub at: Timestamp,
    /// What the signer's security key has signed, where the signer has one: JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
}

/// The signatures under one content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Countersigns {
    gate: Gate,
    digest: String,
    signed: Vec<Countersign>,
}

/// Why a signature does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CountersignError {
    #[error("所签内容与现有内容不一致")]
    AnotherContent,
    #[error("{0}已会签")]
    Signed(Department),
    #[error("您已代表{0}会签，同一人不得代表两个部门")]
    SamePerson(Department),
}

impl Countersigns {
    /// Those among `all` that stand under this content.
    pub fn under(gate: Gate, digest: String, mut all: Vec<Countersign>) -> Self {
        all.retain(|sign| sign.gate == gate && sign.digest == digest);
        Self { gate, digest, signed: all }
    }

    pub fn digest(&self) -> &str {
        &self.digest
    }

    pub fn signed(&self) -> &[Countersign] {
        &self.signed
    }

    /// Adds a signature. `name_of` gives the name behind an account: two accounts of one name are one person.
    ///
    /// # Errors
    /// `AnotherContent`; `Signed` if the department has signed; `SamePerson` if its signer has signed for another department.
    pub fn sign<N: AsRef<str>>(
        &mut self,
        sign: Countersign,
        name_of: impl Fn(AccountId) -> Option<N>,
    ) -> Result<(), CountersignError> {
        if sign.gate != self.gate || sign.digest != self.digest {
            return Err(CountersignError::AnotherContent);
        }
        if self.signed.iter().any(|other| other.department == sign.department) {
            return Err(CountersignError::Signed(sign.department));
        }
        let same = |other: &&Countersign| person::is_same(other.account, sign.account, &name_of);
        if let Some(other) = self.signed.iter().find(same) {
            return Err(CountersignError::SamePerson(other.department));
        }
        self.signed.push(sign);
        Ok(())
    }

    /// Whether every department has signed.
    pub fn is_complete(&self) -> bool {
        self.signed.len() == Department::ALL.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn sign(department: Department, account: u128) -> Countersign {
        Countersign {
            id: Uuid::from_u128(account),
            round: RoundId(Uuid::nil()),
            gate: Gate::Terms,
            department,
            account: AccountId(Uuid::from_u128(account)),
            digest: "d".to_owned(),
            at: Timestamp::UNIX_EPOCH,
            proof: None,
        }
    }

    fn name(account: AccountId) -> Option<&'static str> {
        match account.0.as_u128() {
            1 => Some("张三"),
            2 => Some(" 张三"),
            3 => Some("李四"),
            4 => Some("王五"),
            _ => None,
        }
    }

    #[test]
    fn three_departments_sign_the_same_content_by_three_people() {
        let mut signs = Countersigns::under(Gate::Terms, "d".to_owned(), vec![sign(Department::Industry, 1)]);
        let mut add = |sign| signs.sign(sign, name);
        assert_eq!(add(sign(Department::Industry, 3)), Err(CountersignError::Signed(Department::Industry)));
        assert_eq!(add(sign(Department::Science, 1)), Err(CountersignError::SamePerson(Department::Industry)));
        assert_eq!(add(sign(Department::Science, 2)), Err(CountersignError::SamePerson(Department::Industry)));
        let other = Countersign { digest: "e".to_owned(), ..sign(Department::Science, 3) };
        assert_eq!(add(other), Err(CountersignError::AnotherContent));
        assert_eq!(add(sign(Department::Science, 3)), Ok(()));
        assert_eq!(add(sign(Department::Education, 4)), Ok(()));
        assert!(signs.is_complete());
    }

    #[test]
    fn signatures_under_another_content_do_not_count() {
        let old = Countersign { digest: "old".to_owned(), ..sign(Department::Industry, 1) };
        let signs = Countersigns::under(Gate::Terms, "d".to_owned(), vec![old, sign(Department::Science, 2)]);
        assert_eq!(signs.signed().len(), 1);
        assert!(!signs.is_complete());
    }
}
