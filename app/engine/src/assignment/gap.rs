//! The kinds of shortfalls, and the rules that keep experts off a panel.

use super::model::BrokenLock;

/// The kind of a shortfall, as far as its numbers do not show it.
#[derive(Debug, Clone, Copy)]
pub enum Gap {
    /// Seats stay empty.
    Seats,
    /// The minima of the roles add up to more than the demand.
    Minima {
        sum: u32,
    },
    /// Locks exceed the demand, a role or the employer cap by so many seats.
    Locks {
        excess: u32,
    },
    /// An expert gets fewer reviews than the least load.
    LeastLoad,
    /// Locks give an expert more reviews than the greatest load.
    LockedLoad,
    BrokenLock(BrokenLock),
}

/// The first rule that keeps an expert off a panel, if it is no conflict.
#[derive(Debug, Clone, Copy)]
pub enum Exclusion {
    Role,
    NotListed,
    FullLoad,
    EmployerCap,
}
