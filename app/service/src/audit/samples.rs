//! A value of every type of fact, for tests that go through all events.

use super::kinds::{
    Anonymised, Bound, Closing, Computed, Concluded, Ended, FactorChange, FactorUse, Guarding, List, Locked, Opening,
    PanelSize, PasswordChange, PasswordRefusal, TieSettled, TurnedAway,
};
use domain::acceptance::{Conclusion, Knockout};
use domain::access::{Department, Role};
use domain::account::AccountState;
use domain::application::ApplicationState;
use domain::bridging::{Ask, Assumed, Placement};
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
use domain::result::Outcome;
use domain::round::{Gate, RoundKind, Step, Terms};
use domain::rubric::{ExpertRole, Rubric};
use domain::rubric_default::selection;
use domain::seat::Presence;
use domain::sector::Sector;
use domain::uscc::Uscc;
use engine::assignment::Status;
use std::collections::BTreeMap;
use uuid::Uuid;

pub trait Sample {
    fn sample() -> Self;
}

macro_rules! samples {
    ($($type:ty = $value:expr;)*) => {$(
        impl Sample for $type {
            fn sample() -> Self {
                $value
            }
        }
    )*};
}

macro_rules! first {
    ($($type:ty)*) => { samples! { $($type = <$type>::ALL[0];)* } };
}

first! {
    Act Closing AccountState Anonymised ApplicationState Conclusion Credential Decision Department Ended ExpertRole FactorChange FactorUse Gate Guarding
    ImportKind Knockout Leave List Locked Number Opening Outcome PasswordChange PasswordRefusal Presence Role RoundKind Rule
    Sector PoolState Step TurnedAway
}

const ID: Uuid = Uuid::from_u128(7);

samples! {
    String = "文字".to_owned();
    u32 = 3;
    usize = 4;
    f64 = 1.25;
    Uuid = ID;
    ApplicationId = Self(ID);
    ExpertId = Self(ID);
    IndicatorId = Self(ID);
    RunId = Self(ID);
    SheetId = Self(ID);
    TaskId = Self(ID);
    i64 = 950;
    Points = Self(950);
    Status = Self::Infeasible;
    Bound = Self::Region(domain::region::Recommender::ALL[0]);
    Demand = Self::default();
    Proposal = Self::Advance { from: Step::Countersign };
    Ask = Self { placement: Placement::Reviews { count: 4, per_expert: 1 }, assumed: Assumed::default() };
    Pledge = Self { commitment: Sample::sample(), nonce: Sample::sample(), by: Vec::new() };
    Computed = Self { input_digest: Sample::sample() };
    PanelSize = Self { name: Sample::sample(), applications: Sample::sample() };
    TieSettled = Self { application: Sample::sample(), outcome: Sample::sample(), reason: Sample::sample() };
    Concluded = Self { application: Sample::sample(), conclusion: Sample::sample(), reason: Sample::sample() };
    Terms = Self::default();
    Rubric = plain(selection());
    Uscc = (0..100_000).find_map(|n| Self::parse(&format!("9162010000000{n:05}")).ok()).unwrap();
}

/// Without the Latin letters in the codes of criteria, which a rubric may choose as it likes.
fn plain(mut rubric: Rubric) -> Rubric {
    for (number, criterion) in (1..).zip(rubric.dimensions.iter_mut().flat_map(|own| &mut own.criteria)) {
        criterion.code = number.to_string();
    }
    rubric
}

impl<T: Sample> Sample for Option<T> {
    fn sample() -> Self {
        Some(T::sample())
    }
}

impl<T: Sample> Sample for Vec<T> {
    fn sample() -> Self {
        vec![T::sample(), T::sample()]
    }
}

impl<K: Sample + Ord, V: Sample> Sample for BTreeMap<K, V> {
    fn sample() -> Self {
        Self::from([(K::sample(), V::sample())])
    }
}
