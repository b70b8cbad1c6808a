//! 抽取: the pool is closed, three departments commit and reveal, lots fall; the record, and the ceremony to be projected.

mod actions;
mod ceremony;
mod open;
mod page;
mod pledges;
mod result;

pub use ceremony::CeremonyPage;
pub use page::DrawPage;
