//! 专家分配: an exact assignment of experts to applications under hard rules, with a proof, or the reason why there is none.

mod branch;
mod certificate;
mod digest;
mod dual;
mod explain;
mod fair;
mod feasible;
pub mod files;
mod gap;
mod lagrange;
mod layout;
mod model;
mod network;
mod problem;
mod relax;
mod seat_role;
mod seats;
mod simplex;
mod solution;
mod solve;
mod value;
mod verify;
mod wording;

pub use feasible::{Decider, Seatable, seatable};
pub(crate) use problem::role_bit;
pub use problem::{
    Affinity, ApplicationDemand, Conflict, ExpertSupply, Link, Objective, Pair, Problem, ProblemError, RoleSet,
};
pub use seat_role::SeatRole;
pub use solution::{
    ALGORITHM, Assigned, Certificate, Change, Criterion, ExpertPrice, Partial, ProofMethod, Relaxation, SeatPrice,
    Shortfall, Solution, Status, Timing,
};
pub(crate) use solve::seatable_by_cells;
pub use solve::{IfInfeasible, Options, Prepared, solve};
pub use verify::{Verified, VerifyError, verify};

#[cfg(test)]
pub(crate) mod tests;
