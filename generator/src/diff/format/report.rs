//! What every format gets, and which there are.

use super::code::{line, span};
use super::{github, gitlab, html, json, junit, markdown, oneline, sarif, text};
use crate::annotation::Level;
use crate::diff::Comparison;
use crate::diff::finding::Finding;
use crate::diff::lang::Lang;
use crate::diff::policy::{Policy, Verdict};
use crate::diff::rule::Wire;
use crate::diff::summary::Summary;

/// A judged comparison, ready to be written.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The findings.
    pub comparison: &'a Comparison,
    /// What came of them.
    pub verdict: &'a Verdict,
    /// What was asked for.
    pub policy: &'a Policy,
    /// Whether a terminal reads it that shows colours.
    pub colour: bool,
    /// The language of its sentences.
    pub lang: Lang,
}

impl<'a> Report<'a> {
    /// The findings for people: without what is hidden unless asked for.
    pub(super) fn shown(&self) -> Vec<&'a Finding> {
        let hidden = |finding: &&Finding| finding.rule.hidden().is_none_or(|kind| self.policy.show.contains(&kind));
        self.comparison.findings.iter().filter(hidden).collect()
    }

    /// How loud a finding is where a tool knows three levels.
    pub(super) fn level(&self, finding: &Finding) -> Level {
        match finding.wire {
            _ if finding.allowed.is_some() => Level::Note,
            _ if self.policy.gate.stops(finding) => Level::Error,
            Wire::Breaking | Wire::Risky => Level::Warning,
            Wire::Safe | Wire::Info => Level::Note,
        }
    }
}

/// A format of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a person at a terminal.
    Text,
    /// For programs.
    Json,
    /// A changelog entry.
    Markdown,
    /// One file for a browser.
    Html,
    /// SARIF 2.1.0.
    Sarif,
    /// `JUnit`'s XML.
    Junit,
    /// GitHub's workflow commands.
    Github,
    /// GitLab's code quality JSON.
    Gitlab,
    /// One finding a line, the form that an allowance takes.
    Oneline,
}

impl Format {
    /// All of them, by name.
    pub const ALL: [(&'static str, Self); 9] = [
        ("text", Self::Text),
        ("json", Self::Json),
        ("markdown", Self::Markdown),
        ("html", Self::Html),
        ("sarif", Self::Sarif),
        ("junit", Self::Junit),
        ("github", Self::Github),
        ("gitlab", Self::Gitlab),
        ("oneline", Self::Oneline),
    ];

    /// The format of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }

    /// Writes one report over several comparisons, oldest first: each under its revision where people read it, one
    /// document where a program does.
    pub fn render_history(self, reports: &[Report<'_>]) -> String {
        match self {
            Self::Text | Self::Markdown => {
                let heading = |report: &Report<'_>| match self {
                    Self::Markdown => format!("## {}\n\n", span(&report.comparison.new)),
                    _ => format!("== {} ==\n", line(&report.comparison.new)),
                };
                let steps: Vec<String> = reports.iter().map(|report| heading(report) + &self.render(report)).collect();
                steps.join("\n")
            }
            Self::Json => json::history(reports),
            _ => {
                let (Some(first), Some(last)) = (reports.first(), reports.last()) else { return String::new() };
                let all = || reports.iter().map(|report| report.comparison);
                let findings: Vec<Finding> = all().flat_map(|comparison| comparison.findings.clone()).collect();
                let comparison = Comparison {
                    old: first.comparison.old.clone(),
                    new: last.comparison.new.clone(),
                    notes: all().flat_map(|comparison| comparison.notes.clone()).collect(),
                    findings,
                };
                let summary = Summary::of(&comparison.findings, last.policy.below_one);
                let verdict = Verdict { summary, ..last.verdict.clone() };
                self.render(&Report { comparison: &comparison, verdict: &verdict, ..*last })
            }
        }
    }

    /// Writes a report; every format ends with a line end.
    pub fn render(self, report: &Report<'_>) -> String {
        match self {
            Self::Text => text::render(report),
            Self::Json => json::render(report),
            Self::Markdown => markdown::render(report),
            Self::Html => html::render(report),
            Self::Sarif => sarif::render(report),
            Self::Junit => junit::render(report),
            Self::Github => github::render(report),
            Self::Gitlab => gitlab::render(report),
            Self::Oneline => oneline::render(report),
        }
    }
}
