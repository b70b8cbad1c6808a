//! 排序与入围: the ranked list with its intervals and its line, what people decide on it, and the countersignature.

mod acceptance;
mod actions;
mod before;
mod derivation;
mod list;
mod may;
mod page;
mod parts;
mod plot;
mod selection;
mod sensitivity;
mod ties;
mod views;
mod weights;

pub use page::RankingPage;
pub use sensitivity::SensitivityPage;
pub use weights::WeightsPage;
