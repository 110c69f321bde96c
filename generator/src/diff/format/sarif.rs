//! SARIF 2.1.0: the rules once, and a result a finding.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::report::{Loudness, Report};
use crate::diff::finding::Finding;
use crate::diff::rule::{Rule, Wire};

pub(super) fn render(report: &Report<'_>) -> String {
    let mut rules = BTreeMap::<&str, &'static Rule>::new();
    for finding in &report.comparison.findings {
        rules.insert(finding.rule.id, finding.rule);
    }
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(index, id)| (*id, index)).collect();
    let results: Vec<Value> =
        report.comparison.findings.iter().map(|finding| result(report, finding, &index)).collect();
    let sarif = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "docsdk",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.values().map(|rule| described(rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{sarif:#}\n")
}

fn described(rule: &Rule) -> Value {
    let level = match rule.wire {
        Wire::Breaking => "error",
        Wire::Risky => "warning",
        Wire::Safe | Wire::Info => "note",
    };
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.noun },
        "fullDescription": { "text": rule.effect },
        "help": { "text": rule.advice },
        "defaultConfiguration": { "level": level },
        "properties": { "wire": rule.wire.word(), "rust": rule.rust.word() },
    })
}

fn result(report: &Report<'_>, finding: &Finding, index: &BTreeMap<&str, usize>) -> Value {
    let level = match report.level(finding) {
        Loudness::Error => "error",
        Loudness::Warning => "warning",
        Loudness::Note => "note",
    };
    let logical = [&finding.service, &finding.operation, &finding.path];
    let logical: Vec<&str> = logical.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    let mut location = json!({ "logicalLocations": [{ "fullyQualifiedName": logical.join("/") }] });
    if let Some(file) = &finding.file {
        location["physicalLocation"] = json!({
            "artifactLocation": { "uri": uri(file) },
            "region": { "startLine": 1 },
        });
    }
    let mut result = json!({
        "ruleId": finding.rule.id,
        "ruleIndex": index.get(finding.rule.id).copied().unwrap_or_default(),
        "level": level,
        "message": { "text": finding.text() },
        "locations": [location],
        "partialFingerprints": { "docsdk/v1": finding.fingerprint() },
        "properties": { "wire": finding.wire.word(), "rust": finding.rust.word(), "cause": finding.cause.word() },
    });
    let pages = [&finding.page_after, &finding.page_before];
    let pages: Vec<Value> = pages
        .into_iter()
        .flatten()
        .map(|place| {
            json!({ "physicalLocation": {
                "artifactLocation": { "uri": uri(&place.page) },
                "region": { "startLine": place.line.max(1), "startColumn": place.column.max(1) },
            }})
        })
        .collect();
    if !pages.is_empty() {
        result["relatedLocations"] = pages.into();
    }
    if let Some(reason) = &finding.allowed {
        result["suppressions"] = json!([{ "kind": "external", "status": "accepted", "justification": reason }]);
    }
    result
}

/// A relative path as a URI reference.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            byte => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}
