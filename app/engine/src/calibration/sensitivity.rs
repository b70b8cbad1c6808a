//! 敏感性分析: the shortlist under every other method, and without each expert.

use serde::{Deserialize, Serialize};

use super::deletion::{Deletion, Given};
use super::{Calibration, Method};
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

impl Calibration {
    /// The scores that a method gives.
    #[must_use]
    pub fn given(&self, method: Method) -> Given {
        Given {
            scores: (0..self.design.applications.len()).map(|index| self.final_score(index, method)).collect(),
            sheets: self.design.of_application.iter().map(Vec::len).collect(),
        }
    }

    /// The other methods in their order, then each expert left out. `place` draws the line for given scores.
    ///
    /// A method that gives some application no score is left out: it has no list to compare.
    pub fn sensitivity(&self, method: Method, place: impl Fn(&Given) -> Vec<Placing<String>>) -> Vec<Effect> {
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
        for (index, expert) in self.design.experts.iter().enumerate() {
            let change = change(&base, &place(&deletion.without(index)));
            effects.push(Effect { scenario: Scenario::WithoutExpert(expert.clone()), change });
        }
        effects
    }
}
