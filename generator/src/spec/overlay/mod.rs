//! `overlay.yaml`: what people know better than the pages.
//!
//! ```yaml
//! overlay:
//!   - set: CreateBackup.request.DBInstanceId.required
//!     to: true
//!     reason: the vendor's SDKs always send it
//!   - rename: "**.DBInstanceId"
//!     to: InstanceId
//!     reason: callers know it by that name; the wire keeps the vendor's
//! ```
//!
//! An entry does one thing to the places that its name path leads to, and says why. A path begins with an operation's name;
//! `*` stands for one step and `**` for any number of them. Entries are applied in order, each to what those before it
//! left. An entry that finds no place, changes nothing, or undoes another entry is an error: the pages moved on, and the
//! overlay has to.

mod append;
mod apply;
mod claims;
mod edit;
mod entry;
mod fault;
mod pattern;
mod role;
mod settled;
mod types;

#[cfg(test)]
mod conflict_tests;
#[cfg(test)]
mod tests;

pub use append::append;
pub use apply::apply;
pub use entry::{Entry, Overlay, Rename, read};
pub use settled::{Change, RULE, Settled};
