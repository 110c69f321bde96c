//! GitHub's workflow commands.

use super::report::Report;
use crate::annotation::github::{self, Annotation};

pub(super) fn render(report: &Report<'_>) -> String {
    let shown = report.shown();
    let annotations: Vec<Annotation<'_>> = shown
        .iter()
        .map(|finding| Annotation {
            level: report.level(finding),
            title: finding.rule.id,
            file: finding.file.as_deref(),
            place: None,
            message: format!("{}; {}", finding.text(), finding.rule.advice),
        })
        .collect();
    let summary = &report.verdict.summary;
    let line = summary.bump.map(|_| format!("{}; crate bump: {}", summary.counts(), summary.proposal(4)));
    github::render("docsdk diff", &annotations, line.as_deref())
}
