//! 评分: the expert's desk, and the board on which all sheets of a round stand side by side.

pub mod desk;

#[cfg(feature = "ssr")]
mod board;

#[cfg(feature = "ssr")]
pub use board::BoardPage;
