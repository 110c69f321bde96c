//! Builds inline text: collapses white space and borrows from the page while the words stand there as they are.

use std::borrow::Cow;
use std::ops::Range;

use super::{Link, Span, Text};

/// What a range of inline text is marked as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mark<'a> {
    /// Code type.
    Code,
    /// Bold type.
    Strong,
    /// A link to a target.
    Link(Cow<'a, str>),
}

/// Collects words, marks and the place of one run of inline text.
pub(super) struct TextBuilder<'a> {
    source: &'a str,
    content: Cow<'a, str>,
    /// Where the borrowed content ends in the source; meaningless once the content is owned.
    borrowed_end: usize,
    span: Option<Range<usize>>,
    space: bool,
    /// Open marks with the place of their first word, once there is one.
    open: Vec<(Mark<'a>, Option<usize>)>,
    links: Vec<Link<'a>>,
    code: Vec<Range<usize>>,
    strong: Vec<Range<usize>>,
}

impl<'a> TextBuilder<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self {
            source,
            content: Cow::Borrowed(""),
            borrowed_end: 0,
            span: None,
            space: false,
            open: Vec::new(),
            links: Vec::new(),
            code: Vec::new(),
            strong: Vec::new(),
        }
    }

    /// Adds text that stands in the source at `range` exactly as it reads.
    pub(super) fn push_source(&mut self, range: Range<usize>) {
        let Some(text) = self.source.get(range.clone()) else { return };
        let mut offset = range.start;
        for part in text.split_inclusive(char::is_whitespace) {
            let word = part.trim_end_matches(char::is_whitespace);
            if !word.is_empty() {
                self.word_at(offset..offset + word.len());
            }
            self.space |= word.len() < part.len();
            offset += part.len();
        }
    }

    /// Adds text that reads otherwise than the source at `range` does: decoded entities, resolved escapes.
    pub(super) fn push_decoded(&mut self, text: &str, range: Range<usize>) {
        for part in text.split_inclusive(char::is_whitespace) {
            let word = part.trim_end_matches(char::is_whitespace);
            if !word.is_empty() {
                self.begin_word();
                self.content.to_mut().push_str(word);
                self.cover(range.clone());
            }
            self.space |= word.len() < part.len();
        }
    }

    /// Parts the words before from the words after.
    pub(super) fn space(&mut self) {
        self.space = true;
    }

    /// Begins a marked range.
    pub(super) fn open(&mut self, mark: Mark<'a>) {
        self.open.push((mark, None));
    }

    /// Ends the innermost marked range.
    pub(super) fn close(&mut self) {
        if let Some((mark, Some(start))) = self.open.pop() {
            self.record(mark, start..self.content.len());
        }
    }

    /// Ends the text; marks still open go on in the next text of this builder. `None` if there was no word.
    pub(super) fn finish(&mut self) -> Option<Text<'a>> {
        for index in 0..self.open.len() {
            let Some((mark, start)) = self.open.get_mut(index) else { break };
            if let Some(start) = start.take() {
                let mark = mark.clone();
                self.record(mark, start..self.content.len());
            }
        }
        self.space = false;
        let span = Span::new(self.span.take()?);
        Some(Text {
            content: std::mem::take(&mut self.content),
            span,
            links: std::mem::take(&mut self.links),
            code: std::mem::take(&mut self.code),
            strong: std::mem::take(&mut self.strong),
        })
    }

    fn record(&mut self, mark: Mark<'a>, range: Range<usize>) {
        match mark {
            Mark::Code => self.code.push(range),
            Mark::Strong => self.strong.push(range),
            Mark::Link(target) => self.links.push(Link { range, target }),
        }
    }

    fn word_at(&mut self, range: Range<usize>) {
        let Some(word) = self.source.get(range.clone()) else { return };
        let start = match self.content {
            Cow::Borrowed("") => range.start,
            Cow::Borrowed(content) => {
                let gap = usize::from(self.space);
                let joins = self.borrowed_end + gap == range.start
                    && (gap == 0 || self.source.as_bytes().get(self.borrowed_end) == Some(&b' '));
                if joins { self.borrowed_end - content.len() } else { usize::MAX }
            }
            Cow::Owned(_) => usize::MAX,
        };
        if start == usize::MAX {
            self.begin_word();
            self.content.to_mut().push_str(word);
        } else if let Some(joined) = self.source.get(start..range.end) {
            let place = joined.len() - word.len();
            self.content = Cow::Borrowed(joined);
            self.borrowed_end = range.end;
            self.space = false;
            self.place_marks(place);
        }
        self.cover(range);
    }

    fn begin_word(&mut self) {
        if self.space && !self.content.is_empty() {
            self.content.to_mut().push(' ');
        }
        self.space = false;
        self.place_marks(self.content.len());
    }

    /// Marks opened since the last word begin here; they are the last ones of the stack.
    fn place_marks(&mut self, place: usize) {
        for (_, start) in self.open.iter_mut().rev() {
            if start.is_some() {
                break;
            }
            *start = Some(place);
        }
    }

    fn cover(&mut self, range: Range<usize>) {
        self.span = Some(match self.span.take() {
            Some(span) => span.start.min(range.start)..span.end.max(range.end),
            None => range,
        });
    }
}
