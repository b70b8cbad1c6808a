//! 分组与指派: panels over the tasks, experts in their seats, or why they cannot be seated.

mod actions;
mod grouping;
mod outcome;
mod page;
mod seating;

pub use page::PanelsPage;
