//! 数据规则: what the rows of a round must say together, whoever wrote them.

mod review;
mod violation;

pub use review::{Review, Reviewed};
pub use violation::{Misplaced, Part, RunFault, SheetFault, Violation};
