//! What a parameter's description says beyond its meaning: defaults, values, bounds, formats, conditions.

use std::sync::LazyLock;

use regex::Regex;

use super::bounds::{self, is_own};
use super::cell::{Piece, PieceKind, locate, markdown};
use super::charset;
use super::draft::Draft;
use super::phrases::Phrases;
use super::provider::Provider;
use super::values::{self, unquoted};
use crate::page::Span;
use crate::provenance::Certainty;
use crate::spec::{Style, Type};

/// A picture of a date or time, `yyyy-MM-ddTHH:mm:ssZ`, or of a span of the day, `HH:mmZ-HH:mmZ`, in whatever case.
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    const DAY: &str =
        r"y{4}[-/.]?m{2}[-/.]?d{2}(?:(?:'?t'?| )?h{2}[:-]? ?m{2}(?:[:-]? ?s{2})?(?:\.s{3})?)?(?:z\b|'z')?";
    const TIME: &str = r"h{2}:m{2}(?::s{2})?z?";
    Regex::new(&format!(r"(?i){DAY}|\b{TIME}(?: ?[-~] ?{TIME})?\b")).expect("a fixed pattern")
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
    if draft.field.default.is_none() {
        read_default(draft, source, pieces, phrases);
    }
    bounds::read(draft, source, pieces, phrases);
    charset::read(draft, source, pieces, phrases);
    for piece in pieces.iter().filter(|piece| piece.kind != PieceKind::Code) {
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

/// The default, unless the prose gives several: those hold under conditions that a spec can't say.
fn read_default(draft: &mut Draft, source: &str, pieces: &[Piece<'_>], phrases: &Phrases) {
    let mut found: Vec<(&str, Span)> = Vec::new();
    for piece in pieces.iter().filter(|piece| piece.kind != PieceKind::Code && is_own(piece, phrases)) {
        let said = phrases.default.iter().flat_map(|phrase| phrase.captures_iter(&piece.text));
        for value in said.filter_map(|captures| captures.name("value")).map(|value| value.as_str()) {
            if is_default(unquoted(value), draft.field.kind, phrases) {
                found.push((unquoted(value), locate(source, piece.span, value)));
            }
        }
    }
    let Some((value, span)) = found.first().copied() else { return };
    if found.iter().all(|(other, _)| *other == value) {
        draft.field.default = Some(value.to_owned());
        draft.mark("default", span, "prose-default", Certainty::Certain);
    }
}

fn is_default(value: &str, kind: Type, phrases: &Phrases) -> bool {
    let fits = match kind {
        Type::Integer | Type::Number => value.parse::<f64>().is_ok(),
        Type::Boolean => matches!(value.to_ascii_lowercase().as_str(), "true" | "false"),
        Type::String | Type::Any => true,
        _ => false,
    };
    fits && !value.is_empty() && !phrases.not_default.iter().any(|not| not.is_match(value))
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
                // A space behind a colon is the writer's, not the format's.
                let picture = found.as_str().replace(": ", ":");
                let format = match picture.to_ascii_lowercase().as_str() {
                    "yyyy-mm-ddthh:mm:ssz" => "date-time".to_owned(),
                    "yyyy-mm-dd" => "date".to_owned(),
                    _ => picture,
                };
                draft.field.format = Some(format);
                let span = locate(source, piece.span, found.as_str());
                draft.mark("format", span, "prose-date-format", Certainty::Certain);
            } else if let Some((format, found)) = phrases
                .formats
                .iter()
                .filter(|_| !item && !piece.note && draft.field.values.is_empty())
                .find_map(|(format, phrase)| Some((format, phrase.find(text)?)))
            {
                draft.field.format = Some(format.clone());
                let rule = if format == "json" { "prose-json" } else { "prose-format" };
                draft.mark("format", locate(source, piece.span, found.as_str()), rule, Certainty::Likely);
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
