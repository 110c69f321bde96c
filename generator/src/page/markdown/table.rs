//! Pipe tables whose cells may hold blocks and break over lines.

use std::ops::Range;

use super::flow;
use crate::page::inline::TextBuilder;
use crate::page::{Block, Cell, Row, Span, Table};

/// HTML that makes blocks inside a cell; such cells go through the HTML reader.
const BLOCK_TAGS: &[&str] = &["<ul", "<ol", "<li", "<table", "<dl", "<pre", "<p>", "<p ", "<div"];

/// Makes a table of the places of its rows.
pub(super) fn read_rows<'a>(source: &'a str, rows: &[Range<usize>]) -> Table<'a> {
    let mut table = Table::default();
    for (index, range) in rows.iter().enumerate() {
        let Some(text) = source.get(range.clone()) else { continue };
        let span = Span::new(range.clone());
        table.span = if index == 0 { span } else { table.span.to(span) };
        if index > 0 && is_rule(text) {
            if index == 1
                && let Some(first) = table.rows.pop()
            {
                table.header = first.cells;
            }
            continue;
        }
        let cells = cells(text, range.start).map(|cell| read_cell(source, cell)).collect();
        table.rows.push(Row { cells, span });
    }
    table
}

fn is_rule(row: &str) -> bool {
    row.contains('-')
        && row.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ' | b'\t'))
        && row.split('|').all(|cell| cell.trim().is_empty() || cell.contains('-'))
}

/// The places of a row's cells, white space around them left out; `\|` is no border.
fn cells(row: &str, base: usize) -> impl Iterator<Item = Range<usize>> {
    let lead = row.len() - row.trim_start().len();
    let mut at = (lead + usize::from(row.trim_start().starts_with('|'))).min(row.len());
    std::iter::from_fn(move || {
        let rest = row.get(at..).filter(|rest| !rest.is_empty())?;
        let bytes = rest.as_bytes();
        let escaped = |pipe: usize| bytes.get(..pipe).is_some_and(|text| text.ends_with(b"\\"));
        let end = memchr::memchr_iter(b'|', bytes).find(|pipe| !escaped(*pipe)).unwrap_or(rest.len());
        let cell = rest.get(..end).unwrap_or("");
        let start = at + cell.len() - cell.trim_start().len();
        let length = cell.trim().len();
        // A cell of white space keeps its place between the borders.
        let start = if length == 0 { at } else { start };
        at += end + 1;
        Some(base + start..base + start + length)
    })
}

fn read_cell(source: &str, range: Range<usize>) -> Cell<'_> {
    let text = source.get(range.clone()).unwrap_or("");
    let span = Span::new(range.clone());
    let special = |c: char| matches!(c, '\\' | '*' | '_' | '`' | '[' | '<' | '&' | '\n' | '~');
    let listed = text.starts_with(['-', '+', '>', '#', '=']) && text.chars().any(char::is_alphanumeric);
    if !listed && !text.contains(special) || !text.chars().any(char::is_alphanumeric) {
        let mut builder = TextBuilder::new(source);
        builder.push_source(range);
        return Cell { blocks: builder.finish().map(Block::Paragraph).into_iter().collect(), span };
    }
    let blocks = if text.contains('<') && has_block_tag(text) {
        crate::page::html::read_piece(source, range)
    } else {
        let mut blocks = Vec::new();
        flow::read_prose(source, range, &mut blocks);
        blocks
    };
    Cell { blocks, span }
}

fn has_block_tag(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    BLOCK_TAGS.iter().any(|tag| lower.contains(tag))
}
