//! Markdown: the changelog entry of a release, short enough for the body of a pull request.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::code::{line, span};
use super::report::Report;
use crate::diff::finding::{Finding, short};
use crate::diff::rule::{Bump, Rule, Wire};

/// What fits a pull request's body, with some room for a heading above.
const MOST_CHARACTERS: usize = 65_000;
/// Room for the counts at the end.
const RESERVED: usize = 4_000;

/// Whether a finding stands under a heading.
type Belongs = fn(&Finding) -> bool;

pub(super) fn render(report: &Report<'_>) -> String {
    let shown = report.shown();
    if shown.is_empty() {
        return "Nothing changed.\n".to_owned();
    }
    let summary = &report.verdict.summary;
    let mut text = format!("**{}**; version bump: {}.\n", summary.counts(), summary.proposal(4));
    let (told, rest): (Vec<&Finding>, Vec<&Finding>) =
        shown.iter().partition(|finding| finding.wire >= Wire::Risky || finding.rust >= Bump::Minor);
    let headings: [(&str, Belongs); 4] = [
        ("Breaking", |it| it.wire == Wire::Breaking || it.rust == Bump::Major),
        ("Added", |it| it.rust == Bump::Minor && it.rule.id.contains("added")),
        ("Behaviour", |it| it.wire == Wire::Risky),
        ("Changed", |_| true),
    ];
    let mut left = told;
    let mut cut = 0;
    for (heading, belongs) in headings {
        let (mine, others): (Vec<&Finding>, Vec<&Finding>) = left.into_iter().partition(|finding| belongs(finding));
        left = others;
        if mine.is_empty() {
            continue;
        }
        let _ = write!(text, "\n### {heading}\n\n");
        for finding in mine {
            let item = item(finding);
            if cut > 0 || text.chars().count() + item.chars().count() > MOST_CHARACTERS - RESERVED {
                cut += 1;
            } else {
                text.push_str(&item);
            }
        }
    }
    if cut > 0 {
        let _ = writeln!(text, "\n… and {cut} more.");
    }
    text.push_str(&counts(&rest));
    text
}

fn item(finding: &Finding) -> String {
    let place = match (finding.operation.as_str(), finding.path.as_str()) {
        ("", "") => span(&finding.service),
        ("", path) => span(path),
        (operation, "") => span(operation),
        (operation, path) => format!("{} {}", span(operation), span(path)),
    };
    let mut item = format!("- {place}: {}", finding.rule.noun);
    if let Some(facet) = finding.facet {
        let _ = write!(item, " ({facet})");
    }
    match (&finding.before, &finding.after) {
        (Some(before), Some(after)) => {
            let _ = write!(item, ", {} → {}", span(&short(before)), span(&short(after)));
        }
        (Some(before), None) => {
            let _ = write!(item, ", was {}", span(&short(before)));
        }
        (None, Some(after)) => {
            let _ = write!(item, ", {}", span(&short(after)));
        }
        (None, None) => {}
    }
    if finding.wire >= Wire::Risky || finding.rust == Bump::Major {
        let _ = write!(item, " — {}", finding.rule.effect);
    }
    if let Some(reason) = &finding.allowed {
        let _ = write!(item, " (accepted: {})", span(&line(reason)));
    }
    item.push('\n');
    item
}

/// What needs no names: `12 changed descriptions`.
fn counts(findings: &[&Finding]) -> String {
    let mut counts = BTreeMap::<&str, (usize, &'static Rule)>::new();
    for finding in findings {
        counts.entry(finding.rule.id).or_insert((0, finding.rule)).0 += 1;
    }
    if counts.is_empty() {
        return String::new();
    }
    let mut counts: Vec<_> = counts.into_values().collect();
    counts.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.id.cmp(b.1.id)));
    let list: Vec<String> = counts.iter().map(|(count, rule)| rule.counted(*count)).collect();
    format!("\n### Also\n\n{}.\n", list.join(", "))
}
