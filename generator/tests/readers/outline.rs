//! A compact rendering of a document that shows its places, and a check of them.

#![allow(clippy::panic, clippy::drop_non_drop, reason = "a failed check is a failed test")]

use std::fmt::Write;

use docsdk::page::{Block, Cell, Document, Span, Text};

/// Renders a document: each block a line, in `«»` what the source has at its place.
pub(crate) fn of(page: &Document<'_>) -> String {
    let mut out = String::new();
    blocks(page, &page.blocks, 0, &mut out);
    out
}

fn at(page: &Document<'_>, span: Span) -> String {
    let text = page.source.get(span.range()).unwrap_or("<outside>").replace('\n', "⏎");
    let short: String = text.chars().take(60).collect();
    if short.len() < text.len() { format!("«{short}…»") } else { format!("«{short}»") }
}

fn text(page: &Document<'_>, text: &Text<'_>) -> String {
    let mut out = format!("{:?} {}", text.content, at(page, text.span));
    let slice = |range: &std::ops::Range<usize>| text.content.get(range.clone()).unwrap_or("<outside>").to_owned();
    for link in &text.links {
        let _ = write!(out, " link {:?}→{}", slice(&link.range), link.target);
    }
    for range in &text.code {
        let _ = write!(out, " code {:?}", slice(range));
    }
    for range in &text.strong {
        let _ = write!(out, " strong {:?}", slice(range));
    }
    out
}

fn cells(page: &Document<'_>, list: &[Cell<'_>], depth: usize, out: &mut String) {
    for cell in list {
        let pad = "  ".repeat(depth);
        let _ = writeln!(out, "{pad}cell {}", at(page, cell.span));
        blocks(page, &cell.blocks, depth + 1, out);
    }
}

fn blocks(page: &Document<'_>, list: &[Block<'_>], depth: usize, out: &mut String) {
    let pad = "  ".repeat(depth);
    for block in list {
        match block {
            Block::Heading { level, text: words, anchors } => {
                let _ = writeln!(out, "{pad}h{level} {} {anchors:?}", text(page, words));
            }
            Block::Paragraph(words) => {
                let _ = writeln!(out, "{pad}p {}", text(page, words));
            }
            Block::List { ordered, items } => {
                let _ = writeln!(out, "{pad}{}", if *ordered { "ol" } else { "ul" });
                for item in items {
                    let _ = writeln!(out, "{pad}- {}", at(page, item.span));
                    blocks(page, &item.blocks, depth + 1, out);
                }
            }
            Block::Table(table) => {
                let caption = table.caption.as_ref().map(|caption| text(page, caption));
                let _ = writeln!(out, "{pad}table {caption:?} {:?}", table.anchors);
                let _ = writeln!(out, "{pad} header");
                cells(page, &table.header, depth + 1, out);
                for row in &table.rows {
                    let _ = writeln!(out, "{pad} row {}", at(page, row.span));
                    cells(page, &row.cells, depth + 1, out);
                }
            }
            Block::Code { language, text, span } => {
                let _ = writeln!(out, "{pad}code {language:?} {text:?} {}", at(page, *span));
            }
            Block::Note(inner) => {
                let _ = writeln!(out, "{pad}note");
                blocks(page, inner, depth + 1, out);
            }
            other => panic!("unknown block {other:?}"),
        }
    }
}

/// Every place is within the source, on character boundaries, and within the place of what holds it.
#[track_caller]
pub(crate) fn check(page: &Document<'_>) {
    check_blocks(page, &page.blocks, Span::new(0..page.source.len()));
}

#[track_caller]
fn inside(page: &Document<'_>, span: Span, outer: Span, what: &str) {
    let slice = page.source.get(span.range());
    assert!(slice.is_some(), "{what} {span:?} is no part of the source of {} bytes", page.source.len());
    let nested = outer.start <= span.start && span.end <= outer.end;
    assert!(nested, "{what} {span:?} leaves {outer:?}: {slice:?} of {:?}", page.source.get(outer.range()));
}

#[track_caller]
fn check_text(page: &Document<'_>, text: &Text<'_>, outer: Span) {
    inside(page, text.span, outer, "text");
    let links = text.links.iter().map(|link| &link.range);
    for range in links.chain(&text.code).chain(&text.strong) {
        assert!(text.content.get(range.clone()).is_some(), "{range:?} is no part of {:?}", text.content);
    }
    assert!(!text.content.contains("  ") && text.content.trim() == text.content, "{:?}", text.content);
}

#[track_caller]
fn check_blocks(page: &Document<'_>, list: &[Block<'_>], outer: Span) {
    for block in list {
        match block {
            Block::Heading { text, .. } | Block::Paragraph(text) => check_text(page, text, outer),
            Block::List { items, .. } => {
                for item in items {
                    inside(page, item.span, outer, "item");
                    check_blocks(page, &item.blocks, item.span);
                }
            }
            Block::Table(table) => {
                inside(page, table.span, outer, "table");
                table.caption.iter().for_each(|caption| check_text(page, caption, outer));
                for cell in table.header.iter().chain(table.rows.iter().flat_map(|row| &row.cells)) {
                    inside(page, cell.span, table.span, "cell");
                    check_blocks(page, &cell.blocks, cell.span);
                }
                table.rows.iter().for_each(|row| inside(page, row.span, table.span, "row"));
            }
            Block::Code { span, .. } => inside(page, *span, outer, "code"),
            Block::Note(inner) => check_blocks(page, inner, outer),
            other => panic!("unknown block {other:?}"),
        }
    }
}
