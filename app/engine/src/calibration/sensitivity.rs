//! 敏感性分析: the shortlist under every other method, and without each expert.

use domain::result::Outcome;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::deletion::{Deletion, Given};
use super::threads::on_all_cores;
use super::{Calibration, Decimal, Method};
use crate::ranking::{Change, Placing, change};

/// The difference that a scenario makes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scenario {
    /// Another method decides.
    Method(Method),
    /// The sheets of this expert do not count.
    WithoutExpert(String),
    /// A dimension weighs so many points more or less, the others less or more in proportion.
    Weight { dimension: String, points: i32 },
}

/// A scenario with what it does to the shortlist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    pub scenario: Scenario,
    pub change: Change<String>,
}

/// What decides a shortlist beside the order of the scores.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bounds {
    /// Applications with fewer sheets take no part.
    pub least_sheets: usize,
    /// 合格线
    pub pass: Option<Decimal>,
    /// Every group of the placings has a line of its own; otherwise there is one for all.
    pub per_group: bool,
}

impl Calibration {
    /// The scores that a method gives.
    #[must_use]
    pub fn given(&self, method: Method) -> Given {
        Given {
            scores: (0..self.design.applications.len()).map(|index| self.final_score(index, method)).collect(),
            sheets: self.design.of_application.iter().map(Vec::len).collect(),
        }
    }

    /// The other methods in their order, then each expert left out. `place` draws the line for given scores, by their order within the groups
    /// of its placings, keys that do not change, and `bounds`; experts without whom the line plainly stands are not placed anew.
    ///
    /// A method that gives some application no score is left out: it has no list to compare.
    pub fn sensitivity(
        &self,
        method: Method,
        bounds: Bounds,
        place: impl Fn(&Given) -> Vec<Placing<String>> + Sync,
    ) -> Vec<Effect> {
        let base = place(&self.given(method));
        let mut effects = Vec::new();
        for other in Method::ALL.iter().copied().filter(|other| *other != method) {
            let given = self.given(other);
            if given.scores.iter().all(Option::is_some) {
                let change = change(&base, &place(&given));
                effects.push(Effect { scenario: Scenario::Method(other), change });
            }
        }
        let deletion = Deletion::new(self, method);
        let standing = Standing::new(self, &base, bounds);
        let experts = self.design.experts.len();
        let none = || Change { enter: Vec::new(), leave: Vec::new(), tied: Vec::new() };
        let tried = on_all_cores(experts, |worker, workers| {
            let mut image = deletion.image();
            let mut changes = Vec::new();
            for expert in (worker..experts).step_by(workers) {
                let downdated = deletion.downdated(expert, &mut image);
                let stands = downdated.as_ref().is_some_and(|scores| standing.holds(scores, &self.left(expert)));
                let change = if stands { none() } else { change(&base, &place(&deletion.given(expert, downdated))) };
                changes.push((expert, change));
            }
            changes
        });
        let mut changes: BTreeMap<usize, Change<String>> = tried.into_iter().flatten().collect();
        effects.extend(self.design.experts.iter().enumerate().map(|(index, expert)| Effect {
            scenario: Scenario::WithoutExpert(expert.clone()),
            change: changes.remove(&index).unwrap_or_else(none),
        }));
        effects
    }

    /// Applications of the expert with the sheets that are left without them.
    fn left(&self, expert: usize) -> Vec<(usize, usize)> {
        let application = |sheet: &usize| self.design.sheets[*sheet].application;
        let applications = self.design.of_expert[expert].iter().map(application);
        applications.map(|index| (index, self.design.of_application[index].len() - 1)).collect()
    }
}

/// Rounding to 1/100 point moves two scores apart or together by no more.
const ROUNDING: f64 = 0.010_001;

/// Who is in and who is out within each group of the shortlist, where scores alone decide it.
struct Standing {
    groups: Vec<Side>,
    /// Per application, whether it has a rank.
    ranked: Vec<bool>,
    least_sheets: usize,
    pass: Option<f64>,
    /// False where a tie lies across a line: people decide there, and every scenario is placed in full.
    decided: bool,
}

#[derive(Default)]
struct Side {
    within: Vec<usize>,
    without: Vec<usize>,
    below_pass: Vec<usize>,
}

impl Standing {
    fn new(calibration: &Calibration, base: &[Placing<String>], bounds: Bounds) -> Self {
        let applications = &calibration.design.applications;
        let mut groups: BTreeMap<&str, Side> = BTreeMap::new();
        let mut ranked = vec![false; applications.len()];
        let mut decided = true;
        for placing in base {
            let Ok(index) = applications.binary_search(&placing.id) else { continue };
            ranked[index] = placing.rank.is_some();
            let group = if bounds.per_group { placing.group.as_str() } else { "" };
            let side = groups.entry(group).or_default();
            match placing.outcome {
                Outcome::Shortlisted => side.within.push(index),
                Outcome::Reserve | Outcome::NotShortlisted => side.without.push(index),
                Outcome::BelowPass => side.below_pass.push(index),
                Outcome::LineTie | Outcome::NoScore => decided = false,
                _ => {}
            }
        }
        Self {
            groups: groups.into_values().collect(),
            ranked,
            least_sheets: bounds.least_sheets,
            pass: bounds.pass.map(Decimal::to_f64),
            decided,
        }
    }

    /// Whether the same applications are in by scores that are not rounded yet, whatever the tie keys say.
    fn holds(&self, scores: &[f64], left: &[(usize, usize)]) -> bool {
        let enough = |(index, sheets): &(usize, usize)| !self.ranked[*index] || *sheets >= self.least_sheets.max(1);
        let least = |of: &[usize]| of.iter().map(|index| scores[*index]).fold(f64::INFINITY, f64::min);
        let most = |of: &[usize]| of.iter().map(|index| scores[*index]).fold(f64::NEG_INFINITY, f64::max);
        self.decided
            && left.iter().all(enough)
            && self.groups.iter().all(|side| {
                let lowest = least(&side.within);
                let passes =
                    self.pass.is_none_or(|pass| lowest >= pass + ROUNDING && most(&side.below_pass) <= pass - ROUNDING);
                passes && lowest > most(&side.without) + ROUNDING && lowest > most(&side.below_pass) + ROUNDING
            })
    }
}
