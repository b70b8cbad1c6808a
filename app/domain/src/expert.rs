//! 专家库.

use crate::access::Department;
use crate::discipline::Discipline;
use crate::ids::ExpertId;
use crate::people::ANONYMOUS;
use crate::rubric::ExpertRole;
use crate::sector::Sector;
use crate::uscc::Uscc;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

crate::coded! {
    /// 在库状态
    PoolState {
        Active = "active", "在库";
        Suspended = "suspended", "暂停";
        Removed = "removed", "退库";
    }
}

crate::coded! {
    /// 任职关系
    TieKind {
        Employment = "employment", "任职";
        Director = "director", "董事";
        Supervisor = "supervisor", "监事";
        Shareholder = "shareholder", "控股股东、实际控制人";
        Consultant = "consultant", "顾问";
    }
}

/// A dated tie between an expert and a unit. `until: None` means it lasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tie {
    pub kind: TieKind,
    pub uscc: Option<Uscc>,
    pub unit: String,
    pub position: String,
    pub since: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
}

/// 专家
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expert {
    pub id: ExpertId,
    /// 专家编号 in the pool.
    pub code: String,
    pub name: String,
    pub source: Department,
    pub role: ExpertRole,
    pub sectors: Vec<Sector>,
    pub specialities: String,
    pub disciplines: Vec<Discipline>,
    pub title: String,
    pub employer: String,
    pub employer_uscc: Option<Uscc>,
    pub region: String,
    pub standing: PoolState,
    pub ties: Vec<Tie>,
}

impl Tie {
    /// Whether the tie existed at any time in the three years before `day`.
    pub fn within_three_years_before(&self, day: NaiveDate) -> bool {
        let start = day.checked_sub_months(chrono::Months::new(36)).unwrap_or(day);
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| until >= start)
    }
}

impl Expert {
    /// 匿名化: only the code, the role and the sectors stay, and no round takes the expert any more.
    #[must_use]
    pub fn anonymised(self) -> Self {
        Self {
            name: format!("{ANONYMOUS}（{}）", self.code),
            specialities: String::new(),
            disciplines: Vec::new(),
            title: String::new(),
            employer: ANONYMOUS.to_owned(),
            employer_uscc: None,
            region: String::new(),
            standing: PoolState::Removed,
            ties: Vec::new(),
            ..self
        }
    }
}

/// Why a unit cannot be registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    #[error("母公司与子公司不能是同一单位")]
    Same,
    #[error("主管部门名称不能为空")]
    NoName,
}
