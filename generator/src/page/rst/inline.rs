//! Inline markup: emphasis, literals, roles, references, escapes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::lines::Slice;
use crate::page::Text;
use crate::page::inline::{Mark, TextBuilder};

/// Roles whose text is set in code type.
const CODE_ROLES: &[&str] = &["literal", "code", "samp", "file", "command", "option", "envvar", "kbd", "program"];
/// Roles that link to a place.
const LINK_ROLES: &[&str] = &["ref", "doc", "any", "numref", "term", "download", "link"];

/// Reads the inline text of lines.
pub(super) fn text<'a>(source: &'a str, substitutes: &Substitutes<'a>, lines: &[Slice<'a>]) -> Option<Text<'a>> {
    let (joined, out) = (Joined::new(lines), TextBuilder::new(source));
    let mut parser = Parser { joined, out, substitutes, at: 0, missing: [false; 3] };
    parser.run();
    parser.out.finish()
}

/// What the page says stands for `|name|`.
pub(super) type Substitutes<'a> = BTreeMap<&'a str, &'a str>;

/// Finds the page's substitutions: `.. |name| replace:: text`.
pub(super) fn substitutes(source: &str) -> Substitutes<'_> {
    let definition = |line: &'_ str| -> Option<(usize, usize)> {
        let (name, rest) = line.trim_start().strip_prefix(".. |")?.split_once("| ")?;
        Some((name.len(), rest.trim_start().strip_prefix("replace::")?.trim().len()))
    };
    let lines = source.lines().filter(|line| line.contains("replace::"));
    let found = lines.filter_map(|line| {
        let (name, text) = definition(line)?;
        let (line, lead) = (line.trim(), ".. |".len());
        Some((line.get(lead..lead + name)?, line.get(line.len() - text..)?))
    });
    found.collect()
}

/// Lines as one text, each of its bytes with its place.
struct Joined<'a> {
    text: Cow<'a, str>,
    /// Where each line begins in the text and in the source.
    starts: Vec<(usize, usize)>,
}

impl<'a> Joined<'a> {
    fn new(lines: &[Slice<'a>]) -> Self {
        let mut text = Cow::Borrowed("");
        let mut starts = Vec::with_capacity(lines.len());
        for line in lines {
            if text.is_empty() {
                starts.push((0, line.start));
                text = Cow::Borrowed(line.text);
            } else {
                text.to_mut().push('\n');
                starts.push((text.len(), line.start));
                text.to_mut().push_str(line.text);
            }
        }
        Self { text, starts }
    }

    /// Gives the source ranges of a range of the text, one a line.
    fn ranges(&self, range: Range<usize>, mut each: impl FnMut(Range<usize>)) {
        let first = self.starts.partition_point(|(at, _)| *at <= range.start).saturating_sub(1);
        for (index, (at, source)) in self.starts.iter().enumerate().skip(first) {
            let next = self.starts.get(index + 1).map_or(self.text.len(), |(next, _)| next.saturating_sub(1));
            let (from, to) = (range.start.max(*at), range.end.min(next));
            if from < to {
                each(source + from - at..source + to - at);
            }
            if range.end <= next {
                return;
            }
        }
    }
}

struct Parser<'a, 's> {
    joined: Joined<'a>,
    substitutes: &'s Substitutes<'a>,
    out: TextBuilder<'a>,
    /// Where plain text not yet pushed begins.
    at: usize,
    /// Which end marks don't occur any more: double backtick, double star, star.
    missing: [bool; 3],
}

impl<'a> Parser<'a, '_> {
    fn run(&mut self) {
        let mut here = 0;
        while let Some(found) = self.rest(here).find(['\\', '*', '`', ':', '|']) {
            let at = here + found;
            here = match self.rest(at).as_bytes() {
                [b'\\', ..] => self.escape(at),
                [b'`', b'`', ..] => self.marked(at, "``", 0, Some(Mark::Code)),
                [b'*', b'*', ..] => self.marked(at, "**", 1, Some(Mark::Strong)),
                [b'*', ..] => self.marked(at, "*", 2, None),
                [b'`', ..] => self.interpreted(at, at, ""),
                [b'|', ..] => self.substituted(at),
                _ => self.role(at),
            };
        }
        self.plain(self.joined.text.len());
    }

    fn rest(&self, at: usize) -> &str {
        self.joined.text.get(at..).unwrap_or("")
    }

    /// Pushes the plain text up to a place.
    fn plain(&mut self, to: usize) {
        let from = std::mem::replace(&mut self.at, to);
        self.push(from..to);
    }

    fn push(&mut self, range: Range<usize>) {
        let out = &mut self.out;
        let mut first = true;
        self.joined.ranges(range.clone(), |part| {
            if !first {
                out.space();
            }
            first = false;
            out.push_source(part);
        });
        if self.joined.text.get(range).is_some_and(|text| text.ends_with('\n')) {
            self.out.space();
        }
    }

    /// `\x` is `x`; `\` before white space is nothing.
    fn escape(&mut self, at: usize) -> usize {
        self.plain(at);
        let next = self.rest(at + 1).chars().next();
        let after = at + 1 + next.map_or(0, char::len_utf8);
        self.at = if next.is_some_and(char::is_whitespace) { after } else { at + 1 };
        after
    }

    /// Whether markup may begin here: after white space, an opening sign or an escape.
    fn may_begin(&self, at: usize) -> bool {
        let before = self.joined.text.get(..at).and_then(|text| text.chars().next_back());
        before.is_none_or(|c| !c.is_alphanumeric()) || self.at == at
    }

    /// `|name|` is what the page says it stands for; any other pipe is a pipe.
    fn substituted(&mut self, at: usize) -> usize {
        let rest = self.rest(at + 1);
        let name = rest.get(..rest.floor_char_boundary(64)).and_then(|rest| rest.split_once('|')).map(|(name, _)| name);
        let Some((length, text)) = name.and_then(|name| Some((name.len(), *self.substitutes.get(name)?))) else {
            return at + 1;
        };
        self.plain(at);
        let after = at + length + 2;
        let mut place = None;
        self.joined.ranges(at..after, |range| place = place.take().or(Some(range)));
        if let Some(place) = place {
            self.out.push_decoded(text, place);
        }
        self.at = after;
        after
    }

    fn marked(&mut self, at: usize, sign: &str, kind: usize, mark: Option<Mark<'a>>) -> usize {
        let inner = at + sign.len();
        let opens = self.may_begin(at) && self.rest(inner).starts_with(|c: char| !c.is_whitespace());
        let absent = self.missing.get(kind).copied().unwrap_or(true);
        if !opens || absent {
            return inner;
        }
        let Some(length) = self.rest(inner).find(sign) else {
            if let Some(missing) = self.missing.get_mut(kind) {
                *missing = true;
            }
            return inner;
        };
        let end = inner + length;
        if length == 0 || self.joined.text.get(..end).is_some_and(|text| text.ends_with(char::is_whitespace)) {
            return inner;
        }
        self.plain(at);
        match mark {
            Some(mark) => {
                self.out.open(mark);
                self.push(inner..end);
                self.out.close();
            }
            None => self.push(inner..end),
        }
        self.at = end + sign.len();
        self.at
    }

    /// `:name:` and a backtick begin a role.
    fn role(&mut self, at: usize) -> usize {
        let rest = self.rest(at + 1);
        let length = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || b"-_+.:".contains(b)).take(64).count();
        let name = rest.get(..length).and_then(|name| name.strip_suffix(':')).unwrap_or("").to_owned();
        if name.is_empty() || !rest.get(length..).is_some_and(|rest| rest.starts_with('`')) {
            return at + 1;
        }
        self.interpreted(at, at + 1 + length, &name)
    }

    /// Text in backticks: `text`, `text <target>`, with a role before or an underscore behind.
    fn interpreted(&mut self, at: usize, tick: usize, role: &str) -> usize {
        let Some(length) = self.rest(tick + 1).find('`').filter(|length| *length > 0) else { return tick + 1 };
        let inner = tick + 1..tick + 1 + length;
        let mut after = inner.end + 1;
        let underscores = self.rest(after).bytes().take_while(|b| *b == b'_').take(2).count();
        after += underscores;
        let content = self.joined.text.get(inner.clone()).unwrap_or("").to_owned();
        let role = role.rsplit(':').next().unwrap_or(role);
        let (words, target) = match content.strip_suffix('>').and_then(|content| content.rfind('<')) {
            Some(angle) => (inner.start..inner.start + angle, content.get(angle + 1..content.len() - 1).unwrap_or("")),
            None => (inner.clone(), content.as_str()),
        };
        let mark = if LINK_ROLES.contains(&role) {
            Some(Mark::Link(Cow::Owned(target.trim().to_lowercase())))
        } else if role.is_empty() && underscores > 0 {
            let target = if words == inner { target.to_lowercase() } else { target.to_owned() };
            Some(Mark::Link(Cow::Owned(target.trim().to_owned())))
        } else if CODE_ROLES.contains(&role) {
            Some(Mark::Code)
        } else {
            None
        };
        self.plain(at);
        let length = self.joined.text.get(words.clone()).map_or(0, |text| text.trim_end().len());
        let words = if length == 0 { inner } else { words.start..words.start + length };
        let open = mark.is_some();
        if let Some(mark) = mark {
            self.out.open(mark);
        }
        self.push(words);
        if open {
            self.out.close();
        }
        self.at = after;
        after
    }
}
