//! Lines, and parts of lines, with their places.

use unicode_width::UnicodeWidthChar;

/// A line or the part of one that belongs to a block; its end is trimmed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slice<'a> {
    /// Where it begins in the source.
    pub(super) start: usize,
    pub(super) text: &'a str,
}

impl<'a> Slice<'a> {
    pub(super) fn is_blank(self) -> bool {
        self.text.is_empty()
    }

    /// How many columns it is indented by.
    pub(super) fn indent(self) -> usize {
        self.text.len() - self.text.trim_start_matches([' ', '\t']).len()
    }

    pub(super) fn end(self) -> usize {
        self.start + self.text.len()
    }

    /// The line from a byte on.
    pub(super) fn from(self, at: usize) -> Self {
        let at = self.text.ceil_char_boundary(at.min(self.text.len()));
        Self { start: self.start + at, text: self.text.get(at..).unwrap_or("") }
    }

    /// The part between two display columns, trimmed at its end; wide characters take two columns.
    pub(super) fn columns(self, from: usize, to: usize) -> Self {
        let (from, to) = if self.text.is_ascii() {
            (from.min(self.text.len()), to.min(self.text.len()))
        } else {
            (self.byte_of(from), self.byte_of(to))
        };
        Self { start: self.start + from, text: self.text.get(from..to.max(from)).unwrap_or("").trim_end() }
    }

    fn byte_of(self, column: usize) -> usize {
        let mut at = 0;
        for (byte, c) in self.text.char_indices() {
            if at >= column {
                return byte;
            }
            at += c.width().unwrap_or(0);
        }
        self.text.len()
    }
}

/// The lines of a source.
pub(super) fn of_source(source: &str) -> Vec<Slice<'_>> {
    let mut start = 0;
    source
        .split_inclusive('\n')
        .map(|line| {
            let slice = Slice { start, text: line.trim_end() };
            start += line.len();
            slice
        })
        .collect()
}

/// The lines with their common indent taken off.
pub(super) fn dedent<'a>(lines: &[Slice<'a>]) -> Vec<Slice<'a>> {
    let indent = lines.iter().filter(|line| !line.is_blank()).map(|line| line.indent()).min().unwrap_or(0);
    lines.iter().map(|line| line.from(indent)).collect()
}
