//! When a parameter must be given: what prose says of it and another one.

use regex::Regex;

use super::cell::locate;
use super::draft::Draft;
use super::phrases::Phrases;
use super::provider::Provider;
use super::values::{is_value, split_values};
use crate::page::Span;
use crate::provenance::Certainty;
use crate::spec::Condition;

/// A condition that was read but says more than a spec can: where, and what.
#[derive(Debug)]
pub(crate) struct PartialCondition {
    pub(crate) parameter: String,
    pub(crate) span: Span,
    pub(crate) text: String,
}

/// Reads the conditions among fields of one level, and the levels below.
pub(crate) fn read_conditions(
    drafts: &mut [Draft],
    source: &str,
    provider: &Provider,
    partial: &mut Vec<PartialCondition>,
) {
    let names: Vec<String> = drafts.iter().map(|draft| draft.field.name.clone()).collect();
    let mut found: Vec<(usize, Condition, Span, &'static str)> = Vec::new();
    for (at, draft) in drafts.iter().enumerate() {
        for (text, span) in &draft.prose {
            for (target, condition, fragment, rule) in conditions(text, at, &names, provider, *span, partial) {
                found.push((target, condition, locate(source, *span, &fragment), rule));
            }
        }
    }
    for (target, condition, span, rule) in found {
        let Some(draft) = drafts.get_mut(target) else { continue };
        if !draft.field.required_when.contains(&condition) {
            let number = draft.field.required_when.len();
            draft.mark(format!("required_when.{number}"), span, rule, Certainty::Likely);
            draft.field.required_when.push(condition);
        }
    }
    for draft in drafts {
        read_conditions(&mut draft.children, source, provider, partial);
    }
}

/// A list of phrases, the rule's id, and the condition its captures make.
type Rule<'p> = (&'p [Regex], &'static str, fn(&str, Vec<String>) -> Condition);

type Found = (usize, Condition, String, &'static str);

fn presence(parameter: &str, present: bool) -> Condition {
    Condition { parameter: parameter.to_owned(), present: Some(present), ..Condition::default() }
}

fn rules(phrases: &Phrases) -> [Rule<'_>; 4] {
    [
        (&phrases.required_when, "prose-required-when", |parameter, equals| Condition {
            parameter: parameter.to_owned(),
            equals,
            ..Condition::default()
        }),
        (&phrases.required_unless, "prose-required-unless", |parameter, not_equals| Condition {
            parameter: parameter.to_owned(),
            not_equals,
            ..Condition::default()
        }),
        (&phrases.required_present, "prose-required-with", |parameter, _| presence(parameter, true)),
        (&phrases.required_absent, "prose-required-without", |parameter, _| presence(parameter, false)),
    ]
}

fn conditions(
    text: &str,
    at: usize,
    names: &[String],
    provider: &Provider,
    span: Span,
    partial: &mut Vec<PartialCondition>,
) -> Vec<Found> {
    let phrases = &provider.phrases;
    let mut out: Vec<Found> = Vec::new();
    let mut add = |target: usize, condition: Condition, whole: &str, rule| {
        let to_itself = names.get(target).is_none_or(|name| *name == condition.parameter);
        if !to_itself && !out.iter().any(|(t, c, ..)| *t == target && *c == condition) {
            out.push((target, condition, whole.trim().to_owned(), rule));
        }
    };
    for (list, rule, make) in rules(phrases) {
        for found in list.iter().flat_map(|phrase| phrase.captures_iter(text)) {
            let whole = found.get(0).map_or("", |m| m.as_str());
            // A phrase that names no parameter speaks of the one it stands at.
            let other = found.name("name").map_or(Some(at), |name| position(names, name.as_str()));
            let target = found.name("target").map_or(Some(at), |word| meant(names, word.as_str(), at, phrases));
            let (Some(other), Some(target)) = (other.and_then(|other| names.get(other)), target) else { continue };
            let values = found.name("values").map(|m| split_values(m.as_str(), phrases)).unwrap_or_default();
            let plain = |value: &String| is_value(value) && !value.contains(' ');
            if values.iter().all(plain) {
                add(target, make(other, values), whole, rule);
            } else if values.first().is_some_and(plain) {
                // A further clause narrows the condition: taking half of it would ask for too much.
                let parameter = names.get(target).cloned().unwrap_or_default();
                partial.push(PartialCondition { parameter, span, text: whole.trim().to_owned() });
            }
        }
    }
    for found in phrases.required_either.iter().flat_map(|phrase| phrase.captures_iter(text)) {
        let one = |group| found.name(group).and_then(|word| meant(names, word.as_str(), at, phrases));
        let (Some(one), Some(other)) = (one("target"), one("name")) else { continue };
        let whole = found.get(0).map_or("", |m| m.as_str());
        for (target, parameter) in [(one, other), (other, one)] {
            if let Some(parameter) = names.get(parameter) {
                add(target, presence(parameter, false), whole, "prose-required-either");
            }
        }
    }
    out
}

/// The field that a word names, or the one it stands at: `this parameter`.
fn meant(names: &[String], word: &str, at: usize, phrases: &Phrases) -> Option<usize> {
    let this = phrases.this_parameter.iter().any(|this| this.eq_ignore_ascii_case(word));
    if this { Some(at) } else { position(names, word) }
}

/// The field of that name; pages also put dots where the name has none, write a list's `.N`, or lead in with the
/// object's name.
fn position(names: &[String], word: &str) -> Option<usize> {
    let word = word.trim_end_matches(".N").trim_end_matches(".n");
    let bare = |name: &str| name.replace('.', "").to_ascii_lowercase();
    let leaf = word.rsplit('.').next().unwrap_or(word);
    let exact = names.iter().position(|name| name == word);
    let alike = || names.iter().position(|name| word.contains('.') && bare(name) == bare(word));
    exact.or_else(alike).or_else(|| names.iter().position(|name| word.contains('.') && name == leaf))
}
