//! JUnit's XML: a case for each operation that changed, a failure for each finding at the gate.

use std::collections::BTreeMap;

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
        suites.push_str(&format!("  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{broken}\">\n"));
        for (operation, findings) in operations {
            let operation = if operation.is_empty() { "service" } else { operation };
            suites.push_str(&format!("    <testcase classname=\"{name}\" name=\"{}\">\n", markup(operation)));
            for finding in findings.iter().filter(stops) {
                let (kind, text) = (finding.rule.id, markup(&finding.text()));
                suites.push_str(&format!("      <failure type=\"{kind}\" message=\"{text}\">"));
                suites.push_str(&format!(
                    "{}; {}</failure>\n",
                    markup(finding.rule.effect),
                    markup(finding.rule.advice)
                ));
            }
            let others: Vec<String> = findings.iter().filter(|it| !stops(it)).map(|it| markup(&it.text())).collect();
            if !others.is_empty() {
                suites.push_str(&format!("      <system-out>{}</system-out>\n", others.join("\n")));
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
