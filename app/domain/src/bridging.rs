//! 连接评审的要求: how many reviews across panels are asked for, and what spread of scores is assumed to place them.

use serde::{Deserialize, Serialize};

/// Reviews to add to those within panels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Placement {
    /// 连接评审: so many single reviews, so many of one expert at most.
    Reviews { count: u32, per_expert: u32 },
    /// 锚定项目: so many applications, each scored by so many experts of every other panel.
    Anchors { applications: u32, reviewers: u32 },
}

impl std::fmt::Display for Placement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Reviews { count, per_expert } => write!(f, "连接评审 {count} 份，每名专家至多 {per_expert} 份"),
            Self::Anchors { applications, reviewers } => {
                write!(f, "锚定项目 {applications} 项，其他每组派 {reviewers} 名专家")
            }
        }
    }
}

/// 假定的标准差, in points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Assumed {
    pub application: f64,
    pub expert: f64,
    pub panel: f64,
    pub residual: f64,
}

impl Default for Assumed {
    fn default() -> Self {
        Self { application: 6.0, expert: 4.0, panel: 2.0, residual: 5.0 }
    }
}

impl std::fmt::Display for Assumed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { application, expert, panel, residual } = self;
        write!(f, "项目 {application:.1}、专家 {expert:.1}、评审组 {panel:.1}、剩余 {residual:.1} 分")
    }
}

/// 连接评审的要求
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    pub placement: Placement,
    pub assumed: Assumed,
}

impl std::fmt::Display for Ask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}；假定的标准差：{}", self.placement, self.assumed)
    }
}
