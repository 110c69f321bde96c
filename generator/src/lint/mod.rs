//! What a person should look at, worst first: what pages lost on the way, what was read with doubt, where sources
//! disagree, and what the specs leave open.

mod class;
mod facts;
mod finding;
mod gaps;
mod gate;
mod look;
mod place;
mod proposal;
mod report;
#[cfg(test)]
mod settling_tests;
mod wanted;

pub use class::{CLASSES, Class};
pub use finding::{Effect, Finding, Place};
pub use gate::{Denied, Gate};
#[cfg(feature = "evidence")]
pub(crate) use look::look_over;
pub use look::{Looked, look};
pub use proposal::{Proposal, Wanting};
pub use report::{Report, github, json, sarif, text};
pub use wanted::{Proposed, Wanted, proposals};
