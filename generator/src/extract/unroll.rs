//! Sections written as lists: `- Parameter description` with a table in the item reads like a title with a table.

use std::borrow::Cow;

use super::provider::Provider;
use super::request;
use super::vocabulary::SectionKind;
use crate::page::{Block, ListItem};

/// How deep lists are opened.
const DEPTH: usize = 6;

/// The blocks, with what list items hold set at the page's own level where the items are titles of tables and samples.
pub(crate) fn unroll<'d, 'a>(blocks: Cow<'d, [Block<'a>]>, provider: &Provider) -> Cow<'d, [Block<'a>]> {
    if !blocks.iter().any(|block| matches!(block, Block::List { .. })) {
        return blocks;
    }
    let mut out = Vec::with_capacity(blocks.len());
    let mut opened = false;
    let mut kind = SectionKind::Opening;
    for block in blocks.iter() {
        if let Block::Heading { text, .. } = block {
            kind =
                provider.vocabulary.section(text.content.trim_end_matches([':', '：'])).unwrap_or(SectionKind::Other);
        }
        match block {
            Block::List { items, .. } if is_part(kind) && is_outline(items, provider, 0) => {
                open(items, provider, 0, &mut out);
                opened = true;
            }
            other => out.push(other.clone()),
        }
    }
    if opened { Cow::Owned(out) } else { blocks }
}

/// Whether lists of such a section may be its outline.
fn is_part(kind: SectionKind) -> bool {
    use SectionKind as Kind;
    !matches!(
        kind,
        Kind::Opening
            | Kind::Description
            | Kind::Constraints
            | Kind::Authorization
            | Kind::Debugging
            | Kind::Statuses
            | Kind::History
            | Kind::Feedback
            | Kind::Other
    )
}

fn is_outline(items: &[ListItem<'_>], provider: &Provider, depth: usize) -> bool {
    items.iter().flat_map(|item| &item.blocks).any(|block| match block {
        Block::Table(_) | Block::Code { .. } => true,
        Block::Paragraph(text) => {
            provider.vocabulary.section(text.content.trim_end_matches([':', '：'])).is_some()
                || request::line_of(block, provider).is_some()
        }
        Block::List { items, .. } => depth < DEPTH && is_outline(items, provider, depth + 1),
        _ => false,
    })
}

fn open<'a>(items: &[ListItem<'a>], provider: &Provider, depth: usize, out: &mut Vec<Block<'a>>) {
    for block in items.iter().flat_map(|item| &item.blocks) {
        match block {
            Block::List { items, .. } if depth < DEPTH && is_outline(items, provider, depth + 1) => {
                open(items, provider, depth + 1, out);
            }
            other => out.push(other.clone()),
        }
    }
}
