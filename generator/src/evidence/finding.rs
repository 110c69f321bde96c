//! Findings in the report.

use serde::Serialize;

use super::fact;
use super::text::Range;
use crate::lint::{Finding, Place};

/// A finding.
#[derive(Debug, Serialize)]
pub(super) struct FindingEvidence {
    class: &'static str,
    severity: &'static str,
    certainty: Option<u8>,
    effect: &'static str,
    /// The service's number.
    service: usize,
    operation: String,
    path: String,
    rule: String,
    message: String,
    help: String,
    places: Vec<PlaceEvidence>,
}

/// A place that a finding points to: the page's number in its service, the range where it is known, and words for it.
#[derive(Debug, Serialize)]
pub(super) struct PlaceEvidence(pub(super) usize, pub(super) Option<Range>, pub(super) String);

/// A finding about a service as the report's file has it; `place` knows the service's pages.
pub(super) fn finding(
    finding: &Finding,
    service: usize,
    place: impl Fn(&Place) -> Option<PlaceEvidence>,
) -> FindingEvidence {
    FindingEvidence {
        places: [&finding.place].into_iter().chain(&finding.related).filter_map(place).collect(),
        class: finding.class.id,
        severity: finding.severity.word(),
        certainty: finding.certainty.map(fact::certainty),
        effect: finding.effect.word(),
        service,
        operation: finding.operation.clone(),
        path: finding.path.clone(),
        rule: finding.rule.clone(),
        message: finding.message.clone(),
        help: finding.help.clone(),
    }
}
