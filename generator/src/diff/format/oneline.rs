//! One finding a line, in the form that an allowance takes; what it is follows as a comment.

use super::code::{line, quoted};
use super::report::Report;

pub(super) fn render(report: &Report<'_>) -> String {
    let mut text = String::new();
    for finding in report.shown() {
        text.push_str(&format!("- {{ rule: {}, service: {}", finding.rule.id, quoted(&finding.service)));
        text.push_str(&format!(", operation: {}, path: {}", quoted(&finding.operation), quoted(&finding.path)));
        text.push_str(&format!(", fingerprint: \"{}\" }}", finding.fingerprint()));
        let (wire, rust) = (finding.wire.word(), finding.rust.word());
        text.push_str(&format!(" # {wire}, {rust}: {}\n", line(&finding.text())));
    }
    text
}
