//! 排序: the order of the applications as it is kept, shown, signed and exported, and the decisions that people take on it.

use crate::acceptance::{Conclusion, Suggestion};
use crate::ids::ApplicationId;
use crate::points::Points;
use crate::reason::{Reason, Unreasoned};
use crate::result::Outcome;
use crate::round::{Method, RoundKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// 排序记录
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ranking {
    pub kind: RoundKind,
    pub method: Method,
    pub input_digest: String,
    pub dimensions: Vec<String>,
    /// Best first; those outside the ranking at the end.
    pub rows: Vec<Row>,
    /// `None` in rounds of 验收, which have no places, and in rankings kept before it was part of them.
    #[serde(default)]
    pub sensitivity: Option<Sensitivity>,
}

/// Mean points reached in a dimension, of those that apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DimensionMean {
    pub reached: Points,
    pub reachable: Points,
}

/// One application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub application: ApplicationId,
    pub code: String,
    /// Rank within the quota's scope.
    pub rank: Option<usize>,
    pub tied: bool,
    pub group: String,
    /// 组内名次
    pub panel_rank: Option<usize>,
    /// 任务内名次
    pub task_rank: Option<usize>,
    pub raw: Option<Points>,
    pub trimmed: Option<Points>,
    /// 修正系数 for the methods that multiply, else the difference to the raw score.
    pub adjustment: String,
    pub score: Option<Points>,
    pub dimensions: Vec<DimensionMean>,
    pub sheets: usize,
    pub recommend: usize,
    pub rank_low: Option<usize>,
    pub rank_high: Option<usize>,
    pub p_top: Option<f64>,
    pub borderline: bool,
    pub outcome: Outcome,
    /// Why the outcome is not the one the score gives: knock-outs.
    pub note: String,
    /// The reason people gave when they decided a tie or departed from the suggested conclusion.
    pub settled: String,
    pub suggestion: Option<Suggestion>,
    pub conclusion: Option<Conclusion>,
}

/// 敏感性分析: every scenario that was tried.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sensitivity {
    pub methods: Vec<Changed>,
    pub weights: Vec<Changed>,
    /// Those experts whose sheets the list hangs on.
    pub experts: Vec<Changed>,
    /// Experts that were left out, one after another.
    pub experts_tried: usize,
}

/// The change that a scenario makes to the list, by codes of applications.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// The method, the dimension or the expert.
    pub what: String,
    /// By how many points a weight is moved; 0 for methods and experts.
    pub points: i32,
    pub enter: Vec<String>,
    pub leave: Vec<String>,
    /// Tied across the line: people would have to decide. Named where anything changes.
    pub tied: Vec<String>,
}

impl Changed {
    pub const fn is_none(&self) -> bool {
        self.enter.is_empty() && self.leave.is_empty() && self.tied.is_empty()
    }
}

/// Why people cannot decide so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RankingError {
    #[error("没有找到，或不在您的权限范围内")]
    NotRanked,
    #[error("只有单位遴选轮次会商跨线并列")]
    NotSelection,
    #[error("只有跨线并列的项目需要会商")]
    NotTied,
    #[error("只有验收轮次有验收结论")]
    NotAcceptance,
    #[error("评分表在校准之后有变动，须先重新校准，再计算排序")]
    OutOfDate,
    #[error("每个一级指标须有一个不小于0的权重，且不能全部为0")]
    Weights,
    #[error("{0}")]
    Unreasoned(#[from] Unreasoned),
}

impl Ranking {
    /// # Errors
    /// `NotSelection` unless the kind of round has places, which can be tied for.
    pub const fn require_ties(kind: RoundKind) -> Result<(), RankingError> {
        match kind {
            RoundKind::Selection => Ok(()),
            RoundKind::Acceptance => Err(RankingError::NotSelection),
        }
    }

    /// # Errors
    /// `NotAcceptance` unless the kind of round ends in conclusions.
    pub const fn require_conclusions(kind: RoundKind) -> Result<(), RankingError> {
        match kind {
            RoundKind::Acceptance => Ok(()),
            RoundKind::Selection => Err(RankingError::NotAcceptance),
        }
    }

    fn row_mut(&mut self, id: ApplicationId) -> Result<&mut Row, RankingError> {
        self.rows.iter_mut().find(|row| row.application == id).ok_or(RankingError::NotRanked)
    }

    /// 会商: decides an application tied across the line. It may be decided again until it is signed.
    ///
    /// # Errors
    /// In a round of 验收, for another outcome than a place or none, or for an application that was not tied.
    pub fn settle(&mut self, id: ApplicationId, outcome: Outcome, reason: Reason) -> Result<&Row, RankingError> {
        if !matches!(outcome, Outcome::Shortlisted | Outcome::Reserve | Outcome::NotShortlisted) {
            return Err(Unreasoned::Settlement.into());
        }
        Self::require_ties(self.kind)?;
        let row = self.row_mut(id)?;
        if row.settled.is_empty() && row.outcome != Outcome::LineTie {
            return Err(RankingError::NotTied);
        }
        row.outcome = outcome;
        row.settled = reason.into();
        Ok(row)
    }

    /// 验收: decides the conclusion; a departure from the suggestion needs its reason.
    ///
    /// # Errors
    /// In a round of 遴选, or departing without a reason.
    pub fn conclude(
        &mut self,
        id: ApplicationId,
        conclusion: Conclusion,
        reason: Option<Reason>,
    ) -> Result<&Row, RankingError> {
        Self::require_conclusions(self.kind)?;
        let row = self.row_mut(id)?;
        if reason.is_none() && row.suggestion.as_ref().is_none_or(|s| s.conclusion != conclusion) {
            return Err(Unreasoned::Conclusion.into());
        }
        row.conclusion = Some(conclusion);
        row.settled = reason.map_or_else(String::new, String::from);
        Ok(row)
    }

    /// Applications that end so.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.rows.iter().filter(|row| row.outcome == outcome).count()
    }

    /// Groups whose shortlist is longer than the quota, with its length: people may settle a tie on the line either way, but not make more
    /// places than there are.
    pub fn over_quota(&self, quota: u32) -> Vec<(String, usize)> {
        if self.kind == RoundKind::Acceptance {
            return Vec::new();
        }
        let mut chosen: BTreeMap<&str, usize> = BTreeMap::new();
        for row in self.rows.iter().filter(|row| row.outcome == Outcome::Shortlisted) {
            *chosen.entry(&row.group).or_default() += 1;
        }
        let places = usize::try_from(quota).unwrap_or(usize::MAX);
        chosen.into_iter().filter(|(_, count)| *count > places).map(|(group, n)| (group.to_owned(), n)).collect()
    }
}

#[cfg(test)]
mod tests;
