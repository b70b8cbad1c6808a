//! 客观分与指标: what staff establish once, against evidence, for all experts of a panel.

mod actions;
mod editing;
mod form;
mod indicator;
mod knockout;
mod list;
mod objective;
mod page;

pub use list::FindingsPage;
pub use page::FindingPage;
