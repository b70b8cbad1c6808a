//! 不合规则之处, named so that the row can be found.

use crate::countersign::CountersignError;
use crate::gate::Condition;
use crate::ids::{RunId, SheetId};
use crate::imprint::Altered;
use crate::objective::ObjectiveError;
use crate::points::Points;
use crate::round::{Gate, Method, Step};
use crate::run::RunKind;

/// 不合规则之处 of a round.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    #[error("有无法识别的记录：{0}")]
    Unreadable(String),
    #[error("缺少它引用的记录，不能检查")]
    Incomplete,
    #[error("项目 {0} 所在的评审组不属于本轮次")]
    ForeignPanel(String),
    #[error("{0}")]
    Seat(Misplaced),
    #[error("连接评审 {0}")]
    Bridge(Misplaced),
    #[error("评分表 {sheet}（项目 {application}）：{fault}")]
    Sheet { sheet: SheetId, application: String, fault: SheetFault },
    #[error("专家 {expert} 应评审项目 {application}，但没有评分表")]
    NoSheet { expert: String, application: String },
    #[error("客观分：{0}")]
    Objective(#[from] ObjectiveError),
    #[error("客观分：项目 {0} 不在本轮评审范围内")]
    ForeignObjective(String),
    #[error("评分细则、评审办法或回避基准日与冻结时的摘要不符")]
    Terms,
    #[error("评审办法已冻结，但没有三厅对现有内容的会签")]
    UnsignedTerms,
    #[error("{department}对“{gate}”的会签：{}", signature(*.why))]
    Signature { gate: Gate, department: crate::access::Department, why: CountersignError },
    #[error("“{step}”的关口：{}", .condition.text())]
    Gate { step: Step, condition: Condition },
    #[error("“{step}”的关口不能重新判定：{why}")]
    Undecided { step: Step, why: String },
    #[error("抽取记录：{0}")]
    Draw(String),
    #[error("入座的专家与抽取记录不符")]
    OthersSeated,
    #[error("{kind}记录 {run}：{fault}")]
    Run { kind: RunKind, run: RunId, fault: RunFault },
    #[error("{0}：与审计链中的摘要不符")]
    Altered(Altered),
    #[error("校准记录：项目 {application} 的{method}为{}，按评分表重算为{}", score(*.kept), score(*.computed))]
    Score { application: String, method: Method, kept: Option<Points>, computed: Option<Points> },
    #[error("排序记录：项目 {application} 的{what}与按校准记录重算的不同")]
    Ranking { application: String, what: Part },
}

/// Where a seat or a bridge does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misplaced {
    #[error("{0} 的席位所在的评审组不属于本轮次")]
    Foreign(String),
    #[error("{0} 在本轮次有不止一个席位")]
    Twice(String),
    #[error("{panel} {number} 号席位有不止一名专家")]
    Shared { panel: String, number: i32 },
    #[error("{panel} {number} 号席位：没有这个席位")]
    Vacant { panel: String, number: i32 },
    #[error("{panel} {number} 号席位：项目不在本轮评审范围内")]
    NotReviewed { panel: String, number: i32 },
    #[error("{panel} {number} 号席位：项目 {application} 就在该评审组")]
    Within { panel: String, number: i32, application: String },
}

/// A sheet that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetFault {
    #[error("项目不在本轮评审范围内")]
    NotReviewed,
    #[error("该专家没有评审该项目的席位")]
    NoSeat,
    #[error("该专家应回避该项目，评分表却未作废")]
    Recused,
    #[error("独立评分尚未开始")]
    Early,
    #[error("该专家对该项目另有一份未作废的评分表")]
    Twice,
    #[error("{0} 不是该专家的评分项")]
    Criterion(String),
    #[error("{criterion} 的得分 {points} 不在0至{full}分之间")]
    OutOfRange { criterion: String, points: Points, full: String },
    #[error("已提交，但有 {0} 项未完成")]
    Incomplete(usize),
    #[error("内容与审计中最后一次改动的摘要不符")]
    NotAsTraced,
    #[error("有内容，但审计中没有写入的记录")]
    Untraced,
}

/// A computation that is not as it was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RunFault {
    #[error("内容与其摘要不符")]
    Altered,
    #[error("摘要与审计中的不符")]
    NotAsTraced,
    #[error("审计中没有这次计算")]
    Untraced,
}

crate::coded! {
    /// The part of a ranking's row.
    Part {
        Missing = "missing", "所在的一行";
        Score = "score", "最终分";
        Rank = "rank", "名次";
        Dimensions = "dimensions", "各维度得分";
        Votes = "votes", "有效份数或推荐票";
        Outcome = "outcome", "建议";
    }
}

/// The rule a signature breaks, said of its signer and not to them.
fn signature(why: CountersignError) -> String {
    match why {
        CountersignError::SamePerson(other) => format!("签字人已代表{other}会签"),
        CountersignError::Signed(_) | CountersignError::AnotherContent => why.to_string(),
    }
}

fn score(points: Option<Points>) -> String {
    points.map_or_else(|| "无".to_owned(), |points| points.to_string())
}
