//! 校准: seven methods side by side, how strict the experts were, what the assumptions bear.

mod actions;
mod before;
mod changes;
mod checks;
mod experts;
mod figures;
mod method;
mod methods;
mod page;
mod panels;
mod sheets;

pub use checks::chips;
pub use figures::{Z90, or_dash, signed};
pub use method::{formula, rounding};
pub use methods::movement;
pub use page::CalibrationPage;
