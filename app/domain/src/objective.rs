//! 客观分: points that staff establish once for all experts.

use crate::ids::ApplicationId;
use crate::points::Points;
use crate::rubric::{Applicability, Criterion};
use std::collections::{BTreeMap, HashMap};

/// 客观分 of one criterion with the evidence it rests on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Objective {
    pub points: Points,
    pub evidence: String,
}

/// Objective points by application and criterion code.
pub type Objectives = HashMap<ApplicationId, BTreeMap<String, Objective>>;

/// An application whose objective points are not complete.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} 的客观分未登记齐全")]
pub struct IncompleteObjectives(pub String);

/// Why objective points or findings cannot be kept; each names application and criterion.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ObjectiveError {
    #[error("“{0}”不是客观评分项")]
    NotObjective(String),
    #[error("{application}：{criterion} {why}")]
    NotApplicable { application: String, criterion: String, why: String },
    #[error("{application}：{criterion} 应在0至{full}分之间")]
    OutOfRange { application: String, criterion: String, full: String },
    #[error("{application}：{criterion} 须注明佐证材料")]
    NoEvidence { application: String, criterion: String },
    #[error("{0} 由指标完成情况表计算，请在指标完成情况中登记")]
    ByTable(&'static str),
    #[error("只有验收轮次登记指标完成情况")]
    NotAcceptance,
}

impl Objective {
    /// # Errors
    /// For a criterion that does not apply, points outside its range, or without evidence.
    pub fn check(&self, application: &str, criterion: &Criterion, facts: Applicability) -> Result<(), ObjectiveError> {
        let application = application.to_owned();
        if !criterion.applies(facts) {
            let (criterion, why) = (criterion.code.clone(), criterion.not_applicable.to_string());
            return Err(ObjectiveError::NotApplicable { application, criterion, why });
        }
        if self.points < Points::ZERO || self.points > criterion.full {
            let (criterion, full) = (criterion.name.clone(), criterion.full.short());
            return Err(ObjectiveError::OutOfRange { application, criterion, full });
        }
        if self.evidence.trim().is_empty() {
            return Err(ObjectiveError::NoEvidence { application, criterion: criterion.name.clone() });
        }
        Ok(())
    }
}
