//! What an overlay did, for whoever keeps track of facts.

use crate::page::Span;

/// The rule under which an overlay's facts stand in `sources.lock`.
pub const RULE: &str = "overlay";

/// What an entry did to an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The operation, by the name it now has.
    pub operation: String,
    /// What was done.
    pub change: Change,
    /// The entry in the overlay.
    pub span: Span,
}

/// What was done to a place of an operation's spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The value at a name path was set or added.
    Set(String),
    /// Everything at and below a name path was taken out.
    Removed(String),
    /// Everything at and below a name path moved.
    Renamed {
        /// The path before.
        from: String,
        /// The path now.
        to: String,
    },
    /// The whole operation was taken out.
    OperationRemoved,
    /// The whole operation was renamed from this name.
    OperationRenamed(String),
}
