//! Values that only the audit knows.

use domain::acceptance::Conclusion;
use domain::access::Department;
use domain::region::Recommender;
use domain::result::Outcome;
use serde::{Deserialize, Serialize};

domain::coded! {
    /// 决定事项的办结
    Closing {
        Done = "done", "已执行";
        Reopened = "reopened", "未能执行，仍待同意";
    }
}

domain::coded! {
    /// 审计保护缺失之后
    Guarding {
        Restored = "restored", "已重新设置";
        Gone = "gone", "没有权限重新设置";
    }
}

domain::coded! {
    /// 锁定的对象
    Locked {
        Login = "login", "登录名";
        Address = "address", "来源地址";
    }
}

domain::coded! {
    /// 通过第二因素的方式
    FactorUse {
        Code = "code", "验证码";
        Recovery = "recovery", "恢复码";
        SecurityKey = "security_key", "安全密钥";
    }
}

domain::coded! {
    /// 第二因素的变更
    FactorChange {
        Enrolled = "enrolled", "已设置";
        KeyAdded = "key_added", "登记安全密钥";
        KeyRemoved = "key_removed", "移除安全密钥";
        Reset = "reset", "重置";
    }
}

domain::coded! {
    /// 密码的变更
    PasswordChange {
        Changed = "changed", "已修改";
        Reset = "reset", "重置";
    }
}

domain::coded! {
    /// 现密码未通过
    PasswordRefusal {
        Wrong = "wrong", "现密码不正确";
        Locked = "locked", "锁定期间又试";
    }
}

domain::coded! {
    /// 账号的开通方式
    Opening {
        Invitation = "invitation", "邀请链接";
    }
}

domain::coded! {
    /// 拒绝的原因
    TurnedAway {
        Rate = "rate", "请求过于频繁";
        Origin = "origin", "请求来自其他网站";
    }
}

domain::coded! {
    /// 查看的名单
    List {
        Accounts = "accounts", "账号";
        Conflicts = "conflicts", "回避登记";
        Roster = "roster", "评审席位";
    }
}

domain::coded! {
    /// 个人信息不再保存的原因
    Ended {
        Retention = "retention", "保存期限已到";
    }
}

domain::coded! {
    /// 参与人员的处理
    Anonymised {
        Anonymised = "anonymised", "匿名化";
    }
}

/// The department or region that a role is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Bound {
    Department(Department),
    Region(Recommender),
}

/// A planned panel and the number of its applications.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelSize {
    pub name: String,
    pub applications: usize,
}

/// A ranking's basis: the calibration it follows from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Computed {
    pub input_digest: String,
}

/// 并列会商: an application that tied across the line, and how the tie was settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TieSettled {
    /// Its code.
    pub application: String,
    pub outcome: Outcome,
    pub reason: String,
}

/// 验收结论 of an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Concluded {
    /// Its code.
    pub application: String,
    pub conclusion: Conclusion,
    pub reason: String,
}
