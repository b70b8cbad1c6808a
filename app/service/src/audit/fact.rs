//! Facts of an event as a person reads them.

use super::kinds::{
    Anonymised, Bound, Closing, Computed, Concluded, Ended, FactorChange, FactorUse, Guarding, List, Locked, Opening,
    PanelSize, PasswordChange, PasswordRefusal, TieSettled, TurnedAway,
};
use domain::acceptance::Knockout;
use domain::access::{Department, Role};
use domain::account::AccountState;
use domain::application::ApplicationState;
use domain::bridging::Ask;
use domain::conflict::{Decision, Rule};
use domain::consent::{Act, Proposal};
use domain::demand::Demand;
use domain::draw::Pledge;
use domain::expert::PoolState;
use domain::ids::{ApplicationId, ExpertId, IndicatorId, RunId, SheetId, TaskId};
use domain::import::ImportKind;
use domain::leave::Leave;
use domain::people::Number;
use domain::points::Points;
use domain::renewal::Credential;
use domain::round::{Gate, Method, QuotaScope, RoundKind, Step, Terms, Trimming};
use domain::rubric::{ExpertRole, Rubric};
use domain::seat::Presence;
use domain::sector::Sector;
use domain::uscc::Uscc;
use engine::assignment::Status;
use std::collections::BTreeMap;
use uuid::Uuid;

/// One fact with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub name: &'static str,
    pub words: String,
}

/// A value in words; `None` where there is none.
pub(super) trait Words {
    fn words(&self) -> Option<String>;
}

/// A value that consists of facts.
pub(super) trait Facts {
    fn facts(&self) -> Vec<Fact>;
}

macro_rules! displayed {
    ($($type:ty)*) => {$(
        impl Words for $type {
            fn words(&self) -> Option<String> {
                Some(self.to_string())
            }
        }
    )*};
}

displayed! {
    Act Closing String u32 usize i64 Uuid Uscc ApplicationId ExpertId IndicatorId RunId SheetId TaskId
    AccountState Anonymised ApplicationState Credential Decision Department Ended ExpertRole FactorChange FactorUse Gate Guarding ImportKind
    Knockout Leave List Locked Method Number Opening PasswordChange PasswordRefusal Presence QuotaScope Role RoundKind Rule
    Sector PoolState Step Trimming TurnedAway Ask Demand
}

impl Words for f64 {
    fn words(&self) -> Option<String> {
        Some(format!("{self:.2}"))
    }
}

impl Words for Points {
    fn words(&self) -> Option<String> {
        Some(self.short())
    }
}

impl Words for Proposal {
    fn words(&self) -> Option<String> {
        Some(match self {
            Self::VoidDraw { reason, .. } => reason.to_string(),
            Self::Assign { demand, reason } => format!("{demand}；{reason}"),
            Self::Replace { leaving } => {
                let one = |(expert, why, reason): &(ExpertId, Leave, _)| format!("{expert} {why}：{reason}");
                leaving.iter().map(one).collect::<Vec<_>>().join("；")
            }
            Self::Dismiss { conflict, reason } | Self::UndoDeclaration { conflict, reason } => {
                format!("{conflict}；{reason}")
            }
            Self::VoidSheet { sheet, reason } => format!("{sheet}；{reason}"),
            Self::Advance { from } => format!("由“{from}”进入下一步"),
        })
    }
}

impl Words for Status {
    fn words(&self) -> Option<String> {
        let words = match self {
            Self::Optimal => "最优",
            Self::Feasible => "可行",
            Self::Infeasible => "无解",
        };
        Some(words.to_owned())
    }
}

impl Words for Bound {
    fn words(&self) -> Option<String> {
        match self {
            Self::Department(department) => department.words(),
            Self::Region(region) => Some(region.to_string()),
        }
    }
}

impl Words for Pledge {
    fn words(&self) -> Option<String> {
        let nonce = self.nonce.as_ref().map(|nonce| format!("，随机数 {nonce}")).unwrap_or_default();
        Some(format!("承诺 {}{nonce}", self.commitment))
    }
}

impl Words for Computed {
    fn words(&self) -> Option<String> {
        Some(self.input_digest.clone())
    }
}

impl Words for TieSettled {
    fn words(&self) -> Option<String> {
        Some(format!("{}：{}；{}", self.application, self.outcome, self.reason))
    }
}

impl Words for Concluded {
    fn words(&self) -> Option<String> {
        let reason = if self.reason.is_empty() { String::new() } else { format!("；{}", self.reason) };
        Some(format!("{}：{}{reason}", self.application, self.conclusion))
    }
}

impl<T: Words> Words for Option<T> {
    fn words(&self) -> Option<String> {
        self.as_ref().and_then(T::words)
    }
}

impl<T: Words> Words for Vec<T> {
    fn words(&self) -> Option<String> {
        Some(listed(self.iter().filter_map(T::words)))
    }
}

impl<K: Words, V: Words> Words for BTreeMap<K, V> {
    fn words(&self) -> Option<String> {
        let entries = self.iter().filter_map(|(key, value)| Some(format!("{} {}", key.words()?, value.words()?)));
        Some(listed(entries))
    }
}

fn listed(words: impl Iterator<Item = String>) -> String {
    let words: Vec<String> = words.collect();
    if words.is_empty() { "无".to_owned() } else { words.join("、") }
}

/// The facts that are there.
fn known<const N: usize>(facts: [(&'static str, Option<String>); N]) -> Vec<Fact> {
    facts.into_iter().filter_map(|(name, words)| Some(Fact { name, words: words? })).collect()
}

impl Facts for Terms {
    fn facts(&self) -> Vec<Fact> {
        let Self { method, trim_from, trimming, quota, scope, pass_mark, min_sheets, basis } = self;
        known([
            ("校准方法", method.words()),
            ("去极值起点", trim_from.words()),
            ("去极值的对象", trimming.words()),
            ("名额", quota.words()),
            ("名额范围", scope.words()),
            ("合格线", pass_mark.words()),
            ("最少份数", min_sheets.words()),
            ("依据", basis.words()),
        ])
    }
}

impl Facts for Rubric {
    fn facts(&self) -> Vec<Fact> {
        let criteria = self.dimensions.iter().flat_map(|dimension| &dimension.criteria);
        let full: BTreeMap<String, Points> = criteria.map(|own| (own.code.clone(), own.full)).collect();
        known([("名称", self.title.words()), ("满分", full.words()), ("依据", self.basis.words())])
    }
}

impl Facts for Vec<PanelSize> {
    fn facts(&self) -> Vec<Fact> {
        let panels: BTreeMap<String, usize> = self.iter().map(|own| (own.name.clone(), own.applications)).collect();
        known([("各组项目数", panels.words())])
    }
}

impl Facts for BTreeMap<ApplicationId, BTreeMap<String, Points>> {
    fn facts(&self) -> Vec<Fact> {
        known([("客观分", self.words())])
    }
}
