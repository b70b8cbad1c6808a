//! What is said of a whole file where it lacks the column.

use domain::access::Department;
use domain::region::Recommender;
use domain::rubric::ExpertRole;
use domain::sector::Sector;
use serde::{Deserialize, Serialize};

/// Values for the columns that a file does not have; a column that it has counts, whatever is given here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whole {
    /// 来源部门
    pub source: Option<Department>,
    /// 专家类别
    pub role: Option<ExpertRole>,
    /// 重点领域
    pub sector: Option<Sector>,
    /// 推荐单位
    pub recommender: Option<Recommender>,
}

impl Whole {
    /// In words; empty where nothing is given.
    pub fn words(self) -> String {
        let parts = [
            self.source.map(|value| format!("来源部门为{value}")),
            self.role.map(|value| format!("专家类别为{value}")),
            self.sector.map(|value| format!("重点领域为{value}")),
            self.recommender.map(|value| format!("推荐单位为{value}")),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("，")
    }
}
