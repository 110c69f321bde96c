//! What one page yields by itself, to hold a page that was fetched against the one at hand.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostic;
use crate::extract::{ExtractedOperation, Pages, Provider, extract_pages};
use crate::page::{self, Block, Document, Format};
use crate::spec::{ErrorCode, Field, Operation, Type};

/// Fewer characters than this are no page that a person would read.
const EMPTY_BELOW: usize = 400;

/// What a page yields by itself.
#[derive(Debug)]
pub(crate) struct Harvest {
    /// The language that it is written in, as far as it is known.
    pub(crate) language: String,
    /// Its operation.
    pub(crate) operation: Option<Operation>,
    /// The operation's texts in other languages.
    texts: BTreeMap<String, BTreeMap<String, String>>,
    /// Codes that it lists for the whole service.
    pub(crate) service_errors: Vec<ErrorCode>,
    /// The words of its tables and code, which other pages may refer to.
    tables: Vec<String>,
    /// Its names, by what they are names of.
    pub(crate) names: BTreeMap<Kind, BTreeSet<String>>,
    pub(crate) looks: Looks,
}

/// Kinds of facts that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Parameter,
    Field,
    Error,
    Typed,
    Described,
}

impl Kind {
    pub(crate) const ALL: [Self; 5] = [Self::Parameter, Self::Field, Self::Error, Self::Typed, Self::Described];

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Parameter => "parameters",
            Self::Field => "response fields",
            Self::Error => "error codes",
            Self::Typed => "names with a type",
            Self::Described => "names with a description",
        }
    }
}

/// What a page looks like from afar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a sign of its own")]
pub(crate) struct Looks {
    /// It asks for a password.
    pub(crate) sign_in: bool,
    /// It has scripts and next to no text.
    pub(crate) shell: bool,
    /// It is HTML and ends as HTML does.
    pub(crate) closed: bool,
    /// It is HTML.
    pub(crate) html: bool,
}

struct OnePage<'a> {
    path: &'a str,
    text: &'a str,
}

impl Pages for OnePage<'_> {
    fn count(&self) -> usize {
        1
    }

    fn page(&self, number: usize) -> Option<(&str, String)> {
        (number == 0).then(|| (self.path, self.text.to_owned()))
    }

    fn path(&self, number: usize) -> Option<&str> {
        (number == 0).then_some(self.path)
    }
}

impl Harvest {
    /// Reads a page.
    ///
    /// # Errors
    /// A finding where its bytes are no page.
    pub(crate) fn of(path: &str, bytes: Vec<u8>, provider: &Provider) -> Result<Self, Box<Diagnostic>> {
        let (text, _) = page::decode(path, bytes)?;
        let document = page::read(path, &text);
        let extraction = extract_pages(&OnePage { path, text: &text }, provider);
        let mut operations = extraction.operations;
        let first = (!operations.is_empty()).then(|| operations.swap_remove(0));
        let (operation, texts) = match first {
            Some(ExtractedOperation { operation, texts, .. }) => (Some(operation), texts),
            None => (None, BTreeMap::new()),
        };
        let mut tables = Vec::new();
        document.blocks.iter().for_each(|block| words(block, false, &mut tables));
        Ok(Self {
            language: provider.languages.of(&document).to_owned(),
            names: names(operation.as_ref(), &extraction.service_errors),
            operation,
            texts,
            service_errors: extraction.service_errors,
            tables,
            looks: Looks::of(&document),
        })
    }

    /// Whether it says nothing that another one does not.
    pub(crate) fn same(&self, other: &Self) -> bool {
        (&self.operation, &self.texts, &self.service_errors, &self.tables, &self.language)
            == (&other.operation, &other.texts, &other.service_errors, &other.tables, &other.language)
    }

    /// Whether there is anything of the service in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.operation.is_none() && self.service_errors.is_empty()
    }
}

impl Looks {
    fn of(document: &Document<'_>) -> Self {
        let source = document.source.to_ascii_lowercase();
        let html = document.format == Format::Html;
        let mut lines = Vec::new();
        document.blocks.iter().for_each(|block| words(block, true, &mut lines));
        let characters: usize = lines.iter().map(|line| line.chars().count()).sum();
        let password = ["type=\"password\"", "type='password'", "type=password"];
        Self {
            sign_in: html && password.iter().any(|mark| source.contains(mark)),
            shell: html && source.contains("<script") && characters < EMPTY_BELOW,
            closed: html && source.contains("</html>"),
            html,
        }
    }
}

/// The words of a block: all of them, or those of tables and code alone.
fn words(block: &Block<'_>, all: bool, lines: &mut Vec<String>) {
    match block {
        Block::Heading { text, .. } | Block::Paragraph(text) if all => lines.push(text.content.to_string()),
        Block::List { items, .. } => items.iter().flat_map(|item| &item.blocks).for_each(|it| words(it, all, lines)),
        Block::Table(table) => {
            let cells = table.header.iter().chain(table.rows.iter().flat_map(|row| &row.cells));
            cells.flat_map(|cell| &cell.blocks).for_each(|block| words(block, true, lines));
        }
        Block::Code { text, .. } => lines.push(text.to_string()),
        Block::Note(blocks) => blocks.iter().for_each(|block| words(block, all, lines)),
        _ => {}
    }
}

fn names(operation: Option<&Operation>, service_errors: &[ErrorCode]) -> BTreeMap<Kind, BTreeSet<String>> {
    let mut names: BTreeMap<Kind, BTreeSet<String>> = BTreeMap::new();
    let mut errors: BTreeSet<String> = service_errors.iter().map(|error| error.code.clone()).collect();
    if let Some(operation) = operation {
        operation.request.iter().for_each(|field| add(field, "request", Kind::Parameter, &mut names));
        for response in &operation.responses {
            let place = format!("responses.{}", response.status);
            response.fields.iter().for_each(|field| add(field, &place, Kind::Field, &mut names));
        }
        errors.extend(operation.errors.iter().map(|error| error.code.clone()));
    }
    names.insert(Kind::Error, errors);
    names
}

fn add(field: &Field, place: &str, kind: Kind, names: &mut BTreeMap<Kind, BTreeSet<String>>) {
    let path = format!("{place}.{}", field.name);
    if !field.name.is_empty() {
        names.entry(kind).or_default().insert(path.clone());
        if field.kind != Type::Any {
            names.entry(Kind::Typed).or_default().insert(path.clone());
        }
        if field.description.is_some() {
            names.entry(Kind::Described).or_default().insert(path.clone());
        }
    }
    field.fields.iter().chain(field.items.as_deref()).for_each(|field| add(field, &path, kind, names));
}
