//! 轮次: one review from preparation to archive, and the terms that are frozen before anyone scores.

mod intake;
mod work;

pub use intake::receiving;
pub use work::{Intake, When, Work};

use crate::ids::{BatchId, RoundId};
use crate::points::Points;
use crate::rubric::{Rubric, SELECTION_DIMENSIONS};
use serde::{Deserialize, Serialize};

crate::coded! {
    /// 轮次类型
    RoundKind {
        Selection = "selection", "单位遴选";
        Acceptance = "acceptance", "验收评估";
    }
}

crate::coded! {
    /// 步骤: the way through one round.
    Step {
        Preparation = "preparation", "筹备";
        Formality = "formality", "形式审查";
        Recusal = "recusal", "回避审查";
        Grouping = "grouping", "分组";
        Draw = "draw", "抽取";
        SignIn = "sign_in", "签到承诺";
        Scoring = "scoring", "独立评分";
        Checking = "checking", "核对";
        Deliberation = "deliberation", "合议";
        Calibration = "calibration", "校准";
        Ranking = "ranking", "排序";
        Countersign = "countersign", "会签";
        Notice = "notice", "公示";
        Objection = "objection", "异议";
        Publication = "publication", "公布";
        Archive = "archive", "归档";
    }
}

impl RoundKind {
    /// Dimensions that the rubric of such a round must have.
    pub const fn mandatory_dimensions(self) -> &'static [&'static str] {
        match self {
            Self::Selection => SELECTION_DIMENSIONS,
            Self::Acceptance => &[],
        }
    }
}

impl Step {
    pub fn next(self) -> Option<Self> {
        Self::ALL.iter().copied().find(|step| *step > self)
    }
}

crate::coded! {
    /// 校准方法
    Method {
        Raw = "raw", "算术平均";
        Trimmed = "trimmed", "去极值平均";
        Coefficient = "coefficient", "修正系数法";
        Grand = "grand", "二次平均法";
        Standard = "standard", "标准分转换法";
        Additive = "additive", "加性校正";
        Mixed = "mixed", "混合效应校准";
    }
}

impl Method {
    /// Whether the method can use 连接评审, reviews by experts of other panels; the others take them for the panel's own, or leave them out.
    pub const fn uses_bridges(self) -> bool {
        matches!(self, Self::Additive | Self::Mixed)
    }
}

crate::coded! {
    /// 去极值的对象: what one highest and one lowest value are dropped from.
    #[derive(Default)]
    Trimming {
        #[default]
        Totals = "totals", "总分";
        Items = "items", "各评分项";
    }
}

impl Trimming {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
    const fn is_of_totals(&self) -> bool {
        matches!(self, Self::Totals)
    }
}

crate::coded! {
    /// 名额范围
    QuotaScope {
        Overall = "overall", "全省合并";
        PerSector = "sector", "按领域";
        PerTask = "task", "按榜单任务";
    }
}

crate::coded! {
    /// 会签事项: what needs the three departments.
    Gate {
        Terms = "terms", "评审办法冻结";
        Shortlist = "shortlist", "结果确认";
    }
}

/// 评审办法: everything that decides a result besides the scores, with its 依据.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub method: Method,
    /// Valid sheets from which one highest and one lowest are dropped.
    pub trim_from: u32,
    #[serde(default, skip_serializing_if = "Trimming::is_of_totals")]
    pub trimming: Trimming,
    pub quota: u32,
    pub scope: QuotaScope,
    pub pass_mark: Points,
    /// Fewest valid sheets with which an application can be ranked.
    pub min_sheets: u32,
    pub basis: String,
}

/// Why the terms cannot be frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    #[error("名额应为1至10000")]
    NoQuota,
    #[error("合格线应在0至100分之间")]
    PassMark,
    #[error("每个项目有效评分表应为3至9份")]
    TooFewSheets,
    #[error("少于5份有效评分表时不得去极值")]
    TrimTooEarly,
    #[error("应填写依据")]
    NoBasis,
    #[error("加性校正要求全部项目经共同的专家连通；分为多个评审组时须先安排连接评审，或者改用其他方法")]
    NotJoined,
    #[error("已安排连接评审，只有加性校正和混合效应校准能够利用；须先取消连接评审，或者选用这两种方法")]
    BridgesUnused,
    #[error("评审办法选用了加性校正，它要求全部项目经共同的专家连通，只能设一个评审组；请先改用其他校准方法")]
    OnePanelOnly,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            method: Method::Mixed,
            trim_from: 7,
            trimming: Trimming::Totals,
            quota: 24,
            scope: QuotaScope::Overall,
            pass_mark: Points::whole(60),
            min_sheets: 3,
            basis: String::new(),
        }
    }
}

impl Terms {
    /// Whether the method can calibrate so many panels, linked by so many bridges.
    ///
    /// # Errors
    /// `NotJoined`, `BridgesUnused`.
    pub const fn check_panels(&self, panels: usize, bridges: usize) -> Result<(), TermsError> {
        if matches!(self.method, Method::Additive) && panels > 1 && bridges == 0 {
            return Err(TermsError::NotJoined);
        }
        if bridges > 0 && !self.method.uses_bridges() { Err(TermsError::BridgesUnused) } else { Ok(()) }
    }

    /// # Errors
    /// The first rule broken.
    pub fn check(&self) -> Result<(), TermsError> {
        if self.quota == 0 || self.quota > 10_000 {
            return Err(TermsError::NoQuota);
        }
        if self.pass_mark < Points::ZERO || self.pass_mark > Points::whole(100) {
            return Err(TermsError::PassMark);
        }
        if self.min_sheets < 3 || self.min_sheets > 9 {
            return Err(TermsError::TooFewSheets);
        }
        if self.trim_from < 5 {
            return Err(TermsError::TrimTooEarly);
        }
        if self.basis.trim().is_empty() {
            return Err(TermsError::NoBasis);
        }
        Ok(())
    }
}

/// 轮次
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    pub id: RoundId,
    pub batch: BatchId,
    pub kind: RoundKind,
    pub seq: i32,
    pub title: String,
    pub step: Step,
    pub rubric: Rubric,
    pub terms: Terms,
    pub frozen: Freeze,
    /// The day the three-year look-back counts from.
    pub reference_day: chrono::NaiveDate,
}

/// Whether rubric and terms may still change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Freeze {
    Open,
    Frozen { at: crate::Timestamp, digest: String },
}

/// Why the round does not allow it now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RoundError {
    #[error("评审办法已冻结，不能再修改")]
    Frozen,
    #[error("评审办法尚未冻结")]
    NotFrozen,
    #[error("当前步骤为“{now}”，此项操作应在“{needed}”进行")]
    WrongStep { now: Step, needed: Step },
    #[error("{}", work.refusal(*now))]
    NotNow { work: Work, now: Step },
    #[error("已是最后一步")]
    LastStep,
}

impl Round {
    /// 已归档: nobody works on it any more.
    pub fn is_over(&self) -> bool {
        self.step >= Step::Archive
    }

    /// # Errors
    /// `Frozen` once rubric and terms are fixed.
    pub const fn require_open(&self) -> Result<(), RoundError> {
        match self.frozen {
            Freeze::Open => Ok(()),
            Freeze::Frozen { .. } => Err(RoundError::Frozen),
        }
    }

    /// # Errors
    /// `NotFrozen` before rubric and terms are fixed.
    pub const fn require_frozen(&self) -> Result<(), RoundError> {
        match self.frozen {
            Freeze::Open => Err(RoundError::NotFrozen),
            Freeze::Frozen { .. } => Ok(()),
        }
    }

    /// # Errors
    /// `WrongStep` unless the round stands at this step.
    pub fn require_step(&self, needed: Step) -> Result<(), RoundError> {
        if self.step == needed { Ok(()) } else { Err(RoundError::WrongStep { now: self.step, needed }) }
    }
}

crate::coded! {
    /// Whether a condition of a gate holds.
    Met {
        Yes = "yes", "已满足";
        No = "no", "未满足";
    }
}

impl Met {
    pub const fn of(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }

    pub const fn holds(self) -> bool {
        matches!(self, Self::Yes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_follow_each_other_to_the_archive() {
        let mut step = Step::Preparation;
        let mut count = 1;
        while let Some(next) = step.next() {
            step = next;
            count += 1;
        }
        assert_eq!((step, count), (Step::Archive, 16));
    }

    #[test]
    fn terms_without_a_basis_cannot_be_frozen() {
        let terms = Terms { basis: "  ".to_owned(), ..Terms::default() };
        assert_eq!(terms.check(), Err(TermsError::NoBasis));
        assert_eq!(Terms { basis: "评审细则第12条".to_owned(), ..terms }.check(), Ok(()));
    }
}
