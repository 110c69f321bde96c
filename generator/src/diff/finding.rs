//! One change, judged.

use std::cmp::Reverse;
use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use super::lang::Lang;
use super::rule::{Bump, Rule, Wire};
use crate::annotation::fingerprint;

/// Who caused a change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cause {
    /// The page's hash changed.
    Page,
    /// The same page, read by another docsdk.
    Extractor,
    /// A person's overlay.
    Overlay,
    /// The locks do not tell.
    #[default]
    Unknown,
}

impl Cause {
    /// The word in reports and on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Extractor => "extractor",
            Self::Overlay => "overlay",
            Self::Unknown => "unknown",
        }
    }
}

/// Where a fact stands on a page.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct PagePlace {
    /// The page's file.
    pub page: String,
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
}

/// Where a fact stands in a spec.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct SpecPlace {
    /// The spec's file.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
}

/// One change under one rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// The verdict for the wire, after overrides.
    pub wire: Wire,
    /// The effect on the crate, after overrides and tombstones.
    pub rust: Bump,
    /// The service's key.
    pub service: String,
    /// The operation (of a rename, the new name); empty for what belongs to the service.
    pub operation: String,
    /// The place in the new spec, `request.Tags[].Key`; empty for the operation or service itself.
    pub path: String,
    /// The old place of a rename or a move, and of all below it.
    pub from: Option<String>,
    /// Which key of a rule that covers several.
    pub facet: Option<&'static str>,
    /// What was.
    pub before: Option<String>,
    /// What is.
    pub after: Option<String>,
    /// How alike a renamed pair is, from 0 to 1.
    pub confidence: Option<f64>,
    /// Who caused it.
    pub cause: Cause,
    /// The spec file of the new side, or of the old where the new has none.
    pub file: Option<String>,
    /// Where the old state stands in the old spec; of what is new, where it would have stood.
    pub spec_before: Option<SpecPlace>,
    /// Where the new state stands in the new spec; of what is gone, where it would stand.
    pub spec_after: Option<SpecPlace>,
    /// Where the fact stood on the old page.
    pub page_before: Option<PagePlace>,
    /// Where the fact stands on the new page.
    pub page_after: Option<PagePlace>,
    /// The reason of the allowance that covers it.
    pub allowed: Option<String>,
}

impl Finding {
    pub(crate) fn new(rule: &'static Rule, service: &str, operation: &str, path: String) -> Self {
        Self {
            rule,
            wire: rule.wire,
            rust: rule.rust,
            service: service.to_owned(),
            operation: operation.to_owned(),
            path,
            from: None,
            facet: None,
            before: None,
            after: None,
            confidence: None,
            cause: Cause::Unknown,
            file: None,
            spec_before: None,
            spec_after: None,
            page_before: None,
            page_after: None,
            allowed: None,
        }
    }

    /// A hash over what changed that lasts over commits and languages: no text, line or verdict is in it.
    pub fn fingerprint(&self) -> String {
        fingerprint(&[
            Some(self.rule.id),
            Some(&*self.service),
            Some(&*self.operation),
            Some(&*self.path),
            self.facet,
            self.before.as_deref(),
            self.after.as_deref(),
        ])
    }

    /// The place for people: the path, or the operation or service where there is none.
    pub fn place(&self) -> &str {
        match (self.path.as_str(), self.operation.as_str()) {
            ("", "") => &self.service,
            ("", operation) => operation,
            (path, _) => path,
        }
    }

    /// Where it stands in the specs: in the new one, or in the old where the new has none.
    pub fn spec_place(&self) -> Option<&SpecPlace> {
        self.spec_after.as_ref().or(self.spec_before.as_ref())
    }

    /// One line: what was found, where, what was and what is.
    pub fn text(&self) -> String {
        self.text_in(Lang::En)
    }

    /// [`Finding::text`] in a language.
    pub fn text_in(&self, lang: Lang) -> String {
        let mut text = format!("{} `{}`", self.rule.words(lang).noun, self.place());
        if let Some(facet) = self.facet {
            let _ = write!(text, " ({facet})");
        }
        if let Some(from) = &self.from {
            let _ = write!(text, "{} `{from}`", lang.pick(", was", "，原为"));
        }
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => {
                let _ = write!(text, ": `{}` → `{}`", short(before), short(after));
            }
            (Some(before), None) => {
                let _ = write!(text, "{} `{}`", lang.pick(": was", "：原为"), short(before));
            }
            (None, Some(after)) => {
                let _ = write!(text, ": `{}`", short(after));
            }
            (None, None) => {}
        }
        if let Some(confidence) = self.confidence {
            let _ = write!(text, " ({} {confidence:.2})", lang.pick("alike:", "相似度"));
        }
        text
    }

    /// Sorts worst first, then by place, as byte strings.
    pub(crate) fn rank(&self) -> impl Ord + use<> {
        (
            (Reverse(self.wire), Reverse(self.rust), self.cause),
            (self.service.clone(), self.operation.clone(), self.path.clone()),
            (self.rule.id, self.facet, self.before.clone(), self.after.clone()),
        )
    }
}

/// A value as one line of at most 80 characters.
pub(crate) fn short(text: &str) -> String {
    let mut line = String::new();
    for (count, word) in text.split_whitespace().enumerate() {
        if count > 0 {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > 400 {
            break;
        }
    }
    let line: String = line.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if line.chars().count() <= 80 {
        return line;
    }
    let mut cut: String = line.chars().take(79).collect();
    cut.push('…');
    cut
}

/// Collects the findings of one service or one operation.
#[derive(Debug)]
pub(crate) struct Recorder<'a> {
    service: &'a str,
    operation: &'a str,
    findings: Vec<Finding>,
    notes: Vec<String>,
}

impl<'a> Recorder<'a> {
    pub(crate) fn new(service: &'a str, operation: &'a str) -> Self {
        Self { service, operation, findings: Vec::new(), notes: Vec::new() }
    }

    /// Adds a finding and gives it back for its details.
    pub(crate) fn add(&mut self, id: &str, path: impl Into<String>) -> Entry<'_> {
        let rule = Rule::find(id);
        debug_assert!(rule.is_some(), "no rule `{id}`");
        if let Some(rule) = rule {
            self.findings.push(Finding::new(rule, self.service, self.operation, path.into()));
            return Entry(self.findings.last_mut());
        }
        Entry(None)
    }

    /// Adds a finding where two optional texts differ: with one id each for added, removed and changed.
    pub(crate) fn add_change(&mut self, ids: [&str; 3], path: &str, before: Option<&str>, after: Option<&str>) {
        let [added, removed, changed] = ids;
        let id = match (before, after) {
            (None, Some(_)) => added,
            (Some(_), None) => removed,
            (Some(before), Some(after)) if before != after => changed,
            _ => return,
        };
        self.add(id, path).before(before).after(after);
    }

    /// Says something of the comparison itself.
    pub(crate) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    pub(crate) fn findings_mut(&mut self) -> &mut Vec<Finding> {
        &mut self.findings
    }

    pub(crate) fn finish(self) -> (Vec<Finding>, Vec<String>) {
        (self.findings, self.notes)
    }
}

/// A finding that was just added.
#[derive(Debug)]
pub(crate) struct Entry<'a>(Option<&'a mut Finding>);

impl Entry<'_> {
    fn with(mut self, set: impl FnOnce(&mut Finding)) -> Self {
        if let Some(finding) = self.0.as_deref_mut() {
            set(finding);
        }
        self
    }

    pub(crate) fn before(self, text: Option<impl Into<String>>) -> Self {
        self.with(|finding| finding.before = text.map(Into::into))
    }

    pub(crate) fn after(self, text: Option<impl Into<String>>) -> Self {
        self.with(|finding| finding.after = text.map(Into::into))
    }

    /// The old place, kept where it differs from the new one.
    pub(crate) fn from(self, path: &str) -> Self {
        self.with(|finding| finding.from = (path != finding.path).then(|| path.to_owned()))
    }

    pub(crate) fn facet(self, facet: &'static str) -> Self {
        self.with(|finding| finding.facet = Some(facet))
    }

    pub(crate) fn confidence(self, score: f64) -> Self {
        // Four places: enough to judge by, and the same on every machine.
        self.with(|finding| finding.confidence = Some((score * 1e4).round() / 1e4))
    }

    /// Another operation than the recorder's.
    pub(crate) fn operation(self, operation: &str) -> Self {
        self.with(|finding| operation.clone_into(&mut finding.operation))
    }

    pub(crate) fn wire(self, wire: Wire) -> Self {
        self.with(|finding| finding.wire = wire)
    }

    pub(crate) fn rust(self, rust: Bump) -> Self {
        self.with(|finding| finding.rust = rust)
    }
}
