//! Saved text whose tables lost their cells: header words found by the vocabulary give the columns, and the lines below
//! become a [`Table`] like any other.

use std::borrow::Cow;
use std::collections::HashSet;

use super::cell::locate;
use super::columns::{self, Columns, RunOn};
use super::learned::Learned;
use super::loose_rows::{error_rows, parameter_rows, permission_rows, plain_rows};
use super::types;
use super::vocabulary::{SectionKind, TableKind, Vocabulary};
use crate::page::{Block, Cell, Document, Format, Table, Text};

/// One line of a table that lost its cells.
#[derive(Clone, Debug)]
pub(super) struct FlowLine<'a> {
    pub(super) text: Text<'a>,
    /// How deep in a list.
    pub(super) bullet: Option<usize>,
    pub(super) code: bool,
    /// Whether an empty line stands in front of it.
    pub(super) gap: bool,
}

/// What is needed to read a table's lines.
pub(super) struct Context<'c> {
    pub(super) header: RunOn,
    /// A cell a paragraph, rather than a row a line.
    pub(super) stacked: bool,
    pub(super) vocabulary: &'c Vocabulary,
    pub(super) learned: &'c Learned<'c>,
    /// The names that the page's samples show.
    pub(super) keys: &'c HashSet<&'c str>,
}

/// The document's blocks, with tables where run-together or loose cells were.
pub(crate) fn regroup<'d, 'a>(
    document: &'d Document<'a>,
    vocabulary: &Vocabulary,
    learned: &Learned,
) -> Cow<'d, [Block<'a>]> {
    if document.format != Format::Text {
        return Cow::Borrowed(&document.blocks);
    }
    let blocks = &document.blocks;
    let keys = sample_keys(blocks);
    let mut out: Vec<Block<'a>> = Vec::with_capacity(blocks.len());
    let mut at = 0;
    let mut changed = false;
    while let Some(block) = blocks.get(at) {
        let Some((header, stacked, used)) = header_at(blocks, at, vocabulary) else {
            out.push(block.clone());
            at += 1;
            continue;
        };
        let end = table_end(blocks, at + used, &header, vocabulary);
        let mut lines = Vec::new();
        for block in blocks.get(at + used..end).unwrap_or_default() {
            flatten(block, 0, &mut lines);
        }
        mark_gaps(document.source, &mut lines);
        let context = Context { header, stacked, vocabulary, learned, keys: &keys };
        let header_text = match block {
            Block::Paragraph(text) => text.clone(),
            _ => Text::default(),
        };
        let table = build(document.source, &header_text, lines, &context);
        changed = true;
        out.push(Block::Table(table));
        at = end;
    }
    if changed { Cow::Owned(out) } else { Cow::Borrowed(blocks) }
}

/// The names in the page's samples: between quotes and a colon in JSON, in front of the values of a URL's query.
fn sample_keys<'d>(blocks: &'d [Block<'_>]) -> HashSet<&'d str> {
    let mut keys = HashSet::new();
    for block in blocks {
        let text = match block {
            Block::Code { text, .. } => text,
            Block::Paragraph(text) => {
                keys.extend(query_keys(&text.content));
                continue;
            }
            _ => continue,
        };
        let mut parts = text.split('"').skip(1);
        while let (Some(word), Some(after)) = (parts.next(), parts.next()) {
            let name = word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            if name && !word.is_empty() && after.trim_start().starts_with(':') {
                keys.insert(word);
            }
        }
    }
    keys
}

/// The names of a URL's query, or of a line of one: `https://…/?Action=Call`, `&Name=value`.
fn query_keys(line: &str) -> impl Iterator<Item = &str> {
    let url = line.contains("://") || line.starts_with('&');
    let query = line.find(['?', '&']).and_then(|at| line.get(at + 1..)).filter(|_| url && !line.contains(' '));
    query.into_iter().flat_map(|query| query.split('&')).filter_map(|pair| {
        let (name, _) = pair.split_once('=')?;
        let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        plain.then_some(name)
    })
}

/// The header that begins at a block: one line of all names, or a name a paragraph.
fn header_at(blocks: &[Block<'_>], at: usize, vocabulary: &Vocabulary) -> Option<(RunOn, bool, usize)> {
    let Some(Block::Paragraph(first)) = blocks.get(at) else { return None };
    if let Some(header) = columns::of_line(&first.content, vocabulary) {
        // A row may say the header again.
        let same = |block: &&Block<'_>| matches!(block, Block::Paragraph(text) if text.content == first.content);
        let repeats = blocks.get(at + 1..).unwrap_or_default().iter().take_while(same).count();
        return Some((header, false, 1 + repeats));
    }
    let mut words = Vec::new();
    for block in blocks.get(at..)?.iter().take(8) {
        let Block::Paragraph(text) = block else { break };
        let known = vocabulary
            .columns()
            .values()
            .any(|columns| columns.contains_key(&super::vocabulary::folded(&text.content)));
        if !known || text.content.len() > 40 {
            break;
        }
        words.push(text.content.as_ref());
    }
    while words.len() > 2 {
        if let Some(columns) = columns::of_words(&words, vocabulary)
            && columns.roles.iter().all(Option::is_some)
        {
            return Some((RunOn { columns, spaced: false }, true, words.len()));
        }
        words.pop();
    }
    None
}

/// Where the table's lines end: at a title, another table, or the words that close such tables.
fn table_end(blocks: &[Block<'_>], from: usize, header: &RunOn, vocabulary: &Vocabulary) -> usize {
    let mut at = from;
    while let Some(block) = blocks.get(at) {
        match block {
            Block::Heading { .. } | Block::Table(_) => break,
            Block::Paragraph(text) => {
                let row = is_row_start(blocks, at, header, vocabulary);
                let title = closes_table(&text.content, vocabulary) && !row;
                if title || vocabulary.table_end.is_match(&text.content) {
                    break;
                }
                // A field may be named `ParameterDescription`.
                if at > from && !row && header_at(blocks, at, vocabulary).is_some() {
                    break;
                }
            }
            _ => {}
        }
        at += 1;
    }
    at
}

/// Whether a line is the title of a section that may follow a table: a sample value may be a word like `test`.
fn closes_table(line: &str, vocabulary: &Vocabulary) -> bool {
    let Some(kind) = vocabulary.section(line) else { return false };
    let beside = matches!(
        kind,
        SectionKind::Debugging
            | SectionKind::Description
            | SectionKind::Constraints
            | SectionKind::Feedback
            | SectionKind::Uri
    );
    !beside && !line.starts_with(char::is_lowercase)
}

/// Whether a paragraph that reads like a title is a parameter of that name: a type follows it.
fn is_row_start(blocks: &[Block<'_>], at: usize, header: &RunOn, vocabulary: &Vocabulary) -> bool {
    if header.columns.kind != TableKind::Parameters {
        return false;
    }
    let Some(Block::Paragraph(next)) = blocks.get(at + 1) else { return false };
    types::parse(&next.content, vocabulary).is_some()
}

fn flatten<'a>(block: &Block<'a>, depth: usize, out: &mut Vec<FlowLine<'a>>) {
    match block {
        Block::Paragraph(text) | Block::Heading { text, .. } => {
            out.push(FlowLine { text: text.clone(), bullet: (depth > 0).then_some(depth), code: false, gap: false });
        }
        Block::Code { text, span, .. } => out.push(FlowLine {
            text: Text { content: text.clone(), span: *span, ..Text::default() },
            bullet: None,
            code: true,
            gap: false,
        }),
        Block::List { items, .. } => {
            for block in items.iter().flat_map(|item| &item.blocks) {
                flatten(block, (depth + 1).min(8), out);
            }
        }
        Block::Note(inner) => inner.iter().for_each(|block| flatten(block, depth, out)),
        Block::Table(_) => {}
    }
}

fn mark_gaps(source: &str, lines: &mut [FlowLine<'_>]) {
    let mut end = None;
    for line in lines {
        let range = line.text.span.range();
        let between = end.and_then(|end: usize| source.get(end..range.start)).unwrap_or("\n\n");
        line.gap = between.bytes().filter(|b| *b == b'\n').count() > 1;
        end = Some(range.end);
    }
}

fn build<'a>(source: &'a str, header: &Text<'a>, lines: Vec<FlowLine<'a>>, context: &Context<'_>) -> Table<'a> {
    let columns = &context.header.columns;
    let rows = match columns.kind {
        TableKind::Parameters => parameter_rows(&lines, context),
        TableKind::Errors => error_rows(lines, context),
        TableKind::Permissions => permission_rows(lines, context),
        TableKind::History | TableKind::Statuses => plain_rows(lines, context),
    };
    let end = rows.last().map_or(header.span, |row| header.span.to(row.span));
    let names = header_cells(source, header, columns, context);
    Table { header: names, rows, span: end, ..Table::default() }
}

/// Header cells by role, so that a table that was regrouped reads like one that never lost its cells.
fn header_cells<'a>(source: &str, header: &Text<'a>, columns: &Columns, context: &Context<'_>) -> Vec<Cell<'a>> {
    let known = context.vocabulary.columns().get(&columns.kind);
    let lower = header.content.to_lowercase();
    columns
        .roles
        .iter()
        .map(|role| {
            let words = known.into_iter().flatten().filter(|(_, found)| Some(**found) == *role);
            let word = words.max_by_key(|(word, _)| (lower.contains(word.as_str()), word.len()));
            let word = word.map(|(word, _)| word.clone()).unwrap_or_default();
            let text = Text { span: locate(source, header.span, &word), content: word.into(), ..Text::default() };
            Cell { span: text.span, blocks: vec![Block::Paragraph(text)] }
        })
        .collect()
}
