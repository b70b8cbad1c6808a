//! Records on the same expert and application belong together: the strongest decides whether the two may meet.

use crate::components::{MarkState, Tone};
use domain::application::Application;
use domain::conflict::{Conflict, Decision, Effect, Rule};
use domain::expert::Expert;
use service::conflict::Picture;

domain::coded! {
    /// 一对专家与项目的状态
    PairState {
        Firm = "firm", "确定";
        Open = "open", "待认定";
        Lifted = "lifted", "已排除";
    }
}

impl PairState {
    pub const fn mark(self) -> MarkState {
        match self {
            Self::Firm => MarkState::Firm,
            Self::Open => MarkState::Open,
            Self::Lifted => MarkState::Lifted,
        }
    }

    pub const fn tone(self) -> Tone {
        match self {
            Self::Firm => Tone::Bad,
            Self::Open => Tone::Warn,
            Self::Lifted => Tone::Neutral,
        }
    }

    /// The shape of the matrix, for tags.
    pub const fn glyph(self) -> &'static str {
        match self {
            Self::Firm => "■",
            Self::Open => "○",
            Self::Lifted => "╌",
        }
    }

    pub fn of(conflict: &Conflict) -> Self {
        if conflict.excludes() {
            Self::Firm
        } else if conflict.decision == Decision::Pending {
            Self::Open
        } else {
            Self::Lifted
        }
    }
}

/// One expert and one application with every record on them.
pub struct Pair<'a> {
    pub expert: &'a Expert,
    pub application: &'a Application,
    /// At least one, the strongest first.
    pub records: Vec<&'a Conflict>,
    /// 确定 if any record excludes, else 待认定 if any is open, else 已排除.
    pub state: PairState,
}

impl<'a> Pair<'a> {
    /// The record that stands for the pair in the matrix: of the rule looked for, else the strongest.
    pub fn leading(&self, rule: Option<Rule>) -> Option<&'a Conflict> {
        let strength = |c: &&Conflict| (Some(c.rule) != rule, PairState::of(c), c.rule);
        self.records.iter().copied().min_by_key(strength)
    }

    /// Excluded by law, and nobody has looked at it yet.
    pub fn excluded_unseen(&self) -> bool {
        let unseen = |c: &&Conflict| c.decision == Decision::Pending && c.rule.effect() == Effect::Mandatory;
        self.records.iter().filter(|c| c.excludes()).all(unseen) && self.state == PairState::Firm
    }
}

/// All pairs with a record, by expert and application.
pub fn pairs(picture: &Picture) -> Vec<Pair<'_>> {
    let pair = |places: &Vec<usize>| {
        let mut records: Vec<_> = places.iter().map(|place| &picture.conflicts[*place]).collect();
        records.sort_by_key(|c| (PairState::of(c), c.rule));
        let first = *records.first()?;
        Some(Pair {
            expert: picture.experts.get(&first.expert)?,
            application: picture.dossier.application(first.application)?,
            state: PairState::of(first),
            records,
        })
    };
    picture.pairs.iter().filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::conflict::{Evidence, Origin};
    use domain::ids::{ApplicationId, ConflictId, ExpertId};

    fn record(rule: Rule, decision: Decision) -> Conflict {
        Conflict {
            id: ConflictId(uuid::Uuid::nil()),
            expert: ExpertId(uuid::Uuid::nil()),
            application: ApplicationId(uuid::Uuid::nil()),
            rule,
            origin: Origin::Detected,
            evidence: Evidence { expert_side: String::new(), application_side: String::new() },
            decision,
            reason: String::new(),
        }
    }

    #[test]
    fn mandatory_records_exclude_before_anyone_decides() {
        assert_eq!(PairState::of(&record(Rule::SameLegalPerson, Decision::Pending)), PairState::Firm);
        assert_eq!(PairState::of(&record(Rule::Mentorship, Decision::Pending)), PairState::Open);
        assert_eq!(PairState::of(&record(Rule::Mentorship, Decision::Upheld)), PairState::Firm);
        assert_eq!(PairState::of(&record(Rule::SameLegalPerson, Decision::Dismissed)), PairState::Lifted);
    }

    #[test]
    fn the_strongest_state_comes_first() {
        assert!(PairState::Firm < PairState::Open && PairState::Open < PairState::Lifted);
    }
}
