//! 回避: rules over experts, units and people, each finding with its rule and evidence.
//!
//! Sources: 国家自然科学基金条例(2024)第二十条; 政府采购法实施条例第九条; 招标投标法实施条例第四十六条.

mod detect;
#[cfg(test)]
pub(crate) mod samples;

pub use detect::{Surroundings, detect};

use crate::ids::{ApplicationId, ConflictId, ExpertId};
use crate::reason::Reason;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

crate::coded! {
    /// 回避情形
    Rule {
        SameLegalPerson = "same_legal_person", "与申报单位同一法人";
        FormerEmployment = "former_employment", "三年内任职";
        Directorship = "directorship", "三年内任董事、监事";
        Shareholding = "shareholding", "三年内控股或实际控制";
        ListedPerson = "listed_person", "列入申报人员";
        OwnApplication = "own_application", "本人参与同一榜单任务申报";
        SameBatch = "same_batch", "本人参与同批次申报";
        SupervisingAuthority = "supervising_authority", "主管部门工作人员";
        Namesake = "namesake", "与申报人员同名待核";
        SimilarUnit = "similar_unit", "单位名称相近待核";
        Kinship = "kinship", "近亲属";
        Mentorship = "mentorship", "师生、合作关系";
        Requested = "requested", "申报单位提请回避";
        OtherRelation = "other_relation", "其他可能影响公正的关系";
    }
}

crate::coded! {
    /// 效力
    Effect {
        Mandatory = "mandatory", "应当回避";
        Discretionary = "discretionary", "待认定";
    }
}

crate::coded! {
    /// 来源
    Origin {
        Detected = "detected", "系统比对";
        Declared = "declared", "专家申明";
        Requested = "requested", "单位提请";
    }
}

crate::coded! {
    /// 认定
    Decision {
        Pending = "pending", "待认定";
        Upheld = "upheld", "回避";
        Dismissed = "dismissed", "不回避";
    }
}

impl Rule {
    /// The one letter that marks the pair in the matrix.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::SameLegalPerson => "同",
            Self::FormerEmployment => "历",
            Self::Directorship => "董",
            Self::Shareholding => "股",
            Self::ListedPerson => "员",
            Self::OwnApplication => "竞",
            Self::SameBatch => "批",
            Self::SupervisingAuthority => "管",
            Self::Namesake => "名",
            Self::SimilarUnit => "似",
            Self::Kinship => "亲",
            Self::Mentorship => "师",
            Self::Requested => "请",
            Self::OtherRelation => "他",
        }
    }

    /// The reason of a sheet that is voided because its expert declared the recusal.
    pub fn declared(self) -> Reason {
        Reason::known(format!("本人申明回避：{self}"))
    }

    pub const fn effect(self) -> Effect {
        match self {
            Self::Namesake | Self::SimilarUnit | Self::Mentorship | Self::Requested | Self::OtherRelation => {
                Effect::Discretionary
            }
            _ => Effect::Mandatory,
        }
    }

    /// The provision it rests on.
    pub const fn source(self) -> &'static str {
        match self {
            Self::SameLegalPerson => "《国家自然科学基金条例》第二十条第一款第三项",
            Self::FormerEmployment => "《政府采购法实施条例》第九条第一项",
            Self::Directorship => "《政府采购法实施条例》第九条第二项",
            Self::Shareholding => "《政府采购法实施条例》第九条第三项",
            Self::ListedPerson | Self::Kinship => "《国家自然科学基金条例》第二十条第一款第一项",
            Self::OwnApplication | Self::SameBatch => "《国家自然科学基金条例》第二十条第一款第二项",
            Self::SupervisingAuthority => "《招标投标法实施条例》第四十六条第四款",
            Self::Namesake | Self::SimilarUnit | Self::OtherRelation => "《政府采购法实施条例》第九条第五项",
            Self::Mentorship => "评审回避惯例（师生、近年合作），由协调员认定",
            Self::Requested => "《国家自然科学基金条例》第二十条第二款",
        }
    }
}

/// The facts on both sides that met, for people to check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Known of the expert.
    pub expert_side: String,
    /// Written in the application.
    pub application_side: String,
}

/// One expert, one application, one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub expert: ExpertId,
    pub application: ApplicationId,
    pub rule: Rule,
    pub evidence: Evidence,
}

/// 回避记录
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    pub id: ConflictId,
    pub expert: ExpertId,
    pub application: ApplicationId,
    pub rule: Rule,
    pub origin: Origin,
    pub evidence: Evidence,
    pub decision: Decision,
    pub reason: String,
}

/// Characters below which nobody has refuted a fact.
const SHORTEST_REFUTATION: usize = 10;

/// Why a record cannot be decided so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecisionError {
    #[error("专家本人申明的法定回避情形不得认定为不回避；确属误报的，评分期间可以撤销")]
    Declared,
    #[error("只有专家本人申明、仍然有效的回避可以撤销")]
    NotDeclared,
    #[error(
        "法定回避情形只有在事实有误时才能认定为不回避：请写明哪一项事实有误、依据什么材料（不少于{SHORTEST_REFUTATION}字）"
    )]
    Unrefuted,
}

impl Conflict {
    /// # Errors
    /// A mandatory recusal that the expert declared is not dismissed, and one that was found only with the fact that is wrong.
    pub fn decide(self, decision: Decision, reason: Reason) -> Result<Self, DecisionError> {
        if decision == Decision::Dismissed && self.rule.effect() == Effect::Mandatory {
            if self.origin == Origin::Declared {
                return Err(DecisionError::Declared);
            }
            if reason.len_in_chars() < SHORTEST_REFUTATION {
                return Err(DecisionError::Unrefuted);
            }
        }
        Ok(Self { decision, reason: reason.into(), ..self })
    }

    /// Undoes a declaration that was made by mistake.
    ///
    /// # Errors
    /// `NotDeclared` for any other record, or one that does not stand.
    pub fn undo(self, reason: Reason) -> Result<Self, DecisionError> {
        if self.origin != Origin::Declared || self.decision != Decision::Upheld {
            return Err(DecisionError::NotDeclared);
        }
        Ok(Self { decision: Decision::Dismissed, reason: reason.after("误报撤销").into(), ..self })
    }

    /// Whether people have still to decide it.
    pub fn awaits_decision(&self) -> bool {
        self.decision == Decision::Pending && self.rule.effect() == Effect::Discretionary
    }

    /// Whether the expert may not review the application: upheld, or mandatory and not yet dismissed.
    pub fn excludes(&self) -> bool {
        match self.decision {
            Decision::Upheld => true,
            Decision::Dismissed => false,
            Decision::Pending => self.rule.effect() == Effect::Mandatory,
        }
    }
}

/// Findings that the records do not hold yet: experts, units or applications changed since the last comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("专家库、单位关系或申报在回避比对之后有变动，有 {0} 条回避情形尚未登记；请先在“回避”重新比对")]
pub struct Unregistered(pub usize);

/// The pairs that may not meet.
pub fn excluded(conflicts: &[Conflict]) -> HashSet<(ExpertId, ApplicationId)> {
    conflicts.iter().filter(|own| own.excludes()).map(|own| (own.expert, own.application)).collect()
}

#[cfg(test)]
mod tests;
