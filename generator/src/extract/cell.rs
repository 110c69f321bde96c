//! What a cell or a section says, as a flat run of pieces, and as Markdown.

use std::borrow::Cow;
use std::ops::Range;

use super::vocabulary::Vocabulary;
use crate::page::{Block, Cell, Span, Text};

/// What a piece of a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PieceKind {
    /// Running text.
    Paragraph,
    /// A list's item, this deep.
    Item(usize),
    /// Preformatted text.
    Code,
}

/// One paragraph, list item or code block of a cell.
#[derive(Clone, Debug)]
pub(crate) struct Piece<'d> {
    pub(crate) kind: PieceKind,
    pub(crate) text: Cow<'d, str>,
    pub(crate) span: Span,
    /// Whether it belongs to a note.
    pub(crate) note: bool,
    /// The word that opens the note, on the note's first piece.
    pub(crate) note_word: Option<String>,
}

/// The pieces of some blocks, notes told from the rest.
pub(crate) fn pieces<'d>(blocks: &'d [Block<'_>], vocabulary: &Vocabulary) -> Vec<Piece<'d>> {
    let mut flat = Vec::new();
    flatten(blocks, 0, false, &mut flat);
    mark_notes(flat, vocabulary)
}

fn flatten<'d>(blocks: &'d [Block<'_>], depth: usize, note: bool, out: &mut Vec<Piece<'d>>) {
    let piece = |kind, text: &'d str, span| Piece { kind, text: Cow::Borrowed(text), span, note, note_word: None };
    for block in blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph(text) => {
                let kind = if depth == 0 { PieceKind::Paragraph } else { PieceKind::Item(depth) };
                out.push(piece(kind, text.content.as_ref(), text.span));
            }
            Block::Code { text, span, .. } => out.push(piece(PieceKind::Code, text.as_ref(), *span)),
            Block::List { items, .. } => {
                for item in items {
                    flatten(&item.blocks, (depth + 1).min(8), note, out);
                }
            }
            Block::Note(inner) => flatten(inner, depth, true, out),
            Block::Table(_) => {}
        }
    }
}

/// A note opens with its word, alone, in front of its text, or at the end of the paragraph before it.
fn mark_notes<'d>(flat: Vec<Piece<'d>>, vocabulary: &Vocabulary) -> Vec<Piece<'d>> {
    let mut out: Vec<Piece<'d>> = Vec::with_capacity(flat.len());
    let mut word: Option<String> = None;
    let mut open = false;
    for mut piece in flat {
        if piece.kind == PieceKind::Paragraph {
            if let Some(found) = vocabulary.note.iter().find(|note| piece.text.trim() == note.as_str()) {
                (word, open) = (Some(found.clone()), true);
                continue;
            }
            if let Some((found, rest)) = note_start(&piece.text, vocabulary) {
                (word, open) = (Some(found), true);
                piece.text = Cow::Owned(rest);
            } else if let Some((before, found)) = note_end(&piece.text, vocabulary) {
                piece.text = Cow::Owned(before);
                out.push(piece);
                (word, open) = (Some(found), true);
                continue;
            }
            let trimmed = piece.text.trim_start_matches([':', '：', ' ']);
            if word.is_some() && trimmed.len() < piece.text.len() {
                piece.text = Cow::Owned(trimmed.to_owned());
            }
        }
        if open || piece.note {
            piece.note = true;
            piece.note_word = word.take();
        }
        out.push(piece);
    }
    out
}

fn note_start(text: &str, vocabulary: &Vocabulary) -> Option<(String, String)> {
    vocabulary.note.iter().find_map(|note| {
        let rest = text.strip_prefix(note.as_str())?;
        let cut = rest.trim_start_matches([':', '：']);
        // `Note that …` is a sentence; `Note You must …` a note whose word lost its line.
        let next = cut.trim_start().chars().next()?;
        let apart =
            cut.len() < rest.len() || (rest.starts_with(' ') && !next.is_lowercase()) || is_run_together(note, rest);
        apart.then(|| (note.clone(), cut.trim_start().to_owned()))
    })
}

/// Whether a note's word lost the space to a name behind it: `说明AutoRenew`.
pub(crate) fn is_run_together(note: &str, rest: &str) -> bool {
    !note.is_ascii() && rest.starts_with(|c: char| c.is_ascii_uppercase())
}

fn note_end(text: &str, vocabulary: &Vocabulary) -> Option<(String, String)> {
    vocabulary.note.iter().find_map(|note| {
        let before = text.strip_suffix(note.as_str())?;
        let cut = before.trim_end();
        let ended = cut.ends_with(['.', '。', ':', '：', ')', '）', ';', '；']);
        (cut.len() < before.len() && ended).then(|| (cut.to_owned(), note.clone()))
    })
}

/// Pieces as Markdown: paragraphs apart, items with dashes, notes quoted.
pub(crate) fn markdown(pieces: &[Piece<'_>]) -> Option<String> {
    let mut out = String::new();
    let mut last: Option<PieceKind> = None;
    let mut last_note = false;
    for piece in pieces.iter().filter(|piece| !piece.text.trim().is_empty()) {
        let note = piece.note;
        let items = matches!((last, piece.kind), (Some(PieceKind::Item(_)), PieceKind::Item(_)));
        if last.is_some() {
            out.push('\n');
            if !(items && note == last_note) {
                out.push_str(if note && last_note { "> \n" } else { "\n" });
            }
        }
        let quote = if note { "> " } else { "" };
        out.push_str(quote);
        if let Some(word) = &piece.note_word {
            out.push_str("**");
            out.push_str(word);
            out.push_str(":** ");
            if matches!(piece.kind, PieceKind::Item(_)) {
                out.truncate(out.trim_end().len());
                out.push_str("\n> \n> ");
            }
        }
        match piece.kind {
            PieceKind::Paragraph => out.push_str(&piece.text),
            PieceKind::Item(depth) => {
                out.push_str(&"  ".repeat(depth.saturating_sub(1)));
                out.push_str("- ");
                out.push_str(&piece.text);
            }
            PieceKind::Code => {
                out.push_str("```\n");
                out.push_str(&quote_lines(&piece.text, quote));
                out.push('\n');
                out.push_str(quote);
                out.push_str("```");
            }
        }
        last = Some(piece.kind);
        last_note = note;
    }
    (!out.is_empty()).then_some(out)
}

fn quote_lines(text: &str, quote: &str) -> String {
    text.lines().map(str::trim_end).collect::<Vec<_>>().join(&format!("\n{quote}"))
}

/// All words of a cell in one line.
pub(crate) fn line(cell: &Cell<'_>) -> String {
    let mut flat = Vec::new();
    flatten(&cell.blocks, 0, false, &mut flat);
    let mut out = String::new();
    for piece in flat {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(piece.text.trim());
    }
    out
}

/// Where the links of a cell lead, in order.
pub(crate) fn links(cell: &Cell<'_>) -> Vec<String> {
    fn collect(blocks: &[Block<'_>], depth: usize, out: &mut Vec<String>) {
        for block in blocks {
            match block {
                Block::Heading { text, .. } | Block::Paragraph(text) => {
                    out.extend(text.links.iter().map(|link| link.target.clone().into_owned()));
                }
                Block::List { items, .. } if depth < 8 => {
                    for item in items {
                        collect(&item.blocks, depth + 1, out);
                    }
                }
                Block::Note(inner) if depth < 8 => collect(inner, depth + 1, out),
                _ => {}
            }
        }
    }
    let mut out = Vec::new();
    collect(&cell.blocks, 0, &mut out);
    out
}

/// All words of a cell, a line each piece; for samples.
pub(crate) fn lines(cell: &Cell<'_>) -> String {
    let mut flat = Vec::new();
    flatten(&cell.blocks, 0, false, &mut flat);
    flat.iter().map(|piece| piece.text.trim()).collect::<Vec<_>>().join("\n")
}

/// A part of a text, its place narrowed where the words stand in the source as they are.
pub(crate) fn part<'a>(text: &Text<'a>, range: Range<usize>) -> Text<'a> {
    let whole = text.span.range();
    let verbatim = whole.len() == text.content.len();
    let content = match &text.content {
        Cow::Borrowed(words) => Cow::Borrowed(words.get(range.clone()).unwrap_or_default()),
        Cow::Owned(words) => Cow::Owned(words.get(range.clone()).unwrap_or_default().to_owned()),
    };
    let span = if verbatim { Span::new(whole.start + range.start..whole.start + range.end) } else { text.span };
    Text { content, span, ..Text::default() }
}

/// Where a fragment stands in the source, within `span`; all of `span` where it does not stand there as it is.
pub(crate) fn locate(source: &str, span: Span, fragment: &str) -> Span {
    let found = source.get(span.range()).and_then(|text| if fragment.is_empty() { None } else { text.find(fragment) });
    found.map_or(span, |at| {
        let start = span.start as usize + at;
        Span::new(start..start + fragment.len())
    })
}
