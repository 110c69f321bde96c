//! Rows of error tables whose cells ran together: `400Pay.NoCreditCardNo credit cards.无信用卡。`.

use std::ops::Range;

use super::learned::Learned;
use crate::provenance::Certainty;

/// How long a code and the message's first word may be.
const TOKEN: usize = 200;

/// Where the cells of a run-together error row stand in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ErrorSplit {
    pub(crate) status: Range<usize>,
    pub(crate) code: Range<usize>,
    pub(crate) message: Range<usize>,
    pub(crate) description: Range<usize>,
    pub(crate) certainty: Certainty,
}

/// Splits a row; `None` where it does not begin with an HTTP status and a code.
pub(crate) fn split_error(row: &str, described: bool, learned: &Learned) -> Option<ErrorSplit> {
    let digits = row.get(..3).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
    if !matches!(digits.as_bytes().first(), Some(b'2'..=b'5')) {
        return None;
    }
    let rest = row.get(3..)?;
    let indent = rest.len() - rest.trim_start().len();
    let start = 3 + indent;
    let rest = row.get(start..)?;
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let spaced = indent > 0;
    let (code_length, known_message, mut certainty) = match learned.code_of(rest) {
        // Cells with a space between them: the code ends where it does.
        _ if spaced => (rest.find(' ').unwrap_or(rest.len()), None, Certainty::Certain),
        Some((code, Some(message))) => (code.len(), Some(message.len()), Certainty::Certain),
        Some((code, None)) => (code.len(), None, Certainty::Certain),
        None => (code_end(rest, learned)?, None, Certainty::Likely),
    };
    let message_start = start + code_length;
    let tail = row.get(message_start..)?;
    let lead = tail.len() - tail.trim_start().len();
    let message_start = message_start + lead;
    let tail = row.get(message_start..)?;
    let length = match known_message {
        _ if !described => tail.len(),
        Some(length) => length,
        None => {
            let (length, sure) = message_end(tail, spaced, learned);
            certainty = certainty.min(sure);
            length
        }
    };
    let cut = message_start + length;
    let gap = row.get(cut..).map_or(0, |d| d.len() - d.trim_start().len());
    Some(ErrorSplit {
        status: 0..3,
        code: start..start + code_length,
        message: message_start..message_start + tail.get(..length).map_or(length, |m| m.trim_end().len()),
        description: cut + gap..row.len(),
        certainty,
    })
}

fn is_code_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}

/// Where the code ends: its characters go on into the message's first word, so that word has to be found.
fn code_end(text: &str, learned: &Learned) -> Option<usize> {
    let run = text.find(|c: char| !is_code_char(c)).unwrap_or(text.len());
    let stop = text.get(run..)?.chars().next();
    // Another script, a quote or a bracket closes the code by itself; a space or a comma closes the message's first word.
    if stop.is_none_or(|c| !(c == ' ' || c == '\'' || c == ',' || c == ':' || c == '%' || c == '/')) {
        return Some(run).filter(|run| *run > 1);
    }
    let token = text.get(..run.min(TOKEN))?;
    let token_end = token.trim_end_matches('.').len();
    let token = token.get(..token_end)?;
    let word_starts = || (1..token_end).rev().filter(|at| starts_word(token, *at));
    let word = |at: usize| token.get(at..).unwrap_or_default();
    // The message begins with what the code is about: `MissingParameter.InstanceIdInstanceId should …`.
    if let Some(at) = repeated(token) {
        return Some(at);
    }
    // A name that the run's prose spells out: `…NotSupportedInternetMaxBandwidthOut`.
    if let Some(at) = (1..token_end).find(|at| starts_word(token, *at) && learned.knows_name(word(*at))) {
        return Some(at);
    }
    // A capital that opens sentences of the run: `…NotFoundThe`.
    if let Some(at) = word_starts().find(|at| learned.opens_sentence(word(*at))) {
        return Some(at);
    }
    // A code that such a word follows in another row.
    if let Some(code) = learned.sure_code_of(token) {
        return Some(code.len());
    }
    // A capital that opens a word of the run's prose.
    if let Some(at) = word_starts().find(|at| learned.knows_word(word(*at)) && is_word(word(*at))) {
        return Some(at);
    }
    lower_word(token, learned).or_else(|| word_starts().find(|at| is_word(word(*at)))).or_else(|| word_starts().next())
}

/// Where a word of the run's prose begins without a capital: `…Formatthe`. What stands before it should be one as well.
fn lower_word(token: &str, learned: &Learned) -> Option<usize> {
    let last_capital = token.rfind(|c: char| c.is_ascii_uppercase() || c == '.').unwrap_or(0);
    let whole = token.get(last_capital..)?;
    if last_capital > 0 && learned.knows_word(whole) {
        return None;
    }
    let find = |fits: &dyn Fn(&str, &str) -> bool| {
        (last_capital + 2..token.len().saturating_sub(1)).find(|at| {
            let (Some(before), Some(tail)) = (token.get(last_capital..*at), token.get(*at..)) else { return false };
            tail.bytes().all(|b| b.is_ascii_lowercase()) && learned.knows_word(tail) && fits(before, tail)
        })
    };
    // `id` of `Prepaid` and `us` of `Previous` are words too.
    find(&|before, _| learned.knows_part(before)).or_else(|| find(&|before, tail| before.len() > 3 && tail.len() > 2))
}

/// Where the end of a token begins that stands in it before, in whatever case: the code names what the message is about.
fn repeated(token: &str) -> Option<usize> {
    let small = token.to_ascii_lowercase();
    let bytes = token.as_bytes();
    let is_start = |at: usize| {
        at == 0 || starts_word(token, at) || bytes.get(at - 1).is_some_and(|before| !before.is_ascii_alphanumeric())
    };
    let is_end = |at: usize| bytes.get(at).is_some_and(|byte| !byte.is_ascii_lowercase());
    (1..token.len().saturating_sub(2)).find(|at| {
        let (Some(head), Some(tail)) = (small.get(..*at), small.get(*at..)) else { return false };
        let capital = tail.len() > 3 && starts_word(token, *at);
        let lower = token.get(*at..).is_some_and(|tail| tail.bytes().all(|b| b.is_ascii_lowercase()));
        let stands = |(from, _): (usize, &str)| {
            let end = from + tail.len();
            // A short word counts where the code opens with it.
            is_start(from) && (is_end(end) || end == *at) && (capital || tail.len() > 5 || from == 0)
        };
        (capital || lower) && head.match_indices(tail).any(stands)
    })
}

/// Whether a word may begin here: a capital after another letter, or the first of a capital and small letters.
pub(crate) fn starts_word(token: &str, at: usize) -> bool {
    let bytes = token.as_bytes();
    let (Some(before), Some(here)) = (bytes.get(at - 1), bytes.get(at)) else { return false };
    let next = bytes.get(at + 1);
    here.is_ascii_uppercase()
        && (before.is_ascii_lowercase()
            || before.is_ascii_digit()
            || (before.is_ascii_uppercase() && next.is_some_and(u8::is_ascii_lowercase)))
}

/// A capital and small letters, capitals alone, or one capital.
fn is_word(word: &str) -> bool {
    let rest = word.get(1..).unwrap_or_default();
    rest.bytes().all(|b| b.is_ascii_lowercase()) || (word.len() > 1 && word.bytes().all(|b| b.is_ascii_uppercase()))
}

fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '“' | '‘')
}

/// How long the message is, where a description follows it without a boundary.
fn message_end(text: &str, spaced: bool, learned: &Learned) -> (usize, Certainty) {
    if let Some(wide) = text.find(|c| is_wide(c) && c != '，') {
        let head = text.get(..wide).unwrap_or_default();
        // A description may open with a foreign word: `…operation.vpc网络`: the sentence ends where no space follows.
        let joint = sentence_ends(head, spaced, learned).last().filter(|at| {
            let lead = head.get(*at..).unwrap_or_default();
            lead.len() <= 24 && lead.split(' ').count() <= 3
        });
        return (joint.unwrap_or(wide), Certainty::Likely);
    }
    // Said twice: `No credit cards.No credit cards.`
    if text.len().is_multiple_of(2) && text.get(..text.len() / 2) == text.get(text.len() / 2..) {
        return (text.len() / 2, Certainty::Likely);
    }
    // Words with which the run's descriptions begin: `The error message returned because …`.
    if let Some(at) = learned.description_start(text) {
        return (at, Certainty::Likely);
    }
    if let Some(at) = sentence_ends(text, spaced, learned).find(|at| *at < text.len()) {
        return (at, if spaced { Certainty::Doubtful } else { Certainty::Likely });
    }
    // A small letter, then a capital that opens a word: `…request disk typeThe current instance`.
    let joint = text.char_indices().zip(text.chars().skip(1)).find_map(|((at, before), here)| {
        let next = text.get(at + 1..)?.chars().nth(1)?;
        let in_word =
            text.get(..at)?.rsplit(' ').next().is_some_and(|word| word.chars().any(|c| c.is_ascii_uppercase()));
        (before.is_ascii_lowercase()
            && here.is_ascii_uppercase()
            && !in_word
            && (next.is_ascii_lowercase() || next == ' '))
            .then_some(at + 1)
    });
    // Nothing of its own: the description may only be the dash of an empty cell.
    joint.map_or_else(
        || (text.strip_suffix('-').map_or(text.len(), str::len), Certainty::Doubtful),
        |at| (at, Certainty::Doubtful),
    )
}

/// Places after a full stop that ends a sentence of prose, with a space after it (`spaced`) or without.
fn sentence_ends(text: &str, spaced: bool, learned: &Learned) -> impl Iterator<Item = usize> {
    text.char_indices().filter_map(move |(at, c)| {
        if !matches!(c, '.' | '?' | '!') {
            return None;
        }
        let end = at + 1;
        let after = text.get(end..)?;
        let next = if spaced { after.strip_prefix(' ').unwrap_or(after) } else { after };
        let opens = next.chars().next();
        if !opens.is_none_or(|c| c.is_ascii_alphabetic() || c == '-' || is_wide(c)) {
            return None;
        }
        // `SystemDisk.Size` is a name, `operation.The` and `VPC.The` are ends of sentences.
        let word = text.get(..at)?.rsplit(' ').next().unwrap_or_default();
        let plain = !word.is_empty() && !word.chars().any(|c| c.is_ascii_uppercase()) && !word.contains('.');
        let follows = next.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let certain = opens.is_none_or(is_wide) || learned.opens_sentence(follows);
        ((plain || certain) && !word.starts_with('"')).then_some(end)
    })
}
