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
    /// What other sources say instead.
    pub losers: Vec<Loser>,
}

/// What a source says of a fact where another source contradicts it and was believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loser {
    /// The page's path, as in the document it was read from.
    pub page: String,
    /// Where on the page.
    pub span: Span,
    /// The rule that read it.
    pub rule: &'static str,
    /// The rule by which the other source was believed.
    pub settled: Settlement,
    /// The value it gives, as the spec would write it.
    pub value: String,
}

/// Who is believed where two sources of one fact contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Settlement {
    /// A table tells more than a sample does: types, values, whether a parameter is required.
    TableOverSample,
    /// A sample shows how an answer is built, which tables tell loosely: lists, objects, wrappers.
    SampleOverTable,
    /// Of several pages, one that states it more plainly.
    MoreCertain,
    /// What more of the pages say.
    Majority,
    /// The page in the language that the vendor's pages are usually in.
    UsualLanguage,
    /// The page whose change history goes on longer.
    NewerPage,
    /// The page that says more of the operation.
    FullerPage,
    /// The page whose path comes first: nothing else told the pages apart.
    PageOrder,
}

impl Settlement {
    /// Every settlement.
    pub const ALL: [Self; 8] = [
        Self::TableOverSample,
        Self::SampleOverTable,
        Self::MoreCertain,
        Self::Majority,
        Self::UsualLanguage,
        Self::NewerPage,
        Self::FullerPage,
        Self::PageOrder,
    ];

    /// Its word, as `sources.lock` and `docsdk explain` have it.
    pub fn word(self) -> &'static str {
        match self {
            Self::TableOverSample => "table-over-sample",
            Self::SampleOverTable => "sample-over-table",
            Self::MoreCertain => "more-certain",
            Self::Majority => "majority",
            Self::UsualLanguage => "usual-language",
            Self::NewerPage => "newer-page",
            Self::FullerPage => "fuller-page",
            Self::PageOrder => "page-order",
        }
    }
}
