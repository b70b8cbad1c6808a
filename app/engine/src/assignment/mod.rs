//! Who reviews what (专家分配): an exact assignment under hard rules, with a proof or with the reason why there is none.

mod branch;
mod certificate;
mod digest;
mod dual;
mod explain;
mod fair;
pub mod files;
mod lagrange;
mod layout;
mod locks;
mod model;
mod network;
mod outcome;
mod problem;
mod relax;
mod seats;
mod simplex;
mod solve;
mod value;
mod verify;
mod wording;

pub use outcome::{
    ALGORITHM, Assigned, Certificate, Change, Criterion, ExpertPrice, Method, Outcome, Partial, Relaxation, SeatPrice,
    Shortfall, Status, Timing,
};
pub use problem::{
    Affinity, ApplicationDemand, Conflict, ExpertSupply, Link, Objective, Pair, Problem, ProblemError, Role, RoleSet,
};
pub use seats::Seat;
pub use solve::{IfInfeasible, Options, Prepared, seatable, solve};
pub use verify::{Verified, VerifyError, verify};

#[cfg(test)]
pub(crate) mod tests;
