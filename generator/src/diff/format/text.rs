//! Text: for a person at a terminal. A summary first, then the findings by operation, worst first.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::code::line;
use super::report::Report;
use crate::diff::finding::{Cause, Finding};
use crate::diff::lang::Lang;
use crate::diff::rule::Wire;

/// The same finding in so many operations is told once.
const FOLD: usize = 3;

pub(super) fn render(report: &Report<'_>) -> String {
    let shown = report.shown();
    let paint = Paint { colour: report.colour, lang: report.lang };
    let mut text = summary(report, &paint);
    let (others, vendors): (Vec<&Finding>, Vec<&Finding>) =
        shown.iter().partition(|finding| finding.cause == Cause::Extractor);
    part(&mut text, &vendors, &paint);
    if !others.is_empty() {
        text.push_str(&paint.bold(paint.lang.pick(
            "\nread differently by this docsdk, from pages that did not change\n",
            "\n页面没有变，由本版 docsdk 读法不同所致\n",
        )));
        part(&mut text, &others, &paint);
    }
    let hidden = report.comparison.findings.len() - shown.len();
    if hidden > 0 {
        let them = if hidden == 1 { "finding" } else { "findings" };
        let _ =
            writeln!(text, "\n{hidden} {them} of order or white space not shown; `--show order,whitespace` shows them");
    }
    for note in report.comparison.notes.iter().chain(&report.verdict.complaints) {
        let _ = writeln!(text, "note: {}", line(note));
    }
    text
}

fn summary(report: &Report<'_>, paint: &Paint) -> String {
    let summary = &report.verdict.summary;
    if report.comparison.findings.is_empty() {
        return format!("{}\n", report.lang.pick("nothing changed", "没有变更"));
    }
    let head = paint.bold(&summary.counts());
    format!("{head}; {} {}\n", report.lang.pick("crate bump:", "版本升级："), summary.proposal_in(4, report.lang))
}

/// Findings by operation, those that many operations share first of their kind.
fn part(text: &mut String, findings: &[&Finding], paint: &Paint) {
    let mut same = BTreeMap::<_, Vec<&Finding>>::new();
    for finding in findings.iter().filter(|finding| !finding.operation.is_empty() && !finding.path.is_empty()) {
        same.entry(fold_key(finding)).or_default().push(finding);
    }
    same.retain(|_, members| members.len() >= FOLD);
    let mut groups: Vec<((&str, &str), Vec<&Finding>)> = Vec::new();
    let mut places = BTreeMap::new();
    for finding in findings {
        // The folded ones stand where the first of them stands.
        if let Some(members) = same.get(&fold_key(finding)) {
            if members.first().is_some_and(|first| std::ptr::eq(*first, *finding)) {
                groups.push(((&finding.service, ""), vec![finding]));
            }
            continue;
        }
        let key = (&*finding.service, &*finding.operation);
        let at = *places.entry(key).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.1.push(finding),
            None => groups.push((key, vec![finding])),
        }
    }
    for ((service, operation), members) in groups {
        let folded = members.first().and_then(|first| same.get(&fold_key(first)));
        let title = match folded {
            Some(all) if paint.lang == Lang::Zh => format!("{service}：{} 个接口", all.len()),
            Some(all) => format!("{service}: in {} operations", all.len()),
            None if operation.is_empty() => service.to_owned(),
            None => format!("{service}: {operation}"),
        };
        let _ = writeln!(text, "\n{}", paint.bold(&line(&title)));
        for finding in members {
            one(text, finding, paint);
        }
        if let Some(all) = folded {
            let names: Vec<&str> = all.iter().take(6).map(|finding| &*finding.operation).collect();
            let more = if all.len() > 6 { format!(" and {} more", all.len() - 6) } else { String::new() };
            let _ = writeln!(text, "      in {}{more}", line(&names.join(", ")));
        }
    }
}

fn fold_key(finding: &Finding) -> impl Ord + '_ {
    (
        finding.service.as_str(),
        finding.rule.id,
        finding.path.as_str(),
        (finding.facet, finding.before.as_deref(), finding.after.as_deref(), finding.from.as_deref()),
        (finding.allowed.is_some(), finding.operation.is_empty() || finding.path.is_empty()),
    )
}

fn one(text: &mut String, finding: &Finding, paint: &Paint) {
    let mark = paint.wire(finding.wire, &format!("{:<8}", finding.wire.word()));
    let id = paint.dim(finding.rule.id);
    let _ = writeln!(text, "  {mark} {:<5} {} {id}", finding.rust.word(), line(&finding.text_in(paint.lang)));
    if let Some(reason) = &finding.allowed {
        let _ = writeln!(text, "      {} {}", paint.lang.pick("allowed:", "已接受："), line(reason));
        return;
    }
    if finding.wire >= Wire::Risky || finding.rust == crate::diff::Bump::Major {
        let _ =
            writeln!(text, "      {} {}", paint.lang.pick("crate:", "crate："), finding.rule.words(paint.lang).effect);
        let _ = writeln!(text, "      {} {}", paint.lang.pick("do:", "处理："), finding.rule.words(paint.lang).advice);
    }
    if let Some(place) = finding.spec_place() {
        let _ = writeln!(
            text,
            "      {} {}:{}:{}",
            paint.lang.pick("at", "位置"),
            line(&place.file),
            place.line,
            place.column
        );
    }
    if let Some(place) = finding.page_after.as_ref().or(finding.page_before.as_ref()) {
        let _ = writeln!(
            text,
            "      {} {}:{}:{}",
            paint.lang.pick("page", "页面"),
            line(&place.page),
            place.line,
            place.column
        );
    }
}

/// Colours, where there are any, and the language.
struct Paint {
    colour: bool,
    lang: Lang,
}

impl Paint {
    fn with(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    fn bold(&self, text: &str) -> String {
        self.with("1", text)
    }

    fn dim(&self, text: &str) -> String {
        self.with("2", text)
    }

    fn wire(&self, wire: Wire, text: &str) -> String {
        let code = match wire {
            Wire::Breaking => "1;31",
            Wire::Risky => "33",
            Wire::Safe => "32",
            Wire::Info => "36",
        };
        self.with(code, text)
    }
}
