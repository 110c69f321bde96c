//! The regular expressions of provider and language files, checked where they stand.

use regex::Regex;

use crate::diagnostic::{Diagnostic, Severity};
use crate::spec::place::{self, Step};

/// A pattern of a file, and the groups that its reader asks for.
pub(crate) struct Pattern<'a> {
    pub(crate) place: Vec<Step>,
    pub(crate) text: &'a str,
    pub(crate) groups: &'static [&'static str],
}

impl<'a> Pattern<'a> {
    /// The pattern at a place.
    pub(crate) fn new(place: &[&str], pattern: &'a str, groups: &'static [&'static str]) -> Self {
        let place = place.iter().map(|key| Step::Key((*key).to_owned())).collect();
        Self { place, text: pattern, groups }
    }

    /// The patterns of a list.
    pub(crate) fn list(
        place: &[&str],
        patterns: impl IntoIterator<Item = &'a str>,
        groups: &'static [&'static str],
    ) -> Vec<Self> {
        let at = |(index, pattern)| {
            let mut one = Self::new(place, pattern, groups);
            one.place.push(Step::Index(index));
            one
        };
        patterns.into_iter().enumerate().map(at).collect()
    }

    /// What is wrong with the pattern.
    pub(crate) fn check(&self, compiled: Result<Regex, regex::Error>, source: &str, file: &str) -> Option<Diagnostic> {
        let finding = match compiled {
            Err(error) => {
                let last = error.to_string();
                let last = last.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                Diagnostic::new("pattern", Severity::Error, file, format!("no regular expression: {last}"))
                    .help(format!("mend `{}`; in YAML, single quotes keep backslashes as they are", self.text))
            }
            Ok(regex) => {
                let names: Vec<&str> = regex.capture_names().flatten().collect();
                let missing = self.groups.iter().find(|group| !names.contains(group))?;
                let message = format!("the pattern has no group `{missing}`");
                Diagnostic::new("pattern-group", Severity::Error, file, message)
                    .help(format!("mark the part that is meant: `(?P<{missing}>…)`"))
            }
        };
        Some(match place::find(source, &self.place) {
            Some(span) => finding.at(span, "here"),
            None => finding,
        })
    }
}
