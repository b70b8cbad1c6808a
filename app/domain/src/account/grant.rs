//! 授予角色: who may be given which role.

use super::{Account, AccountState};
use crate::access::{Role, Standing};
use crate::ids::AccountId;
use crate::text::name_key;

/// Why an account cannot be given a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    #[error("不能变更自己的角色")]
    Own,
    #[error("专家的角色随席位取得，不在此授予")]
    Expert,
    #[error("三员分立：{name}现为{present}，须先收回该角色")]
    Administrator { name: String, present: Role },
    #[error("三员分立：{name}已是{present}（账号 {login}），同一人不得再任{wanted}")]
    SamePerson { name: String, login: String, present: Role, wanted: Role },
    #[error("{name}是唯一的{present}，须先把该角色授予另一人")]
    Last { name: String, present: Role },
    #[error("三员分立：{name}已是{present}，{wanted}须由另一人担任")]
    TakenAtSetUp { name: String, present: Role, wanted: Role },
}

/// An account that does not get a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("账号“{login}”：{why}")]
pub struct NotGranted {
    pub account: AccountId,
    pub login: String,
    pub why: GrantError,
}

impl Account {
    /// Whether `granter` may give this account, one of `all`, another standing.
    ///
    /// # Errors
    /// For one's own account; for experts, whose role comes with their seat; where one administrator would become another without giving up
    /// the first; where a person of the same name is one already; where the last holder would give a role up.
    pub fn may_become(&self, standing: Standing, all: &[Self], granter: AccountId) -> Result<(), GrantError> {
        let (present, wanted) = (self.standing.role(), standing.role());
        if self.id == granter {
            return Err(GrantError::Own);
        }
        if present == Role::Expert || wanted == Role::Expert {
            return Err(GrantError::Expert);
        }
        if present.is_administrator() && wanted.is_administrator() && present != wanted {
            return Err(GrantError::Administrator { name: self.name.clone(), present });
        }
        let mut others = all.iter().filter(|other| other.id != self.id && other.state == AccountState::Active);
        let administrator = |other: &&Self| other.standing.role().is_administrator();
        let namesake = |other: &&Self| administrator(other) && name_key(&other.name) == name_key(&self.name);
        if wanted.is_administrator()
            && let Some(other) = others.clone().find(namesake)
        {
            let (name, login, present) = (other.name.clone(), other.login.clone(), other.standing.role());
            return Err(GrantError::SamePerson { name, login, present, wanted });
        }
        if present.is_administrator() && wanted != present && !others.any(|other| other.standing.role() == present) {
            return Err(GrantError::Last { name: self.name.clone(), present });
        }
        Ok(())
    }
}
