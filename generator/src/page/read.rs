//! Picks the reader of a page.

use super::html::read_html;
use super::markdown::read_markdown;
use super::rst::read_rst;
use super::text::read_text;
use super::{Block, Document, Format};

/// How much of a page is looked at to tell its format, in bytes.
const SNIFFED: usize = 8192;

/// Reads a page in the format that [`format_of`] tells.
#[must_use]
pub fn read<'a>(path: &str, source: &'a str) -> Document<'a> {
    let mut document = match format_of(path, source) {
        Format::Html => read_html(path, source),
        Format::Markdown => read_markdown(path, source),
        Format::Rst => read_rst(path, source),
        Format::Text => read_text(path, source),
    };
    lend_anchors(&mut document.blocks);
    document
}

/// A link to a title leads to the first table below it too.
fn lend_anchors(blocks: &mut [Block<'_>]) {
    let mut lent = Vec::new();
    for block in blocks {
        match block {
            // The title of the page is not its first table's.
            Block::Heading { level: ..2, .. } => lent.clear(),
            Block::Heading { anchors, .. } => lent.clone_from(anchors),
            Block::Table(table) => table.anchors.append(&mut lent),
            _ => {}
        }
    }
}

/// The format of a page: what its file's extension says, unless the content contradicts; without a known extension, what
/// the content looks like.
#[must_use]
pub fn format_of(path: &str, source: &str) -> Format {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    let head = source.get(..source.floor_char_boundary(SNIFFED)).unwrap_or(source);
    match extension.as_str() {
        "html" | "htm" | "xhtml" | "shtml" => Format::Html,
        "md" | "markdown" | "mdown" | "mkd" if !is_html(head) => Format::Markdown,
        "rst" | "rest" if !is_html(head) => Format::Rst,
        "txt" | "text" if !is_html(head) => Format::Text,
        _ if is_html(head) => Format::Html,
        _ if is_rst(head) => Format::Rst,
        _ if is_markdown(head) => Format::Markdown,
        _ => Format::Text,
    }
}

/// Whether text begins as HTML does: with a document, not with a piece of HTML as Markdown may.
fn is_html(head: &str) -> bool {
    let head = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let begins = |word: &str| head.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    ["<!doctype html", "<html", "<head", "<body", "<?xml"].iter().any(|word| begins(word))
}

fn is_rst(head: &str) -> bool {
    let directive = |line: &str| line.trim_start().starts_with(".. ") && (line.contains("::") || line.contains(".. _"));
    let grid = |line: &str| {
        let line = line.trim();
        line.len() > 4 && line.starts_with("+-") && line.bytes().all(|byte| matches!(byte, b'+' | b'-'))
    };
    head.lines().any(|line| directive(line) || grid(line))
}

fn is_markdown(head: &str) -> bool {
    head.lines().any(|line| {
        let heading = line.trim_start_matches('#');
        (heading.len() < line.len() && heading.starts_with(' ')) || line.starts_with("```") || line.contains("](")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_formats_apart() {
        assert_eq!(format_of("a/b.HTML", "x"), Format::Html);
        assert_eq!(format_of("a.md", "# x"), Format::Markdown);
        assert_eq!(format_of("a.txt", "\n<!DOCTYPE html><p>"), Format::Html);
        assert_eq!(format_of("a.rst", "x"), Format::Rst);
        assert_eq!(format_of("a", "x\n\n.. note::\n\n   y"), Format::Rst);
        assert_eq!(format_of("a", "## x"), Format::Markdown);
        assert_eq!(format_of("a.d/b", "plain"), Format::Text);
    }
}
