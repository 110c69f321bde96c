//! Which characters a string may hold, as prose lists them, turned into a regular expression.
//!
//! Only what is understood to its end counts: of `letters, digits, and special characters` no expression is made.

use std::fmt::Write as _;

use regex::Regex;

use super::bounds::is_own;
use super::cell::{Piece, locate};
use super::draft::Draft;
use super::phrases::Phrases;
use crate::page::Span;
use crate::provenance::Certainty;
use crate::spec::Type;

/// A word for characters: `digits`, and the parts of a class that stand for it; none where the characters follow.
#[derive(Clone, Debug)]
pub(crate) struct CharacterWord {
    pub(crate) word: Regex,
    pub(crate) class: Vec<String>,
}

/// The parts of a character class, in the order in which prose lists them: `a-z`, `_`, `\p{Han}`.
#[derive(Clone, Debug, Default, PartialEq)]
struct Class(Vec<String>);

impl Class {
    fn add(&mut self, part: &str) {
        if !self.0.iter().any(|known| known == part) {
            self.0.push(part.to_owned());
        }
    }

    fn with(mut self, other: &Self) -> Self {
        for part in &other.0 {
            self.add(part);
        }
        self
    }

    fn without(mut self, other: &Self) -> Self {
        self.0.retain(|part| !other.0.contains(part));
        self
    }

    /// As it stands between brackets.
    fn inside(&self) -> String {
        let mut out = String::new();
        for part in &self.0 {
            let mut chars = part.chars();
            match (chars.next(), chars.next()) {
                (Some(symbol), None) if symbol.is_ascii_punctuation() && !"_.:/@,;=!%'\"<>`".contains(symbol) => {
                    let _ = write!(out, "\\{symbol}");
                }
                _ => out.push_str(part),
            }
        }
        out
    }
}

/// What one string's prose says of its characters.
#[derive(Debug, Default)]
struct Rules {
    allowed: Vec<Class>,
    excluded: Vec<Class>,
    first: Vec<Class>,
    last: Vec<Class>,
    not_first: Class,
    not_last: Class,
    span: Option<Span>,
    /// Whether a list of characters was begun that could not be read to its end.
    unclear: bool,
}

/// Reads a string's characters from its prose, as a pattern.
pub(crate) fn read(draft: &mut Draft, source: &str, pieces: &[Piece<'_>], phrases: &Phrases) {
    if draft.field.kind != Type::String || !draft.field.values.is_empty() || draft.field.pattern.is_some() {
        return;
    }
    let mut rules = Rules::default();
    for piece in pieces.iter().filter(|piece| !piece.note && is_own(piece, phrases)) {
        gather(&mut rules, source, piece, phrases);
    }
    let (Some(pattern), Some(span)) = (pattern(&rules), rules.span) else { return };
    draft.field.pattern = Some(pattern);
    draft.mark("pattern", span, "prose-characters", Certainty::Likely);
}

fn gather(rules: &mut Rules, source: &str, piece: &Piece<'_>, phrases: &Phrases) {
    let text = piece.text.as_ref();
    let each = |list: &[Regex], found: &mut dyn FnMut(List, &str)| {
        for captures in list.iter().flat_map(|phrase| phrase.captures_iter(text)) {
            let rest = || captures.name("rest").and_then(|rest| text.get(rest.start()..));
            let words = captures.name("set").map(|set| set.as_str()).or_else(rest);
            let said = captures.get(0).map_or("", |whole| whole.as_str());
            found(read_list(words.unwrap_or_default(), phrases), said);
        }
    };
    let mut opened = None;
    for (list, excluded) in [(&phrases.characters, false), (&phrases.not_characters, true)] {
        each(list, &mut |found, words| match found {
            List::Whole(class) => {
                let classes = if excluded { &mut rules.excluded } else { &mut rules.allowed };
                if !classes.contains(&class) {
                    classes.push(class);
                }
                opened = opened.or(Some(locate(source, piece.span, words)));
            }
            List::Unclear => rules.unclear |= !excluded,
            List::None => {}
        });
    }
    for (list, classes) in [(&phrases.first_character, &mut rules.first), (&phrases.last_character, &mut rules.last)] {
        each(list, &mut |found, words| {
            if let List::Whole(class) = found {
                if !classes.contains(&class) {
                    classes.push(class);
                }
                opened = opened.or(Some(locate(source, piece.span, words)));
            }
        });
    }
    let not =
        [(&phrases.not_first_character, &mut rules.not_first), (&phrases.not_last_character, &mut rules.not_last)];
    for (list, class) in not {
        each(list, &mut |found, _| {
            if let List::Whole(found) = found {
                *class = std::mem::take(class).with(&found);
            }
        });
    }
    rules.span = rules.span.or(opened);
}

fn pattern(rules: &Rules) -> Option<String> {
    let one = |classes: &[Class]| classes.len() < 2;
    if rules.unclear || !one(&rules.allowed) || !one(&rules.first) || !one(&rules.last) {
        return None;
    }
    let (start, end) = (rules.first.first(), rules.last.first());
    let Some(allowed) = rules.allowed.first() else {
        let excluded = rules.excluded.iter().fold(Class::default(), Class::with);
        let start = start.map(|class| format!("[{}]", class.inside())).unwrap_or_default();
        return (!excluded.0.is_empty() && end.is_none()).then(|| format!("^{start}[^{}]*$", excluded.inside()));
    };
    // `It must start with a letter. It can contain digits`: letters too.
    let all = [start, end].into_iter().flatten().fold(allowed.clone(), Class::with);
    let first = start.unwrap_or(&all).clone().without(&rules.not_first);
    let last = end.unwrap_or(&all).clone().without(&rules.not_last);
    if first.0.is_empty() || last.0.is_empty() {
        return None;
    }
    let (first_differs, last_differs) = (first != all, last != all);
    let (all, first, last) = (all.inside(), first.inside(), last.inside());
    Some(match (first_differs, last_differs) {
        (false, false) => format!("^[{all}]*$"),
        (true, false) => format!("^[{first}][{all}]*$"),
        (false, true) => format!("^[{all}]*[{last}]$"),
        (true, true) => format!("^[{first}](?:[{all}]*[{last}])?$"),
    })
}

/// What stands where characters may be listed.
#[derive(Debug, PartialEq)]
enum List {
    /// Something else.
    None,
    /// Characters, and something that is not understood.
    Unclear,
    /// Characters, all of them understood.
    Whole(Class),
}

/// Reads `letters, digits, and hyphens (-)` up to where the sentence or clause ends.
fn read_list(text: &str, phrases: &Phrases) -> List {
    let mut class = Class::default();
    let mut rest = text;
    // Where the last part of the list ended, and whether symbols have to follow: `the following characters:`.
    let mut end = text;
    let mut symbols_follow = false;
    let mut any = false;
    loop {
        let open = rest;
        while let Some(join) = phrases.set_joins.iter().find_map(|join| join.find(rest)).filter(|join| !join.is_empty())
        {
            rest = rest.get(join.end()..).unwrap_or_default();
        }
        if let Some((word, length)) = longest_word(rest, phrases) {
            rest = rest.get(length..).unwrap_or_default();
            let (shown, after) = shown_symbols(rest);
            symbols_follow = word.class.is_empty() && shown.is_empty();
            let parts = if shown.is_empty() { word.class.clone() } else { shown };
            for part in &parts {
                class.add(part);
            }
            rest = after;
            any = true;
        } else if let Some(length) = symbols(rest).filter(|_| any && (symbols_follow || open.len() > rest.len())) {
            // Bare symbols are read where the text says that they come.
            if !symbols_follow && !class.0.iter().any(|part| part.chars().all(|c| c.is_ascii_punctuation())) {
                return List::Unclear;
            }
            let (run, after) = rest.split_at(length);
            for symbol in run.chars() {
                class.add(symbol.encode_utf8(&mut [0; 4]));
            }
            symbols_follow = false;
            rest = after;
        } else {
            break;
        }
        end = rest;
    }
    let closed = |rest: &str| rest.is_empty() || rest.starts_with(['.', '。', ';', '；', ')', '）', '\n']);
    let ended = closed(end.trim_start()) || phrases.set_end.iter().any(|clause| clause.is_match(rest));
    match (any, ended && !symbols_follow && !class.0.is_empty()) {
        (false, _) => List::None,
        (true, true) => List::Whole(class),
        (true, false) => List::Unclear,
    }
}

fn longest_word<'p>(text: &str, phrases: &'p Phrases) -> Option<(&'p CharacterWord, usize)> {
    let of = |word: &'p CharacterWord| word.word.find(text).map(|found| (word, found.end()));
    phrases.character_words.iter().filter_map(of).max_by_key(|(_, length)| *length).filter(|(_, length)| *length > 0)
}

/// The symbols in brackets behind a word, `hyphens (-)`, and what follows; no symbols where the brackets hold words.
fn shown_symbols(text: &str) -> (Vec<String>, &str) {
    let inner = text.trim_start();
    let close = match inner.chars().next() {
        Some('(') => ')',
        Some('（') => '）',
        _ => return (Vec::new(), text),
    };
    let body = inner.get(inner.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default();
    // A bracket may itself be what is shown.
    let skip = body.chars().next().filter(|c| *c == close).map_or(0, char::len_utf8);
    let at = body.get(skip..).and_then(|rest| rest.find(close)).map(|at| at + skip).filter(|at| *at < 80);
    let Some(at) = at.or_else(|| (skip > 0).then_some(0)) else { return (Vec::new(), text) };
    let (shown, after) = (body.get(..at).unwrap_or_default(), body.get(at + close.len_utf8()..).unwrap_or_default());
    let symbols = shown.chars().filter(|c| !c.is_whitespace());
    let plain = shown.chars().all(|c| c.is_ascii_punctuation() || c.is_whitespace());
    (if plain { symbols.map(String::from).collect() } else { Vec::new() }, after)
}

/// The length of a run of bare symbols, a full stop behind it left out.
fn symbols(text: &str) -> Option<usize> {
    let length = text.find(|c: char| !c.is_ascii_punctuation()).unwrap_or(text.len());
    let rest = text.get(length..).unwrap_or_default();
    let stop = length > 0 && text.get(..length).is_some_and(|run| run.ends_with('.'));
    let length = if stop && (rest.is_empty() || rest.starts_with(char::is_whitespace)) { length - 1 } else { length };
    (length > 0).then_some(length)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::super::provider::Provider;
    use super::*;
    use crate::page::Span;

    static PROVIDER: LazyLock<Provider> = LazyLock::new(|| Provider::named("aliyun").unwrap());

    #[track_caller]
    fn test(text: &str, expected: Option<&str>) {
        let piece = Piece {
            kind: super::super::cell::PieceKind::Paragraph,
            text: text.into(),
            span: Span::new(0..text.len()),
            note: false,
            note_word: None,
        };
        let mut rules = Rules::default();
        gather(&mut rules, text, &piece, &PROVIDER.phrases);
        assert_eq!(pattern(&rules).as_deref(), expected, "{rules:?}");
    }

    #[test]
    fn english_lists() {
        test("It can contain only letters, digits, and hyphens (-).", Some(r"^[a-zA-Z0-9\-]*$"));
        test("It can contain 1 to 64 characters. It can contain only digits.", Some("^[0-9]*$"));
        test(
            "The name must start with a letter and can contain digits, colons (:), and underscores (_).",
            Some("^[a-zA-Z][0-9:_a-zA-Z]*$"),
        );
        test(
            "Only lowercase letters and periods (.) are allowed. It cannot start with a period.",
            Some("^[a-z][a-z.]*$"),
        );
        test("The token can contain only ASCII characters and cannot exceed 64 characters.", Some(r"^[\x00-\x7F]*$"));
        test(
            "Must start with a letter and cannot contain spaces or the following special characters: @ / <",
            Some("^[a-zA-Z][^ @/<]*$"),
        );
        test("Use only digits, spaces, and the following characters: .:=+@. Be brief.", Some(r"^[0-9 .:=\+@]*$"));
    }

    #[test]
    fn chinese_lists() {
        test(
            "必须以字母或中文开头，可以包含数字、下划线（_）或者连字符（-）。",
            Some(r"^[a-zA-Z\p{Han}][0-9_\-a-zA-Z\p{Han}]*$"),
        );
        test("由小写英文字母与数字组成,以小写字母开头,长度为8~40个字符。", Some("^[a-z][a-z0-9]*$"));
        test("不能以http://开头。", None);
    }

    #[test]
    fn what_is_not_understood_gives_nothing() {
        test("It can contain letters, digits, and special characters.", None);
        test("It can contain up to 10 tags.", None);
        test("It must contain letters and digits.", None);
        test("It can contain letters and emoticons.", None);
        test("The name cannot contain only asterisks (*).", None);
    }
}
