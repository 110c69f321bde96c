//! Rows whose cells ran together or stand a line each, told by the shape of names and the words of types.

use std::ops::Range;

use super::columns::RunOn;
use super::types;
use super::vocabulary::{Role, Vocabulary};

/// The cells at the start of a parameter's row: where each stands in the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ParameterHead {
    pub(crate) name: Range<usize>,
    pub(crate) kind: Range<usize>,
    pub(crate) required: Option<Range<usize>>,
    /// What stands after them in the same line.
    pub(crate) rest: Range<usize>,
}

/// Whether text has the shape of a parameter's name.
pub(crate) fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    let first = chars.next();
    first.is_some_and(|c| c.is_ascii_alphabetic() || c == '_' || c == '$')
        && text.len() <= 128
        && chars.all(|c| {
            c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | ':' | '[' | ']' | '#' | '*' | '$' | '@' | '/')
        })
        && !text.ends_with(['.', ':'])
}

/// Splits the first line of a parameter's row.
pub(crate) fn parameter_head(line: &str, header: &RunOn, vocabulary: &Vocabulary) -> Option<ParameterHead> {
    if line.len() > 400 {
        return None;
    }
    if header.spaced { spaced_head(line, header, vocabulary) } else { glued_head(line, header, vocabulary) }
}

/// `BackupPlanIdstringYes`: yes or no at the end, then a type, and what is left is the name.
fn glued_head(line: &str, header: &RunOn, vocabulary: &Vocabulary) -> Option<ParameterHead> {
    if header.example_inline() {
        return inline_head(line, header, vocabulary);
    }
    if line.contains(' ') || line.len() > 200 {
        return None;
    }
    let (body, required) = match vocabulary.required_suffix(line) {
        Some((body, _)) => (body, Some(body.len()..line.len())),
        None => (line, None),
    };
    let kind = types::suffix(body, vocabulary)?;
    let name = body.get(..kind)?;
    let unnamed = name.is_empty();
    if !unnamed && !is_name(name) {
        return None;
    }
    Some(ParameterHead { name: 0..kind, kind: kind..body.len(), required, rest: line.len()..line.len() })
}

/// `BackupPlanId String Yes dbs1h`: words in the order of the columns.
fn spaced_head(line: &str, header: &RunOn, vocabulary: &Vocabulary) -> Option<ParameterHead> {
    let name = line.split(' ').next()?;
    if !is_name(name) {
        return None;
    }
    let mut head = ParameterHead { name: 0..name.len(), ..ParameterHead::default() };
    let mut at = name.len();
    let mut typed = false;
    for role in header.columns.roles.iter().flatten() {
        let rest = line.get(at..)?;
        let text = rest.trim_start();
        let from = at + (rest.len() - text.len());
        match role {
            Role::Type => {
                let kind = types::prefix(text, vocabulary)?;
                head.kind = from..from + kind.len();
                at = head.kind.end;
                typed = true;
            }
            Role::Required => {
                let word = text.split(' ').next().unwrap_or_default();
                if vocabulary.required(word).is_some() {
                    head.required = Some(from..from + word.len());
                    at = from + word.len();
                }
            }
            _ => {}
        }
    }
    head.rest = line.get(at..).map_or(line.len(), |rest| at + (rest.len() - rest.trim_start().len()))..line.len();
    typed.then_some(head)
}

/// `PageSizeIntegerNo30`: a name, a type that opens with a capital, yes or no, and the example up to the line's end.
fn inline_head(line: &str, header: &RunOn, vocabulary: &Vocabulary) -> Option<ParameterHead> {
    let asks = header.columns.has(Role::Required);
    let starts = line.char_indices().take(128).filter(|(_, c)| c.is_ascii_uppercase()).map(|(at, _)| at).skip(1);
    let mut found: Option<ParameterHead> = None;
    for at in starts {
        let name = line.get(..at)?;
        if !is_name(name) {
            return found;
        }
        let tail = line.get(at..)?;
        let Some(length) = inline_type(tail, vocabulary) else { continue };
        let end = at + length;
        let rest = line.get(end..)?;
        let told = asks.then(|| vocabulary.required_prefix(rest)).flatten();
        // A name may end in a type's word: the type that yes or no follows is the right one, else the last of a run.
        let adjoins = found
            .as_ref()
            .is_none_or(|found: &ParameterHead| found.required.is_none() && (told.is_some() || found.kind.end == at));
        if adjoins {
            let required = told.map(|length| end..end + length);
            let from = required.as_ref().map_or(end, |range| range.end);
            found = Some(ParameterHead { name: 0..at, kind: at..end, required, rest: from..line.len() });
        }
    }
    found
}

/// The length of a capital type word at the start of `text`, with what it is an array of.
fn inline_type(text: &str, vocabulary: &Vocabulary) -> Option<usize> {
    let word = vocabulary.type_words.iter().find(|word| {
        text.get(..word.len()).is_some_and(|head| {
            head.eq_ignore_ascii_case(word) && head.bytes().skip(1).all(|byte| byte.is_ascii_lowercase())
        })
    })?;
    let rest = text.get(word.len()..)?;
    if let Some(schema) = rest.strip_prefix(" of ") {
        let end = schema.find(' ').unwrap_or(schema.len());
        return Some(word.len() + 4 + end);
    }
    Some(word.len())
}
