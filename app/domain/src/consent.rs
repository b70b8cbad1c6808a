//! 复核与会办: which acts of a review nobody does alone, and who has to agree before they take effect.

use crate::Timestamp;
use crate::access::{Department, Permission, person};
use crate::demand::Demand;
use crate::ids::{AccountId, ConflictId, ConsentId, DrawId, ExpertId, RoundId, SheetId};
use crate::leave::Leave;
use crate::reason::Reason;
use crate::round::Step;
use serde::{Deserialize, Serialize};

crate::coded! {
    /// 需要多少人
    Needs {
        One = "one", "一人";
        SecondPerson = "second_person", "另一部门的第二人复核";
        ThreeDepartments = "three_departments", "三个部门";
    }
}

crate::coded! {
    /// 决定事项: the acts by which people decide something in a review.
    Act {
        FreezeTerms = "freeze_terms", "冻结评分细则与评审办法";
        Pledge = "pledge", "抽取：承诺与公布随机数";
        VoidRevealed = "void_revealed", "作废抽取（已有部门公布随机数）";
        VoidUnrevealed = "void_unrevealed", "作废抽取（尚无部门公布随机数）";
        ConfirmResult = "confirm_result", "确认结果";
        Assign = "assign", "定向指派专家";
        Replace = "replace", "抽中的专家离席，递补";
        DismissMandatory = "dismiss_mandatory", "把法定回避情形认定为不回避";
        UndoDeclaration = "undo_declaration", "撤销专家误报的回避";
        VoidSheet = "void_sheet", "作废评分表";
        Conclude = "conclude", "会签之后进入公示、异议、公布、归档";
        DecideConflict = "decide_conflict", "其他回避认定";
        DecideFormality = "decide_formality", "形式审查";
        AdmitLate = "admit_late", "补录申报";
        Group = "group", "分组、连接评审";
        Regroup = "regroup", "退回分组";
        Advance = "advance", "会签及以前进入下一步";
        EstablishFindings = "establish_findings", "登记客观分、指标完成情况与一票否决";
        Compute = "compute", "校准、排序、并列会商、验收结论";
    }
}

impl Act {
    /// How many people it takes. This list is the only one.
    pub const fn needs(self) -> Needs {
        match self {
            Self::FreezeTerms | Self::Pledge | Self::VoidRevealed | Self::ConfirmResult => Needs::ThreeDepartments,
            Self::Assign
            | Self::Replace
            | Self::DismissMandatory
            | Self::UndoDeclaration
            | Self::VoidSheet
            | Self::Conclude => Needs::SecondPerson,
            // Whatever is computed is confirmed by three departments afterwards; the rest can be undone before anything rests on it.
            Self::VoidUnrevealed
            | Self::DecideConflict
            | Self::DecideFormality
            | Self::AdmitLate
            | Self::Group
            | Self::Regroup
            | Self::Advance
            | Self::EstablishFindings
            | Self::Compute => Needs::One,
        }
    }

    /// Whoever asks for it or agrees to it must have this.
    pub const fn permission(self) -> Permission {
        match self {
            Self::FreezeTerms => Permission::FreezeTerms,
            Self::Pledge | Self::VoidRevealed | Self::VoidUnrevealed => Permission::DrawExperts,
            Self::ConfirmResult => Permission::Countersign,
            Self::Assign | Self::Group | Self::Regroup => Permission::AssignExperts,
            Self::Replace | Self::Conclude | Self::Advance => Permission::RunSession,
            Self::DismissMandatory | Self::UndoDeclaration | Self::VoidSheet | Self::DecideConflict => {
                Permission::DecideConflicts
            }
            Self::DecideFormality | Self::AdmitLate => Permission::ReviewFormality,
            Self::EstablishFindings => Permission::ScoreObjective,
            Self::Compute => Permission::Calibrate,
        }
    }
}

/// An act that waits for others to agree, with everything that is done once they have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proposal {
    VoidDraw { draw: DrawId, reason: Reason },
    Assign { demand: Demand, reason: Reason },
    Replace { leaving: Vec<(ExpertId, Leave, Reason)> },
    Dismiss { conflict: ConflictId, reason: Reason },
    UndoDeclaration { conflict: ConflictId, reason: Reason },
    VoidSheet { sheet: SheetId, reason: Reason },
    Advance { from: Step },
}

impl Proposal {
    /// The act, where it takes more than one person.
    pub const fn act(&self) -> Act {
        match self {
            Self::VoidDraw { .. } => Act::VoidRevealed,
            Self::Assign { .. } => Act::Assign,
            Self::Replace { .. } => Act::Replace,
            Self::Dismiss { .. } => Act::DismissMandatory,
            Self::UndoDeclaration { .. } => Act::UndoDeclaration,
            Self::VoidSheet { .. } => Act::VoidSheet,
            Self::Advance { .. } => Act::Conclude,
        }
    }
}

/// Whether the next step is entered by one person or takes a second.
pub fn entering(next: Step) -> Act {
    if next > Step::Countersign { Act::Conclude } else { Act::Advance }
}

/// One person's agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assent {
    pub account: AccountId,
    /// None for an organizer.
    pub department: Option<Department>,
    pub at: Timestamp,
}

crate::coded! {
    /// 复核状态
    ConsentState {
        Open = "open", "待复核";
        /// The last one has agreed, and it is being done.
        Carrying = "carrying", "执行中";
        Done = "done", "已执行";
        Declined = "declined", "已退回";
    }
}

/// 复核: an act with those who have agreed to it so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Consent {
    pub id: ConsentId,
    pub round: RoundId,
    pub proposal: Proposal,
    pub assents: Vec<Assent>,
    pub state: ConsentState,
    /// Why it was declined.
    pub reason: String,
    pub closed_at: Option<Timestamp>,
}

/// Why somebody's agreement does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConsentError {
    #[error("这一事项已经执行或退回")]
    Closed,
    #[error("您已同意这一事项，须由{0}")]
    Already(Needs),
    #[error("{0}已同意这一事项，须由{1}")]
    Department(Department, Needs),
    #[error("组织者已同意这一事项，须由部门的协调员复核")]
    Organizers,
    #[error("您已经代表{0}同意，同一人不得代表两个部门")]
    SamePerson(&'static str),
    #[error("这一事项须由三个部门的协调员同意")]
    NoDepartment,
}

impl Consent {
    pub fn needs(&self) -> Needs {
        self.proposal.act().needs()
    }

    /// Adds an agreement. `name_of` gives the name behind an account: two accounts of one name are one person.
    ///
    /// # Errors
    /// `Closed`; `Already`, `Department`, `Organizers` or `SamePerson` where nobody new agrees; `NoDepartment` for an organizer where the
    /// departments have to.
    pub fn agree<N: AsRef<str>>(
        &mut self,
        assent: Assent,
        name_of: impl Fn(AccountId) -> Option<N>,
    ) -> Result<(), ConsentError> {
        if self.state != ConsentState::Open {
            return Err(ConsentError::Closed);
        }
        if assent.department.is_none() && self.needs() == Needs::ThreeDepartments {
            return Err(ConsentError::NoDepartment);
        }
        if self.assents.iter().any(|other| other.account == assent.account) {
            return Err(ConsentError::Already(self.needs()));
        }
        if self.assents.iter().any(|other| other.department == assent.department) {
            return Err(assent
                .department
                .map_or(ConsentError::Organizers, |own| ConsentError::Department(own, self.needs())));
        }
        let same = self.assents.iter().find(|other| person::is_same(other.account, assent.account, &name_of));
        if let Some(other) = same {
            return Err(ConsentError::SamePerson(other.department.map_or("组织者", Department::label)));
        }
        self.assents.push(assent);
        Ok(())
    }

    /// Whether everyone has agreed whom it takes.
    pub fn is_complete(&self) -> bool {
        let wanted = match self.needs() {
            Needs::One => 1,
            Needs::SecondPerson => 2,
            Needs::ThreeDepartments => Department::ALL.len(),
        };
        self.assents.len() >= wanted
    }

    /// Whether an account is among those who agreed.
    pub fn is_agreed_by(&self, account: AccountId) -> bool {
        self.assents.iter().any(|own| own.account == account)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn consent(proposal: Proposal) -> Consent {
        Consent {
            id: ConsentId(Uuid::nil()),
            round: RoundId(Uuid::nil()),
            proposal,
            assents: Vec::new(),
            state: ConsentState::Open,
            reason: String::new(),
            closed_at: None,
        }
    }

    fn by(account: u128, department: Option<Department>) -> Assent {
        Assent { account: AccountId(Uuid::from_u128(account)), department, at: Timestamp::UNIX_EPOCH }
    }

    fn name(account: AccountId) -> Option<&'static str> {
        match account.0.as_u128() {
            1 => Some("张三"),
            2 => Some(" 张三"),
            3 => Some("李四"),
            4 => Some("王五"),
            _ => None,
        }
    }

    fn void() -> Consent {
        let reason = Reason::new("候选池有误").unwrap();
        consent(Proposal::VoidDraw { draw: DrawId(Uuid::nil()), reason })
    }

    #[test]
    fn a_second_person_of_another_department_completes_it() {
        use Department::{Industry, Science};
        let mut consent = consent(Proposal::Advance { from: Step::Countersign });
        let mut add = |assent| consent.agree(assent, name);
        add(by(1, None)).unwrap();
        assert_eq!(add(by(1, None)), Err(ConsentError::Already(Needs::SecondPerson)));
        assert_eq!(add(by(3, None)), Err(ConsentError::Organizers), "two organizers are not enough");
        assert_eq!(add(by(2, Some(Industry))), Err(ConsentError::SamePerson("组织者")));
        assert!(!consent.is_complete());
        consent.agree(by(4, Some(Science)), name).unwrap();
        assert!(consent.is_complete());
    }

    #[test]
    fn three_departments_by_three_people_complete_it() {
        use Department::{Education, Industry, Science};
        let mut consent = void();
        assert_eq!(consent.agree(by(9, None), name), Err(ConsentError::NoDepartment));
        consent.agree(by(1, Some(Industry)), name).unwrap();
        let again = consent.agree(by(3, Some(Industry)), name);
        assert_eq!(again, Err(ConsentError::Department(Industry, Needs::ThreeDepartments)));
        assert_eq!(consent.agree(by(2, Some(Science)), name), Err(ConsentError::SamePerson(Industry.label())));
        consent.agree(by(3, Some(Science)), name).unwrap();
        assert!(!consent.is_complete());
        consent.agree(by(4, Some(Education)), name).unwrap();
        assert!(consent.is_complete());
        consent.state = ConsentState::Done;
        assert_eq!(consent.agree(by(5, Some(Education)), name), Err(ConsentError::Closed));
    }

    #[test]
    fn no_proposal_is_for_one_person() {
        let reason = Reason::new("理由").unwrap();
        let nil = Uuid::nil();
        for proposal in [
            Proposal::VoidDraw { draw: DrawId(nil), reason: reason.clone() },
            Proposal::Assign { demand: Demand::default(), reason: reason.clone() },
            Proposal::Replace { leaving: Vec::new() },
            Proposal::Dismiss { conflict: ConflictId(nil), reason: reason.clone() },
            Proposal::UndoDeclaration { conflict: ConflictId(nil), reason: reason.clone() },
            Proposal::VoidSheet { sheet: SheetId(nil), reason },
            Proposal::Advance { from: Step::Countersign },
        ] {
            assert_ne!(proposal.act().needs(), Needs::One, "{proposal:?}");
        }
        for step in Step::ALL.iter().copied() {
            assert_eq!(entering(step).needs() == Needs::SecondPerson, step > Step::Countersign, "{step}");
        }
    }
}
