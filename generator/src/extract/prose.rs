//! What a parameter's description says beyond its meaning: defaults, values, bounds, formats, conditions.

use std::sync::LazyLock;

use regex::Regex;
use serde_yaml::Number;

use super::cell::{Piece, PieceKind, locate, markdown};
use super::draft::Draft;
use super::phrases::Phrases;
use super::provider::Provider;
use super::values::{self, is_value, split_values, unquoted};
use crate::page::Span;
use crate::provenance::Certainty;
use crate::spec::{Condition, Style, Type};

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[yY]{4}[-/]?MM[-/]?[dD]{2}(?:(?:'?T'?| )[Hh]{2}[:-]?mm(?:[:-]?ss)?(?:\.SSS)?(?:Z|z|'Z')?)?")
        .expect("a fixed pattern")
});

/// Reads a description into a draft whose type and name are known.
pub(crate) fn describe(draft: &mut Draft, source: &str, pieces: &[Piece<'_>], span: Span, provider: &Provider) {
    if let Some(text) = markdown(pieces) {
        draft.field.description = Some(text);
        draft.mark("description", span, "column-description", Certainty::Certain);
    }
    draft
        .prose
        .extend(pieces.iter().filter(|p| p.kind != PieceKind::Code).map(|p| (p.text.as_ref().to_owned(), p.span)));
    let phrases = &provider.phrases;
    read_values(draft, source, pieces, phrases);
    for piece in pieces.iter().filter(|piece| piece.kind != PieceKind::Code) {
        if draft.field.default.is_none() {
            read_default(draft, source, piece, phrases);
        }
        if !piece.note {
            read_bounds(draft, source, piece, phrases);
        }
        read_flags(draft, source, piece, phrases);
    }
}

fn read_values(draft: &mut Draft, source: &str, pieces: &[Piece<'_>], phrases: &Phrases) {
    let Some(listed) = values::read(source, pieces, draft.field.kind, phrases) else { return };
    for (value, span) in listed.values {
        draft.mark(format!("values.{}", value.value), span, listed.rule, Certainty::Certain);
        draft.field.values.push(value);
    }
    if let Some((default, span)) = listed.default {
        draft.field.default = Some(default);
        draft.mark("default", span, "default-of-listed-values", Certainty::Certain);
    }
}

fn read_default(draft: &mut Draft, source: &str, piece: &Piece<'_>, phrases: &Phrases) {
    for phrase in &phrases.default {
        let Some(found) = phrase.captures(&piece.text).and_then(|found| found.name("value")) else { continue };
        let value = unquoted(found.as_str());
        let number = value.parse::<f64>().is_ok();
        let fits = match draft.field.kind {
            Type::Integer | Type::Number => number,
            Type::Boolean => matches!(value.to_ascii_lowercase().as_str(), "true" | "false"),
            Type::String | Type::Any => true,
            _ => false,
        };
        if value.is_empty() || !fits {
            continue;
        }
        let span = locate(source, piece.span, found.as_str());
        draft.field.default = Some(value.to_owned());
        draft.mark("default", span, "prose-default", Certainty::Certain);
        return;
    }
}

fn read_bounds(draft: &mut Draft, source: &str, piece: &Piece<'_>, phrases: &Phrases) {
    let text = piece.text.as_ref();
    match draft.field.kind {
        Type::Integer | Type::Number if draft.field.min.is_none() && draft.field.max.is_none() => {
            for phrase in &phrases.range {
                let Some(found) = phrase.captures(text) else { continue };
                let (Some(min), Some(max)) = (found.name("min"), found.name("max")) else { continue };
                let (Some(low), Some(high)) = (number(min.as_str()), number(max.as_str())) else { continue };
                if low.as_f64() > high.as_f64() {
                    continue;
                }
                draft.field.min = Some(low);
                draft.field.max = Some(high);
                draft.mark("min", locate(source, piece.span, min.as_str()), "prose-range", Certainty::Certain);
                draft.mark("max", locate(source, piece.span, max.as_str()), "prose-range", Certainty::Certain);
                break;
            }
        }
        Type::String => read_length(draft, source, piece, phrases),
        _ => {}
    }
}

fn read_length(draft: &mut Draft, source: &str, piece: &Piece<'_>, phrases: &Phrases) {
    let text = piece.text.as_ref();
    let mut set = |key: &'static str, slot: fn(&mut Draft) -> &mut Option<u64>, found: Option<regex::Match<'_>>| {
        let Some(found) = found else { return };
        let Some(value) = number(found.as_str()).and_then(|n| n.as_u64()) else { return };
        if slot(draft).is_none() {
            *slot(draft) = Some(value);
            draft.mark(key, locate(source, piece.span, found.as_str()), "prose-length", Certainty::Certain);
        }
    };
    let both = phrases.length.iter().find_map(|phrase| phrase.captures(text));
    if let Some(found) = &both {
        set("min_length", |d| &mut d.field.min_length, found.name("min"));
        set("max_length", |d| &mut d.field.max_length, found.name("max"));
        return;
    }
    let first = |list: &[Regex]| list.iter().find_map(|phrase| phrase.captures(text));
    if let Some(found) = first(&phrases.max_length) {
        set("max_length", |d| &mut d.field.max_length, found.name("max"));
    }
    if let Some(found) = first(&phrases.min_length) {
        set("min_length", |d| &mut d.field.min_length, found.name("min"));
    }
}

fn number(text: &str) -> Option<Number> {
    let plain = text.replace(',', "");
    plain.parse::<i64>().map(Number::from).ok().or_else(|| plain.parse::<f64>().ok().map(Number::from))
}

fn read_flags(draft: &mut Draft, source: &str, piece: &Piece<'_>, phrases: &Phrases) {
    let text = piece.text.as_ref();
    let says = |list: &[Regex]| {
        list.iter().find_map(|phrase| phrase.find(text)).map(|m| locate(source, piece.span, m.as_str()))
    };
    let item = matches!(piece.kind, PieceKind::Item(_));
    if !item
        && !piece.note
        && let Some(span) = says(&phrases.deprecated)
    {
        draft.field.deprecated = true;
        draft.mark("deprecated", span, "prose-deprecated", Certainty::Certain);
    }
    match draft.field.kind {
        Type::String if draft.field.format.is_none() => {
            if let Some(found) = DATE.find(text) {
                let pattern = found.as_str();
                let format = match pattern.to_ascii_lowercase().as_str() {
                    "yyyy-mm-ddthh:mm:ssz" => "date-time",
                    "yyyy-mm-dd" => "date",
                    _ => pattern,
                };
                draft.field.format = Some(format.to_owned());
                draft.mark("format", locate(source, piece.span, pattern), "prose-date-format", Certainty::Certain);
            } else if let Some(span) = says(&phrases.json).filter(|_| !item) {
                draft.field.format = Some("json".to_owned());
                draft.mark("format", span, "prose-json", Certainty::Likely);
            }
        }
        Type::Array if draft.field.style.is_none() => {
            if let Some(span) = says(&phrases.comma) {
                draft.field.style = Some(Style::Comma);
                draft.mark("style", span, "prose-comma", Certainty::Likely);
            }
        }
        _ => {}
    }
}

/// What name and sample say of a string's format, where its prose says nothing.
pub(crate) fn settle_format(draft: &mut Draft, provider: &Provider) {
    if draft.field.kind != Type::String {
        return;
    }
    let secret_name = provider.secret_names.is_match(&draft.field.name);
    let secret_prose = draft.prose.first().filter(|(text, _)| provider.phrases.secret.iter().any(|p| p.is_match(text)));
    if draft.field.format.is_none() && (secret_name || secret_prose.is_some()) {
        let span = secret_prose.map_or(draft.span, |(_, span)| *span);
        draft.field.format = Some("password".to_owned());
        draft.mark("format", span, if secret_name { "secret-name" } else { "prose-secret" }, Certainty::Likely);
    }
    let sample = draft.field.example.as_deref().unwrap_or_default().trim();
    let json = sample.starts_with(['{', '[']) && serde_json::from_str::<serde_json::Value>(sample).is_ok();
    if json && draft.field.format.is_none() {
        let span = draft.marks.iter().find(|mark| mark.key == "example").map_or(draft.span, |mark| mark.span);
        draft.field.format = Some("json".to_owned());
        draft.mark("format", span, "sample-json", Certainty::Likely);
    }
}

/// A text that holds several values, where its prose says how they are joined.
pub(crate) fn settle_style(draft: &mut Draft, source: &str, provider: &Provider) {
    let field = &draft.field;
    if field.kind != Type::String || field.format.is_some() || field.style.is_some() {
        return;
    }
    let said = draft.prose.iter().find_map(|(text, span)| {
        let found = provider.phrases.comma.iter().find_map(|phrase| phrase.find(text))?;
        Some(locate(source, *span, found.as_str()))
    });
    if let Some(span) = said {
        draft.field.style = Some(Style::Comma);
        draft.mark("style", span, "prose-comma", Certainty::Likely);
    }
}

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
    let lists: [Rule<'_>; 4] = [
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
        (&phrases.required_present, "prose-required-with", |parameter, _| Condition {
            parameter: parameter.to_owned(),
            present: Some(true),
            ..Condition::default()
        }),
        (&phrases.required_absent, "prose-required-without", |parameter, _| Condition {
            parameter: parameter.to_owned(),
            present: Some(false),
            ..Condition::default()
        }),
    ];
    for (list, rule, make) in lists {
        for phrase in list {
            for found in phrase.captures_iter(text) {
                let Some(name) = found.name("name").and_then(|m| names.iter().find(|name| name.as_str() == m.as_str()))
                else {
                    continue;
                };
                let values = found.name("values").map(|m| split_values(m.as_str(), phrases)).unwrap_or_default();
                let target = match found.name("target").map(|m| m.as_str()) {
                    Some(word) if !phrases.this_parameter.iter().any(|this| this.eq_ignore_ascii_case(word)) => {
                        names.iter().position(|name| name == word)
                    }
                    _ => Some(at),
                };
                let Some(target) = target else { continue };
                let whole = found.get(0).map_or("", |m| m.as_str()).trim().to_owned();
                if !values.iter().all(|value| is_value(value) && !value.contains(' ')) {
                    // A further clause narrows the condition: taking half of it would ask for too much.
                    if values.first().is_some_and(|value| is_value(value) && !value.contains(' ')) {
                        let parameter = names.get(target).cloned().unwrap_or_default();
                        partial.push(PartialCondition { parameter, span, text: whole });
                    }
                    continue;
                }
                let condition = make(name, values);
                if names.get(target) != Some(name) && !out.iter().any(|(t, c, ..)| *t == target && *c == condition) {
                    out.push((target, condition, whole, rule));
                }
            }
        }
    }
    out
}
