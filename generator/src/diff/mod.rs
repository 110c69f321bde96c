//! Spec × spec → what changed, whether it breaks, and what the crate's version must do.

mod compare;
mod finding;
mod format;
mod pairing;
mod rule;
mod rules;
mod side;
mod summary;

pub use compare::{Comparison, compare};
pub use finding::{Cause, Finding, PagePlace};
pub use format::json;
pub use rule::{Bump, Direction, Hidden, Rule, Wire};
pub use rules::RULES;
pub use side::{Files, SideError};
pub use summary::Summary;
