//! Why a side could not be read.

use std::fmt;

/// A side that could not be read: no such place, no such revision, broken YAML.
#[derive(Debug, PartialEq, Eq)]
pub struct SideError {
    /// The file, folder or revision, as the person wrote it or as it stands in the side.
    pub place: String,
    /// What is wrong and what to do, one line.
    pub message: String,
}

impl SideError {
    pub(crate) fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }
}

impl fmt::Display for SideError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.place, self.message)
    }
}

impl std::error::Error for SideError {}
