//! Facts that were read with doubt, and facts that another source contradicts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::class::Class;
use super::finding::Finding;
use super::look::Subject;
use crate::provenance::Certainty;
use crate::spec::lock::LockedFact;
use crate::spec::{overlay, path};

/// The findings about an operation's facts; `told` are places that other findings speak of already.
pub(super) fn findings(subject: &Subject<'_>, told: &BTreeSet<String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    // Facts of one owner by one rule are one thing to look at.
    let mut doubtful: BTreeMap<(&str, &str), Vec<&LockedFact>> = BTreeMap::new();
    for fact in subject.facts {
        // What a person has said is settled, whatever other sources say.
        if told.contains(&fact.path) || fact.rule == overlay::RULE {
            continue;
        }
        if !fact.losers.is_empty() {
            findings.extend(disagreement(subject, fact));
        } else if fact.certainty == Certainty::Doubtful {
            doubtful.entry((owner(&fact.path), &fact.rule)).or_default().push(fact);
        }
    }
    findings.extend(doubtful.into_iter().filter_map(|((owner, rule), facts)| doubt(subject, owner, rule, &facts)));
    findings
}

/// What a fact is about: its path without the last key.
pub(super) fn owner(path: &str) -> &str {
    let path = path.split_once(".values.").map_or(path, |(field, _)| field);
    path.rsplit_once('.').map_or(path, |(owner, _)| owner)
}

fn value(subject: &Subject<'_>, fact: &str) -> Option<Value> {
    let resolved = path::resolve(&subject.tree, fact);
    resolved.rest.is_empty().then(|| path::get(&subject.tree, &resolved.steps).cloned()).flatten()
}

/// A value as a label shows it.
fn shown(value: Option<&Value>) -> String {
    const MOST: usize = 40;
    let text = match value {
        Some(Value::String(text)) => text.clone(),
        Some(value @ (Value::Bool(_) | Value::Number(_))) => value.to_string(),
        _ => return "this".to_owned(),
    };
    let cut: String = text.chars().take(MOST).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    format!("`{cut}{more}`")
}

fn disagreement(subject: &Subject<'_>, fact: &LockedFact) -> Option<Finding> {
    let class = Class::find("sources-disagree")?;
    let read = value(subject, &fact.path);
    let place = subject.files.fact(fact, format!("{}, read by `{}`", shown(read.as_ref()), fact.rule));
    let related = fact.losers.iter().map(|loser| {
        let label = format!("`{}`, read by `{}` and not believed: `{}`", loser.value, loser.rule, loser.settled.word());
        subject.files.at(loser.page, (loser.start, loser.end), label)
    });
    let mut finding = Finding::new(class, subject.service, subject.name, &fact.path, place);
    finding.related = related.collect();
    finding.certainty = Some(fact.certainty);
    finding.rule.clone_from(&fact.rule);
    finding.message = format!("sources contradict each other about `{}` of {}", fact.path, subject.title());
    finding.help = verdict(subject, &fact.path, read.as_ref());
    Some(finding)
}

fn doubt(subject: &Subject<'_>, owner: &str, rule: &str, facts: &[&LockedFact]) -> Option<Finding> {
    let class = Class::find("fact-doubtful")?;
    let first = facts.first()?;
    let read = value(subject, &first.path);
    let place = subject.files.fact(first, format!("{}, read by `{rule}`", shown(read.as_ref())));
    let mut finding = Finding::new(class, subject.service, subject.name, &first.path, place);
    finding.certainty = Some(Certainty::Doubtful);
    rule.clone_into(&mut finding.rule);
    let keys: Vec<String> = facts
        .iter()
        .filter_map(|fact| fact.path.strip_prefix(owner))
        .map(|key| format!("`{}`", key.trim_start_matches('.')))
        .collect();
    finding.message = match keys.as_slice() {
        [key] => format!("{key} of `{owner}` of {} was read with doubt", subject.title()),
        _ => format!("{} of `{owner}` of {} were read with doubt", keys.join(", "), subject.title()),
    };
    finding.help = verdict(subject, &first.path, read.as_ref());
    Some(finding)
}

/// What settles a fact: an overlay's entry that confirms it, or sets it.
fn verdict(subject: &Subject<'_>, path: &str, value: Option<&Value>) -> String {
    if subject.is_service() {
        return "an overlay speaks of operations: give a page that says it better".to_owned();
    }
    match value {
        Some(value @ (Value::String(_) | Value::Bool(_) | Value::Number(_))) => {
            format!("if it is right, {}\nand if not, `set` what is", subject.entry("confirm", path, &value.to_string()))
        }
        _ => format!("`set`, `add`, `remove` or `rename` at `{}.{path}` in {} mends it", subject.name, subject.overlay),
    }
}
