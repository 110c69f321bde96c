//! JSON: for programs. Readers must ignore keys that they do not know.

use serde::Serialize;

use super::report::Report;
use crate::diff::finding::{Finding, PagePlace};
use crate::diff::rule::{Bump, Wire};

/// The version of the shape.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Body<'a> {
    schema: u32,
    old: &'a str,
    new: &'a str,
    summary: Totals<'a>,
    changes: Vec<Change<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    notes: &'a [String],
}

#[derive(Serialize)]
struct Totals<'a> {
    wire: serde_json::Map<String, serde_json::Value>,
    rust: serde_json::Map<String, serde_json::Value>,
    bump: &'a str,
    reasons: &'a [String],
}

#[derive(Serialize)]
struct Change<'a> {
    rule: &'a str,
    wire: Wire,
    rust: Bump,
    service: &'a str,
    operation: &'a str,
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    facet: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'a str>,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<f64>,
    cause: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    source: Source<'a>,
    fingerprint: String,
    allowed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct Source<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a PagePlace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'a PagePlace>,
}

/// The report as JSON, indented, with a line end.
pub(super) fn render(report: &Report<'_>) -> String {
    let (comparison, summary) = (report.comparison, &report.verdict.summary);
    let wire = Wire::WORST_FIRST.iter().map(|wire| (wire.word().to_owned(), count(summary.wire.get(wire))));
    let rust = Bump::WORST_FIRST.iter().map(|rust| (rust.word().to_owned(), count(summary.rust.get(rust))));
    let body = Body {
        schema: SCHEMA,
        old: &comparison.old,
        new: &comparison.new,
        summary: Totals {
            wire: wire.collect(),
            rust: rust.collect(),
            bump: summary.bump.map_or("none", Bump::word),
            reasons: &summary.reasons,
        },
        changes: comparison.findings.iter().map(change).collect(),
        notes: &comparison.notes,
    };
    let mut text = serde_json::to_string_pretty(&body).unwrap_or_default();
    text.push('\n');
    text
}

fn count(count: Option<&usize>) -> serde_json::Value {
    count.copied().unwrap_or_default().into()
}

fn change(finding: &Finding) -> Change<'_> {
    Change {
        rule: finding.rule.id,
        wire: finding.wire,
        rust: finding.rust,
        service: &finding.service,
        operation: &finding.operation,
        path: &finding.path,
        from: finding.from.as_deref(),
        facet: finding.facet,
        before: finding.before.as_deref(),
        after: finding.after.as_deref(),
        text: finding.text(),
        confidence: finding.confidence,
        cause: finding.cause.word(),
        file: finding.file.as_deref(),
        source: Source { before: finding.page_before.as_ref(), after: finding.page_after.as_ref() },
        fingerprint: finding.fingerprint(),
        allowed: finding.allowed.is_some(),
        reason: finding.allowed.as_deref(),
    }
}
