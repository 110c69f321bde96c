//! Sample JSON: read with patience, and fields made from it where a page shows nothing else.

use serde_json::Value as Json;

use super::cell::locate;
use super::draft::Draft;
use crate::page::Span;
use crate::provenance::Certainty;
use crate::spec::{Field, Type};

/// Reads sample JSON, forgiving what hands leave in it: trailing commas, dots for what was left out, no-break spaces.
pub(crate) fn json(text: &str) -> Option<Json> {
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let mut cleaned = String::with_capacity(text.len());
    let mut quoted = false;
    let mut escaped = false;
    for c in text.chars() {
        if quoted {
            // A string may have been broken over lines.
            cleaned.push(if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c });
            quoted = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            '"' => quoted = true,
            '}' | ']' => {
                let kept = cleaned.trim_end().trim_end_matches("...").trim_end().trim_end_matches(',').len();
                cleaned.truncate(kept);
            }
            '\u{a0}' => {
                cleaned.push(' ');
                continue;
            }
            _ => {}
        }
        cleaned.push(c);
    }
    serde_json::from_str(&cleaned).ok()
}

/// Drafts of the fields an object shows; empty for anything else.
pub(crate) fn drafts(sample: &Json, source: &str, span: Span) -> Vec<Draft> {
    fields(sample, source, span, 0)
}

fn fields(sample: &Json, source: &str, span: Span, depth: usize) -> Vec<Draft> {
    let Json::Object(entries) = sample else { return Vec::new() };
    if depth > 24 {
        return Vec::new();
    }
    entries
        .iter()
        .map(|(name, value)| {
            let mut draft = Draft { span, ..Draft::default() };
            draft.field.name.clone_from(name);
            let place = locate(source, span, &format!("\"{name}\""));
            draft.mark("name", place, "field-from-sample", Certainty::Likely);
            let (kind, items) = kind(value);
            draft.field.kind = kind;
            draft.field.items = items;
            draft.mark("type", place, "type-from-sample", Certainty::Likely);
            draft.children = match value {
                Json::Array(list) => {
                    list.first().map(|first| fields(first, source, span, depth + 1)).unwrap_or_default()
                }
                other => fields(other, source, span, depth + 1),
            };
            let example = match value {
                Json::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
                Json::Number(_) | Json::Bool(_) => Some(value.to_string()),
                _ => None,
            };
            if example.is_some() {
                draft.field.example = example;
                draft.mark("example", place, "example-from-sample", Certainty::Likely);
            }
            draft
        })
        .collect()
}

fn kind(value: &Json) -> (Type, Option<Box<Field>>) {
    match value {
        Json::Null => (Type::Any, None),
        Json::Bool(_) => (Type::Boolean, None),
        Json::Number(number) => (if number.is_f64() { Type::Number } else { Type::Integer }, None),
        Json::String(_) => (Type::String, None),
        Json::Object(_) => (Type::Object, None),
        Json::Array(items) => {
            let item = items.first().map(|first| {
                let (kind, items) = kind(first);
                Box::new(Field { kind, items, ..Field::default() })
            });
            (Type::Array, item)
        }
    }
}
