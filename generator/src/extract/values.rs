//! Listed values: a list below words such as `Valid values:`, or the words after them.

use super::cell::{Piece, PieceKind, locate};
use super::phrases::Phrases;
use crate::page::Span;
use crate::spec::{Type, Value};

/// The values of one field, and which of them the list calls the default.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Listed {
    pub(crate) values: Vec<(Value, Span)>,
    pub(crate) default: Option<(String, Span)>,
    pub(crate) rule: &'static str,
}

/// Reads the values a cell lists.
pub(crate) fn read(source: &str, pieces: &[Piece<'_>], kind: Type, phrases: &Phrases) -> Option<Listed> {
    listed(source, pieces, kind, phrases).or_else(|| inline(source, pieces, kind, phrases))
}

fn listed(source: &str, pieces: &[Piece<'_>], kind: Type, phrases: &Phrases) -> Option<Listed> {
    let intro = pieces.iter().zip(pieces.iter().skip(1)).position(|(piece, next)| {
        matches!(next.kind, PieceKind::Item(_))
            && !matches!(piece.kind, PieceKind::Item(_))
            && phrases.values_intro.iter().any(|intro| intro.is_match(piece.text.trim()))
    })?;
    let items = pieces.get(intro + 1..)?;
    let depth = items.first().map(|item| item.kind)?;
    let mut found = Listed { rule: "values-list", ..Listed::default() };
    for item in items.iter().take_while(|item| matches!(item.kind, PieceKind::Item(_))) {
        if item.kind != depth {
            // What stands indented below a value belongs to its meaning.
            if let Some((last, _)) = found.values.last_mut() {
                let more = item.text.trim();
                last.description =
                    Some(last.description.take().map_or_else(|| more.to_owned(), |d| format!("{d} {more}")));
            }
            continue;
        }
        let (value, description) = split_item(&item.text)?;
        if !fits(&value, kind) {
            return None;
        }
        let span = locate(source, item.span, &value);
        if phrases.default_item.iter().any(|default| default.is_match(&item.text)) {
            found.default = Some((value.clone(), item.span));
        }
        if !found.values.iter().any(|(known, _)| known.value == value) {
            let deprecated = phrases.deprecated.iter().any(|phrase| phrase.is_match(&item.text));
            found.values.push((Value { value, description, deprecated }, span));
        }
    }
    (!found.values.is_empty()).then_some(found)
}

/// `RDS: The database is …` → the value and its meaning.
pub(crate) fn split_item(item: &str) -> Option<(String, Option<String>)> {
    let item = item.trim();
    let cut = item
        .char_indices()
        .find(|(at, c)| matches!(c, ':' | '：' | '，') && !is_inside_value(item, *at, *c))
        .map(|(at, c)| (at, at + c.len_utf8()))
        .or_else(|| item.find(" - ").map(|at| (at, at + 3)))
        .or_else(|| item.find([' ', '(', '（']).filter(|_| item.contains(['(', '（'])).map(|at| (at, at)));
    let (value, description) = match cut {
        Some((end, next)) => (item.get(..end)?, Some(item.get(next..)?.trim())),
        None => (item, None),
    };
    let value = unquoted(value).trim_end_matches(['.', '。', ';', '；', ',']).trim();
    if !is_value(value) {
        return None;
    }
    let description = description.filter(|text| !text.is_empty()).map(str::to_owned);
    Some((value.to_owned(), description))
}

/// Whether a colon belongs to the value: `acs:rds`, `10:00`, `http://`.
fn is_inside_value(item: &str, at: usize, c: char) -> bool {
    c == ':' && {
        let next = item.get(at + 1..).and_then(|rest| rest.chars().next());
        let before = item.get(..at).and_then(|head| head.chars().next_back());
        next == Some('/')
            || (before.is_some_and(|c| c.is_ascii_digit())
                && next.is_some_and(|c| c.is_ascii_digit())
                && at < 6
                && at > 1)
    }
}

/// Without quotes and marks of type.
pub(crate) fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(['*', '`', '"', '\'', '“', '”', '‘', '’', '「', '」']).trim()
}

/// Whether a word may be a value on the wire.
pub(crate) fn is_value(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text.chars().all(|c| c.is_ascii_graphic() || c == ' ')
        && text.split(' ').count() <= 3
        && text.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/' | '%' | '*' | '.'))
}

fn fits(value: &str, kind: Type) -> bool {
    match kind {
        Type::Integer => value.parse::<i64>().is_ok(),
        Type::Number => value.parse::<f64>().is_ok(),
        _ => true,
    }
}

fn inline(source: &str, pieces: &[Piece<'_>], kind: Type, phrases: &Phrases) -> Option<Listed> {
    for piece in pieces.iter().filter(|piece| piece.kind == PieceKind::Paragraph && !piece.note) {
        for phrase in &phrases.values_inline {
            let Some(found) = phrase.captures(&piece.text).and_then(|found| found.name("values")) else { continue };
            let values = split_values(found.as_str(), phrases);
            let good = values.len() > 1
                && values.iter().all(|value| is_value(value) && !value.contains(' ') && fits(value, kind));
            if good {
                let values = values.into_iter().map(|value| {
                    let span = locate(source, piece.span, &value);
                    (Value { value, ..Value::default() }, span)
                });
                return Some(Listed { values: values.collect(), default: None, rule: "values-inline" });
            }
        }
    }
    None
}

/// `RDS, ECS, DDS, or Express` → its words, each once.
pub(crate) fn split_values(text: &str, phrases: &Phrases) -> Vec<String> {
    let mut parts = vec![text.to_owned()];
    for separator in &phrases.separators {
        parts = parts.iter().flat_map(|part| separator.split(part).map(str::to_owned).collect::<Vec<_>>()).collect();
    }
    let mut out: Vec<String> = Vec::new();
    for part in parts {
        let value = unquoted(&part).trim_end_matches(['.', '。', ',']).to_owned();
        if !value.is_empty() && !out.contains(&value) {
            out.push(value);
        }
    }
    out
}
