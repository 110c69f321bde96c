//! Rows whose cells ran together or stand a line each, told by the shape of names and the words of types.

use std::collections::HashSet;
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
    /// Whether the line may as well be a sentence: `The JSON array that holds the links.`
    pub(crate) sentence: bool,
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
///
/// `keys` are the names that the page's samples show.
pub(crate) fn parameter_head(
    line: &str,
    header: &RunOn,
    keys: &HashSet<&str>,
    vocabulary: &Vocabulary,
) -> Option<ParameterHead> {
    if line.len() > 400 {
        return None;
    }
    if let Some(head) = known_head(line, header, keys, vocabulary) {
        return Some(head);
    }
    if header.spaced { spaced_head(line, header, vocabulary) } else { glued_head(line, header, vocabulary) }
}

/// `BackupPlanIdstringYes`: yes or no at the end, then a type, and what is left is the name.
fn glued_head(line: &str, header: &RunOn, vocabulary: &Vocabulary) -> Option<ParameterHead> {
    if header.example_inline() {
        return inline_head(line, header, vocabulary);
    }
    let whole = || {
        if line.contains(' ') || line.len() > 200 {
            return None;
        }
        let (body, required) = match vocabulary.required_suffix(line) {
            Some((body, _)) => (body, Some(body.len()..line.len())),
            None => (line, None),
        };
        let kind = types::suffix(body, vocabulary)?;
        let name = body.get(..kind)?;
        // `open_white_list` is a value, not a list named `open_white_`.
        (name.is_empty() || is_name(name) && !name.ends_with(['_', '-'])).then_some(())?;
        Some(ParameterHead {
            name: 0..kind,
            kind: kind..body.len(),
            required,
            rest: line.len()..line.len(),
            ..ParameterHead::default()
        })
    };
    whole().or_else(|| undescribed_head(line, header, vocabulary))
}

/// `NodeIdstringNoi-b17113****`: the example follows yes or no where the description between them is empty.
fn undescribed_head(line: &str, header: &RunOn, vocabulary: &Vocabulary) -> Option<ParameterHead> {
    if !header.columns.has(Role::Required) || !header.columns.has(Role::Example) {
        return None;
    }
    let end = line.find(|c: char| !c.is_ascii()).unwrap_or(line.len()).min(128);
    (0..=end).filter(|at| line.is_char_boundary(*at)).find_map(|at| {
        let name = line.get(..at)?;
        let tail = line.get(at..)?;
        let kind = at..at + inline_type(tail, vocabulary)?;
        let rest = line.get(kind.end..)?;
        let required = kind.end..kind.end + vocabulary.required_prefix(rest)?;
        let example = line.get(required.end..)?;
        // Cells run together without a space; after one, prose goes on.
        let glued = (name.is_empty() || is_name(name)) && example.starts_with(|c: char| !c.is_whitespace());
        let rest = required.end..line.len();
        glued.then_some(ParameterHead { name: 0..at, kind, rest, required: Some(required), sentence: false })
    })
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
                // `The list of nodes.` is prose; types stand with a capital, or alone in a short line.
                let capital = kind.starts_with(|c: char| c.is_uppercase() || !c.is_ascii());
                if !capital && (line.ends_with(['.', '。']) || line.split(' ').count() > 4) {
                    return None;
                }
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
    let example = line.get(head.rest.clone()).unwrap_or_default();
    head.sentence = head.required.is_none() && example.ends_with(['.', '。', ':', '：']) && example.contains(' ');
    typed.then_some(head)
}

/// `OrderIdstringoi-fa73`: a name that a sample shows, its type, and its example, where the description is empty or
/// stands below.
fn known_head(line: &str, header: &RunOn, keys: &HashSet<&str>, vocabulary: &Vocabulary) -> Option<ParameterHead> {
    if header.spaced || !header.columns.has(Role::Example) {
        return None;
    }
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(line.len()).min(128);
    // The longest such name: `BackupSetDownloadStatus` over `BackupSetDownload`.
    (1..end).rev().find_map(|at| {
        let name = line.get(..at).filter(|name| keys.contains(name))?;
        let tail = line.get(at..)?;
        let length = inline_type(tail, vocabulary)?;
        let kind = name.len()..name.len() + length;
        let rest = line.get(kind.end..)?;
        // Cells run together without a space: `SQLText of the query` is prose about `SQLText`.
        if rest.starts_with(char::is_whitespace) {
            return None;
        }
        let asks = header.columns.has(Role::Required);
        let required = asks.then(|| vocabulary.required_prefix(rest)).flatten().map(|n| kind.end..kind.end + n);
        let from = required.as_ref().map_or(kind.end, |range| range.end);
        Some(ParameterHead { name: 0..at, kind, required, rest: from..line.len(), sentence: false })
    })
}

/// `PageSizeIntegerNo30`: a name, a type that opens with a capital, yes or no, and the example up to the line's end.
fn inline_head(line: &str, header: &RunOn, vocabulary: &Vocabulary) -> Option<ParameterHead> {
    let asks = header.columns.has(Role::Required);
    let starts = line.char_indices().take(128).filter(|(_, c)| c.is_ascii_uppercase()).map(|(at, _)| at).skip(1);
    let mut found: Option<ParameterHead> = None;
    for at in starts {
        let name = line.get(..at)?;
        // `Tag.` of `Tag.N.Key` is no name yet, but goes on as one.
        if name.ends_with('.') && is_name(name.trim_end_matches('.')) {
            continue;
        }
        if !is_name(name) {
            return found;
        }
        let tail = line.get(at..)?;
        let Some(length) = inline_type(tail, vocabulary) else { continue };
        // `Int` of `Intranet` is no type.
        if length < 4 && tail.get(length..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase())) {
            continue;
        }
        let end = at + length;
        let rest = line.get(end..)?;
        let told = asks.then(|| vocabulary.required_prefix(rest)).flatten();
        // A name may end in a type's word, `ConnectionString`, and so may a value: the type that yes or no follows is
        // the right one; else the last, where it is no word that names are often made of, as `Date` or `List` are.
        let better = |found: &ParameterHead| {
            let plain = length > 4 || found.kind.len() <= 4;
            found.required.is_none() && (told.is_some() || plain || found.kind.end == at)
        };
        if found.as_ref().is_none_or(better) {
            let required = told.map(|length| end..end + length);
            let from = required.as_ref().map_or(end, |range| range.end);
            found =
                Some(ParameterHead { name: 0..at, kind: at..end, required, rest: from..line.len(), sentence: false });
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
    if rest.starts_with('<') {
        return rest.find('>').map(|end| word.len() + end + 1);
    }
    if let Some(schema) = rest.strip_prefix(" of ") {
        let end = schema.find(' ').unwrap_or(schema.len());
        return Some(word.len() + 4 + end);
    }
    Some(word.len())
}
