//! What a rule of the differ is, and the two scales that it judges on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::own_rules::OWN_RULES;
use super::rules::RULES;

/// What a change means for programs that talk to the service; greater is worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Wire {
    /// Nothing on the wire.
    Info,
    /// The contract only grew or loosened.
    Safe,
    /// It depends on what the page does not say.
    Risky,
    /// A call that worked can fail, or be answered unreadably.
    Breaking,
}

impl Wire {
    /// From worst to least.
    pub const WORST_FIRST: [Self; 4] = [Self::Breaking, Self::Risky, Self::Safe, Self::Info];

    /// The word in reports and files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Safe => "safe",
            Self::Risky => "risky",
            Self::Breaking => "breaking",
        }
    }
}

/// What a change costs the generated crate's version; greater is worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// Nothing that a caller's code can name.
    Patch,
    /// New public items, or new warnings.
    Minor,
    /// Some code that compiled no longer does.
    Major,
}

impl Bump {
    /// From greatest to least.
    pub const WORST_FIRST: [Self; 3] = [Self::Major, Self::Minor, Self::Patch];

    /// The word in reports and files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }

    /// What this asks for below version 1.0.0, where every part weighs one step less.
    #[must_use]
    pub const fn below_one(self) -> Self {
        match self {
            Self::Major => Self::Minor,
            Self::Minor | Self::Patch => Self::Patch,
        }
    }
}

/// Which part of a spec a rule speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// A service as a whole.
    Service,
    /// Where it is served.
    Endpoint,
    /// An operation as a whole.
    Operation,
    /// What is sent.
    Request,
    /// What is answered.
    Response,
    /// Error codes.
    Error,
    /// Permissions.
    Auth,
    /// Texts, examples, history, order.
    Doc,
    /// Hints that stand beside other findings.
    Any,
}

/// One rule: one entry of [`RULES`] or [`OWN_RULES`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable; what allowances and overrides name.
    pub id: &'static str,
    /// The part of the spec.
    pub direction: Direction,
    /// The verdict for the wire, unless overridden.
    pub wire: Wire,
    /// The effect on the generated crate, unless overridden.
    pub rust: Bump,
    /// What was found, as a noun whose plural is made at its end.
    pub noun: &'static str,
    /// What the generated crate does about it.
    pub effect: &'static str,
    /// What a person should do.
    pub advice: &'static str,
}

impl Rule {
    /// The rule with that id.
    pub fn find(id: &str) -> Option<&'static Self> {
        Self::all().find(|rule| rule.id == id)
    }

    /// Every rule: those of the published table, and those beside it.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        RULES.iter().chain(OWN_RULES)
    }

    /// Whether `--tombstones` keeps what this rule reports gone, so that a major becomes a minor.
    pub fn softened_by_tombstones(&self) -> bool {
        self.id.ends_with("-removed")
            || self.id.ends_with("-renamed")
            || self.id.ends_with("-removed-after-deprecation")
    }

    /// Whether it says that a page probably could not be read, which stops a regeneration.
    pub fn stops_regeneration(&self) -> bool {
        matches!(self.id, "operation-emptied" | "suspicious-mass-removal")
    }

    /// Whether no file may turn it off.
    pub fn cannot_be_turned_off(&self) -> bool {
        self.stops_regeneration() || self.id == "endpoint-scheme-downgraded"
    }

    /// Whether reports for people leave it out unless asked for.
    pub fn hidden(&self) -> Option<Hidden> {
        match self.id {
            "order-changed" => Some(Hidden::Order),
            "text-whitespace-changed" => Some(Hidden::Whitespace),
            _ => None,
        }
    }

    /// Whether it is about texts, examples or order alone.
    pub(crate) fn is_text(&self) -> bool {
        matches!(
            self.id,
            "summary-changed"
                | "description-changed"
                | "description-hints-contract"
                | "text-whitespace-changed"
                | "example-changed"
                | "order-changed"
                | "history-entry-added"
                | "history-rewritten"
                | "history-without-visible-change"
        )
    }

    /// The noun for `count` of them.
    pub fn counted(&self, count: usize) -> String {
        if count == 1 {
            return format!("1 {}", self.noun);
        }
        let noun = self.noun;
        match noun.strip_suffix('y') {
            Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{count} {stem}ies"),
            _ if noun.ends_with('s') || noun.ends_with("sh") => format!("{count} {noun}es"),
            _ => format!("{count} {noun}s"),
        }
    }
}

/// A kind of finding that is shown only when asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hidden {
    /// The same members in another order.
    Order,
    /// Texts that differ in white space or marks alone.
    Whitespace,
}
