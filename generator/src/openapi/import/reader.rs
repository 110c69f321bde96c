//! What reading a document keeps at hand: its files, what was lost, where the facts stand.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::openapi::documents::{At, Documents};
use crate::openapi::extension;
use crate::openapi::loss::{self, Class, Losses};
use crate::openapi::node;
use crate::page::Span;

/// How many fields an operation may have in all its parameters and answers.
const MAX_FIELDS: usize = 20_000;
/// How many fields all operations may have.
const MAX_ALL_FIELDS: usize = 2_000_000;
/// How many references may lead to one another.
const MAX_REFERENCES: usize = 64;

/// What a type is read for: what callers send has other fields than what they get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Request,
    Response,
}

/// Where a fact stands.
#[derive(Clone, Debug)]
pub(in crate::openapi) struct Place {
    /// The place in the operation's spec, a name path.
    pub(in crate::openapi) path: String,
    pub(in crate::openapi) file: usize,
    pub(in crate::openapi) span: Span,
    pub(in crate::openapi) rule: &'static str,
}

/// A document that is being read.
pub(in crate::openapi) struct Reader<'a> {
    pub(super) documents: &'a Documents,
    pub(in crate::openapi) losses: Losses,
    pub(super) side: Side,
    /// The types that are being read, the outermost first.
    pub(super) open: Vec<usize>,
    left: usize,
    all_left: usize,
    pub(super) places: Vec<Place>,
    path: String,
    /// How many fields stand in each other at the present path.
    pub(super) depth: usize,
    /// The parameters of the operation that a document of docsdk's own has and its spec does not.
    pub(super) added: BTreeSet<&'a str>,
}

impl<'a> Reader<'a> {
    pub(in crate::openapi) fn new(documents: &'a Documents) -> Self {
        Self {
            documents,
            losses: Losses::default(),
            side: Side::Request,
            open: Vec::new(),
            left: MAX_FIELDS,
            all_left: MAX_ALL_FIELDS,
            places: Vec::new(),
            path: String::new(),
            depth: 0,
            added: BTreeSet::new(),
        }
    }

    /// Makes ready for another operation.
    pub(super) fn begin(&mut self) {
        self.left = MAX_FIELDS.min(self.all_left);
        self.places.clear();
        self.path.clear();
        self.added.clear();
    }

    /// Takes a field from what is left; whether there was one.
    pub(super) fn afford(&mut self) -> bool {
        let some = self.left > 0;
        self.left = self.left.saturating_sub(1);
        self.all_left = self.all_left.saturating_sub(1);
        some
    }

    pub(super) fn lose(&mut self, class: Class, at: At<'_>, message: impl Into<String>) {
        self.losses.add(class, at.file, at.span, message.into());
    }

    /// Notes where a fact below the present path stands.
    pub(super) fn fact(&mut self, name: &str, at: At<'_>, rule: &'static str) {
        let path = join(&self.path, name);
        self.places.push(Place { path, file: at.file, span: at.span, rule });
    }

    /// Does something below a path.
    pub(super) fn under<T>(&mut self, name: &str, what: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        self.path = join(&self.path, name);
        self.depth += 1;
        let done = what(self);
        self.depth -= 1;
        self.path.truncate(length);
        done
    }

    /// What a place holds, references followed: nothing where they lead nowhere.
    pub(super) fn follow(&mut self, at: At<'a>) -> Option<At<'a>> {
        let mut at = at;
        for _ in 0..MAX_REFERENCES {
            let Some(reference) = at.node.get("$ref").and_then(|node| node.as_text()) else { return Some(at) };
            let from = at.get("$ref").unwrap_or(at);
            at = self.documents.resolve(from, reference, &mut self.losses)?;
        }
        self.lose(loss::RECURSIVE, at, "the reference leads to itself");
        None
    }

    /// A map that has to be one; nothing where it is something else.
    pub(super) fn map(&mut self, at: At<'a>, what: &str) -> Option<At<'a>> {
        if matches!(at.node.value, node::Value::Map(_)) {
            return Some(at);
        }
        self.lose(loss::SHAPE, at, format!("{} where {what} belongs", at.node.word()));
        None
    }

    /// Reports the keys that say something a spec has no place for.
    pub(super) fn leave_out(&mut self, at: At<'a>, what: &str, known: &[&str]) {
        for (key, value) in at.entries() {
            if !known.contains(&key) && !key.starts_with(extension::PREFIX) {
                self.lose(loss::LEFT_OUT, value, format!("`{key}` of {what} is left out"));
            }
        }
    }

    /// The same where a spec keeps other people's extensions: those extensions.
    pub(super) fn extensions(&mut self, at: At<'a>, what: &str, known: &[&str]) -> BTreeMap<String, Value> {
        let mut kept = BTreeMap::new();
        for (key, value) in at.entries().filter(|(key, _)| !key.starts_with(extension::PREFIX)) {
            if key.starts_with("x-") {
                kept.insert(key.to_owned(), value.node.json());
            } else if !known.contains(&key) {
                self.lose(loss::LEFT_OUT, value, format!("`{key}` of {what} is left out"));
            }
        }
        kept
    }
}

fn join(path: &str, name: &str) -> String {
    match name {
        "" => path.to_owned(),
        _ if path.is_empty() => name.to_owned(),
        "[]" | "{}" => format!("{path}{name}"),
        _ => format!("{path}.{name}"),
    }
}
