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
    if header.spaced { spaced_head(line, header, vocabulary) } else { glued_head(line, vocabulary) }
}

/// `BackupPlanIdstringYes`: yes or no at the end, then a type, and what is left is the name.
fn glued_head(line: &str, vocabulary: &Vocabulary) -> Option<ParameterHead> {
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
