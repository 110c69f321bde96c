//! How loud an annotation is.

/// The three levels of annotations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Error,
    Warning,
    Note,
}

impl Level {
    /// The loudest first.
    pub(crate) const LOUDEST_FIRST: [Self; 3] = [Self::Error, Self::Warning, Self::Note];
}
