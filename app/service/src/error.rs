//! The errors of use cases. Each variant is a case that callers treat differently; the texts say
//! what happened and what to do.

mod rule;

pub use rule::{AlreadyThere, Case, RuleError};

use crate::crypto::CryptoError;
use crate::heavy::Unplaced;
use domain::access::{Denied, Restriction};
use domain::countersign::CountersignError;
use domain::ranking::RankingError;
use store::StoreError;

pub type Result<T, E = Error> = std::result::Result<T, E>;

const fn restricted(restriction: Restriction) -> &'static str {
    match restriction {
        Restriction::FirstPassword => "请先把初始密码改为自己的密码",
        Restriction::OldPassword => "密码已使用满90天，请先修改密码",
        Restriction::NoSecondFactor => "您的角色须使用第二因素，请先设置",
        Restriction::SecondFactor => "请先输入第二因素的验证码",
    }
}

fn waiting(seconds: i64) -> String {
    if seconds < 120 { format!(" {seconds} 秒") } else { format!(" {} 分钟", (seconds + 59) / 60) }
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is signed in, or the session has ended.
    #[error("登录已失效，请重新登录")]
    SignedOut,
    #[error("账号或密码不正确")]
    BadCredentials,
    /// An expert's account outside every round.
    #[error("您目前没有评审席位，账号暂不可用；再次取得席位后，可用原密码登录")]
    NoSeat,
    #[error("错误次数较多，请{}后再试；忘记密码请联系系统管理员", waiting(*.0))]
    LockedOut(i64),
    /// Something has to happen before anything else.
    #[error("{}", restricted(*.0))]
    Restricted(Restriction),
    #[error("{0}，请联系管理员或换用相应账号")]
    Denied(#[from] Denied),
    /// A row that is not the caller's to write, found by the store: the last line, behind every permission.
    #[error("这条记录不归您处理，没有保存")]
    OutOfScope,
    /// Not there, or not the caller's to see: deliberately the same answer.
    #[error("没有找到，或不在您的权限范围内")]
    NotFound,
    #[error("内容已被他人更新，您的修改没有保存")]
    Stale,
    /// A rule of the review forbids it; its words say which.
    #[error(transparent)]
    Rule(RuleError),
    #[error("系统故障，操作没有生效，请稍后重试或联系管理员")]
    Internal(String),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::OutOfScope => Self::OutOfScope,
            StoreError::Stale => Self::Stale,
            StoreError::Duplicate => AlreadyThere.into(),
            StoreError::Corrupt(_) | StoreError::Database(_) => Self::Internal(error.to_string()),
        }
    }
}

impl Error {
    /// The thing that has to change, if a rule forbids it.
    pub fn case(&self) -> Option<Case> {
        match self {
            Self::Rule(rule) => Some(rule.case()),
            _ => None,
        }
    }
}

impl From<RuleError> for Error {
    fn from(rule: RuleError) -> Self {
        match rule {
            RuleError::Ranking(RankingError::NotRanked) => Self::NotFound,
            RuleError::Countersign(CountersignError::AnotherContent) => Self::Stale,
            other => Self::Rule(other),
        }
    }
}

impl From<hmac::digest::InvalidLength> for Error {
    fn from(error: hmac::digest::InvalidLength) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<Unplaced> for Error {
    fn from(error: Unplaced) -> Self {
        match error {
            Unplaced::Full(full) => full.into(),
            Unplaced::Failed(text) => Self::Internal(text),
        }
    }
}

impl From<CryptoError> for Error {
    fn from(error: CryptoError) -> Self {
        match error {
            CryptoError::KeyFile(error) => error.into(),
            CryptoError::Failed(text) => Self::Internal(text),
            CryptoError::Unplaced(error) => error.into(),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(error.to_string())
    }
}
