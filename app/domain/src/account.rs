//! 账号: a person's way into the program.

mod grant;

pub use grant::{GrantError, NotGranted};

use crate::Timestamp;
use crate::access::{Role, Standing};
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

/// Why an account cannot be opened or changed so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    #[error("登录名应为3至32位字母、数字、点、横线或下划线")]
    Login,
    #[error("姓名应为1至40字")]
    Name,
    #[error("登录名“{0}”是一位专家的编号，留给专家本人，由邀请链接开通")]
    ExpertCode(String),
    #[error("专家编号“{0}”不能作为登录名，请先在专家库中改正")]
    UnusableCode(String),
    #[error("登录名“{login}”已由{name}（{role}）使用，无法邀请专家{expert}")]
    Taken { login: String, name: String, role: Role, expert: String },
    #[error("不能停用自己的账号")]
    OwnState,
    #[error("自己的密码在“修改密码”中修改，自己的第二因素由另一位系统管理员提请重置")]
    OwnReset,
    #[error("控制台只恢复三员的账号；其他账号由系统管理员在“账号”中重置")]
    NotAdministrator,
    #[error("登录名“{0}”已被使用")]
    LoginTaken(String),
    #[error("账号已经开通，请直接登录")]
    AlreadyOpen,
}

impl AccountError {
    /// The account is there already.
    pub const fn is_duplicate(&self) -> bool {
        matches!(self, Self::LoginTaken(_) | Self::AlreadyOpen)
    }
}

/// Why the accounts of a list are not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountListError {
    #[error("名单中没有数据行，没有开通账号")]
    Empty,
    #[error("一份名单最多{most}个账号，请分几份上传")]
    TooMany { most: usize },
    #[error("没有开通任何账号，请改正后重新上传。{}", listed(.0))]
    Problems(Vec<String>),
    #[error("名单中有登录名刚刚被使用，没有开通任何账号；请重新上传")]
    Meanwhile,
}

fn listed(problems: &[String]) -> String {
    const MOST: usize = 10;
    let more = problems.len().saturating_sub(MOST);
    let first: Vec<&str> = problems.iter().take(MOST).map(String::as_str).collect();
    let rest = if more > 0 { format!("；另有{more}处") } else { String::new() };
    format!("共{}处：{}{rest}", problems.len(), first.join("；"))
}

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    #[error("密码至少{0}位")]
    TooShort(usize),
    #[error("密码最多{0}位")]
    TooLong(usize),
    #[error("密码应包含大写字母、小写字母、数字、符号中的三类")]
    TooFewClasses,
    #[error("密码不能包含登录名")]
    HoldsLogin,
    #[error("密码不能包含“{0}”：常见词、键盘顺序和本系统、本省的名称最先被猜")]
    HoldsKnownWord(&'static str),
    #[error("密码容易被猜到，请避开常见单词、键盘顺序和年份，或再加长")]
    Guessable,
    #[error("现密码不正确，没有任何更改")]
    Wrong,
    #[error("新密码与现密码或最近用过的密码相同，没有修改")]
    Reused,
    #[error("验证码不正确或已用过，请等待下一个验证码后重试")]
    WrongCode,
}

/// # Errors
/// `Login` for a name that cannot be typed everywhere.
pub fn check_login(login: &str) -> Result<(), AccountError> {
    let plain = login.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if login.len() < 3 || login.len() > 32 || !plain { Err(AccountError::Login) } else { Ok(()) }
}

/// Why the second factor is not to be had now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnrolmentError {
    #[error("已设置第二因素；更换设备请联系系统管理员重置")]
    Done,
    #[error("请先打开设置页面")]
    NotBegun,
    #[error("尚未设置第二因素")]
    NoFactor,
    #[error("安全密钥只能在以域名访问本系统时使用；当前地址不是 https 域名")]
    NoDomain,
    #[error("请给安全密钥取一个1至40字的名称")]
    KeyName,
    #[error("最多登记{0}个安全密钥")]
    TooManyKeys(usize),
    #[error("这个安全密钥没有登记在本账号，或应答已过时，请重试")]
    KeyRefused,
    #[error("您登记了安全密钥，请用它签署")]
    SignByKey,
    #[error("这是唯一的第二因素，不能移除；更换设备请先登记另一个")]
    LastFactor,
}

impl EnrolmentError {
    /// Whether what was sent is at fault, and not the moment.
    pub const fn is_input(self) -> bool {
        matches!(self, Self::KeyName | Self::KeyRefused | Self::SignByKey)
    }
}
