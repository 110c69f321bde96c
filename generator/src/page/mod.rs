//! Readers: one a page format, all of them to one [`Document`].

mod document;
mod html;
mod inline;

pub use document::{Block, Cell, Document, Format, Line, Link, ListItem, Row, Span, Table, Text};
