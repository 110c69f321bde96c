//! What a spec leaves open: required or not, types, messages, descriptions.

use super::class::Class;
use super::finding::Finding;
use super::look::Subject;
use crate::spec::{ErrorCode, Field, Operation, Required, Type};

/// The findings about what an operation's spec leaves open.
pub(super) fn findings(subject: &Subject<'_>, operation: &Operation) -> Vec<Finding> {
    let mut findings = Vec::new();
    if operation.summary.is_none() && operation.description.is_none() {
        let message = format!("`{}` is not described", subject.name);
        let help = subject.entry("set", "summary", "what it does, in a line");
        findings.extend(gap(subject, "description-missing", "summary", &["operation"], message, help));
    }
    for field in &operation.request {
        of_field(subject, field, &format!("request.{}", field.name), true, &mut findings);
    }
    for response in &operation.responses {
        for field in &response.fields {
            of_field(subject, field, &format!("responses.{}.{}", response.status, field.name), false, &mut findings);
        }
    }
    findings.extend(operation.errors.iter().filter_map(|error| of_error(subject, error)));
    findings
}

fn of_field(subject: &Subject<'_>, field: &Field, path: &str, sent: bool, findings: &mut Vec<Finding>) {
    let name = subject.name;
    if sent && field.required == Some(Required::Unknown) {
        let at = format!("{path}.required");
        let message = format!("whether `{path}` of `{name}` must be given is not known");
        let help = subject.entry("set", &at, "true");
        findings.extend(gap(subject, "required-unknown", &at, &[&at], message, help));
    }
    if field.kind == Type::Any {
        let at = format!("{path}.type");
        let message = format!("the type of `{path}` of `{name}` is not known");
        let help = subject.entry("set", &at, "string");
        findings.extend(gap(subject, "type-any", &at, &[&at], message, help));
    }
    if field.description.is_none() && !field.name.is_empty() {
        let at = format!("{path}.description");
        let message = format!("`{path}` of `{name}` is not described");
        let help = subject.entry("set", &at, "what it is");
        findings.extend(gap(subject, "description-missing", &at, &[], message, help));
    }
    for inner in &field.fields {
        of_field(subject, inner, &format!("{path}.{}", inner.name), sent, findings);
    }
    if let Some(items) = &field.items {
        let mark = if field.kind == Type::Map { "{}" } else { "[]" };
        of_field(subject, items, &format!("{path}{mark}"), sent, findings);
    }
}

fn of_error(subject: &Subject<'_>, error: &ErrorCode) -> Option<Finding> {
    if error.message.is_some() {
        return None;
    }
    let code = match error.status {
        Some(status) => format!("errors.{status}.{}", error.code),
        None => format!("errors.{}", error.code),
    };
    let at = format!("{code}.message");
    let message = format!("the error `{}` of `{}` has no message", error.code, subject.name);
    let help = subject.entry("set", &at, "what the service says");
    gap(subject, "error-message-missing", &at, &[&format!("{code}.code")], message, help)
}

/// A finding at the first of some facts that has a place, or where the name of what lacks something stands.
fn gap(
    subject: &Subject<'_>,
    class: &str,
    path: &str,
    facts: &[&str],
    message: String,
    help: String,
) -> Option<Finding> {
    let fact = facts.iter().find_map(|path| subject.fact(path)).or_else(|| subject.nearest(path));
    let place = match fact {
        Some(fact) if fact.path == path => subject.files.fact(fact, format!("read by `{}`", fact.rule)),
        Some(fact) => subject.files.fact(fact, "this".to_owned()),
        None => subject.somewhere(),
    };
    let mut finding = Finding::new(Class::find(class)?, subject.service, subject.name, path, place);
    if let Some(fact) = fact.filter(|fact| fact.path == path) {
        finding.certainty = Some(fact.certainty);
        finding.rule.clone_from(&fact.rule);
    }
    finding.message = message;
    finding.help = help;
    Some(finding)
}
