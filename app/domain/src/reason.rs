//! 理由: words that stand on record beside a decision, and are never blank.

use serde::{Deserialize, Serialize};

/// 理由
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reason(String);

/// Decisions that state their reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreasoned {
    #[error("认定回避或不回避均须写明理由")]
    ConflictDecision,
    #[error("请说明回避事由")]
    Declaration,
    #[error("形式审查不通过，或存在问题而予通过的，须写明理由")]
    Formality,
    #[error("定向指派须写明随机抽取不能满足评审的理由")]
    Assignment,
    #[error("本轮已开始形式审查，补录申报须写明理由")]
    LateAdmission,
    #[error("退回分组须写明理由")]
    Regrouping,
    #[error("作废抽取须写明理由")]
    VoidedDraw,
    #[error("递补须写明理由")]
    Replacement,
    #[error("作废评分表须写明理由")]
    VoidedSheet,
    #[error("会商须给出结论（入围、备选或不入围）并写明理由")]
    Settlement,
    #[error("与系统建议不一致的结论须写明理由")]
    Conclusion,
    #[error("一票否决须写明事实和依据")]
    Knockout,
    #[error("认定是否同一人须写明理由")]
    Identity,
    #[error("请写明匿名化的事由")]
    Anonymisation,
    #[error("退回须写明理由")]
    Declined,
    #[error("请写明以什么方式核实是本人")]
    Unrecognised,
    #[error("接受与审计不符的内容须写明理由")]
    AcceptedContent,
}

impl Reason {
    /// Trims what was typed; `None` if nothing is left.
    pub fn new(typed: &str) -> Option<Self> {
        let kept = crate::text::kept(typed);
        let typed = kept.trim();
        (!typed.is_empty()).then(|| Self(typed.to_owned()))
    }

    /// The reason that a decision needs.
    ///
    /// # Errors
    /// The decision that lacks it.
    pub fn of(typed: &str, decision: Unreasoned) -> Result<Self, Unreasoned> {
        Self::new(typed).ok_or(decision)
    }

    /// Words of the program itself.
    pub(crate) const fn known(words: String) -> Self {
        Self(words)
    }

    /// Puts words before it.
    #[must_use]
    pub fn after(self, words: impl std::fmt::Display) -> Self {
        Self(format!("{words}：{self}"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn len_in_chars(&self) -> usize {
        self.0.chars().count()
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Reason> for String {
    fn from(reason: Reason) -> Self {
        reason.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_never_blank_and_is_kept_trimmed() {
        for blank in ["", " ", "\u{3000}\n"] {
            assert_eq!(Reason::of(blank, Unreasoned::VoidedSheet), Err(Unreasoned::VoidedSheet));
        }
        assert_eq!(Reason::new(" 录入有误 ").as_ref().map(Reason::as_str), Some("录入有误"));
    }
}
