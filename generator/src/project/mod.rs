//! What the command does: pages to specs, specs to crates, over a manifest or over folders.

mod build;
#[cfg(feature = "diff")]
mod check;
mod crates;
mod explain;
mod facts;
mod imported;
mod page_texts;
mod pages;
mod provider;
mod run;
mod specs;
mod stored;
mod texts;

pub use build::{Built, Project, Row, row};
#[cfg(feature = "diff")]
pub use check::{Checked, Stale, check, compare};
pub use crates::{CHANGELOG, CrateJob, generate};
pub use explain::{Explained, ExplainedLoser, Explanation, explain};
pub use imported::{ImportJob, import};
pub use pages::{PageFile, collect};
pub use provider::find as find_provider;
pub(crate) use provider::unknown as unknown_provider;
pub use run::Run;
pub use specs::{SpecJob, Specs, extract};
pub use stored::{Stored, find as find_services, read as read_specs, read_lock};
