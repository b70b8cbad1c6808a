//! 审计: who did what when, newest first.

mod detail;
mod page;
mod words;

pub use page::AuditPage;
