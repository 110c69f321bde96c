//! Pages as lines, each different line once, with places as a browser counts them.

use std::collections::HashMap;

use crate::page::{Line, LineIndex};

/// Texts by number, each once, in the order in which they first came.
#[derive(Debug, Default)]
pub(super) struct Texts {
    numbers: HashMap<String, usize>,
    texts: Vec<String>,
}

impl Texts {
    /// The number of a text.
    pub(super) fn number(&mut self, text: &str) -> usize {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.texts.len();
        self.numbers.insert(text.to_owned(), number);
        self.texts.push(text.to_owned());
        number
    }

    /// The texts, in the order of their numbers.
    pub(super) fn into_texts(self) -> Vec<String> {
        self.texts
    }
}

/// From a place to another on a page: lines from 1, columns from 0 in UTF-16 units, which is how a browser counts.
pub(super) type Range = [u32; 4];

/// Finds places on a page.
pub(super) struct Places<'a> {
    lines: LineIndex<'a>,
    /// Of each line, whether its characters are all one UTF-16 unit each.
    narrow: Vec<bool>,
}

impl<'a> Places<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        let lines = LineIndex::new(source);
        let narrow = |line: &str| line.chars().all(|character| character.len_utf16() == 1);
        let narrow = Self::texts(&lines).map(narrow).collect();
        Self { lines, narrow }
    }

    /// The lines of the page, by their numbers among `texts`.
    pub(super) fn numbers(&self, texts: &mut Texts) -> Vec<usize> {
        Self::texts(&self.lines).map(|line| texts.number(line)).collect()
    }

    /// The place between two others; both ends are the same where it is no place in particular.
    pub(super) fn range(&self, start: Line, end: Line) -> Range {
        [start.line, self.column(start), end.line, self.column(end)]
    }

    fn texts(lines: &LineIndex<'a>) -> impl Iterator<Item = &'a str> {
        (1..=u32::try_from(lines.count()).unwrap_or(u32::MAX)).map_while(|number| lines.text(number))
    }

    fn column(&self, place: Line) -> u32 {
        let before = place.column.saturating_sub(1);
        let at = (place.line as usize).saturating_sub(1);
        if self.narrow.get(at).copied().unwrap_or(true) {
            return before;
        }
        let text = self.lines.text(place.line).unwrap_or_default();
        let units = text.chars().take(before as usize).map(char::len_utf16).sum::<usize>();
        u32::try_from(units).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::{Places, Texts};
    use crate::page::Line;

    #[test]
    fn columns_are_a_browsers() {
        let places = Places::new("实例 a\r\n😀 b\n");
        let at = |line, column| Line { line, column };
        assert_eq!(places.range(at(1, 4), at(1, 5)), [1, 3, 1, 4]);
        assert_eq!(places.range(at(2, 1), at(2, 3)), [2, 0, 2, 3]);
    }

    #[test]
    fn a_line_is_held_once() {
        let mut texts = Texts::default();
        let places = Places::new("a\nb\na");
        assert_eq!(places.numbers(&mut texts), [0, 1, 0]);
        assert_eq!(texts.into_texts(), ["a", "b"]);
    }
}
