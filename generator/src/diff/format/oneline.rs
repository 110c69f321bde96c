//! One finding a line, in the form that an allowance takes; what it is follows as a comment.

use std::fmt::Write as _;

use super::code::{line, quoted};
use super::report::Report;

pub(super) fn render(report: &Report<'_>) -> String {
    let mut text = String::new();
    for finding in report.shown() {
        let _ = write!(text, "- {{ rule: {}, service: {}", finding.rule.id, quoted(&finding.service));
        let _ = write!(text, ", operation: {}, path: {}", quoted(&finding.operation), quoted(&finding.path));
        let _ = write!(text, ", fingerprint: \"{}\" }}", finding.fingerprint());
        let (wire, rust) = (finding.wire.word(), finding.rust.word());
        let _ = writeln!(text, " # {wire}, {rust}: {}", line(&finding.text_in(report.lang)));
    }
    text
}
