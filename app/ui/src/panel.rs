//! 分组与席位: panels over the tasks, and who sits in them.

mod actions;
mod bridging;
pub(crate) mod demand;
pub(crate) mod feasibility;
mod grouping;
mod outcome;
mod page;
mod seating;

pub(crate) use actions::Regroup;
pub use bridging::BridgingPage;
pub(crate) use outcome::outcome;
pub use page::PanelsPage;
