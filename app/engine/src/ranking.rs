//! Ranking: order, ties and the quota line. Pure; ids of any ordered type.

mod order;
mod sensitivity;
mod shortlist;

pub use self::order::{Candidate, competition_ranks};
pub use self::sensitivity::{Change, change};
pub use self::shortlist::{Entry, Exclusion, Placing, Quota, shortlist};
