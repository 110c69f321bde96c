//! GitHub's workflow commands.

use super::report::Report;
use crate::annotation::github::{self, Annotation};
use crate::page::Line;

pub(super) fn render(report: &Report<'_>) -> String {
    let shown = report.shown();
    let annotations: Vec<Annotation<'_>> = shown
        .iter()
        .map(|finding| Annotation {
            level: report.level(finding),
            title: finding.rule.id,
            file: finding.spec_place().map(|place| place.file.as_str()).or(finding.file.as_deref()),
            place: finding.spec_place().map(|place| {
                let line = Line { line: place.line, column: place.column };
                (line, line)
            }),
            message: format!("{}; {}", finding.text(), finding.rule.advice),
        })
        .collect();
    let summary = &report.verdict.summary;
    let line = summary.bump.map(|_| format!("{}; crate bump: {}", summary.counts(), summary.proposal(4)));
    github::render("docsdk diff", &annotations, line.as_deref())
}
