//! 随机抽取: lots decide who, affinity decides where. Everything follows from the pool and the seed, so that anyone can repeat it.

mod alternate;
mod graph;
mod lot;
mod pool;
mod record;
mod replace;
mod replay;
mod walk;

pub use alternate::{Alternate, Place, Shortage};
pub use lot::{Commitment, Lot, Nonce, Party, lots, seed};
pub use pool::{Candidate, Pool, Recusal, Wanted};
pub use record::{ALGORITHM, DrawError, Drawn, Entry, Outcome, Record, Source, draw};
pub use replace::{Change, Event, Vacancy};
pub use replay::{Forgery, replay};
pub use walk::PassedOver;

#[cfg(test)]
mod tests;
