//! A page cut into sections by the titles the vocabulary knows.

use super::vocabulary::{SectionKind, Vocabulary};
use crate::page::{Block, Span};

/// A title and what stands below it.
#[derive(Clone, Debug)]
pub(crate) struct Section<'d, 'a> {
    pub(crate) kind: SectionKind,
    pub(crate) title: &'d str,
    pub(crate) span: Span,
    /// The section that this one is part of, for titles such as `Example` in `Request`.
    pub(crate) within: SectionKind,
    /// The blocks and their numbers on the page.
    pub(crate) blocks: Vec<(usize, &'d Block<'a>)>,
}

/// Cuts the blocks; the first section is what stands before any known title.
pub(crate) fn split<'d, 'a>(blocks: &'d [Block<'a>], vocabulary: &Vocabulary) -> Vec<Section<'d, 'a>> {
    let opening = Section {
        kind: SectionKind::Opening,
        title: "",
        span: Span::default(),
        within: SectionKind::Opening,
        blocks: Vec::new(),
    };
    let mut sections = vec![opening];
    let mut level = 0;
    for (at, block) in blocks.iter().enumerate() {
        let (text, depth) = match block {
            Block::Heading { level, text, .. } => (text, *level),
            Block::Paragraph(text) => (text, 0),
            _ => {
                push(&mut sections, at, block);
                continue;
            }
        };
        let known = if depth > 0 {
            vocabulary.section(text.content.trim_end_matches([':', '：']))
        } else {
            vocabulary.section(&text.content).filter(|_| !text.content.starts_with(char::is_lowercase))
        };
        let unknown_title = depth > 1 && depth <= level;
        let kind = match known {
            Some(kind) => kind,
            None if unknown_title => SectionKind::Other,
            None => {
                push(&mut sections, at, block);
                continue;
            }
        };
        let within = sections.last().map_or(SectionKind::Opening, |section| {
            if depth > level && level > 0 { section.kind } else { section.within }
        });
        if depth > 0 {
            level = depth;
        }
        sections.push(Section { kind, title: text.content.as_ref(), span: text.span, within, blocks: Vec::new() });
    }
    sections
}

fn push<'d, 'a>(sections: &mut [Section<'d, 'a>], at: usize, block: &'d Block<'a>) {
    if let Some(section) = sections.last_mut() {
        section.blocks.push((at, block));
    }
}

/// The place of a block.
pub(crate) fn span_of(block: &Block<'_>) -> Span {
    match block {
        Block::Heading { text, .. } | Block::Paragraph(text) => text.span,
        Block::List { items, .. } => items.iter().map(|item| item.span).reduce(Span::to).unwrap_or_default(),
        Block::Table(table) => table.span,
        Block::Code { span, .. } => *span,
        Block::Note(inner) => inner.iter().map(span_of).reduce(Span::to).unwrap_or_default(),
    }
}
