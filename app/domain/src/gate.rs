//! 关口: the conditions under which a round enters a step, decided from counts.

mod wording;

use crate::round::{Met, Method, Step};

/// Facts that the gate of one step asks for. Every count can be made by the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoundFacts {
    /// 形式审查
    Formality { applications: usize },
    /// 回避审查
    Recusal { without_formal_check: usize },
    /// 分组
    Grouping { late: Late, compared: Met },
    /// 抽取; `seating` is known once every application has its panel.
    Draw { late: Late, applications_without_panel: usize, seating: Option<Seating> },
    /// 签到承诺. `short` applications have fewer than `least` seated experts who may review them.
    SignIn {
        panels_without_experts: usize,
        draw_finished: Met,
        least: u32,
        short: usize,
        unregistered_conflicts: usize,
    },
    /// 独立评分. `short` applications would have fewer than `least` sheets; `joined` says whether experts in common connect all applications.
    Scoring {
        method: Method,
        bridges: usize,
        joined: Met,
        frozen: Met,
        arrivals_unknown: usize,
        least: u32,
        short: usize,
    },
    /// 核对
    Checking { drafts: usize, applications_without_objectives: usize },
    /// 合议. `short` applications have fewer than `least` submitted sheets.
    Deliberation { least: u32, short: usize, applications_without_objectives: usize },
    /// 校准
    Calibration,
    /// 排序
    Ranking { calibrated: Met },
    /// 会签; `None` before there is a ranking.
    Countersign { ranking: Option<OpenEnds> },
    /// 公示
    Notice { signatures: usize },
    /// Steps that follow the one before them without a condition.
    Free,
}

/// The work that an application which was admitted late opens again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Late {
    pub without_formal_check: usize,
    pub unregistered_conflicts: usize,
    pub undecided_conflicts: usize,
}

/// Whether the pool can fill the seats of all panels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seating {
    /// With the usual seats and limits.
    Usual,
    /// Perhaps, with other seats or wider limits.
    Adjusted,
    /// Proved: with no seats and no limits that are allowed.
    Never,
}

/// State of the last ranking before it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenEnds {
    /// Whether it rests on the sheets as they are now.
    pub current: Met,
    /// Applications of undecided ties.
    pub ties: usize,
    /// Applications to which the frozen method gives no score.
    pub without_score: usize,
    pub quota: u32,
    /// Groups whose shortlist is longer than the quota, with its length.
    pub over_quota: Vec<(String, usize)>,
}

/// One condition of a gate with the fact that decides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    Imported(usize),
    FormalityDone { left: usize },
    Compared(Met),
    ConflictsDecided { left: usize },
    Grouped { left: usize },
    Seatable(Seating),
    Seated { left: usize },
    DrawFinished(Met),
    EnoughSeated { least: u32, short: usize },
    ConflictsRegistered { left: usize },
    MethodFits { bridges: Met, joined: Met },
    Frozen(Met),
    ArrivalsNoted { left: usize },
    EnoughPresent { least: u32, short: usize },
    Submitted { left: usize },
    ObjectivesComplete { left: usize },
    EnoughSheets { least: u32, short: usize },
    Deliberated,
    Calibrated(Met),
    Ranked(Met),
    RankingCurrent(Met),
    TiesSettled { left: usize },
    Scored { left: usize },
    WithinQuota { quota: u32, over: Vec<(String, usize)> },
    Signed(usize),
    StepBefore,
}

/// The departments that sign.
const SIGNATURES: usize = crate::access::Department::ALL.len();

/// A step that cannot be entered yet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("不能进入“{next}”：{}（{}）", .unmet.text(), .unmet.who())]
pub struct GateError {
    pub next: Step,
    pub unmet: Condition,
}

impl Condition {
    pub fn met(&self) -> Met {
        Met::of(match self {
            Self::Imported(count) => *count > 0,
            Self::Signed(count) => *count == SIGNATURES,
            Self::Seatable(seating) => *seating != Seating::Never,
            Self::WithinQuota { over, .. } => over.is_empty(),
            Self::MethodFits { bridges, joined } => bridges.holds() && joined.holds(),
            Self::Compared(met)
            | Self::DrawFinished(met)
            | Self::Frozen(met)
            | Self::Calibrated(met)
            | Self::Ranked(met)
            | Self::RankingCurrent(met) => return *met,
            Self::FormalityDone { left }
            | Self::ConflictsDecided { left }
            | Self::Grouped { left }
            | Self::Seated { left }
            | Self::ConflictsRegistered { left }
            | Self::ArrivalsNoted { left }
            | Self::Submitted { left }
            | Self::ObjectivesComplete { left }
            | Self::TiesSettled { left }
            | Self::Scored { left }
            | Self::EnoughSeated { short: left, .. }
            | Self::EnoughPresent { short: left, .. }
            | Self::EnoughSheets { short: left, .. } => *left == 0,
            Self::Deliberated | Self::StepBefore => true,
        })
    }
}

impl Late {
    fn conditions(self) -> [Condition; 3] {
        [
            Condition::FormalityDone { left: self.without_formal_check },
            Condition::ConflictsRegistered { left: self.unregistered_conflicts },
            Condition::ConflictsDecided { left: self.undecided_conflicts },
        ]
    }
}

impl Condition {
    /// Whether no work of later steps can make it fail, so that it must hold ever after. Recusals, replacements and new experts still change
    /// who reviews what; sheets are still set aside before the results are signed.
    pub const fn lasts(&self) -> bool {
        match self {
            Self::Imported(_)
            | Self::FormalityDone { .. }
            | Self::Compared(_)
            | Self::Grouped { .. }
            | Self::DrawFinished(_)
            | Self::Frozen(_)
            | Self::Submitted { .. }
            | Self::ObjectivesComplete { .. }
            | Self::Deliberated
            | Self::Calibrated(_)
            | Self::Ranked(_)
            | Self::RankingCurrent(_)
            | Self::TiesSettled { .. }
            | Self::Scored { .. }
            | Self::WithinQuota { .. }
            | Self::Signed(_)
            | Self::StepBefore => true,
            Self::ConflictsDecided { .. }
            | Self::Seatable(_)
            | Self::Seated { .. }
            | Self::EnoughSeated { .. }
            | Self::ConflictsRegistered { .. }
            | Self::MethodFits { .. }
            | Self::ArrivalsNoted { .. }
            | Self::EnoughPresent { .. }
            | Self::EnoughSheets { .. } => false,
        }
    }
}

/// The conditions of a gate, met or not, in the order in which people deal with them.
pub fn conditions(facts: &RoundFacts) -> Vec<Condition> {
    use Condition as C;
    match facts {
        RoundFacts::Formality { applications } => vec![C::Imported(*applications)],
        RoundFacts::Recusal { without_formal_check } => vec![C::FormalityDone { left: *without_formal_check }],
        RoundFacts::Grouping { late, compared } => {
            let [formality, registered, decided] = late.conditions();
            vec![formality, C::Compared(*compared), registered, decided]
        }
        RoundFacts::Draw { late, applications_without_panel, seating } => {
            let grouped = C::Grouped { left: *applications_without_panel };
            late.conditions().into_iter().chain([grouped]).chain(seating.map(C::Seatable)).collect()
        }
        RoundFacts::SignIn { panels_without_experts, draw_finished, least, short, unregistered_conflicts } => vec![
            C::Seated { left: *panels_without_experts },
            C::DrawFinished(*draw_finished),
            C::EnoughSeated { least: *least, short: *short },
            C::ConflictsRegistered { left: *unregistered_conflicts },
        ],
        RoundFacts::Scoring { method, bridges, joined, frozen, arrivals_unknown, least, short } => vec![
            C::MethodFits {
                bridges: Met::of(*bridges == 0 || method.uses_bridges()),
                joined: Met::of(*method != Method::Additive || joined.holds()),
            },
            C::Frozen(*frozen),
            C::ArrivalsNoted { left: *arrivals_unknown },
            C::EnoughPresent { least: *least, short: *short },
        ],
        RoundFacts::Checking { drafts, applications_without_objectives } => {
            vec![C::Submitted { left: *drafts }, C::ObjectivesComplete { left: *applications_without_objectives }]
        }
        // Objective points may still change during 核对, and never after it.
        RoundFacts::Deliberation { least, short, applications_without_objectives } => vec![
            C::EnoughSheets { least: *least, short: *short },
            C::ObjectivesComplete { left: *applications_without_objectives },
        ],
        RoundFacts::Calibration => vec![C::Deliberated],
        RoundFacts::Ranking { calibrated } => vec![C::Calibrated(*calibrated)],
        RoundFacts::Countersign { ranking: None } => vec![C::Ranked(Met::No)],
        RoundFacts::Countersign { ranking: Some(ends) } => vec![
            C::RankingCurrent(ends.current),
            C::TiesSettled { left: ends.ties },
            C::Scored { left: ends.without_score },
            C::WithinQuota { quota: ends.quota, over: ends.over_quota.clone() },
        ],
        RoundFacts::Notice { signatures } => vec![C::Signed(*signatures)],
        RoundFacts::Free => vec![C::StepBefore],
    }
}

/// The conditions that keep the round from entering the step.
pub fn unmet(facts: &RoundFacts) -> Vec<Condition> {
    let mut all = conditions(facts);
    all.retain(|condition| condition.met() == Met::No);
    all
}

/// The last step that this program has a gate for; later ones are announced outside it.
pub const LAST: Step = Step::Notice;

#[cfg(test)]
mod tests;
