//! 评分核对: all sheets of a round side by side; values only once scoring is closed.

mod actions;
mod cell;
mod page;
mod sheet;
mod table;

pub use page::BoardPage;
