//! Lines and columns of byte offsets.

use super::{Line, Span};

/// Where the lines of a page begin; built once a page.
#[derive(Clone, Debug)]
pub struct LineIndex<'a> {
    source: &'a str,
    starts: Vec<u32>,
}

impl<'a> LineIndex<'a> {
    /// Finds the lines of a source; `\n` ends a line, as does a `\r` that no `\n` follows.
    #[must_use]
    pub fn new(source: &'a str) -> Self {
        let bytes = source.as_bytes();
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes)
            .filter(|at| bytes.get(*at) == Some(&b'\n') || bytes.get(at + 1) != Some(&b'\n'));
        let starts = std::iter::once(0).chain(ends.filter_map(|at| u32::try_from(at + 1).ok())).collect();
        Self { source, starts }
    }

    /// The place of a byte; one inside a character counts as that character, one past the end as the end.
    #[must_use]
    pub fn line(&self, byte: u32) -> Line {
        let number = self.starts.partition_point(|start| *start <= byte);
        let start = number.checked_sub(1).and_then(|at| self.starts.get(at)).map_or(0, |start| *start as usize);
        let end = self.source.floor_char_boundary((byte as usize).min(self.source.len()));
        let column = self.source.get(start..end).map_or(0, |text| text.chars().count()) + 1;
        let cut = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Line { line: cut(number), column: cut(column) }
    }

    /// The places of bytes in ascending order, each character of a line looked at once however many stand on it.
    pub(crate) fn ascending(&self, bytes: &[u32]) -> Vec<Line> {
        let mut places: Vec<Line> = Vec::with_capacity(bytes.len());
        let mut before: Option<(usize, usize)> = None;
        for byte in bytes {
            let number = self.starts.partition_point(|start| start <= byte);
            let place = match (before, places.last()) {
                (Some((known, at)), Some(last)) if known == number => {
                    let end = self.source.floor_char_boundary((*byte as usize).min(self.source.len()));
                    let more = self.source.get(at..end).map_or(0, |text| text.chars().count());
                    before = Some((number, end.max(at)));
                    Line {
                        line: last.line,
                        column: last.column.saturating_add(u32::try_from(more).unwrap_or(u32::MAX)),
                    }
                }
                _ => {
                    before = Some((number, self.source.floor_char_boundary((*byte as usize).min(self.source.len()))));
                    self.line(*byte)
                }
            };
            places.push(place);
        }
        places
    }

    /// The places of a span's first byte and of the byte past its last.
    #[must_use]
    pub fn lines(&self, span: Span) -> (Line, Line) {
        (self.line(span.start), self.line(span.end))
    }

    /// The text of a line (from 1), without its end.
    #[must_use]
    pub fn text(&self, line: u32) -> Option<&'a str> {
        self.source.get(self.span(line)?.range())
    }

    /// The bytes of a line (from 1), without its end.
    #[must_use]
    pub fn span(&self, line: u32) -> Option<Span> {
        let at = (line as usize).checked_sub(1)?;
        let start = *self.starts.get(at)? as usize;
        let end = self.starts.get(at + 1).map_or(self.source.len(), |end| *end as usize);
        let text = self.source.get(start..end)?.trim_end_matches(['\n', '\r']);
        Some(Span::new(start..start + text.len()))
    }

    /// The byte at a place; past a line's last character the line's end, past the last line the source's end.
    #[must_use]
    pub fn byte(&self, place: Line) -> u32 {
        let Some(line) = self.span(place.line) else { return Span::new(0..self.source.len()).end };
        let before = (place.column as usize).saturating_sub(1);
        let text = self.source.get(line.range()).unwrap_or_default();
        let offset = text.char_indices().nth(before).map_or(text.len(), |(at, _)| at);
        Span::new(0..line.start as usize + offset).end
    }

    /// How many lines there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.starts.len()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn many_places_are_those_that_each_has_alone() {
        let source = "aü\nb中c\r\nd\re";
        let lines = LineIndex::new(source);
        let bytes: Vec<u32> = (0..=u32::try_from(source.len()).unwrap() + 2).flat_map(|at| [at, at]).collect();
        assert_eq!(lines.ascending(&bytes), bytes.iter().map(|at| lines.line(*at)).collect::<Vec<_>>());
    }

    use super::*;

    #[test]
    fn counts_characters_and_all_line_ends() {
        let index = LineIndex::new("实例\r\nb\rc\n");
        assert_eq!(index.line(0), Line { line: 1, column: 1 });
        assert_eq!(index.line(3), Line { line: 1, column: 2 });
        assert_eq!(index.line(4), Line { line: 1, column: 2 });
        assert_eq!(index.line(8), Line { line: 2, column: 1 });
        assert_eq!(index.line(10), Line { line: 3, column: 1 });
        assert_eq!(index.line(999), Line { line: 4, column: 1 });
        assert_eq!(index.text(1), Some("实例"));
        assert_eq!(index.text(3), Some("c"));
        assert_eq!(index.text(9), None);
        assert_eq!(index.count(), 4);
        for byte in [0, 3, 8, 10] {
            assert_eq!(index.byte(index.line(byte)), byte);
        }
        assert_eq!(index.byte(Line { line: 9, column: 9 }), 12);
    }
}
