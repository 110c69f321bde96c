//! `JUnit`'s XML: a case for each operation that changed, a failure for each finding at the gate.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::code::markup;
use super::report::Report;
use crate::diff::finding::Finding;

pub(super) fn render(report: &Report<'_>) -> String {
    let mut services = BTreeMap::<&str, BTreeMap<&str, Vec<&Finding>>>::new();
    for finding in report.shown() {
        let service = services.entry(&finding.service).or_default();
        service.entry(&finding.operation).or_default().push(finding);
    }
    let stops = |finding: &&&Finding| report.policy.gate.stops(finding);
    let mut suites = String::new();
    let (mut all, mut failed) = (0, 0);
    for (service, operations) in &services {
        let broken = operations.values().filter(|findings| findings.iter().any(|it| stops(&it))).count();
        all += operations.len();
        failed += broken;
        let (name, tests) = (markup(service), operations.len());
        let _ = writeln!(suites, "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{broken}\">");
        for (operation, findings) in operations {
            let operation = if operation.is_empty() { "service" } else { operation };
            let _ = writeln!(suites, "    <testcase classname=\"{name}\" name=\"{}\">", markup(operation));
            for finding in findings.iter().filter(stops) {
                let (kind, text) = (finding.rule.id, markup(&finding.text_in(report.lang)));
                let _ = write!(suites, "      <failure type=\"{kind}\" message=\"{text}\">");
                let place = finding.spec_place();
                let place = place.map(|place| format!("{}:{}:{}: ", markup(&place.file), place.line, place.column));
                let words = finding.rule.words(report.lang);
                let (effect, advice) = (markup(words.effect), markup(words.advice));
                let _ = writeln!(suites, "{}{effect}; {advice}</failure>", place.unwrap_or_default());
            }
            let others: Vec<String> =
                findings.iter().filter(|it| !stops(it)).map(|it| markup(&it.text_in(report.lang))).collect();
            if !others.is_empty() {
                let _ = writeln!(suites, "      <system-out>{}</system-out>", others.join("\n"));
            }
            suites.push_str("    </testcase>\n");
        }
        suites.push_str("  </testsuite>\n");
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"docsdk diff\" tests=\"{all}\" \
         failures=\"{failed}\">\n{suites}</testsuites>\n"
    )
}
