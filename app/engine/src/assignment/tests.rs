//! Comparison with exhaustive enumeration, planted answers, and tampering.

mod against_enumeration;
mod against_milp;
mod crossing;
pub mod enumeration;
mod proofs;
pub mod random;
mod reading;
mod refusals;
mod ties;
