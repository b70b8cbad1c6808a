//! Identity: whether two names mean the same unit or the same person. Names are typed by hand in several offices; what is only nearly the same is left
//! to people (docs/adr/0016-names.md).

mod authority;
pub mod codes;
pub mod doubles;
mod employers;
pub mod persons;
mod unit;

pub use authority::{Authorities, Office};
pub use employers::Employers;
pub use unit::{Likeness, Unit, Why};
