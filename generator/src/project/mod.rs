//! What the command does: pages to specs, specs to crates, over a manifest or over folders.

mod broken;
mod build;
#[cfg(feature = "diff")]
mod check;
mod crates;
#[cfg(feature = "diff")]
mod document_side;
mod explain;
mod facts;
mod imported;
mod inputs;
mod links;
#[cfg(feature = "diff")]
mod page_side;
mod page_texts;
mod pages;
mod provider;
mod run;
mod settled;
#[cfg(feature = "diff")]
mod sides;
mod specs;
mod stored;
mod texts;

pub use broken::Broken;
pub use build::{Built, Project, Row, row};
#[cfg(feature = "diff")]
pub use check::{Checked, Stale, check, compare};
pub use crates::{CHANGELOG, CrateJob, generate};
pub use explain::{Explained, ExplainedLoser, Explanation, explain};
pub use imported::import;
pub use inputs::Inputs;
#[cfg(feature = "fetch")]
pub(crate) use links::links;
#[cfg(feature = "diff")]
pub(crate) use pages::is_page;
#[cfg(feature = "fetch")]
pub(crate) use pages::page_ending;
pub use pages::{PageFile, collect};
pub(crate) use pages::{hash, page_name_fault};
pub use provider::find as find_provider;
pub(crate) use provider::unknown as unknown_provider;
pub use run::Run;
#[cfg(feature = "diff")]
pub use sides::Sides;
pub use specs::{SpecJob, Specs, extract, read_overlay};
pub use stored::{Stored, find as find_services, read as read_specs, read_lock};
