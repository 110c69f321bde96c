//! Lines and columns of a text, from byte offsets and back.

use crate::page::{Line, Span};

/// Where the lines of a text begin.
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Finds the lines of a text.
    pub fn new(text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    /// Line and column of a byte offset; an offset past the end is the end.
    pub fn at(&self, offset: usize) -> Line {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let index = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let column = self.text[self.starts[index]..offset].chars().count() + 1;
        let cut = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Line { line: cut(index + 1), column: cut(column) }
    }

    /// The byte offset of a line and column; past a line's end, its end.
    pub fn offset(&self, place: Line) -> usize {
        let index = (place.line as usize).saturating_sub(1);
        let Some(start) = self.starts.get(index).copied() else { return self.text.len() };
        let end = self.starts.get(index + 1).map_or(self.text.len(), |next| next - 1);
        let column = (place.column as usize).saturating_sub(1);
        self.text[start..end].char_indices().nth(column).map_or(end, |(at, _)| start + at)
    }

    /// The bytes of a line, its end of line left out.
    pub fn line(&self, index: usize) -> Option<Span> {
        let start = *self.starts.get(index)?;
        let end = self.starts.get(index + 1).map_or(self.text.len(), |next| next - 1);
        Some(Span::new(start..end))
    }

    /// How many lines there are.
    pub fn count(&self) -> usize {
        self.starts.len()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Lines;

    proptest! {
        #[test]
        fn there_and_back(text in "[a-zü中\n]{0,40}") {
            let lines = Lines::new(&text);
            for (offset, _) in text.char_indices() {
                prop_assert_eq!(lines.offset(lines.at(offset)), offset);
            }
        }
    }
}
