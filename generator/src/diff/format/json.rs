//! JSON: for programs. Readers must ignore keys that they do not know.

use schemars::JsonSchema;
use serde::Serialize;

use super::report::Report;
use crate::diff::finding::{Finding, PagePlace, SpecPlace};
use crate::diff::lang::Lang;
use crate::diff::rule::{Bump, Wire};

/// The version of the shape.
const SCHEMA: u32 = 1;

/// What `docsdk diff --format json` prints. Keys that are not here may come: readers ignore what they do not know.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Body<'a> {
    /// The version of this shape.
    schema: u32,
    /// How the old side was named.
    old: &'a str,
    /// How the new side was named.
    new: &'a str,
    /// How much there is of each verdict.
    summary: Totals<'a>,
    /// The findings, worst first.
    changes: Vec<Change<'a>>,
    /// What the comparison has to say of itself: where it had to be coarse.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    notes: &'a [String],
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Summary")]
struct Totals<'a> {
    /// Findings by wire verdict: breaking, risky, safe, info.
    wire: serde_json::Map<String, serde_json::Value>,
    /// Findings by effect on the crate: major, minor, patch.
    rust: serde_json::Map<String, serde_json::Value>,
    /// The release that the findings ask for: major, minor, patch or none; below 1.0.0 one step less.
    bump: &'a str,
    /// What asks for it, most first.
    reasons: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct Change<'a> {
    /// The rule's id.
    rule: &'a str,
    /// The verdict for the wire.
    wire: Wire,
    /// The effect on the generated crate.
    rust: Bump,
    /// The service's key.
    service: &'a str,
    /// The operation, of a rename the new name; empty for what belongs to the service.
    operation: &'a str,
    /// The place in the new spec, `request.Tags[].Key`; empty for the operation or service itself.
    path: &'a str,
    /// The old place of a rename or a move.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a str>,
    /// Which key of a rule that covers several.
    #[serde(skip_serializing_if = "Option::is_none")]
    facet: Option<&'a str>,
    /// What was.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a str>,
    /// What is.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'a str>,
    /// One line for people.
    text: String,
    /// How alike a renamed pair is, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<f64>,
    /// Who caused it: page, extractor, overlay or unknown.
    cause: &'a str,
    /// The spec file of the new side, or of the old where the new has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    /// Where it stands in the specs.
    spec: Spec<'a>,
    /// Where it stands on the pages.
    source: Source<'a>,
    /// Lasts over commits and languages; what an allowance names.
    fingerprint: String,
    /// Whether an allowance covers it.
    allowed: bool,
    /// The allowance's reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
struct Spec<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a SpecPlace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'a SpecPlace>,
}

#[derive(Serialize, JsonSchema)]
struct Source<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a PagePlace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'a PagePlace>,
}

/// The report as JSON, indented, with a line end.
pub(super) fn render(report: &Report<'_>) -> String {
    text(&body(report))
}

/// Several reports as one document: the bodies under `history`, oldest first.
pub(super) fn history(reports: &[Report<'_>]) -> String {
    text(&History { schema: SCHEMA, history: reports.iter().map(body).collect() })
}

/// What `docsdk diff --history N --format json` prints.
#[derive(Serialize)]
struct History<'a> {
    schema: u32,
    history: Vec<Body<'a>>,
}

fn text(body: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(body).unwrap_or_default();
    text.push('\n');
    text
}

fn body<'a>(report: &Report<'a>) -> Body<'a> {
    let (comparison, summary) = (report.comparison, &report.verdict.summary);
    let wire = Wire::WORST_FIRST.iter().map(|wire| (wire.word().to_owned(), count(summary.wire.get(wire))));
    let rust = Bump::WORST_FIRST.iter().map(|rust| (rust.word().to_owned(), count(summary.rust.get(rust))));
    Body {
        schema: SCHEMA,
        old: &comparison.old,
        new: &comparison.new,
        summary: Totals {
            wire: wire.collect(),
            rust: rust.collect(),
            bump: summary.bump.map_or("none", Bump::word),
            reasons: summary.forcing.iter().map(|(count, rule)| rule.counted_in(*count, report.lang)).collect(),
        },
        changes: comparison.findings.iter().map(|finding| change(finding, report.lang)).collect(),
        notes: &comparison.notes,
    }
}

fn count(count: Option<&usize>) -> serde_json::Value {
    count.copied().unwrap_or_default().into()
}

fn change(finding: &Finding, lang: Lang) -> Change<'_> {
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
        text: finding.text_in(lang),
        confidence: finding.confidence,
        cause: finding.cause.word(),
        file: finding.file.as_deref(),
        spec: Spec { before: finding.spec_before.as_ref(), after: finding.spec_after.as_ref() },
        source: Source { before: finding.page_before.as_ref(), after: finding.page_after.as_ref() },
        fingerprint: finding.fingerprint(),
        allowed: finding.allowed.is_some(),
        reason: finding.allowed.as_deref(),
    }
}
