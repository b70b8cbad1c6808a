//! 程序自身的事务: what the program does for no caller, or beyond what its caller may reach. Each errand writes its own things only.

use super::Owner;

/// 事务
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errand {
    /// 登录: nobody is known yet.
    SignIn,
    /// 首次设置: the three administrators open their accounts by links.
    SetUp,
    /// 控制台恢复 of an administrator's account.
    Recovery,
    /// 凭据重置: what two administrators have agreed to.
    Renewal,
    /// 邀请: whoever has a link opens an account, and an administrator sees who is to be invited.
    Invitation,
    /// 换密钥: what is sealed is sealed again with a newer key.
    Keys,
    /// 保留期限: personal data ends.
    Retention,
    /// 审计: the chain is checked and continued, also for people who are not signed in.
    Audit,
    /// 规则: a rule needs more of a review than its caller may see. Nothing is written.
    Rule,
    /// 开签: a draw that all departments have revealed can only come out one way, whoever looks first.
    Draw,
    /// Databases that are made and thrown away.
    Demonstration,
}

impl Errand {
    /// Whether what belongs to `owner` may be written. Not even the program signs for a department or scores for an expert.
    pub const fn may_write(self, owner: Owner) -> bool {
        match self {
            Self::SignIn => matches!(owner, Owner::Account(_) | Owner::Program),
            Self::SetUp => matches!(owner, Owner::Accounts | Owner::Program),
            Self::Recovery | Self::Renewal => matches!(owner, Owner::Credentials(_) | Owner::BrowserSessions(_)),
            Self::Invitation => matches!(owner, Owner::Accounts | Owner::Credentials(_) | Owner::Program),
            Self::Keys => matches!(owner, Owner::Account(_) | Owner::Program),
            Self::Retention => {
                matches!(owner, Owner::Review | Owner::Accounts | Owner::BrowserSessions(_) | Owner::Program)
            }
            Self::Audit => matches!(owner, Owner::Program),
            Self::Rule => false,
            Self::Draw => matches!(owner, Owner::Review),
            Self::Demonstration => !matches!(owner, Owner::Department(_) | Owner::Expert(_)),
        }
    }

    /// Whether the audit is reached.
    pub const fn reads_audit(self) -> bool {
        matches!(self, Self::Audit | Self::Demonstration)
    }

    /// Whether reported approaches (请托) are reached.
    pub const fn reads_approaches(self) -> bool {
        matches!(self, Self::Keys | Self::Demonstration)
    }
}
