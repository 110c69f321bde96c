//! What a run's pages teach about each other before any is read: error codes that stand alone somewhere, and the words
//! that messages are made of.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::cell;
use super::columns;
use super::vocabulary::{Role, TableKind, Vocabulary, folded};
use crate::page::{Block, Document};

/// Knowledge of a run.
#[derive(Debug, Default)]
pub(crate) struct Learned {
    /// Codes that stood in a cell of their own, and the messages they stood with.
    codes: BTreeMap<String, BTreeSet<String>>,
    /// Words of the run's prose, lower case.
    words: HashSet<String>,
}

impl Learned {
    /// Learns from one page.
    pub(crate) fn from_page(document: &Document<'_>, vocabulary: &Vocabulary) -> Self {
        let mut learned = Self::default();
        learned.learn(&document.blocks, vocabulary);
        learned
    }

    /// Joins what two pages taught.
    pub(crate) fn merge(mut self, other: Self) -> Self {
        for (code, messages) in other.codes {
            self.codes.entry(code).or_default().extend(messages);
        }
        self.words.extend(other.words);
        self
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
                Block::Paragraph(text) => self.learn_words(&text.content),
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
                }
            }
        }
    }

    /// Whether a word occurs in the run's prose.
    pub(crate) fn knows_word(&self, word: &str) -> bool {
        matches!(word, "A" | "I") || self.words.contains(&folded(word))
    }

    /// The longest code of the run that `text` starts with; one whose message follows too comes first.
    pub(crate) fn code_of<'t>(&self, text: &'t str) -> Option<(&'t str, Option<&'t str>)> {
        let limit = text.find([' ', '\n']).unwrap_or(text.len()).min(200);
        let mut found = None;
        for end in (1..=limit).rev().filter(|end| text.is_char_boundary(*end)) {
            let (Some(code), Some(rest)) = (text.get(..end), text.get(end..)) else { continue };
            let Some(messages) = self.codes.get(code) else { continue };
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
}
