//! Pages of the web: fetched politely, judged before they replace those at hand, and carried to a proposed release.

mod address;
mod clock;
mod content;
mod decide;
mod fetch;
mod file_name;
mod gather;
mod harvest;
mod index;
mod judge;
mod outcome;
mod pace;
mod robots;
mod run;
mod service;
mod settings;
mod staging;
mod transport;
mod wanted;

pub use clock::{Clock, SystemClock};
pub use outcome::{Change, FileChange, PageState, PageUpdate, Proposal, ServiceUpdate, Updated};
pub use run::{UpdateOptions, update};
pub use service::Progress;
