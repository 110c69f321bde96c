//! GitLab's code quality JSON.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::report::Report;
use crate::diff::rule::Wire;

pub(super) fn render(report: &Report<'_>) -> String {
    let mut prints = BTreeSet::new();
    let issues: Vec<Value> = report
        .shown()
        .into_iter()
        .map(|finding| {
            let severity = match finding.wire {
                _ if finding.allowed.is_some() => "info",
                Wire::Breaking => "critical",
                Wire::Risky => "major",
                Wire::Safe => "minor",
                Wire::Info => "info",
            };
            // The service drops issues of equal fingerprints: equal findings are told apart by number.
            let print = finding.fingerprint();
            let mut unique = print.clone();
            let mut number = 1;
            while !prints.insert(unique.clone()) {
                number += 1;
                unique = format!("{print}-{number}");
            }
            let place = finding.spec_place();
            json!({
                "description": finding.text_in(report.lang),
                "check_name": finding.rule.id,
                "fingerprint": unique,
                "severity": severity,
                "location": {
                    "path": place.map_or(finding.file.as_deref().unwrap_or(&finding.service), |place| &*place.file),
                    "lines": { "begin": place.map_or(1, |place| place.line) },
                },
            })
        })
        .collect();
    format!("{:#}\n", Value::from(issues))
}
