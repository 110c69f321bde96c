//! The report for the person who has to believe the extraction: one HTML file that shows each fact beside the words it
//! came from, what was not read, what is doubtful, and what changed.

mod change;
mod fact;
mod file;
mod finding;
mod gather;
mod service;
mod text;

pub use file::html;
pub use gather::{Counts, Evidence, gather};
