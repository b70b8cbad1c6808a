//! 榜单任务与申报.

use crate::ids::{ApplicationId, BatchId, IndicatorId, TaskId};
use crate::money::Fen;
use crate::region::Recommender;
use crate::sector::{Sector, TaskCategory};
use crate::text::LONGEST_TITLE;
use crate::uscc::Uscc;
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

crate::coded! {
    /// 申报形式
    Form {
        Solo = "solo", "单独申报";
        Consortium = "consortium", "联合体";
    }
}

crate::coded! {
    /// 单位类型
    UnitKind {
        Enterprise = "enterprise", "企业";
        University = "university", "高校";
        Institute = "institute", "科研院所";
        Other = "other", "其他";
    }
}

crate::coded! {
    /// 联合体中的角色
    MemberRole {
        Lead = "lead", "牵头单位";
        Participant = "participant", "参与单位";
    }
}

crate::coded! {
    /// 申报在评审中的状态
    ApplicationState {
        Filed = "filed", "待形式审查";
        Eligible = "eligible", "形式审查通过";
        Rejected = "rejected", "形式审查不通过";
    }
}

crate::coded! {
    /// 指标类别
    IndicatorKind {
        Technical = "technical", "技术";
        Economic = "economic", "经济";
        Outcome = "outcome", "成果";
        Talent = "talent", "人才";
        Other = "other", "其他";
    }
}

crate::coded! {
    /// 指标方向
    Direction {
        AtLeast = "at_least", "≥";
        AtMost = "at_most", "≤";
        Equal = "equal", "=";
        Qualitative = "qualitative", "定性";
    }
}

crate::coded! {
    /// 是否核心指标
    Weighting {
        Core = "core", "核心";
        Ordinary = "ordinary", "一般";
    }
}

/// 年度批次
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    pub id: BatchId,
    pub year: i32,
    pub seq: i32,
    pub title: String,
    /// 依据 of the batch: document number and title.
    pub basis: String,
}

/// 榜单任务
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    pub id: TaskId,
    pub batch: BatchId,
    pub code: String,
    pub title: String,
    pub category: TaskCategory,
    pub sector: Sector,
    pub content: String,
    pub deadline: NaiveDate,
    pub indicators: Vec<Indicator>,
}

/// 考核指标
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indicator {
    pub id: IndicatorId,
    pub kind: IndicatorKind,
    pub name: String,
    pub unit: String,
    pub direction: Direction,
    /// In 1/1000 of the unit; for qualitative indicators 1000.
    pub target: i64,
    pub weighting: Weighting,
}

/// 联合体成员
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub uscc: Uscc,
    pub name: String,
    pub kind: UnitKind,
    pub role: MemberRole,
}

/// 参与人员
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub name: String,
    pub unit: String,
    pub duty: String,
}

impl Person {
    pub fn is_anonymous(&self) -> bool {
        self.name == crate::people::ANONYMOUS
    }
}

/// One headed part of the filed material, shown beside the score sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub heading: String,
    pub body: String,
}

/// 申报
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    pub id: ApplicationId,
    pub batch: BatchId,
    pub task: TaskId,
    pub code: String,
    pub title: String,
    pub form: Form,
    pub recommender: Recommender,
    pub investment: Fen,
    /// 承诺书签署日期
    pub committed_on: Option<NaiveDate>,
    pub state: ApplicationState,
    pub state_reason: String,
    pub members: Vec<Member>,
    pub people: Vec<Person>,
    pub sections: Vec<Section>,
}

/// A rule of the policy that an application breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilingError {
    #[error("联合体揭榜牵头单位应为1家，实际{0}家")]
    LeadCount(usize),
    #[error("联合体揭榜参与单位不少于1家")]
    NoParticipant,
    #[error("单独申报不应有参与单位")]
    SoloWithParticipants,
    #[error("成员单位“{0}”重复")]
    DuplicateMember(String),
    #[error("缺少承诺书")]
    NoCommitment,
    #[error("总投资额应大于0")]
    NoInvestment,
}

impl Application {
    pub fn lead(&self) -> Option<&Member> {
        self.members.iter().find(|m| m.role == MemberRole::Lead)
    }

    pub fn participants(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|m| m.role == MemberRole::Participant)
    }

    /// Every rule of form this application breaks, in the order officials check them.
    pub fn formal_defects(&self) -> Vec<FilingError> {
        let mut defects = structure_defects(self.form, &self.members);
        if self.committed_on.is_none() {
            defects.push(FilingError::NoCommitment);
        }
        if self.investment <= Fen(0) {
            defects.push(FilingError::NoInvestment);
        }
        defects
    }
}

/// 联合体揭榜牵头单位1家，参与单位不少于1家.
pub fn structure_defects(form: Form, members: &[Member]) -> Vec<FilingError> {
    let mut defects = Vec::new();
    let leads = members.iter().filter(|m| m.role == MemberRole::Lead).count();
    if leads != 1 {
        defects.push(FilingError::LeadCount(leads));
    }
    let participants = members.len() - leads;
    match form {
        Form::Consortium if participants == 0 => defects.push(FilingError::NoParticipant),
        Form::Solo if participants > 0 => defects.push(FilingError::SoloWithParticipants),
        _ => {}
    }
    let mut seen = std::collections::BTreeSet::new();
    for member in members {
        if !seen.insert(&member.uscc) {
            defects.push(FilingError::DuplicateMember(member.name.clone()));
        }
    }
    defects
}

/// Why a batch or a task cannot be published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    #[error("年度或批次序号不正确")]
    Number,
    #[error("批次名称和依据不能为空")]
    NoTitle,
    #[error("{what}最多{most}字，您填写了{given}字")]
    TooLong { what: &'static str, most: usize, given: usize },
    #[error("{0}的年份应在2000至2100之间")]
    Day(&'static str),
    #[error("任务编号、名称和攻关内容不能为空")]
    IncompleteTask,
    #[error("任务不属于该批次")]
    OtherBatch,
    #[error("轮次名称不能为空")]
    NoRoundTitle,
    #[error("{year}年度第{seq}批已经建立：{title}")]
    BatchTaken { year: i32, seq: i32, title: String },
    #[error("任务编号“{code}”已在本批次登记：{title}")]
    TaskTaken { code: String, title: String },
}

impl BatchError {
    /// Number or code are in use already.
    pub const fn is_duplicate(&self) -> bool {
        matches!(self, Self::BatchTaken { .. } | Self::TaskTaken { .. })
    }
}

impl Batch {
    /// # Errors
    /// For a year or number that cannot be, and without title or basis.
    pub fn check(&self) -> Result<(), BatchError> {
        if !(2020..=2100).contains(&self.year) || !(1..=99).contains(&self.seq) {
            return Err(BatchError::Number);
        }
        if self.title.is_empty() || self.basis.is_empty() {
            return Err(BatchError::NoTitle);
        }
        short("批次名称", &self.title, LONGEST_TITLE)?;
        short("依据", &self.basis, LONGEST_TITLE)
    }
}

impl Task {
    /// # Errors
    /// Without code, title or content, and for a task of another batch.
    pub fn check(&self, batch: BatchId) -> Result<(), BatchError> {
        if [&self.code, &self.title, &self.content].iter().any(|text| text.trim().is_empty()) {
            return Err(BatchError::IncompleteTask);
        }
        short("任务编号", &self.code, LONGEST_CODE)?;
        short("任务名称", &self.title, LONGEST_TITLE)?;
        short("攻关内容", &self.content, LONGEST_CONTENT)?;
        sensible("完成时限", self.deadline)?;
        if self.batch == batch { Ok(()) } else { Err(BatchError::OtherBatch) }
    }
}

const LONGEST_CODE: usize = 40;
const LONGEST_CONTENT: usize = 10_000;

/// # Errors
/// `TooLong` above so many characters.
pub fn short(what: &'static str, text: &str, most: usize) -> Result<(), BatchError> {
    match text.chars().count() {
        given if given > most => Err(BatchError::TooLong { what, most, given }),
        _ => Ok(()),
    }
}

/// # Errors
/// `Day` for a year in which nothing of this happens: it was mistyped, and its differences to other days mean nothing.
pub fn sensible(what: &'static str, day: NaiveDate) -> Result<(), BatchError> {
    if (2000..=2100).contains(&day.year()) { Ok(()) } else { Err(BatchError::Day(what)) }
}

/// Another round that has gone on with the outcome of the formal check.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}”已按现有形式审查结论进入评审，结论不再变更")]
pub struct UnderReviewElsewhere(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    fn member(body: &str, role: MemberRole) -> Member {
        Member {
            uscc: Uscc::from_body(body).unwrap(),
            name: format!("示例单位{body}"),
            kind: UnitKind::Enterprise,
            role,
        }
    }

    #[test]
    fn consortia_have_one_lead_and_at_least_one_participant() {
        let lead = member("91620000000000001", MemberRole::Lead);
        let partner = member("91620000000000002", MemberRole::Participant);
        let defects = |form, members: &[&Member]| {
            structure_defects(form, &members.iter().map(|m| (*m).clone()).collect::<Vec<_>>())
        };
        assert!(defects(Form::Consortium, &[&lead, &partner]).is_empty());
        assert!(defects(Form::Solo, &[&lead]).is_empty());
        assert_eq!(defects(Form::Consortium, &[&lead]), [FilingError::NoParticipant]);
        assert_eq!(defects(Form::Solo, &[&lead, &partner]), [FilingError::SoloWithParticipants]);
        assert_eq!(defects(Form::Consortium, &[&partner]), [FilingError::LeadCount(0)]);
        assert_eq!(
            defects(Form::Consortium, &[&lead, &partner, &partner]),
            [FilingError::DuplicateMember(partner.name.clone())]
        );
    }
}
