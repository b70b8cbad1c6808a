//! 评分表: one expert's scores for one application.
//!
//! A draft is saved as the expert types, under a version number so that two windows cannot overwrite each other; a
//! submitted sheet never changes; a voided sheet stays.

use crate::Timestamp;
use crate::ids::{ApplicationId, ExpertId, RoundId, SaveId, SheetId};
use crate::numeral::NumeralError;
use crate::points::Points;
use crate::reason::Reason;
use crate::rubric::{Applicability, Criterion, ExactScore, Rubric, Scoring};
use crate::text::kept;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

crate::coded! {
    /// 推荐意见
    Vote {
        Recommend = "recommend", "推荐";
        Decline = "decline", "不推荐";
    }
}

/// An expert's points and reason for one criterion.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub points: Option<Points>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// 评分表
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    pub id: SheetId,
    pub round: RoundId,
    pub expert: ExpertId,
    pub application: ApplicationId,
    /// Grows by one with every save.
    pub version: u32,
    pub entries: BTreeMap<String, Entry>,
    pub vote: Option<Vote>,
    pub comment: String,
    pub state: SheetState,
    pub saved_at: Option<Timestamp>,
    /// The save that made this version; none where the form made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_save: Option<SaveId>,
}

/// 评分表状态
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SheetState {
    Draft,
    Submitted { at: Timestamp },
    Voided { at: Timestamp, reason: String },
}

impl SheetState {
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted { .. } => "submitted",
            Self::Voided { .. } => "voided",
        }
    }
}

/// One criterion's problem in an entered sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryProblem {
    pub code: String,
    pub problem: String,
}

/// Why a sheet cannot be saved or submitted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    #[error("评分表已提交，不能修改")]
    NotDraft,
    #[error("评分表已作废（{0}），不能修改")]
    Voided(String),
    #[error("评分表已作废，原因不再更改")]
    AlreadyVoided,
    #[error("评分表没有作废，不能恢复")]
    NotVoided,
    #[error("评分表尚未提交，不必撤回")]
    NotSubmitted,
    #[error("评分表已在别处更新（当前第{latest}版，您提交的是第{given}版），这次填写的没有保存")]
    Stale { latest: u32, given: u32 },
    #[error("{} 项有误", .0.len())]
    Invalid(Vec<EntryProblem>),
    #[error("{} 项未完成", .0.len())]
    Incomplete(Vec<EntryProblem>),
}

/// The version a save starts from, and how it is known again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Saving {
    pub version: u32,
    /// The save's own id; none where a form is posted.
    pub save: Option<SaveId>,
    /// Saves from the same page that were sent and not answered: any of them may have been kept.
    pub unanswered: Vec<SaveId>,
}

impl From<u32> for Saving {
    fn from(version: u32) -> Self {
        Self { version, ..Self::default() }
    }
}

/// The form's texts as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    pub points: BTreeMap<String, String>,
    pub reasons: BTreeMap<String, String>,
    pub vote: Option<Vote>,
    pub comment: String,
}

const LONGEST_TEXT: usize = 2000;

impl Sheet {
    pub const fn blank(id: SheetId, round: RoundId, expert: ExpertId, application: ApplicationId) -> Self {
        Self {
            id,
            round,
            expert,
            application,
            version: 0,
            entries: BTreeMap::new(),
            vote: None,
            comment: String::new(),
            state: SheetState::Draft,
            saved_at: None,
            last_save: None,
        }
    }

    /// Replaces the draft by what was typed. Items left empty are missing, not zero.
    ///
    /// # Errors
    /// `NotDraft`, `Stale`, or `Invalid` naming every item that is no score within its range; nothing is kept then.
    pub fn save(
        self,
        rubric: &Rubric,
        facts: Applicability,
        typed: &Typed,
        saving: &Saving,
        at: Timestamp,
    ) -> Result<Self, SheetError> {
        let (saved, problems) = self.save_what_is_right(rubric, facts, typed, saving, at)?;
        if problems.is_empty() { Ok(saved) } else { Err(SheetError::Invalid(problems)) }
    }

    /// Replaces the draft by what is right of what was typed, and names what is wrong: there the draft keeps what it had. A form that
    /// comes back without its contents must lose neither what is right nor what was right before.
    ///
    /// # Errors
    /// `NotDraft`, `Stale`.
    pub fn save_what_is_right(
        mut self,
        rubric: &Rubric,
        facts: Applicability,
        typed: &Typed,
        saving: &Saving,
        at: Timestamp,
    ) -> Result<(Self, Vec<EntryProblem>), SheetError> {
        self.require_draft()?;
        self.require_base(saving)?;
        let mut problems = Vec::new();
        let mut note = |code: &str, problem: String| problems.push(EntryProblem { code: code.to_owned(), problem });
        let mut entries = BTreeMap::new();
        for criterion in own_criteria(rubric, facts) {
            let code = &criterion.code;
            let stored = self.entries.remove(code).unwrap_or_default();
            let points = read_points(criterion, typed.points.get(code).map_or("", String::as_str));
            let points = points.unwrap_or_else(|problem| {
                note(code, problem);
                stored.points
            });
            let mut reason = typed.reasons.get(code).map_or_else(String::new, |reason| kept(reason).trim().to_owned());
            if reason.chars().count() > LONGEST_TEXT {
                note(code, format!("理由最多{LONGEST_TEXT}字"));
                reason = stored.reason;
            }
            entries.insert(code.clone(), Entry { points, reason });
        }
        if typed.comment.chars().count() > LONGEST_TEXT {
            note("comment", format!("总体意见最多{LONGEST_TEXT}字"));
        } else {
            kept(&typed.comment).trim().clone_into(&mut self.comment);
        }
        let (version, last_save) = (self.version + 1, saving.save);
        Ok((Self { version, entries, vote: typed.vote, saved_at: Some(at), last_save, ..self }, problems))
    }

    /// From now on the sheet does not change.
    ///
    /// # Errors
    /// `NotDraft`, `Stale`, or `Incomplete` naming every missing score, reason and the vote.
    pub fn submit(
        self,
        rubric: &Rubric,
        facts: Applicability,
        version: u32,
        at: Timestamp,
    ) -> Result<Self, SheetError> {
        self.require_draft()?;
        self.require_version(version)?;
        let missing = self.missing(rubric, facts);
        if missing.is_empty() {
            Ok(Self { state: SheetState::Submitted { at }, ..self })
        } else {
            Err(SheetError::Incomplete(missing))
        }
    }

    /// Takes a submission back: the expert goes on where the sheet was.
    ///
    /// # Errors
    /// `NotSubmitted`, `Voided`.
    pub fn withdraw(self) -> Result<Self, SheetError> {
        self.require_standing()?;
        if !self.is_submitted() {
            return Err(SheetError::NotSubmitted);
        }
        Ok(Self { version: self.version + 1, state: SheetState::Draft, last_save: None, ..self })
    }

    /// Brings a voided sheet back as a draft: what it says stands again, and is submitted anew.
    ///
    /// # Errors
    /// `NotVoided`.
    pub fn reinstate(self) -> Result<Self, SheetError> {
        if !self.is_voided() {
            return Err(SheetError::NotVoided);
        }
        Ok(Self { version: self.version + 1, state: SheetState::Draft, last_save: None, ..self })
    }

    /// Takes the sheet out of every computation. It stays on record with its reason.
    ///
    /// # Errors
    /// `AlreadyVoided`: the first reason stands.
    pub fn void(self, reason: Reason, at: Timestamp) -> Result<Self, SheetError> {
        if self.is_voided() {
            return Err(SheetError::AlreadyVoided);
        }
        Ok(Self { state: SheetState::Voided { at, reason: reason.into() }, ..self })
    }

    /// Everything that is missing before this draft can be submitted.
    pub fn missing(&self, rubric: &Rubric, facts: Applicability) -> Vec<EntryProblem> {
        let mut missing = Vec::new();
        let mut note = |code: &str, problem: &str| {
            missing.push(EntryProblem { code: code.to_owned(), problem: problem.to_owned() });
        };
        for criterion in own_criteria(rubric, facts) {
            let entry = self.entries.get(&criterion.code);
            match entry.and_then(|e| e.points) {
                None => note(&criterion.code, "未评分"),
                Some(points) if criterion.needs_reason(points) && entry.is_none_or(|e| e.reason.is_empty()) => {
                    note(&criterion.code, "满分或低于六成须写理由");
                }
                Some(_) => {}
            }
        }
        if self.vote.is_none() {
            note("vote", "未填写推荐意见");
        }
        missing
    }

    /// This expert's points together with the shared objective ones.
    pub fn scores(&self, objective: &BTreeMap<String, Points>) -> BTreeMap<String, Points> {
        let own = self.entries.iter().filter_map(|(code, entry)| entry.points.map(|p| (code.clone(), p)));
        own.chain(objective.iter().map(|(code, p)| (code.clone(), *p))).collect()
    }

    /// 合计, exact; `None` while anything is missing.
    pub fn total(
        &self,
        rubric: &Rubric,
        facts: Applicability,
        objective: &BTreeMap<String, Points>,
    ) -> Option<ExactScore> {
        rubric.total(facts, &self.scores(objective))
    }

    /// As it is handed out: it says nothing yet.
    pub fn is_blank(&self) -> bool {
        *self == Self::blank(self.id, self.round, self.expert, self.application)
    }

    pub const fn is_draft(&self) -> bool {
        matches!(self.state, SheetState::Draft)
    }

    pub const fn is_voided(&self) -> bool {
        matches!(self.state, SheetState::Voided { .. })
    }

    pub const fn is_submitted(&self) -> bool {
        matches!(self.state, SheetState::Submitted { .. })
    }

    /// # Errors
    /// `Voided` with the reason.
    pub fn require_standing(&self) -> Result<(), SheetError> {
        match &self.state {
            SheetState::Voided { reason, .. } => Err(SheetError::Voided(reason.clone())),
            SheetState::Draft | SheetState::Submitted { .. } => Ok(()),
        }
    }

    fn require_draft(&self) -> Result<(), SheetError> {
        match &self.state {
            SheetState::Draft => Ok(()),
            SheetState::Submitted { .. } => Err(SheetError::NotDraft),
            SheetState::Voided { reason, .. } => Err(SheetError::Voided(reason.clone())),
        }
    }

    /// The draft is at the version that was seen, or was made by a save of the same page whose answer was lost.
    fn require_base(&self, saving: &Saving) -> Result<(), SheetError> {
        let own = |id: &SaveId| saving.unanswered.contains(id) || saving.save == Some(*id);
        if self.last_save.as_ref().is_some_and(own) { Ok(()) } else { self.require_version(saving.version) }
    }

    const fn require_version(&self, given: u32) -> Result<(), SheetError> {
        if self.version == given { Ok(()) } else { Err(SheetError::Stale { latest: self.version, given }) }
    }
}

/// The criteria an expert scores: the subjective ones that apply.
pub fn own_criteria(rubric: &Rubric, facts: Applicability) -> impl Iterator<Item = &Criterion> {
    rubric.applicable(facts).filter(|c| c.scoring == Scoring::Subjective)
}

/// Reads one typed score; empty means not yet scored.
///
/// # Errors
/// In words: no number, too precise, outside 0 to the full points.
pub fn read_points(criterion: &Criterion, text: &str) -> Result<Option<Points>, String> {
    match Points::parse(text) {
        Err(NumeralError::Empty) => Ok(None),
        Err(error) => Err(format!("“{}”{error}", text.trim())),
        Ok(points) if points < Points::ZERO || points > criterion.full => {
            Err(format!("应在0至{}分之间", criterion.full.short()))
        }
        Ok(points) => Ok(Some(points)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::application::{Form, UnitKind};
    use crate::rubric_default::selection;
    use uuid::Uuid;

    const FACTS: Applicability =
        Applicability { consortium: Form::Consortium, lead: UnitKind::Enterprise, economic_indicators: 0 };

    fn now() -> Timestamp {
        Timestamp::from_timestamp(1_750_000_000, 0).unwrap()
    }

    fn blank() -> Sheet {
        let id = Uuid::nil();
        Sheet::blank(SheetId(id), RoundId(id), ExpertId(id), ApplicationId(id))
    }

    fn typed(points: &str) -> Typed {
        let rubric = selection();
        Typed {
            points: own_criteria(&rubric, FACTS).map(|c| (c.code.clone(), points.to_owned())).collect(),
            vote: Some(Vote::Recommend),
            ..Typed::default()
        }
    }

    #[test]
    fn a_save_raises_the_version_and_a_stale_one_is_refused() {
        let rubric = selection();
        let first = blank().save(&rubric, FACTS, &typed("3"), &0.into(), now()).unwrap();
        assert_eq!(first.version, 1);
        let stale = first.save(&rubric, FACTS, &typed("3"), &0.into(), now());
        assert_eq!(stale, Err(SheetError::Stale { latest: 1, given: 0 }));
    }

    #[test]
    fn a_save_repeated_after_a_lost_answer_is_its_own() {
        let rubric = selection();
        let id = |n| SaveId(Uuid::from_u128(n));
        let saving = |version, save, unanswered: &[u128]| Saving {
            version,
            save: Some(id(save)),
            unanswered: unanswered.iter().map(|n| id(*n)).collect(),
        };
        let save = |sheet: &Sheet, points: &str, saving: &Saving| {
            sheet.clone().save(&rubric, FACTS, &typed(points), saving, now())
        };
        let kept = save(&blank(), "3", &saving(0, 7, &[])).unwrap();
        // The answer is lost. The same save comes again, or the next one that knows of it.
        assert_eq!(save(&kept, "3", &saving(0, 7, &[])).unwrap().version, 2);
        let next = save(&kept, "4", &saving(0, 8, &[7])).unwrap();
        assert_eq!((next.version, next.entries["A1"].points), (2, Some(Points::whole(4))));
        // Another page has saved in between: nobody is overwritten.
        assert!(matches!(save(&next, "5", &saving(0, 9, &[7])), Err(SheetError::Stale { latest: 2, given: 0 })));
        assert!(matches!(save(&next, "5", &0.into()), Err(SheetError::Stale { .. })));
    }

    #[test]
    fn a_submission_is_taken_back_and_a_voided_sheet_comes_back_as_a_draft() {
        let rubric = selection();
        let mut input = typed("4");
        input.reasons = input.points.keys().map(|code| (code.clone(), "理由".to_owned())).collect();
        let draft = blank().save(&rubric, FACTS, &input, &0.into(), now()).unwrap();
        assert_eq!(draft.clone().withdraw(), Err(SheetError::NotSubmitted));
        let back = draft.clone().submit(&rubric, FACTS, 1, now()).unwrap().withdraw().unwrap();
        assert!(back.is_draft() && back.version == 2 && back.entries == draft.entries);
        let voided = draft.clone().void(Reason::new("误报").unwrap(), now()).unwrap();
        assert!(matches!(voided.clone().withdraw(), Err(SheetError::Voided(_))));
        let back = voided.reinstate().unwrap();
        assert!(back.is_draft() && back.entries == draft.entries);
        assert_eq!(back.reinstate(), Err(SheetError::NotVoided));
    }

    #[test]
    fn what_is_wrong_costs_neither_what_is_right_nor_what_was_right_before() {
        let rubric = selection();
        let mut first = typed("3");
        first.comment = "总体可行".to_owned();
        let sheet = blank().save(&rubric, FACTS, &first, &0.into(), now()).unwrap();
        let mut second = typed("4");
        second.points.insert("A1".to_owned(), "NaN".to_owned());
        second.reasons.insert("B2".to_owned(), "长".repeat(LONGEST_TEXT + 1));
        second.comment = "长".repeat(LONGEST_TEXT + 1);
        let (saved, problems) = sheet.save_what_is_right(&rubric, FACTS, &second, &1.into(), now()).unwrap();
        let codes: Vec<_> = problems.iter().map(|p| p.code.as_str()).collect();
        assert_eq!(codes, ["A1", "B2", "comment"]);
        assert_eq!(saved.entries["A1"].points, Some(Points::whole(3)), "the score stays");
        assert_eq!(saved.entries["B2"].points, Some(Points::whole(4)), "the score beside the wrong reason is new");
        assert_eq!(saved.comment, "总体可行");
    }

    #[test]
    fn every_bad_item_is_named_and_nothing_is_kept() {
        let rubric = selection();
        let mut bad = typed("3");
        bad.points.insert("A1".to_owned(), "13".to_owned());
        bad.points.insert("B2".to_owned(), "优".to_owned());
        let Err(SheetError::Invalid(problems)) = blank().save(&rubric, FACTS, &bad, &0.into(), now()) else { panic!() };
        let codes: Vec<_> = problems.iter().map(|p| p.code.as_str()).collect();
        assert_eq!(codes, ["A1", "B2"]);
        assert_eq!(problems[0].problem, "应在0至12分之间");
    }

    #[test]
    fn submission_needs_every_item_reasons_and_the_vote() {
        let rubric = selection();
        let sheet = blank().save(&rubric, FACTS, &typed(""), &0.into(), now()).unwrap();
        let Err(SheetError::Incomplete(missing)) = sheet.submit(&rubric, FACTS, 1, now()) else { panic!() };
        assert_eq!(missing.len(), own_criteria(&rubric, FACTS).count());

        let sheet = blank().save(&rubric, FACTS, &Typed { vote: None, ..typed("4") }, &0.into(), now()).unwrap();
        let Err(SheetError::Incomplete(missing)) = sheet.submit(&rubric, FACTS, 1, now()) else { panic!() };
        let codes: Vec<_> = missing.iter().map(|p| p.code.as_str()).collect();
        // 4 of 4 is full marks; 4 of 12, 10 and 8 is below six tenths; 4 of 6 needs nothing.
        assert_eq!(codes, ["A1", "A4", "B1", "B2", "C2", "vote"]);
    }

    #[test]
    fn a_submitted_sheet_does_not_change() {
        let rubric = selection();
        let mut input = typed("4");
        input.reasons = input.points.keys().map(|code| (code.clone(), "理由".to_owned())).collect();
        let sheet =
            blank().save(&rubric, FACTS, &input, &0.into(), now()).unwrap().submit(&rubric, FACTS, 1, now()).unwrap();
        assert!(sheet.is_submitted());
        assert_eq!(sheet.clone().save(&rubric, FACTS, &input, &1.into(), now()), Err(SheetError::NotDraft));
        assert_eq!(sheet.submit(&rubric, FACTS, 1, now()), Err(SheetError::NotDraft));
    }
}
