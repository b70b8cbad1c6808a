//! 专家库.

mod actions;
mod detail;
mod list;

pub use detail::ExpertPage;
pub use list::{ExpertsPage, filter};
