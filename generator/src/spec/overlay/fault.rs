//! What is wrong with an entry.

use crate::diagnostic::{Diagnostic, Severity};
use crate::page::Span;

/// What is wrong with an entry, and which other entry has to do with it.
#[derive(Debug)]
pub(super) struct Fault {
    id: &'static str,
    message: String,
    help: String,
    /// The other entry, by its position.
    other: Option<usize>,
}

impl Fault {
    /// The finding at an entry's place; `places` are those of all entries.
    pub(super) fn told(self, file: &str, entry: usize, places: &[Span]) -> Diagnostic {
        let place = |at: usize| places.get(at).copied().unwrap_or_default();
        let finding = Diagnostic::new(self.id, Severity::Error, file, self.message);
        let finding = finding.at(place(entry), "this entry").help(self.help);
        match self.other {
            Some(other) => finding.related(file, place(other), "the entry that it meets"),
            None => finding,
        }
    }
}

/// An entry that does not fit together, or what it is to do can't be done.
pub(super) fn unfit(message: impl Into<String>, help: impl Into<String>) -> Fault {
    Fault { id: "overlay-entry", message: message.into(), help: help.into(), other: None }
}

/// An entry whose path leads nowhere.
pub(super) fn astray(message: impl Into<String>, help: impl Into<String>) -> Fault {
    Fault { id: "overlay-astray", message: message.into(), help: help.into(), other: None }
}

/// An entry that changes nothing.
pub(super) fn redundant(message: impl Into<String>) -> Fault {
    let help = "the pages say so themselves by now: take the entry out";
    Fault { id: "overlay-redundant", message: message.into(), help: help.to_owned(), other: None }
}

/// An entry that another one fights.
pub(super) fn conflict(message: impl Into<String>, help: impl Into<String>, other: usize) -> Fault {
    Fault { id: "overlay-conflict", message: message.into(), help: help.into(), other: Some(other) }
}
