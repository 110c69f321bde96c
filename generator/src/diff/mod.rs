//! Spec × spec → what changed, whether it breaks, and what the crate's version must do.

mod allow;
mod cause;
mod compare;
mod finding;
mod format;
mod lang;
mod own_rules;
mod pairing;
mod places;
mod policy;
mod rule;
mod rules;
mod side;
mod summary;
mod wildcard;

pub use allow::{AllowFile, Allowance, Level, Now};
pub use compare::{Comparison, compare};
pub use finding::{Cause, Finding, PagePlace, SpecPlace};
pub use format::{Format, Report};
pub(crate) use format::{JsonBody, changelog_sections};
pub use lang::Lang;
pub use own_rules::OWN_RULES;
pub use policy::{Gate, Policy, Verdict};
pub use rule::{Bump, Direction, Hidden, Rule, Wire};
pub use rules::RULES;
pub(crate) use side::Repository;
pub use side::{Files, SideError};
pub use summary::Summary;
