//! 账号: a person's way into the program.

use crate::Timestamp;
use crate::access::Standing;
use crate::ids::AccountId;

crate::coded! {
    /// 账号状态
    AccountState {
        Active = "active", "启用";
        Disabled = "disabled", "停用";
    }
}

crate::coded! {
    /// 密码由谁设定
    PasswordState {
        /// By its owner.
        Own = "own", "本人设定";
        /// By whoever opened the account: good for nothing but setting one's own.
        First = "first", "初始密码";
    }
}

/// 账号
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub login: String,
    pub name: String,
    pub standing: Standing,
    pub password_hash: String,
    pub state: AccountState,
    pub created_at: Timestamp,
    pub password_state: PasswordState,
    pub password_changed_at: Timestamp,
}

/// A password to be set.
#[derive(Debug, Clone)]
pub struct NewPassword {
    pub hash: String,
    pub state: PasswordState,
    pub at: Timestamp,
}
