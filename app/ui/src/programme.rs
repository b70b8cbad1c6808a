//! 批次与轮次.

mod actions;
mod batch;
mod batches;

pub use batch::BatchPage;
pub use batches::BatchesPage;
