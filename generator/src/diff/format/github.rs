//! GitHub's workflow commands.

use super::report::Report;
use crate::annotation::github::{self, Annotation};
use crate::page::Line;

pub(super) fn render(report: &Report<'_>) -> String {
    let (shown, lang) = (report.shown(), report.lang);
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
            message: format!("{}; {}", finding.text_in(lang), finding.rule.words(lang).advice),
        })
        .collect();
    let summary = &report.verdict.summary;
    let line = summary.bump.map(|_| {
        format!("{}; {} {}", summary.counts(), lang.pick("crate bump:", "版本升级："), summary.proposal_in(4, lang))
    });
    github::render("docsdk diff", &annotations, line.as_deref())
}
