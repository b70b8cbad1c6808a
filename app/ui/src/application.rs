//! 申报项目与形式审查.

mod actions;
mod detail;
mod list;

pub use detail::DetailPage;
pub use list::ListPage;
