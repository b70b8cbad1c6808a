//! 轮次: the overview, and rubric and terms.

mod actions;
mod overview;
mod rubric;
mod terms;

pub use overview::OverviewPage;
pub use terms::TermsPage;
