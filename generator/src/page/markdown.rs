//! Reads Markdown as documentation platforms export it.
//!
//! Its tables break over lines and often have no rule below the header, which no Markdown parser reads; they are found
//! first. What is between them, and what is in their cells, goes through pulldown-cmark; HTML tables through the HTML
//! reader.

mod flow;
mod segments;
mod table;

use self::segments::{Segment, segments};
use super::{Block, Document, Format};

/// Reads a page of Markdown.
pub(super) fn read_markdown<'a>(path: &str, source: &'a str) -> Document<'a> {
    let mut blocks = Vec::new();
    for segment in segments(source) {
        match segment {
            Segment::Prose(range) => flow::read_prose(source, range, &mut blocks),
            Segment::Table(rows) => blocks.push(Block::Table(table::read_rows(source, &rows))),
            Segment::Html(range) => blocks.append(&mut super::html::read_piece(source, range)),
        }
    }
    Document { path: path.to_owned(), source, format: Format::Markdown, blocks }
}
