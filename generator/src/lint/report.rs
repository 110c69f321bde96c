//! Reports of a look: text, JSON, GitHub's commands, SARIF.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::class::{CLASSES, Class};
use super::finding::{Finding, Place};
use super::gate::Gate;
use super::look::Looked;
use crate::annotation::github::Annotation;
use crate::annotation::{self, Level};
use crate::diagnostic::{Diagnostic, Severity};
use crate::page::{LineIndex, Span};
use crate::report::{self, Sources, Style};
use crate::spec::lock::certainty_word;

/// A look, ready to be written.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    looked: &'a Looked,
    gate: &'a Gate,
    most: Option<usize>,
    only_denied: bool,
}

impl<'a> Report<'a> {
    /// A report of everything that is not allowed.
    pub fn new(looked: &'a Looked, gate: &'a Gate) -> Self {
        Self { looked, gate, most: None, only_denied: false }
    }

    /// No more findings than that; the counts are of all.
    #[must_use]
    pub fn at_most(mut self, most: Option<usize>) -> Self {
        self.most = most;
        self
    }

    /// Only findings that make the run fail.
    #[must_use]
    pub fn only_denied(mut self, only: bool) -> Self {
        self.only_denied = only;
        self
    }

    /// Whether a finding makes the run fail.
    pub fn fails(&self) -> bool {
        self.looked.findings.iter().any(|finding| self.gate.denies(finding))
    }

    /// The classes of which `docsdk overlay suggest` has entries for some findings, the worst first.
    pub fn offered(&self) -> Vec<&'static Class> {
        let offered = |class: &&Class| self.looked.offered.contains(class.id);
        self.classes().into_iter().map(|(class, ..)| class).filter(offered).collect()
    }

    fn counted(&self) -> impl Iterator<Item = &'a Finding> {
        let Self { looked, gate, only_denied, .. } = *self;
        looked.findings.iter().filter(move |finding| !gate.allows(finding) && (!only_denied || gate.denies(finding)))
    }

    fn shown(&self) -> impl Iterator<Item = &'a Finding> {
        self.counted().take(self.most.unwrap_or(usize::MAX))
    }

    /// How many findings each class has, the worst class first.
    fn classes(&self) -> Vec<(&'static Class, Severity, usize)> {
        let mut counts: BTreeMap<&str, (Severity, usize)> = BTreeMap::new();
        for finding in self.counted() {
            let (severity, count) = counts.entry(finding.class.id).or_insert((finding.severity, 0));
            *severity = finding.severity.max(*severity);
            *count += 1;
        }
        let count = |class: &'static Class| counts.get(class.id).map(|(severity, count)| (class, *severity, *count));
        let mut classes: Vec<_> = CLASSES.iter().filter_map(count).collect();
        classes.sort_by_key(|(_, severity, _)| Reverse(*severity));
        classes
    }

    fn denies(&self, class: &Class) -> bool {
        self.counted().any(|finding| finding.class == class && self.gate.denies(finding))
    }
}

/// Text for a person: each finding with the page's lines, worst first, then a line a class; nothing where there is none.
pub fn text(report: &Report<'_>, style: Style) -> String {
    let mut sources = Sources::new();
    let mut text = String::new();
    let mut shown = 0;
    for finding in report.shown() {
        for place in finding.related.iter().chain([&finding.place]) {
            if !sources.contains_key(&place.file)
                && let Some(source) = report.looked.text(&place.file)
            {
                sources.insert(place.file.clone(), source);
            }
        }
        text += &report::one(&diagnostic(finding, &sources), &sources, style);
        shown += 1;
    }
    let all = report.counted().count();
    if shown < all {
        let _ = writeln!(text, "… and {} more: `--limit 0` shows all\n", all - shown);
    }
    text + &summary(report)
}

/// A line a class, the worst first, with how many findings it has.
fn summary(report: &Report<'_>) -> String {
    let classes = report.classes();
    let width = classes.iter().map(|(class, ..)| class.id.len()).max().unwrap_or_default();
    classes.iter().fold(String::new(), |mut text, (class, severity, count)| {
        let denied = if report.denies(class) { "denied: " } else { "" };
        let _ = writeln!(text, "{count:>6}  {:<7}  {:<width$}  {denied}{}", severity.word(), class.id, class.about);
        text
    })
}

/// The finding as other commands print theirs.
fn diagnostic(finding: &Finding, sources: &Sources) -> Diagnostic {
    let span = |place: &Place| {
        let (start, end) = place.lines?;
        let lines = LineIndex::new(sources.get(&place.file)?);
        Some(Span { start: lines.byte(start), end: lines.byte(end) })
    };
    let place = &finding.place;
    let mut diagnostic = Diagnostic::new(finding.class.id, finding.severity, &place.file, &finding.message);
    if let Some(span) = span(place) {
        diagnostic = diagnostic.at(span, &place.label);
    }
    for place in &finding.related {
        if let Some(span) = span(place) {
            diagnostic = diagnostic.related(&place.file, span, &place.label);
        }
    }
    diagnostic.help(&finding.help)
}

/// For programs; readers must ignore keys that they do not know.
pub fn json(report: &Report<'_>) -> Value {
    let classes: Vec<Value> = report
        .classes()
        .into_iter()
        .map(|(class, severity, count)| {
            json!({ "class": class.id, "severity": severity.word(), "findings": count, "denied": report.denies(class) })
        })
        .collect();
    let findings: Vec<Value> = report.shown().map(|finding| one(finding, report.gate.denies(finding))).collect();
    let failed = report.looked.run.findings.iter();
    let failures: Vec<Value> = failed.map(|finding| report::json(finding, &report.looked.run.sources)).collect();
    json!({ "command": "lint", "classes": classes, "findings": findings, "failures": failures })
}

fn one(finding: &Finding, denied: bool) -> Value {
    let mut map = Map::new();
    map.insert("class".into(), finding.class.id.into());
    map.insert("severity".into(), finding.severity.word().into());
    map.insert("denied".into(), denied.into());
    map.insert("effect".into(), finding.effect.word().into());
    let certainty = finding.certainty.map(certainty_word).unwrap_or_default();
    let texts = [
        ("certainty", certainty),
        ("service", &finding.service),
        ("operation", &finding.operation),
        ("path", &finding.path),
        ("rule", &finding.rule),
        ("message", &finding.message),
        ("help", &finding.help),
    ];
    map.extend(texts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(key, text)| (key.into(), text.into())));
    place_into(&mut map, &finding.place);
    if !finding.related.is_empty() {
        let related = finding.related.iter().map(|place| {
            let mut map = Map::new();
            place_into(&mut map, place);
            Value::Object(map)
        });
        map.insert("related".into(), related.collect());
    }
    map.insert("fingerprint".into(), finding.fingerprint().into());
    Value::Object(map)
}

fn place_into(map: &mut Map<String, Value>, place: &Place) {
    map.insert("file".into(), place.file.as_str().into());
    if let Some((start, end)) = place.lines {
        report::place_into(map, start, end);
    }
    if !place.label.is_empty() {
        map.insert("label".into(), place.label.as_str().into());
    }
}

fn level(report: &Report<'_>, finding: &Finding) -> Level {
    match finding.severity {
        _ if report.gate.denies(finding) => Level::Error,
        Severity::Error | Severity::Warning => Level::Warning,
        Severity::Advice => Level::Note,
    }
}

/// GitHub's workflow commands.
pub fn github(report: &Report<'_>) -> String {
    let annotations: Vec<Annotation<'_>> = report
        .shown()
        .map(|finding| Annotation {
            level: level(report, finding),
            title: finding.class.id,
            file: Some(&finding.place.file),
            place: finding.place.lines,
            message: format!("{}; {}", finding.message, finding.help),
        })
        .collect();
    let counts: Vec<String> =
        report.classes().into_iter().map(|(class, _, count)| format!("{count} {}", class.id)).collect();
    let counts = counts.join(", ");
    annotation::github::render("docsdk lint", &annotations, Some(counts.as_str()).filter(|counts| !counts.is_empty()))
}

/// SARIF 2.1.0.
pub fn sarif(report: &Report<'_>) -> String {
    let classes = report.classes();
    let index: BTreeMap<&str, usize> = classes.iter().enumerate().map(|(at, (class, ..))| (class.id, at)).collect();
    let rules: Vec<Value> = classes.iter().map(|(class, ..)| described(class)).collect();
    let mut prints: BTreeMap<String, usize> = BTreeMap::new();
    let results: Vec<Value> = report
        .shown()
        .map(|finding| {
            // Equal findings are told apart by number: services drop results of equal fingerprints.
            let print = finding.fingerprint();
            let number = prints.entry(print.clone()).or_default();
            *number += 1;
            let location = |place: &Place| {
                let lines = place.lines.map(|(start, end)| (start, Some(end)));
                let message = json!({ "text": place.label });
                json!({ "physicalLocation": annotation::sarif::physical(&place.file, lines), "message": message })
            };
            let mut first = location(&finding.place);
            first["logicalLocations"] =
                annotation::sarif::logical([&finding.service, &finding.operation, &finding.path]);
            let mut result = json!({
                "ruleId": finding.class.id,
                "ruleIndex": index.get(finding.class.id).copied().unwrap_or_default(),
                "level": annotation::sarif::level(level(report, finding)),
                "message": { "text": format!("{}; {}", finding.message, finding.help) },
                "locations": [first],
                "partialFingerprints": { "docsdk/v1": format!("{print}:{number}") },
            });
            if !finding.related.is_empty() {
                result["relatedLocations"] = finding.related.iter().map(location).collect();
            }
            result
        })
        .collect();
    annotation::sarif::log(&rules, &results)
}

fn described(class: &Class) -> Value {
    let level = match class.severity {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Advice => Level::Note,
    };
    json!({
        "id": class.id,
        "shortDescription": { "text": class.about },
        "help": { "text": class.remedy },
        "defaultConfiguration": { "level": annotation::sarif::level(level) },
    })
}
