//! Text that an extractor saved from a rendered page: one line a paragraph, pipes between cells, bullets of any kind.
//!
//! The reader knows layouts, not words: what is a title, and which lines are cells run together, extraction tells.

use std::borrow::Cow;
use std::ops::Range;

use super::document::{Block, Document, Format, ListItem, Span, Text};
use super::text_code::CodeFinder;
use super::text_table;

/// Reads saved text. Never fails: whatever is no table, list or code is a paragraph a line.
#[must_use]
pub fn read_text<'a>(path: &str, source: &'a str) -> Document<'a> {
    let lines = lines(source);
    let mut blocks = Vec::new();
    read_lines(source, &lines, &mut blocks);
    Document { path: path.to_owned(), source, format: Format::Text, blocks }
}

/// A line of the source without the white space around it.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// The trimmed line.
    pub(super) range: Range<usize>,
    /// How far it is indented, in bytes of white space.
    pub(super) indent: usize,
}

impl Line {
    /// The line's words.
    pub(super) fn text<'a>(&self, source: &'a str) -> &'a str {
        source.get(self.range.clone()).unwrap_or_default()
    }
}

fn lines(source: &str) -> Vec<Line> {
    let mut start = 0;
    let mut lines = Vec::new();
    for line in source.split('\n') {
        let from = start + (line.len() - line.trim_start_matches(is_blank).len());
        let range = from..(start + line.trim_end_matches(is_blank).len()).max(from);
        lines.push(Line { indent: from - start, range });
        start += line.len() + 1;
    }
    lines
}

/// White space, and the marks that saved text leaves in its place.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{200e}' | '\u{200f}')
}

fn read_lines<'a>(source: &'a str, lines: &[Line], blocks: &mut Vec<Block<'a>>) {
    let mut code = CodeFinder::new(source);
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let text = line.text(source);
        if text.is_empty() {
            at += 1;
        } else if let Some((table, next)) = text_table::read(source, lines, at) {
            blocks.push(Block::Table(table));
            at = next;
        } else if let Some(found) = code.find(line.range.start) {
            let span = Span::new(found.clone());
            let text = Cow::Borrowed(source.get(found.clone()).unwrap_or_default());
            blocks.push(Block::Code { language: None, text, span });
            at += lines.get(at..).map_or(1, |rest| rest.partition_point(|line| line.range.start < found.end)).max(1);
        } else if bullet(text).is_some() {
            at = read_list(source, lines, at, blocks);
        } else {
            blocks.push(Block::Paragraph(paragraph(source, line.range.clone())));
            at += 1;
        }
    }
}

/// Paragraphs and lists of a stretch of text inside a table's cell.
pub(super) fn cell_blocks(source: &str, range: Range<usize>) -> Vec<Block<'_>> {
    let inner: Vec<Line> = lines(source.get(range.clone()).unwrap_or_default())
        .into_iter()
        .map(|line| Line { range: line.range.start + range.start..line.range.end + range.start, indent: line.indent })
        .collect();
    let mut blocks = Vec::new();
    let mut at = 0;
    while let Some(line) = inner.get(at) {
        let text = line.text(source);
        if text.is_empty() {
            at += 1;
        } else if bullet(text).is_some_and(|rest| !rest.trim().is_empty() || inner.len() > at + 1) && text != "-" {
            at = read_list(source, &inner, at, &mut blocks);
        } else {
            blocks.push(Block::Paragraph(paragraph(source, line.range.clone())));
            at += 1;
        }
    }
    blocks
}

/// What stands after a line's bullet.
fn bullet(text: &str) -> Option<&str> {
    let mut chars = text.chars();
    match chars.next()? {
        '•' | '◦' | '▪' | '●' | '○' | '·' => Some(chars.as_str()),
        '-' | '*' => {
            let rest = chars.as_str();
            (rest.is_empty() || rest.starts_with(' ')).then_some(rest)
        }
        _ => None,
    }
}

/// One item before nesting: its indentation, what it says, its place.
struct Bullet<'a> {
    indent: usize,
    text: Text<'a>,
    span: Span,
}

fn read_list<'a>(source: &'a str, lines: &[Line], mut at: usize, blocks: &mut Vec<Block<'a>>) -> usize {
    let mut bullets: Vec<Bullet<'a>> = Vec::new();
    while let Some(line) = lines.get(at) {
        let text = line.text(source);
        if text.is_empty() {
            // Items may stand apart, but a list does not run on over other text.
            let next = lines.iter().skip(at).take(3).find(|line| !line.range.is_empty());
            if next.is_some_and(|line| bullet(line.text(source)).is_some()) {
                at += 1;
                continue;
            }
            break;
        }
        let Some(rest) = bullet(text) else { break };
        let body = rest.trim_start_matches(is_blank);
        let start = line.range.end - body.len();
        if body.is_empty() {
            // A bullet on a line of its own: its words stand on the next.
            let next = lines.get(at + 1..).and_then(|rest| rest.iter().take(2).position(|line| !line.range.is_empty()));
            let Some(skip) = next else { return at + 1 };
            let Some(words) = lines.get(at + 1 + skip) else { return at + 1 };
            if bullet(words.text(source)).is_some() {
                at += 1 + skip;
                continue;
            }
            bullets.push(Bullet {
                indent: line.indent,
                text: paragraph(source, words.range.clone()),
                span: Span::new(line.range.start..words.range.end),
            });
            at += 2 + skip;
            continue;
        }
        bullets.push(Bullet {
            indent: line.indent,
            text: paragraph(source, start..line.range.end),
            span: Span::new(line.range.clone()),
        });
        at += 1;
    }
    if !bullets.is_empty() {
        blocks.push(Block::List { ordered: false, items: nest(bullets) });
    }
    at
}

/// Items under the items they are indented below.
fn nest(bullets: Vec<Bullet<'_>>) -> Vec<ListItem<'_>> {
    let mut open: Vec<(usize, Vec<ListItem<'_>>)> = vec![(0, Vec::new())];
    for bullet in bullets {
        while open.len() > 1 && open.last().is_some_and(|(indent, _)| *indent > bullet.indent) {
            close(&mut open);
        }
        let deepest = open.last().map_or(0, |(indent, _)| *indent);
        let fresh = open.last().is_none_or(|(_, items)| items.is_empty());
        if fresh && open.len() == 1 {
            if let Some(first) = open.first_mut() {
                first.0 = bullet.indent;
            }
        } else if bullet.indent > deepest && open.len() < 16 {
            open.push((bullet.indent, Vec::new()));
        }
        if let Some((_, items)) = open.last_mut() {
            items.push(ListItem { blocks: vec![Block::Paragraph(bullet.text)], span: bullet.span });
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().map(|(_, items)| items).unwrap_or_default()
}

/// Puts the deepest open list into the last item of the one above it.
fn close(open: &mut Vec<(usize, Vec<ListItem<'_>>)>) {
    let Some((_, items)) = open.pop() else { return };
    if let Some(parent) = open.last_mut().and_then(|(_, items)| items.last_mut()) {
        parent.blocks.push(Block::List { ordered: false, items });
    }
}

/// A paragraph of one stretch of the source, white space collapsed.
pub(super) fn paragraph(source: &str, range: Range<usize>) -> Text<'_> {
    let raw = source.get(range.clone()).unwrap_or_default();
    let plain = !raw.contains(|c: char| (c.is_whitespace() && c != ' ') || c == '\u{200b}') && !raw.contains("  ");
    let content = if plain {
        Cow::Borrowed(raw.trim())
    } else {
        Cow::Owned(raw.split(is_blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
    };
    Text { content, span: Span::new(range), ..Text::default() }
}
