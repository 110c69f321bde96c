//! What a run's pages teach about each other before any is read: error codes that stand alone somewhere, and the words
//! that messages are made of.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

use super::asked::{Asked, Question};
use super::cell;
use super::codes;
use super::columns;
use super::vocabulary::{Role, TableKind, Vocabulary, folded};
use crate::page::{Block, Document};

/// Knowledge of a run, or of a page.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Lore {
    /// Codes that stood in a cell of their own, and the messages they stood with.
    codes: BTreeMap<String, BTreeSet<String>>,
    /// Words of the run's prose, lower case.
    words: HashSet<String>,
    /// Names that stand between words of the run's prose: `InternetMaxBandwidthOut`.
    names: HashSet<String>,
    /// Words that open sentences, as they stand.
    openings: HashSet<String>,
    /// Codes with their messages' first words, from rows of error tables that ran together.
    tokens: BTreeSet<String>,
    /// Words that codes are made of.
    parts: HashSet<String>,
    /// Codes that a word follows that opens sentences.
    sure_codes: BTreeSet<String>,
    /// How often three words stand where, in a row of an error table, a second sentence may begin.
    seconds: BTreeMap<String, usize>,
}

impl Lore {
    /// Learns from one page.
    pub(crate) fn add(&mut self, document: &Document<'_>, vocabulary: &Vocabulary) {
        self.learn(&document.blocks, vocabulary);
    }

    /// Joins what two parts of a run taught.
    pub(crate) fn merge(&mut self, other: Self) {
        for (code, messages) in other.codes {
            self.codes.entry(code).or_default().extend(messages);
        }
        self.words.extend(other.words);
        self.names.extend(other.names);
        self.openings.extend(other.openings);
        self.tokens.extend(other.tokens);
        for (words, count) in other.seconds {
            *self.seconds.entry(words).or_default() += count;
        }
    }

    /// Draws from all pages together what none tells by itself: the words of codes, and codes that a sentence follows.
    pub(crate) fn settled(mut self) -> Self {
        let mut lasts: BTreeMap<&str, usize> = BTreeMap::new();
        for token in &self.tokens {
            let last = (1..token.len()).rfind(|at| codes::starts_word(token, *at)).and_then(|at| token.get(at..));
            *lasts.entry(last.unwrap_or_default()).or_default() += 1;
        }
        // What many different codes are followed by is a message's first word.
        let often = lasts.into_iter().filter(|(_, count)| *count > 2 && count * 25 > self.tokens.len());
        self.openings.extend(often.map(|(word, _)| word.to_owned()).filter(|word| !word.is_empty()));
        for token in &self.tokens {
            let starts = (1..token.len()).filter(|at| codes::starts_word(token, *at));
            let cuts: Vec<usize> = std::iter::once(0).chain(starts).collect();
            for (from, to) in cuts.iter().zip(cuts.iter().skip(1)) {
                let part = token.get(*from..*to).unwrap_or_default();
                self.parts.extend(part.split(['.', '_', '-']).map(folded));
            }
            let opening = cuts.last().filter(|at| self.has_opening(token.get(**at..).unwrap_or_default()));
            if let Some(code) = opening.and_then(|at| token.get(..*at)).filter(|code| code.len() > 3) {
                self.sure_codes.insert(code.to_owned());
            }
        }
        self
    }

    /// The longest code that the token begins with and that a sentence follows in another row.
    pub(crate) fn sure_code_of<'t>(&self, token: &'t str) -> Option<&'t str> {
        let starts = (4..token.len()).rev().filter(|at| codes::starts_word(token, *at));
        let codes = starts.filter(|at| token.get(*at..).is_some_and(|rest| !rest.contains(['.', '_'])));
        codes.filter_map(|at| token.get(..at)).find(|code| self.sure_codes.contains(*code))
    }

    fn learn(&mut self, blocks: &[Block<'_>], vocabulary: &Vocabulary) {
        for block in blocks {
            match block {
                Block::Table(table) => {
                    let Some(columns) = columns::of_table(table, vocabulary) else { continue };
                    if columns.kind != TableKind::Errors {
                        continue;
                    }
                    for row in &table.rows {
                        let Some(code) = columns.cell(&row.cells, Role::Code).map(cell::line) else { continue };
                        let message = columns.cell(&row.cells, Role::Message).map(cell::line).unwrap_or_default();
                        let description = columns.cell(&row.cells, Role::Description).map(cell::line);
                        self.learn_words(&message);
                        self.learn_words(&description.unwrap_or_default());
                        if !code.is_empty() && !code.contains(' ') {
                            self.codes.entry(code).or_default().insert(message);
                        }
                    }
                }
                Block::Paragraph(text) => {
                    self.learn_words(&text.content);
                    self.learn_openings(&text.content);
                    self.learn_seconds(&text.content);
                }
                Block::List { items, .. } => {
                    for item in items {
                        self.learn(&item.blocks, vocabulary);
                    }
                }
                Block::Note(inner) => self.learn(inner, vocabulary),
                Block::Heading { .. } | Block::Code { .. } => {}
            }
        }
    }

    /// Words with a space or a full stop on both sides: none that a lost cell boundary could have made.
    fn learn_words(&mut self, text: &str) {
        for word in text.split(|c: char| c == ' ' || !c.is_ascii()).skip(1) {
            let word = word.trim_end_matches(['.', ',', ';', ':', ')', '?', '!']);
            if word.len() > 1 && word.len() < 24 && word.chars().all(|c| c.is_ascii_alphabetic() || c == '\'') {
                let plain = word.chars().skip(1).all(|c| !c.is_ascii_uppercase());
                let acronym = word.chars().all(|c| c.is_ascii_uppercase());
                if plain || acronym {
                    self.words.insert(folded(word));
                } else {
                    self.names.insert(word.to_owned());
                }
            }
        }
    }

    /// The first words of sentences: of a paragraph of several words, and after full stops.
    fn learn_openings(&mut self, text: &str) {
        let first = (text.split(' ').count() > 3).then_some(text);
        for start in first.into_iter().chain(text.split(". ").skip(1)) {
            let word = start.split(' ').next().unwrap_or_default();
            let plain = word.bytes().skip(1).all(|b| b.is_ascii_lowercase());
            if word.len() > 1 && word.len() < 16 && plain && word.starts_with(|c: char| c.is_ascii_uppercase()) {
                self.openings.insert(word.to_owned());
            }
        }
    }

    /// In rows of error tables, the words where a sentence begins after the first: a description may begin there.
    fn learn_seconds(&mut self, text: &str) {
        let row = text.len() < 4000 && text.get(..3).is_some_and(|head| head.bytes().all(|b| b.is_ascii_digit()));
        if !row {
            return;
        }
        if let Some(token) = text.get(3..).and_then(|rest| rest.split(' ').next()).filter(|token| token.len() < 200) {
            self.tokens.insert(token.to_owned());
        }
        let bytes = text.as_bytes();
        let words = text.find(' ').unwrap_or(text.len());
        let first = text.get(words + 1..).and_then(|rest| rest.find(' ')).map_or(text.len(), |at| words + 1 + at);
        for at in first..bytes.len() {
            let (Some(before), Some(here)) = (bytes.get(at - 1), bytes.get(at)) else { continue };
            if here.is_ascii_uppercase()
                && !before.is_ascii_uppercase()
                && text.is_char_boundary(at)
                && let Some(three) = text.get(at..).and_then(three_words)
            {
                *self.seconds.entry(three.to_owned()).or_default() += 1;
            }
        }
    }

    /// Whether a word, in small letters, occurs in the run's prose.
    pub(crate) fn has_word(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// Whether a word, in small letters, is one that codes are made of.
    pub(crate) fn has_part(&self, word: &str) -> bool {
        self.parts.contains(word)
    }

    /// Whether prose of the run has this name, of several words run together.
    pub(crate) fn has_name(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Whether sentences of the run begin with this word.
    pub(crate) fn has_opening(&self, word: &str) -> bool {
        self.openings.contains(word)
    }

    /// Whether the run's descriptions often begin with these three words.
    pub(crate) fn often_second(&self, words: &str) -> bool {
        self.seconds.get(words).is_some_and(|count| *count > 2)
    }

    /// The codes of the run that a text begins with, the longest first, with the messages that they stood with.
    pub(crate) fn codes_of<'t>(&self, text: &'t str) -> impl Iterator<Item = (&'t str, &BTreeSet<String>)> {
        let beginnings = (1..=text.len()).rev().filter_map(|end| text.get(..end));
        beginnings.filter_map(|code| Some((code, self.codes.get(code)?)))
    }
}

/// What one page is told of the run's knowledge.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Learned<'r> {
    lore: &'r Lore,
    asked: &'r Asked,
}

impl<'r> Learned<'r> {
    /// Knowledge whose questions are noted.
    pub(crate) fn new(lore: &'r Lore, asked: &'r Asked) -> Self {
        Self { lore, asked }
    }

    /// Whether a word is one of prose or of codes.
    pub(crate) fn knows_part(&self, word: &str) -> bool {
        self.knows_word(word) || {
            let word = folded(word);
            self.asked.note(|| Question::Part(word.clone()));
            self.lore.has_part(&word)
        }
    }

    /// Whether prose of the run has this name, of several words run together.
    pub(crate) fn knows_name(&self, name: &str) -> bool {
        self.asked.note(|| Question::Name(name.to_owned()));
        self.lore.has_name(name)
    }

    /// The longest code that the token begins with and that a sentence follows in another row.
    pub(crate) fn sure_code_of<'t>(&self, token: &'t str) -> Option<&'t str> {
        self.asked.note(|| Question::SureCode(token.to_owned()));
        self.lore.sure_code_of(token)
    }

    /// Whether sentences of the run begin with this word.
    pub(crate) fn opens_sentence(&self, word: &str) -> bool {
        self.asked.note(|| Question::Opening(word.to_owned()));
        self.lore.has_opening(word)
    }

    /// Where words begin that the run's descriptions often begin with.
    pub(crate) fn description_start(&self, text: &str) -> Option<usize> {
        let starts = text.char_indices().filter(|(at, c)| *at > 0 && c.is_ascii_uppercase());
        starts.map(|(at, _)| at).find(|at| {
            let three = text.get(*at..).and_then(three_words);
            let opens = three.and_then(|three| three.split(' ').next()).is_some_and(|word| self.opens_sentence(word));
            opens && three.is_some_and(|three| self.often_second(three))
        })
    }

    /// Whether a word occurs in the run's prose.
    pub(crate) fn knows_word(&self, word: &str) -> bool {
        matches!(word, "A" | "I") || {
            let word = folded(word);
            self.asked.note(|| Question::Word(word.clone()));
            self.lore.has_word(&word)
        }
    }

    /// The longest code of the run that `text` starts with; one whose message follows too comes first.
    pub(crate) fn code_of<'t>(&self, text: &'t str) -> Option<(&'t str, Option<&'t str>)> {
        let limit = text.find([' ', '\n']).unwrap_or(text.len()).min(200);
        let head = text.get(..text.floor_char_boundary(limit)).unwrap_or_default();
        self.asked.note(|| Question::Codes(head.to_owned()));
        let mut found = None;
        for (code, messages) in self.lore.codes_of(head) {
            let rest = text.get(code.len()..).unwrap_or_default();
            let longest =
                messages.iter().filter(|m| !m.is_empty() && rest.starts_with(m.as_str())).max_by_key(|m| m.len());
            if let Some(message) = longest {
                return Some((code, rest.get(..message.len())));
            }
            // The code may be the start of a longer one: the rest has to begin like a message.
            let starts = rest.chars().next().is_none_or(|c| c.is_uppercase() || !c.is_ascii_alphanumeric())
                || self.knows_word(rest.split(' ').next().unwrap_or_default());
            if found.is_none() && starts && self.knows_word(rest.split([' ', '.', ',']).next().unwrap_or_default()) {
                found = Some((code, None));
            }
        }
        found
    }

    fn often_second(&self, words: &str) -> bool {
        self.asked.note(|| Question::Second(words.to_owned()));
        self.lore.often_second(words)
    }
}

/// The first three words of some text.
fn three_words(text: &str) -> Option<&str> {
    let end = text.match_indices(' ').map(|(at, _)| at).nth(2)?;
    text.get(..end).filter(|three| three.is_ascii() && three.len() < 60)
}
