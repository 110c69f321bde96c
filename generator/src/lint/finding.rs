//! One thing to look at, and which of two is worse.

use std::cmp::Reverse;

use super::class::Class;
use crate::annotation::fingerprint;
use crate::diagnostic::Severity;
use crate::page::Line;
use crate::provenance::Certainty;

/// What a finding touches; the greater, the more a wrong fact there costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Words for people.
    Text,
    /// What is checked before a call: listed values, limits, conditions.
    Check,
    /// How failures are told apart.
    Errors,
    /// How an answer is read.
    Answer,
    /// What is sent.
    Call,
    /// Whether there is such an operation at all, and how it is reached.
    Operation,
}

impl Effect {
    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Check => "check",
            Self::Errors => "errors",
            Self::Answer => "answer",
            Self::Call => "call",
            Self::Operation => "operation",
        }
    }

    /// What a fact at a name path touches.
    pub fn of_path(path: &str) -> Self {
        let (first, _) = path.split_once(['.', '[']).unwrap_or((path, ""));
        let last = path.rsplit('.').next().unwrap_or_default();
        let words = matches!(last, "description" | "example" | "declared_type" | "deprecated" | "summary");
        let checked = matches!(
            last,
            "default" | "min" | "max" | "min_length" | "max_length" | "min_items" | "max_items" | "pattern"
        ) || [".values.", ".required_when"].iter().any(|key| path.contains(key));
        match first {
            "operation" | "http" => Self::Operation,
            "request" | "responses" | "errors" if words => Self::Text,
            "request" | "responses" if checked => Self::Check,
            "request" => Self::Call,
            "responses" => Self::Answer,
            "errors" => Self::Errors,
            _ => Self::Text,
        }
    }
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, as people know it.
    pub file: String,
    /// Where in it; nothing for the whole file.
    pub lines: Option<(Line, Line)>,
    /// Words for the place: what was found or expected there.
    pub label: String,
}

/// One thing to look at.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Its class.
    pub class: &'static Class,
    /// How much it matters.
    pub severity: Severity,
    /// How sure what was read is; nothing where nothing was.
    pub certainty: Option<Certainty>,
    /// What it touches.
    pub effect: Effect,
    /// The service.
    pub service: String,
    /// The operation; empty where none is known.
    pub operation: String,
    /// The place in the operation's spec; empty where there is none.
    pub path: String,
    /// The rule that read what stands there; empty where none did.
    pub rule: String,
    /// What is to be looked at.
    pub message: String,
    /// Where it stands.
    pub place: Place,
    /// Where another source says otherwise.
    pub related: Vec<Place>,
    /// What to do.
    pub help: String,
}

impl Finding {
    /// A finding of a class about a place of a service's specs.
    pub(super) fn new(class: &'static Class, service: &str, operation: &str, path: &str, place: Place) -> Self {
        Self {
            class,
            severity: class.severity,
            certainty: None,
            effect: if path.is_empty() { class.effect } else { Effect::of_path(path) },
            service: service.to_owned(),
            operation: operation.to_owned(),
            path: path.to_owned(),
            rule: String::new(),
            message: class.about.to_owned(),
            place,
            related: Vec::new(),
            help: class.remedy.to_owned(),
        }
    }

    /// What findings are ordered by: severity, then certainty (nothing known comes first), then effect, then place.
    pub(super) fn order(&self) -> impl Ord + '_ {
        let place =
            (&self.place.file, self.place.lines.map(|(start, end)| [start, end].map(|at| (at.line, at.column))));
        let rest = (&self.service, place, &self.operation, &self.path, self.class.id);
        (Reverse(self.severity), self.certainty, Reverse(self.effect), rest)
    }

    /// What the finding is recognised by from run to run.
    pub fn fingerprint(&self) -> String {
        let parts = [self.class.id, &self.service, &self.operation, &self.path, &self.message, &self.place.file];
        fingerprint(&parts.map(Some))
    }
}

#[cfg(test)]
mod tests {
    use super::Effect;

    #[test]
    fn paths_have_effects() {
        let of = |path| Effect::of_path(path).word();
        assert_eq!(of("http.method"), "operation");
        assert_eq!(of("request.Tag[].Key.required"), "call");
        assert_eq!(of("request.Mode.values.fast"), "check");
        assert_eq!(of("request.Mode.description"), "text");
        assert_eq!(of("responses.200.Items[].Id.type"), "answer");
        assert_eq!(of("errors.400.Bad.Code.message"), "errors");
        assert_eq!(of("examples.0.title"), "text");
    }
}
