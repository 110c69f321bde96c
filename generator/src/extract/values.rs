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
    listed(source, pieces, kind, phrases).or_else(|| {
        let mut found = inline(source, pieces, kind, phrases)?;
        explain(&mut found, pieces, phrases);
        Some(found)
    })
}

/// Gives values that a sentence lists the meanings that a list behind it tells.
fn explain(found: &mut Listed, pieces: &[Piece<'_>], phrases: &Phrases) {
    for item in pieces.iter().filter(|piece| matches!(piece.kind, PieceKind::Item(_)) && !piece.note) {
        let Some((value, meaning)) = split_item(&item.text, phrases) else { continue };
        if let Some((known, _)) = found.values.iter_mut().find(|(known, _)| known.value == value) {
            known.description = known.description.take().or(meaning);
        }
    }
}

fn listed(source: &str, pieces: &[Piece<'_>], kind: Type, phrases: &Phrases) -> Option<Listed> {
    let introduces = |piece: &Piece<'_>| {
        !matches!(piece.kind, PieceKind::Item(_))
            && !piece.note
            && phrases.values_intro.iter().any(|intro| intro.is_match(piece.text.trim()))
    };
    let intro = pieces.iter().zip(pieces.iter().skip(1)).position(|(piece, next)| {
        introduces(piece) && (matches!(next.kind, PieceKind::Item(_)) || is_bare_item(next, kind, phrases))
    })?;
    let items = pieces.get(intro + 1..)?;
    let depth = items.first().map(|item| item.kind)?;
    let bare = depth == PieceKind::Paragraph;
    let mut found = Listed { rule: "values-list", ..Listed::default() };
    let of_list = |item: &&Piece<'_>| {
        if bare { is_bare_item(item, kind, phrases) } else { matches!(item.kind, PieceKind::Item(_)) }
    };
    for item in items.iter().take_while(of_list) {
        if item.kind != depth {
            // What stands indented below a value belongs to its meaning.
            if let Some((last, _)) = found.values.last_mut() {
                let more = item.text.trim();
                last.description =
                    Some(last.description.take().map_or_else(|| more.to_owned(), |d| format!("{d} {more}")));
            }
            continue;
        }
        let (value, description) = split_item(&item.text, phrases)?;
        if !fits(&value, kind) {
            return None;
        }
        let span = locate(source, item.span, &value);
        if phrases.default_item.iter().any(|default| default.is_match(&item.text)) {
            found.default = Some((value.clone(), item.span));
        }
        if !found.values.iter().any(|(known, _)| known.value == value) {
            let deprecated = phrases.deprecated.iter().any(|phrase| phrase.is_match(&item.text));
            found.values.push((Value { value, description, deprecated, ..Value::default() }, span));
        }
    }
    (!found.values.is_empty()).then_some(found)
}

/// A value with its meaning whose bullet saving the page has lost: `prepay: paid in advance`.
fn is_bare_item(piece: &Piece<'_>, kind: Type, phrases: &Phrases) -> bool {
    let told =
        |(value, meaning): (String, Option<String>)| meaning.is_some() && !value.contains(' ') && fits(&value, kind);
    let colon = piece.text.find([':', '：']).is_some_and(|at| at < 64);
    piece.kind == PieceKind::Paragraph && !piece.note && colon && split_item(&piece.text, phrases).is_some_and(told)
}

/// `RDS: The database is …` → the value and its meaning.
pub(crate) fn split_item(item: &str, phrases: &Phrases) -> Option<(String, Option<String>)> {
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
    let value = phrases
        .value_tail
        .iter()
        .find_map(|tail| tail.find(value))
        .map_or(value, |tail| value.get(..tail.start()).unwrap_or_default());
    let value = unquoted(value).trim_end_matches(['.', '。', ';', '；', ',']).trim();
    if !is_value(value) || is_class(value) {
        return None;
    }
    // `x86_64 (default)` tells no meaning.
    let marks_default = |text: &str| {
        phrases.default_item.iter().any(|mark| mark.find(text).is_some_and(|found| found.len() == text.len()))
    };
    let description = description.filter(|text| !text.is_empty() && !marks_default(text)).map(str::to_owned);
    Some((value.to_owned(), description))
}

/// Whether a word stands for many values: `4XX`.
fn is_class(value: &str) -> bool {
    value.starts_with(|c: char| c.is_ascii_digit()) && value.ends_with("XX")
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
