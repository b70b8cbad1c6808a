//! 回避: experts × applications, every mark with its rule, evidence, source and decision.

mod actions;
mod card;
mod filter;
mod grid;
mod list;
mod page;
mod pairs;

pub use page::ConflictsPage;
