//! What an update came to, for people and for programs.

use schemars::JsonSchema;
use serde::Serialize;

use crate::project::Run;

/// What an update came to.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Updated {
    /// A service each, in the manifest's order.
    pub services: Vec<ServiceUpdate>,
    /// Whether it was only shown, and nothing written.
    pub dry_run: bool,
    /// The files that were written or removed, or would be.
    pub files: Vec<FileChange>,
    /// What came up.
    #[serde(skip)]
    pub run: Run,
}

/// What an update came to for one service.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct ServiceUpdate {
    /// The service.
    pub service: String,
    /// Its pages, in the order of their files.
    pub pages: Vec<PageUpdate>,
    /// How many of them a run before had fetched, which was cut off.
    pub resumed: usize,
    /// Whether nothing of the service was changed although there is something to change, for what the findings say.
    pub refused: bool,
    /// The release that is proposed; none where its specs stay as they are.
    pub release: Option<Proposal>,
}

/// A page and what became of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PageUpdate {
    /// Where it stands on the web.
    pub url: String,
    /// The file that it is kept as, from the folder of the service's pages; none where it is not kept.
    pub file: Option<String>,
    /// What became of it.
    pub state: PageState,
    /// Why, where that needs words.
    pub reason: Option<String>,
}

/// What became of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PageState {
    /// It is as it was.
    Unchanged,
    /// Its bytes differ and say the same: the page at hand stays.
    Same,
    /// It replaces the page at hand.
    Changed,
    /// It was not there before.
    New,
    /// It is gone, and is removed.
    Gone,
    /// An index lists it, and it holds nothing of the service.
    Empty,
    /// It is suspicious, and the page at hand stays.
    KeptBack,
    /// It could not be fetched, and the page at hand stays.
    Failed,
}

impl PageState {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Unchanged, Self::Same, Self::Changed, Self::New, Self::Gone, Self::Empty, Self::KeptBack, Self::Failed];

    /// Its words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Same => "says the same",
            Self::Changed => "changed",
            Self::New => "new",
            Self::Gone => "gone",
            Self::Empty => "without operation",
            Self::KeptBack => "kept back",
            Self::Failed => "not fetched",
        }
    }
}

impl ServiceUpdate {
    /// How many pages are in a state.
    pub fn count(&self, state: PageState) -> usize {
        self.pages.iter().filter(|page| page.state == state).count()
    }
}

/// A release that an update proposes.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Proposal {
    /// The version that the manifest had.
    pub from: String,
    /// The version that it has now.
    pub to: String,
    /// The version that was released last, where tags tell.
    pub released: Option<String>,
    /// What the changes of this update ask for: `major`, `minor` or `patch`, below 1.0.0 one step less; `none` for a
    /// first release.
    pub bump: String,
    /// Why.
    pub reasons: Vec<String>,
    /// The changes of this update, as Markdown.
    pub changes: String,
}

/// A file that was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FileChange {
    /// Its path.
    pub file: String,
    /// What became of it.
    pub change: Change,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It was not there.
    Added,
    /// It has other contents.
    Changed,
    /// It is gone.
    Removed,
}
