//! 随机抽取: lots decide who, affinity decides where. Everything follows from the pool and the seed, so that anyone can repeat it.

mod alternate;
mod decide;
mod event;
mod graph;
mod lot;
mod pool;
mod record;
mod replace;
mod replay;
mod walk;

pub use alternate::{Alternate, Position, Shortage};
pub use decide::Decisions;
pub use event::{Change, Event, Unavailable, Vacancy};
pub use lot::{Commitment, Lot, Nonce, Party, lots, seed};
pub use pool::{Candidate, Pool, Recusal, Wanted};
pub use record::{ALGORITHM, DrawError, Drawn, EARLIER, Entry, Pledged, Record, SetAside, Source, draw};
pub use replay::{Forgery, replay};
pub use walk::PassedOver;

#[cfg(test)]
mod tests;
