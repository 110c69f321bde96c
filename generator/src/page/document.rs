//! What every reader makes of a page: headings, paragraphs, lists, tables and code, each with its place.

use std::borrow::Cow;
use std::ops::Range;

/// A byte range of a page's source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span over a range of byte offsets; offsets past `u32::MAX` are cut to it.
    #[must_use]
    pub fn new(range: Range<usize>) -> Self {
        let cut = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: cut(range.start), end: cut(range.end) }
    }

    /// The span as a range for slicing the source.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest span over both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// The format a page was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// HTML of any generation.
    Html,
    /// Markdown, with or without HTML inside.
    Markdown,
    /// reStructuredText.
    Rst,
    /// Text that an extractor saved from a rendered page.
    Text,
}

/// A page, read: its blocks in order, each with its place in the source.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    /// The page's path as the user gave it, with `/` between folders.
    pub path: String,
    /// The whole source text (UTF-8).
    pub source: &'a str,
    /// What it was read as.
    pub format: Format,
    /// The page's blocks in reading order.
    pub blocks: Vec<Block<'a>>,
}

/// One block of a page.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Block<'a> {
    /// A title, `level` 1 being the page's own.
    Heading {
        /// 1 to 6.
        level: u8,
        /// Its words.
        text: Text<'a>,
        /// Names that links may use for this place (without `#`).
        anchors: Vec<Cow<'a, str>>,
    },
    /// Running text. In saved text, one line or a run of lines that the reader knows to belong together.
    Paragraph(Text<'a>),
    /// A list, bulleted or numbered.
    List {
        /// Whether its items are numbered.
        ordered: bool,
        /// Its items.
        items: Vec<ListItem<'a>>,
    },
    /// A table.
    Table(Table<'a>),
    /// Preformatted text: a sample, a request line.
    Code {
        /// The language the page names, if any.
        language: Option<Cow<'a, str>>,
        /// The text as it stands, entities decoded.
        text: Cow<'a, str>,
        /// Its place.
        span: Span,
    },
    /// A note, warning or the like, set apart by the page.
    Note(Vec<Block<'a>>),
}

/// One item of a list.
#[derive(Clone, Debug)]
pub struct ListItem<'a> {
    /// What the item holds.
    pub blocks: Vec<Block<'a>>,
    /// Its place, bullet included.
    pub span: Span,
}

/// A table: its header row, if the format marks one, and its rows.
#[derive(Clone, Debug, Default)]
pub struct Table<'a> {
    /// The caption, where the page has one.
    pub caption: Option<Text<'a>>,
    /// Names that links may use for this table (without `#`).
    pub anchors: Vec<Cow<'a, str>>,
    /// The header cells; empty where the format marks none.
    pub header: Vec<Cell<'a>>,
    /// The other rows.
    pub rows: Vec<Row<'a>>,
    /// Its place.
    pub span: Span,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// Its cells, in order; a cell that spans rows or columns stands once in each.
    pub cells: Vec<Cell<'a>>,
    /// Its place.
    pub span: Span,
}

/// A cell of a table.
#[derive(Clone, Debug, Default)]
pub struct Cell<'a> {
    /// What the cell holds.
    pub blocks: Vec<Block<'a>>,
    /// Its place.
    pub span: Span,
}

/// Inline text: its words with white space collapsed, and what was marked in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text<'a> {
    /// The words.
    pub content: Cow<'a, str>,
    /// Its place.
    pub span: Span,
    /// Links in it.
    pub links: Vec<Link<'a>>,
    /// Byte ranges of `content` set in code type.
    pub code: Vec<Range<usize>>,
    /// Byte ranges of `content` set in bold type.
    pub strong: Vec<Range<usize>>,
}

/// A link in inline text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link<'a> {
    /// Which bytes of the text's `content` it covers.
    pub range: Range<usize>,
    /// Where it leads, as written.
    pub target: Cow<'a, str>,
}

/// A place for people: line and column, both from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// The line.
    pub line: u32,
    /// The column, in characters.
    pub column: u32,
}
