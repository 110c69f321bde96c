//! Findings about input: what was wrong, where, what was expected and what to do.

use crate::page::Span;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is lost.
    Advice,
    /// Something was read with doubt, or not at all.
    Warning,
    /// The input can't be used.
    Error,
}

/// One finding. A value, not an error: the run collects findings and goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// A stable kebab-case id, e.g. `row-unclaimed`.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop, names the thing in backticks.
    pub message: String,
    /// The file it is about, with `/` between folders.
    pub file: String,
    /// The place in the file, where there is one.
    pub span: Option<Span>,
    /// Words for the marked place: what was found or expected there.
    pub label: Option<String>,
    /// Other places it is about: where a source says otherwise, for one.
    pub related: Vec<Related>,
    /// What to do.
    pub help: Option<String>,
    /// The place in the operation's spec that it is about; an overlay's entry there settles what pages left open.
    pub about: Option<String>,
}

/// Another place that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The file, with `/` between folders.
    pub file: String,
    /// The place in the file.
    pub span: Span,
    /// Words for it.
    pub label: String,
}

impl Diagnostic {
    /// A finding about a whole file.
    pub fn new(id: &'static str, severity: Severity, file: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            id,
            severity,
            message: message.into(),
            file: file.into(),
            span: None,
            label: None,
            related: Vec::new(),
            help: None,
            about: None,
        }
    }

    /// Marks the place.
    #[must_use]
    pub fn at(mut self, span: Span, label: impl Into<String>) -> Self {
        self.span = Some(span);
        self.label = Some(label.into());
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn related(mut self, file: impl Into<String>, span: Span, label: impl Into<String>) -> Self {
        self.related.push(Related { file: file.into(), span, label: label.into() });
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Names the place in the operation's spec that it is about.
    #[must_use]
    pub fn about(mut self, path: impl Into<String>) -> Self {
        self.about = Some(path.into());
        self
    }
}
