//! Comparison with exhaustive enumeration, planted answers, and tampering.

mod against_enumeration;
pub mod enumeration;
mod proofs;
pub mod random;
mod reading;
mod refusals;
