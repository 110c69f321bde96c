//! Readers: one a page format, all of them to one [`Document`].

mod decode;
mod document;
mod heads;
mod html;
mod inline;
mod lines;
mod markdown;
mod owned;
mod read;
mod repeat;
mod rst;
mod text;
mod text_code;
mod text_table;
#[cfg(test)]
mod text_tests;

pub use decode::{MAX_PAGE_BYTES, decode, decode_within};
pub use document::{Block, Cell, Document, Format, Line, Link, ListItem, Row, Span, Table, Text};
pub use lines::LineIndex;
pub use read::{format_of, read};
pub use text::read_text;
