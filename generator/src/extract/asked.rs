//! What reading a page asked of the run's other pages, so that a page is read again only where it would be told otherwise.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::elsewhere::Elsewhere;
use super::learned::Lore;
use super::outermost::OutermostNames;
use super::shapes::SampleShapes;

/// A question to what a run's pages teach about each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Question {
    /// Which of the text's beginnings are codes.
    Codes(String),
    /// Whether a word occurs in prose.
    Word(String),
    /// Whether a word is one that codes are made of.
    Part(String),
    /// Whether prose has a name.
    Name(String),
    /// Whether sentences begin with a word.
    Opening(String),
    /// Which code a token begins with for sure.
    SureCode(String),
    /// Whether descriptions often begin with three words.
    Second(String),
    /// Whether pages list a parameter outside of objects.
    Outermost(String),
    /// What samples show of the objects of a name.
    Shape(String),
    /// Which table a link leads to.
    Table(String),
}

/// The questions of one page, where they are noted at all.
#[derive(Debug, Default)]
pub(crate) struct Asked(Option<RefCell<BTreeSet<Question>>>);

impl Asked {
    /// Notes questions.
    pub(crate) fn noting() -> Self {
        Self(Some(RefCell::default()))
    }

    pub(crate) fn note(&self, question: impl FnOnce() -> Question) {
        if let Some(questions) = &self.0 {
            questions.borrow_mut().insert(question());
        }
    }

    /// The questions, each once and in order.
    pub(crate) fn into_questions(self) -> Vec<Question> {
        self.0.map(|questions| questions.into_inner().into_iter().collect()).unwrap_or_default()
    }
}

/// What a run knows, for answers.
#[derive(Clone, Copy)]
pub(crate) struct Oracle<'r> {
    pub(crate) lore: &'r Lore,
    pub(crate) outermost: &'r OutermostNames,
    pub(crate) shapes: &'r SampleShapes,
    pub(crate) elsewhere: &'r Elsewhere<'r>,
    /// A hash of a page, by its number.
    pub(crate) page: &'r (dyn Fn(usize) -> Option<[u8; 32]> + Sync),
}

impl Oracle<'_> {
    /// A hash of what the questions of a page, by its number, are answered.
    pub(crate) fn answers(&self, questions: &[Question], number: usize) -> [u8; 32] {
        let mut hash = Sha256::new();
        let yes = |is: bool, hash: &mut Sha256| hash.update([u8::from(is)]);
        for question in questions {
            match question {
                Question::Codes(text) => {
                    for (code, messages) in self.lore.codes_of(text) {
                        hash.update(code.len().to_le_bytes());
                        for message in messages {
                            text_into(&mut hash, message);
                        }
                    }
                    hash.update([2]);
                }
                Question::Word(word) => yes(self.lore.has_word(word), &mut hash),
                Question::Part(word) => yes(self.lore.has_part(word), &mut hash),
                Question::Name(name) => yes(self.lore.has_name(name), &mut hash),
                Question::Opening(word) => yes(self.lore.has_opening(word), &mut hash),
                Question::SureCode(token) => {
                    hash.update(self.lore.sure_code_of(token).map_or(usize::MAX, str::len).to_le_bytes());
                }
                Question::Second(words) => yes(self.lore.often_second(words), &mut hash),
                Question::Outermost(name) => yes(self.outermost.has(name), &mut hash),
                Question::Shape(name) => {
                    text_into(&mut hash, &self.shapes.print(name));
                }
                Question::Table(name) => match self.elsewhere.owner(name) {
                    None => hash.update([0]),
                    Some(owner) if owner == number => hash.update([1]),
                    Some(owner) => {
                        hash.update([2]);
                        hash.update((self.page)(owner).unwrap_or_default());
                    }
                },
            }
        }
        hash.finalize().into()
    }
}

/// A text, set apart from what follows.
fn text_into(hash: &mut Sha256, text: &str) {
    hash.update(text.len().to_le_bytes());
    hash.update(text);
}
