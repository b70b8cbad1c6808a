//! 专家库.

mod actions;
mod detail;
mod doubles;
mod list;

pub use detail::ExpertPage;
pub use doubles::DoublesPage;
pub use list::{ExpertsPage, filter};
