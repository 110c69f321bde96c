//! Tables that outlive the text of their page.

use std::borrow::Cow;

use super::{Block, Cell, Link, ListItem, Row, Table, Text};

impl Table<'_> {
    /// The table with all its words of its own.
    pub(crate) fn to_owned_words(&self) -> Table<'static> {
        Table {
            caption: self.caption.as_ref().map(text),
            anchors: self.anchors.iter().map(|name| words(name)).collect(),
            header: self.header.iter().map(cell).collect(),
            rows: self
                .rows
                .iter()
                .map(|row| Row { cells: row.cells.iter().map(cell).collect(), span: row.span })
                .collect(),
            span: self.span,
        }
    }
}

fn words(words: &str) -> Cow<'static, str> {
    Cow::Owned(words.to_owned())
}

fn cell(cell: &Cell<'_>) -> Cell<'static> {
    Cell { blocks: cell.blocks.iter().map(block).collect(), span: cell.span }
}

fn block(from: &Block<'_>) -> Block<'static> {
    match from {
        Block::Heading { level, text: title, anchors } => Block::Heading {
            level: *level,
            text: text(title),
            anchors: anchors.iter().map(|name| words(name)).collect(),
        },
        Block::Paragraph(paragraph) => Block::Paragraph(text(paragraph)),
        Block::List { ordered, items } => Block::List {
            ordered: *ordered,
            items: items
                .iter()
                .map(|item| ListItem { blocks: item.blocks.iter().map(block).collect(), span: item.span })
                .collect(),
        },
        Block::Table(table) => Block::Table(table.to_owned_words()),
        Block::Code { language, text, span } => {
            Block::Code { language: language.as_deref().map(words), text: words(text), span: *span }
        }
        Block::Note(blocks) => Block::Note(blocks.iter().map(block).collect()),
    }
}

fn text(text: &Text<'_>) -> Text<'static> {
    let link = |link: &Link<'_>| Link { range: link.range.clone(), target: words(&link.target) };
    Text {
        content: words(&text.content),
        span: text.span,
        links: text.links.iter().map(link).collect(),
        code: text.code.clone(),
        strong: text.strong.clone(),
    }
}
