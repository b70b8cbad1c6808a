//! 请托登记: one form for everybody, one list for the supervisor.

mod actions;
mod page;

pub use page::ApproachPage;
