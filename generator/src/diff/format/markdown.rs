//! Markdown: the changelog entry of a release, short enough for the body of a pull request.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::code::{line, span};
use super::report::Report;
use crate::diff::finding::{Finding, short};
use crate::diff::lang::Lang;
use crate::diff::rule::{Bump, Rule, Wire};

/// What fits a pull request's body, with some room for a heading above.
const MOST_CHARACTERS: usize = 65_000;
/// Room for the counts at the end.
const RESERVED: usize = 4_000;

/// The same change in so many operations is told once.
const FOLD: usize = 3;
/// Operations that are named where a change is told once for many.
const NAMED: usize = 6;

/// Whether a finding stands under a heading.
type Belongs = fn(&Finding) -> bool;

const HEADINGS: [([&str; 2], Belongs); 5] = [
    (["Breaking", "不兼容"], |it| (it.wire == Wire::Breaking && !is_check(it)) || it.rust == Bump::Major),
    (["Behaviour", "行为"], |it| it.wire >= Wire::Risky && it.rust == Bump::Patch),
    (["Added", "新增"], |it| it.rust == Bump::Minor && it.rule.id.contains("added")),
    (["Deprecated", "弃用"], |it| it.rule.id.ends_with("-deprecated")),
    (["Changed", "改变"], |_| true),
];

pub(super) fn render(report: &Report<'_>) -> String {
    let (shown, lang) = (report.shown(), report.lang);
    if shown.is_empty() {
        return format!("{}\n", lang.pick("Nothing changed.", "没有变更。"));
    }
    let summary = &report.verdict.summary;
    let bump = lang.pick("version bump:", "版本升级：");
    let (counts, proposal) = (summary.counts(), summary.proposal_in(4, lang));
    format!("**{counts}**; {bump} {proposal}{}\n\n{}", lang.pick(".", "。"), sections(&shown, lang))
}

/// The findings under headings: what breaks first, things by name, counts for what needs none.
pub(crate) fn sections(findings: &[&Finding], lang: Lang) -> String {
    let told = |finding: &&Finding| finding.wire >= Wire::Risky || finding.rust >= Bump::Minor;
    let (mut left, rest): (Vec<&Finding>, Vec<&Finding>) = findings.iter().partition(|finding| told(finding));
    let (mut text, mut length, mut cut) = (String::new(), 0, 0);
    for (heading, belongs) in HEADINGS {
        let (mine, others): (Vec<&Finding>, Vec<&Finding>) = left.into_iter().partition(|finding| belongs(finding));
        left = others;
        if mine.is_empty() {
            continue;
        }
        let _ =
            write!(text, "{}### {}\n\n", if text.is_empty() { "" } else { "\n" }, lang.pick(heading[0], heading[1]));
        for (count, item) in items(&mine, lang) {
            length += item.chars().count();
            if length > MOST_CHARACTERS - RESERVED {
                cut += count;
            } else {
                text.push_str(&item);
            }
        }
    }
    if cut > 0 {
        let _ = match lang {
            Lang::En => writeln!(text, "\n… and {cut} more."),
            Lang::Zh => writeln!(text, "\n……另有 {cut} 处。"),
        };
    }
    let counts = counts(&rest, lang);
    if !counts.is_empty() {
        let _ = write!(
            text,
            "{}### {}\n\n{counts}{}\n",
            if text.is_empty() { "" } else { "\n" },
            lang.pick("Also", "此外"),
            lang.pick(".", "。")
        );
    }
    text
}

/// Whether all that changes is a check before sending, which refuses what the service refuses anyway.
fn is_check(finding: &Finding) -> bool {
    matches!(
        finding.rule.id,
        "request-field-became-required"
            | "request-condition-added"
            | "request-condition-changed"
            | "request-bound-tightened"
    )
}

/// A line for each finding, or for the same in many operations; with how many findings it stands for.
fn items(findings: &[&Finding], lang: Lang) -> Vec<(usize, String)> {
    let key = |finding: &Finding| {
        let place = (finding.service.clone(), finding.rule.id, finding.path.clone(), finding.from.clone());
        (place, finding.facet, finding.before.clone(), finding.after.clone(), finding.allowed.clone())
    };
    let mut alike = BTreeMap::<_, Vec<&str>>::new();
    for finding in findings.iter().filter(|it| !it.operation.is_empty() && !it.path.is_empty()) {
        alike.entry(key(finding)).or_default().push(&finding.operation);
    }
    alike.retain(|_, operations| operations.len() >= FOLD);
    let mut items = Vec::new();
    for finding in findings {
        let operations = if finding.operation.is_empty() { None } else { alike.get_mut(&key(finding)) };
        match operations {
            None => items.push((1, item(finding, None, lang))),
            Some(operations) if operations.is_empty() => {}
            Some(operations) => {
                let operations = std::mem::take(operations);
                items.push((operations.len(), item(finding, Some(&operations), lang)));
            }
        }
    }
    items
}

fn item(finding: &Finding, operations: Option<&[&str]>, lang: Lang) -> String {
    let many = operations.map(|operations| {
        let named: Vec<String> = operations.iter().take(NAMED).map(|operation| span(operation)).collect();
        let more =
            if operations.len() > NAMED { format!(" and {} more", operations.len() - NAMED) } else { String::new() };
        match lang {
            Lang::En => format!(" in {} operations ({}{more})", operations.len(), named.join(", ")),
            Lang::Zh => format!("（{} 个接口：{}{more}）", operations.len(), named.join("、")),
        }
    });
    let operation = if many.is_some() { "" } else { &*finding.operation };
    let place = match (operation, finding.path.as_str()) {
        ("", "") => span(&finding.service),
        ("", path) => span(path),
        (operation, "") => span(operation),
        (operation, path) => format!("{} {}", span(operation), span(path)),
    };
    let mut item = format!("- {place}{}: {}", many.unwrap_or_default(), finding.rule.words(lang).noun);
    if let Some(facet) = finding.facet {
        let _ = write!(item, " ({facet})");
    }
    match (&finding.before, &finding.after) {
        (Some(before), Some(after)) => {
            let _ = write!(item, ", {} → {}", span(&short(before)), span(&short(after)));
        }
        (Some(before), None) => {
            let _ = write!(item, "{} {}", lang.pick(", was", "，原为"), span(&short(before)));
        }
        (None, Some(after)) => {
            let _ = write!(item, ", {}", span(&short(after)));
        }
        (None, None) => {}
    }
    if finding.wire >= Wire::Risky || finding.rust == Bump::Major {
        let _ = write!(item, " — {}", finding.rule.words(lang).effect);
    }
    if let Some(reason) = &finding.allowed {
        let _ = write!(item, " ({} {})", lang.pick("accepted:", "已接受："), span(&line(reason)));
    }
    item.push('\n');
    item
}

/// What needs no names: `12 changed descriptions`.
fn counts(findings: &[&Finding], lang: Lang) -> String {
    let mut counts = BTreeMap::<&str, (usize, &'static Rule)>::new();
    for finding in findings {
        counts.entry(finding.rule.id).or_insert((0, finding.rule)).0 += 1;
    }
    if counts.is_empty() {
        return String::new();
    }
    let mut counts: Vec<_> = counts.into_values().collect();
    counts.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.id.cmp(b.1.id)));
    let list: Vec<String> = counts.iter().map(|(count, rule)| rule.counted_in(*count, lang)).collect();
    list.join(", ")
}
