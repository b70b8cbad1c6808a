//! 审计: who did what when, newest first.

mod detail;
mod page;

pub use page::AuditPage;
