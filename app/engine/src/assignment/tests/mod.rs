//! Comparison with exhaustive enumeration, planted answers, and tampering.

mod against_enumeration;
mod enumeration;
mod proofs;
mod random;
mod reading;
mod refusals;
