//! The role of a seat.

use domain::rubric::ExpertRole;
use serde::{Deserialize, Serialize};

/// The role in which an expert sits on a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatRole {
    Technical,
    Finance,
    Management,
    /// 不限: a seat without a required role, taken by an expert who may take any.
    Any,
}

impl From<ExpertRole> for SeatRole {
    fn from(role: ExpertRole) -> Self {
        match role {
            ExpertRole::Technical => Self::Technical,
            ExpertRole::Finance => Self::Finance,
            ExpertRole::Management => Self::Management,
        }
    }
}

impl SeatRole {
    pub fn role(self) -> Option<ExpertRole> {
        match self {
            Self::Technical => Some(ExpertRole::Technical),
            Self::Finance => Some(ExpertRole::Finance),
            Self::Management => Some(ExpertRole::Management),
            Self::Any => None,
        }
    }

    /// The name officials read.
    pub fn label(self) -> &'static str {
        self.role().map_or("不限", ExpertRole::label)
    }
}
