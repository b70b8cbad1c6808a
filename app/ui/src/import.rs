//! 导入: upload, dry run, import.

mod actions;
mod dry_run;
mod upload;
mod whole;

pub use dry_run::DryRunPage;
pub use upload::UploadPage;
pub use whole::whole;
