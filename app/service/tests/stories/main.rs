//! Stories of the use cases, told on a real schema in memory, with a clock that is moved by hand.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

mod acceptance;
mod account;
mod affinity;
mod approaches;
mod assertions;
mod beginnings;
mod bridging;
mod concealment;
mod drawing;
mod feasibility;
mod formality;
mod freezing;
mod identity;
mod importing;
mod invariants;
mod invitations;
mod permissions;
mod personal;
mod reading;
mod receipts;
mod recusal;
mod region;
mod renewal;
mod results;
mod scoring;
mod seating;
mod second_factor;
mod security_key;
mod signing;
mod support;
mod together;
mod updating;
