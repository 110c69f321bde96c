//! Readers: one a page format, all of them to one [`Document`].

mod document;
mod html;
mod inline;
mod text;
mod text_code;
mod text_table;

pub use document::{Block, Cell, Document, Format, Line, Link, ListItem, Row, Span, Table, Text};
pub use text::read_text;
