//! HTML: one file that needs no network, to filter findings in and to read them side by side.

use super::code::{line, markup};
use super::report::Report;
use crate::diff::finding::Finding;
use crate::diff::lang::Lang;
use crate::diff::rule::{Bump, Wire};

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

pub(super) fn render(report: &Report<'_>) -> String {
    let comparison = report.comparison;
    let (summary, lang) = (&report.verdict.summary, report.lang);
    let rows: String = report.shown().into_iter().map(|finding| row(finding, report.lang)).collect();
    let wires = Wire::WORST_FIRST.map(|wire| check("wire", wire.word(), summary.wire.get(&wire)));
    let rusts = Bump::WORST_FIRST.map(|rust| check("rust", rust.word(), summary.rust.get(&rust)));
    let notes: String = comparison
        .notes
        .iter()
        .chain(&report.verdict.complaints)
        .map(|note| ["<p class=\"note\">", &markup(note), "</p>\n"].concat())
        .collect();
    // A policy of its own, so that text which slipped through could still load and run nothing.
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         script-src 'unsafe-inline'\">\n\
         <title>docsdk diff</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{}</h1>\n\
         <p><code>{}</code> → <code>{}</code></p>\n<p><strong>{}</strong></p>\n<p>{} {}</p>\n{notes}</header>\n\
         <form id=\"filter\" aria-label=\"Filter\">\n<fieldset><legend>Wire</legend>{}</fieldset>\n\
         <fieldset><legend>Crate</legend>{}</fieldset>\n\
         <label>Operation or path <input type=\"search\" id=\"search\"></label>\n\
         <output id=\"count\" aria-live=\"polite\"></output>\n</form>\n\
         <main><table>\n<thead><tr><th scope=\"col\">Wire</th><th scope=\"col\">Crate</th><th scope=\"col\">Place</th>\
         <th scope=\"col\">What</th><th scope=\"col\">Before</th><th scope=\"col\">After</th></tr></thead>\n\
         <tbody id=\"findings\">\n{rows}</tbody>\n</table></main>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n",
        lang.pick("en", "zh"),
        lang.pick("What changed", "变更"),
        markup(&line(&comparison.old)),
        markup(&line(&comparison.new)),
        if comparison.findings.is_empty() {
            lang.pick("Nothing changed", "没有变更").to_owned()
        } else {
            summary.counts()
        },
        lang.pick("Version bump:", "版本升级："),
        markup(&summary.proposal_in(4, lang)),
        wires.concat(),
        rusts.concat(),
    )
}

fn check(name: &str, word: &str, count: Option<&usize>) -> String {
    let count = count.copied().unwrap_or_default();
    format!("<label><input type=\"checkbox\" name=\"{name}\" value=\"{word}\" checked> {word} ({count})</label> ")
}

fn row(finding: &Finding, lang: Lang) -> String {
    let words = finding.rule.words(lang);
    let (wire, rust) = (finding.wire.word(), finding.rust.word());
    let place = [&finding.service, &finding.operation, &finding.path];
    let place: Vec<&str> = place.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    let from = finding.from.as_ref().map(|from| format!("<br>was <code>{}</code>", markup(&line(from))));
    let facet = finding.facet.map(|facet| format!(" ({facet})"));
    let alike = finding.confidence.map(|score| format!(" <small>alike: {score:.2}</small>"));
    let allowed = finding.allowed.as_ref().map(|reason| format!("<br><em>allowed: {}</em>", markup(reason)));
    let page = finding.page_after.as_ref().or(finding.page_before.as_ref());
    let page = page.map(|page| format!("<br><small>{}:{}:{}</small>", markup(&page.page), page.line, page.column));
    let spec = finding.spec_place();
    let spec = spec.map(|spec| format!("<br><small>{}:{}:{}</small>", markup(&spec.file), spec.line, spec.column));
    format!(
        "<tr data-wire=\"{wire}\" data-rust=\"{rust}\"><td class=\"{wire}\">{wire}</td><td>{rust}</td>\
         <td><code>{}</code>{}{}{}</td><td>{}{}{}<br><small><code>{}</code>; {}</small>{}</td>\
         <td><pre>{}</pre></td><td><pre>{}</pre></td></tr>\n",
        markup(&line(&place.join(" "))),
        from.unwrap_or_default(),
        spec.unwrap_or_default(),
        page.unwrap_or_default(),
        words.noun,
        facet.unwrap_or_default(),
        alike.unwrap_or_default(),
        finding.rule.id,
        markup(words.effect),
        allowed.unwrap_or_default(),
        markup(finding.before.as_deref().unwrap_or_default()),
        markup(finding.after.as_deref().unwrap_or_default()),
    )
}
