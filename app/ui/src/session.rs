//! 签到承诺: who has come, panel by panel.

mod actions;
mod page;

pub use page::SessionPage;
