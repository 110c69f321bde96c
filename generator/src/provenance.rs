//! Where each fact of a spec came from.

use serde::{Deserialize, Serialize};

use crate::page::Span;

/// How sure a rule is of what it read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// Inferred from weak signs; a person should look.
    Doubtful,
    /// Inferred by a rule that is nearly always right.
    Likely,
    /// Stated by the page in a form that leaves no choice.
    Certain,
}

/// One fact of an operation's spec, and where it stands on which page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The fact's place in the spec, dotted: `http.path`, `request.DBInstanceId.required`,
    /// `responses.200.Items[].Name.type`, `errors.400.InvalidX.message`.
    pub path: String,
    /// The page's path, as in the document it was read from.
    pub page: String,
    /// Where on the page.
    pub span: Span,
    /// The rule that read it, a stable kebab-case id.
    pub rule: &'static str,
    /// How sure the rule is.
    pub certainty: Certainty,
}
