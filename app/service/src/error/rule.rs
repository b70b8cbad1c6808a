//! The rules of the review, each with its own words, in one type.

use domain::account::{AccountError, AccountListError, EnrolmentError, GrantError, NotGranted, PasswordError};
use domain::application::{BatchError, UnderReviewElsewhere};
use domain::approach::ReportError;
use domain::bridge::{BridgeError, Unbridgeable};
use domain::conflict::{DecisionError, Unregistered};
use domain::consent::ConsentError;
use domain::countersign::CountersignError;
use domain::demand::DemandError;
use domain::draw::{DrawError, PledgeError};
use domain::expert::UnitError;
use domain::gate::GateError;
use domain::identity::persons::IdentityError;
use domain::import::{AlreadyImported, ImportError};
use domain::imprint::NotAsLeft;
use domain::invitation::NobodyToInvite;
use domain::objective::{IncompleteObjectives, ObjectiveError};
use domain::people::PurposeError;
use domain::ranking::RankingError;
use domain::reason::Unreasoned;
use domain::renewal::RenewalError;
use domain::round::{RoundError, TermsError};
use domain::rubric::RubricError;
use domain::seat::StillSeated;
use domain::sheet::SheetError;
use engine::calibration::CalibrationError;
use engine::panels::PlanError;

use super::Error;
use crate::audit::NoDigest;
use crate::crypto::KeyFileError;
use crate::heavy::Full;

/// The thing that has to change before a rule lets it through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// The input.
    Input,
    /// The moment: a step, freeze or gate forbids it now.
    Moment,
    /// Nothing: it is there already.
    Duplicate,
}

macro_rules! rules {
    ($($name:ident($error:ty) = $case:expr;)+) => {
        /// 规则: the rule that forbids what was asked.
        #[derive(Debug, Clone, thiserror::Error)]
        pub enum RuleError {
            $(#[error(transparent)] $name(#[from] $error),)+
        }

        $(impl From<$error> for Error {
            fn from(error: $error) -> Self {
                RuleError::from(error).into()
            }
        })+

        impl RuleError {
            pub fn case(&self) -> Case {
                match self {
                    $(Self::$name(error) => {
                        let case: fn(&$error) -> Case = $case;
                        case(error)
                    })+
                }
            }
        }
    };
}

rules! {
    Account(AccountError) = |error| if error.is_duplicate() { Case::Duplicate } else { Case::Input };
    AccountList(AccountListError) = |_| Case::Input;
    AlreadyImported(AlreadyImported) = |_| Case::Moment;
    AlreadyThere(AlreadyThere) = |_| Case::Duplicate;
    Gate(GateError) = |_| Case::Moment;
    Batch(BatchError) = |error| if error.is_duplicate() { Case::Duplicate } else { Case::Input };
    Bridge(BridgeError) = |_| Case::Input;
    Calibration(CalibrationError) = |_| Case::Input;
    Consent(ConsentError) = |_| Case::Duplicate;
    Countersign(CountersignError) = |_| Case::Duplicate;
    Decision(DecisionError) = |_| Case::Input;
    Demand(DemandError) = |_| Case::Input;
    Digest(NoDigest) = |_| Case::Input;
    Draw(DrawError) = |_| Case::Moment;
    Enrolment(EnrolmentError) = |error| if error.is_input() { Case::Input } else { Case::Moment };
    Full(Full) = |_| Case::Moment;
    Grant(GrantError) = |_| Case::Input;
    Identity(IdentityError) = |_| Case::Moment;
    Import(ImportError) = |_| Case::Input;
    IncompleteObjectives(IncompleteObjectives) = |_| Case::Moment;
    KeyFile(KeyFileError) = |_| Case::Input;
    NotAsLeft(NotAsLeft) = |_| Case::Moment;
    NotGranted(NotGranted) = |_| Case::Input;
    NobodyToInvite(NobodyToInvite) = |_| Case::Moment;
    Objective(ObjectiveError) = |_| Case::Input;
    Password(PasswordError) = |_| Case::Input;
    Plan(PlanError) = |_| Case::Input;
    Pledge(PledgeError) = |_| Case::Input;
    Purpose(PurposeError) = |_| Case::Input;
    Ranking(RankingError) = |error| match error {
        RankingError::OutOfDate => Case::Moment,
        _ => Case::Input,
    };
    Renewal(RenewalError) = |error| if error.is_of_the_moment() { Case::Moment } else { Case::Input };
    Report(ReportError) = |_| Case::Input;
    Round(RoundError) = |_| Case::Moment;
    Rubric(RubricError) = |_| Case::Input;
    Sheet(SheetError) = |_| Case::Input;
    StillSeated(StillSeated) = |_| Case::Moment;
    Terms(TermsError) = |_| Case::Input;
    Unbridgeable(Unbridgeable) = |_| Case::Moment;
    UnderReviewElsewhere(UnderReviewElsewhere) = |_| Case::Moment;
    Unit(UnitError) = |_| Case::Input;
    UnreadableFile(UnreadableFile) = |_| Case::Input;
    Unreasoned(Unreasoned) = |_| Case::Input;
    Unregistered(Unregistered) = |_| Case::Moment;
}

/// A file of which nothing can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("文件无法读取：{0}")]
pub struct UnreadableFile(import::Unreadable);

impl From<import::Unreadable> for Error {
    fn from(error: import::Unreadable) -> Self {
        UnreadableFile(error).into()
    }
}

/// A row of the same key is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("记录已存在，没有重复保存")]
pub struct AlreadyThere;
