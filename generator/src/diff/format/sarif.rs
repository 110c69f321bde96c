//! SARIF 2.1.0: the rules once, and a result a finding.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::report::Report;
use crate::annotation::{Level, sarif};
use crate::diff::finding::Finding;
use crate::diff::lang::Lang;
use crate::diff::rule::{Rule, Wire};
use crate::page::Line;

pub(super) fn render(report: &Report<'_>) -> String {
    let mut rules = BTreeMap::<&str, &'static Rule>::new();
    for finding in &report.comparison.findings {
        rules.insert(finding.rule.id, finding.rule);
    }
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(index, id)| (*id, index)).collect();
    let results: Vec<Value> =
        report.comparison.findings.iter().map(|finding| result(report, finding, &index)).collect();
    let rules: Vec<Value> = rules.values().map(|rule| described(rule, report.lang)).collect();
    sarif::log(&rules, &results)
}

fn described(rule: &Rule, lang: Lang) -> Value {
    let words = rule.words(lang);
    let level = match rule.wire {
        Wire::Breaking => Level::Error,
        Wire::Risky => Level::Warning,
        Wire::Safe | Wire::Info => Level::Note,
    };
    json!({
        "id": rule.id,
        "shortDescription": { "text": words.noun },
        "fullDescription": { "text": words.effect },
        "help": { "text": words.advice },
        "defaultConfiguration": { "level": sarif::level(level) },
        "properties": { "wire": rule.wire.word(), "rust": rule.rust.word() },
    })
}

fn result(report: &Report<'_>, finding: &Finding, index: &BTreeMap<&str, usize>) -> Value {
    let logical = sarif::logical([&finding.service, &finding.operation, &finding.path]);
    let mut location = json!({ "logicalLocations": logical });
    let at = |line, column| Some((Line { line, column }, None));
    if let Some(place) = finding.spec_place() {
        location["physicalLocation"] = sarif::physical(&place.file, at(place.line, place.column));
    } else if let Some(file) = &finding.file {
        location["physicalLocation"] = sarif::physical(file, None);
    }
    let mut result = json!({
        "ruleId": finding.rule.id,
        "ruleIndex": index.get(finding.rule.id).copied().unwrap_or_default(),
        "level": sarif::level(report.level(finding)),
        "message": { "text": finding.text_in(report.lang) },
        "locations": [location],
        "partialFingerprints": { "docsdk/v1": finding.fingerprint() },
        "properties": { "wire": finding.wire.word(), "rust": finding.rust.word(), "cause": finding.cause.word() },
    });
    let pages = [&finding.page_after, &finding.page_before];
    let mut related: Vec<Value> = pages
        .into_iter()
        .flatten()
        .map(|place| json!({ "physicalLocation": sarif::physical(&place.page, at(place.line, place.column)) }))
        .collect();
    // The old state, unless it is the place itself.
    if let Some(place) = finding.spec_before.as_ref().filter(|_| finding.spec_after.is_some()) {
        let physical = sarif::physical(&place.file, at(place.line, place.column));
        related.push(json!({ "physicalLocation": physical, "message": { "text": "before" } }));
    }
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    if let Some(reason) = &finding.allowed {
        result["suppressions"] = json!([{ "kind": "external", "status": "accepted", "justification": reason }]);
    }
    result
}
