//! Blocks: sections, paragraphs, directives, literal blocks.

use std::borrow::Cow;
use std::cell::RefCell;

use super::lines::{Slice, dedent};
use super::{csv, inline, list, table};
use crate::page::repeat::Repeats;
use crate::page::{Block, Span, Text};

/// How deep blocks may nest; what is deeper is read as paragraphs.
const MAX_DEPTH: usize = 48;
/// Directives whose body is set apart.
const NOTES: &[&str] = &[
    "note",
    "important",
    "warning",
    "caution",
    "danger",
    "tip",
    "hint",
    "attention",
    "error",
    "admonition",
    "seealso",
];
/// Directives whose body is code.
const CODES: &[&str] = &["code-block", "code", "sourcecode", "parsed-literal", "highlight", "literalinclude", "math"];
/// Directives that hold nothing to read.
const SILENT: &[&str] =
    &["toctree", "image", "contents", "index", "meta", "raw", "include", "only", "role", "default-role", "sectnum"];

/// Reads blocks of one page.
pub(super) struct Reader<'a> {
    pub(super) source: &'a str,
    pub(super) repeats: Repeats,
    /// The styles of section titles in the order met: the sign, and whether there is a line above too.
    styles: RefCell<Vec<(char, bool)>>,
    substitutes: inline::Substitutes<'a>,
}

/// How many of the lines are indented or blank, trailing blank lines left out.
pub(super) fn indented(lines: &[Slice<'_>]) -> usize {
    let end = lines.iter().position(|line| !line.is_blank() && line.indent() == 0).unwrap_or(lines.len());
    lines.get(..end).and_then(|lines| lines.iter().rposition(|line| !line.is_blank())).map_or(0, |last| last + 1)
}

/// The sign of a line that is made of one punctuation sign only.
fn adornment(text: &str) -> Option<char> {
    let first = text.chars().next().filter(char::is_ascii_punctuation)?;
    (text.len() > 1 && text.bytes().all(|byte| char::from(byte) == first)).then_some(first)
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        let substitutes = inline::substitutes(source);
        Self { source, repeats: Repeats::of(source), styles: RefCell::new(Vec::new()), substitutes }
    }

    /// Reads lines whose common indent is taken off.
    pub(super) fn blocks(&self, lines: &[Slice<'a>], depth: usize) -> Vec<Block<'a>> {
        let mut out = Vec::new();
        let mut anchors: Vec<Cow<'a, str>> = Vec::new();
        let mut at = 0;
        while let Some(rest) = lines.get(at..).filter(|rest| !rest.is_empty()) {
            at += if depth > MAX_DEPTH {
                self.paragraph(rest, &mut out)
            } else {
                self.block(rest, depth, &mut out, &mut anchors)
            };
        }
        out
    }

    /// Reads what begins at the first line; gives how many lines it took, at least one.
    fn block(
        &self,
        lines: &[Slice<'a>],
        depth: usize,
        out: &mut Vec<Block<'a>>,
        anchors: &mut Vec<Cow<'a, str>>,
    ) -> usize {
        let Some(line) = lines.first() else { return 1 };
        if line.is_blank() {
            return 1;
        }
        if line.indent() > 0 {
            let end = indented(lines).max(1);
            out.extend(self.blocks(&dedent(lines.get(..end).unwrap_or(&[])), depth + 1));
            return end;
        }
        if line.text == ".." || line.text.starts_with(".. ") {
            return self.explicit(lines, depth, out, anchors);
        }
        if let Some((table, taken)) = table::grid(self, lines, depth).or_else(|| table::simple(self, lines, depth)) {
            out.push(Block::Table(crate::page::Table { anchors: std::mem::take(anchors), ..table }));
            return taken;
        }
        if let Some(taken) = self.heading(lines, out, anchors) {
            return taken;
        }
        anchors.clear();
        if let Some((ordered, _)) = list::marker(line.text) {
            let (list, taken) = self.list(lines, ordered, depth);
            out.push(list);
            return taken;
        }
        if line.text.starts_with("| ") {
            out.extend(self.text(&[line.from(2)]).map(Block::Paragraph));
            return 1;
        }
        let next = lines.get(1);
        if next.is_some_and(|next| !next.is_blank() && next.indent() > 0) && !line.text.ends_with("::") {
            let (list, taken) = self.definitions(lines, depth);
            out.push(list);
            return taken;
        }
        self.paragraph(lines, out)
    }

    pub(super) fn text(&self, lines: &[Slice<'a>]) -> Option<Text<'a>> {
        inline::text(self.source, &self.substitutes, lines)
    }

    /// A title with a line of signs below, or above and below.
    fn heading(&self, lines: &[Slice<'a>], out: &mut Vec<Block<'a>>, anchors: &mut Vec<Cow<'a, str>>) -> Option<usize> {
        let (first, second) = (lines.first()?, lines.get(1));
        let (title, sign, above, taken) = if let Some(sign) = adornment(first.text) {
            let closed = lines.get(2).and_then(|line| adornment(line.text)) == Some(sign);
            match second.filter(|title| closed && !title.is_blank()) {
                Some(title) => (title, sign, true, 3),
                // A transition: signs alone on a line between blank ones.
                None if first.text.len() >= 4 && second.is_none_or(|line| line.is_blank()) => return Some(1),
                None => return None,
            }
        } else {
            let below = second?;
            let sign = adornment(below.text)?;
            // Shorter lines are allowed from four signs on, as the reference reader does.
            if below.text.len() < first.text.chars().count().min(4) {
                return None;
            }
            (first, sign, false, 2)
        };
        let mut styles = self.styles.borrow_mut();
        let level = styles.iter().position(|style| *style == (sign, above)).unwrap_or_else(|| {
            styles.push((sign, above));
            styles.len() - 1
        });
        let text = self.text(&[title.from(title.indent())])?;
        let level = u8::try_from(level + 1).unwrap_or(6).min(6);
        out.push(Block::Heading { level, text, anchors: std::mem::take(anchors) });
        Some(taken)
    }

    /// A paragraph up to the next blank line, and the literal block that `::` at its end announces.
    fn paragraph(&self, lines: &[Slice<'a>], out: &mut Vec<Block<'a>>) -> usize {
        let end = lines.iter().position(|line| line.is_blank()).unwrap_or(lines.len()).max(1);
        let mut body = lines.get(..end).unwrap_or(&[]).to_vec();
        let announced = body.last().is_some_and(|line| line.text.ends_with("::"));
        if announced && let Some(last) = body.last_mut() {
            let kept = if last.text == "::" || last.text.ends_with(" ::") { 2 } else { 1 };
            last.text = last.text.get(..last.text.len() - kept).unwrap_or("").trim_end();
        }
        out.extend(self.text(&body).map(Block::Paragraph));
        if !announced {
            return end;
        }
        let rest = lines.get(end..).unwrap_or(&[]);
        let taken = indented(rest);
        out.extend(Self::code(rest.get(..taken).unwrap_or(&[]), None));
        end + taken
    }

    /// Literal lines; borrowed where they stand in the source as they read.
    fn code(lines: &[Slice<'a>], language: Option<Cow<'a, str>>) -> Option<Block<'a>> {
        let first = lines.iter().position(|line| !line.is_blank())?;
        let last = lines.iter().rposition(|line| !line.is_blank())?;
        let lines = dedent(lines.get(first..=last)?);
        let span = lines.first()?.start..lines.last()?.end();
        let text = match lines.as_slice() {
            [only] => Cow::Borrowed(only.text),
            _ => Cow::Owned(lines.iter().map(|line| line.text).collect::<Vec<_>>().join("\n")),
        };
        Some(Block::Code { language, text, span: Span::new(span) })
    }

    /// What begins with `..`: a label, a directive, a comment.
    fn explicit(
        &self,
        lines: &[Slice<'a>],
        depth: usize,
        out: &mut Vec<Block<'a>>,
        anchors: &mut Vec<Cow<'a, str>>,
    ) -> usize {
        let Some(line) = lines.first() else { return 1 };
        let rest = lines.get(1..).unwrap_or(&[]);
        let taken = indented(rest);
        let body = rest.get(..taken).unwrap_or(&[]);
        let head = line.from(3);
        let head = head.from(head.indent());
        if let Some(label) = head.text.strip_prefix('_') {
            let name = label.split_once(": ").map_or(label, |(name, _)| name);
            let name = name.trim_end_matches(':').trim_matches('`').replace('\\', "").to_lowercase();
            anchors.push(Cow::Owned(name));
            return 1 + taken;
        }
        let Some((name, _)) = head.text.split_once("::").filter(|(name, _)| is_directive(name)) else {
            return 1 + taken;
        };
        let argument = head.from(name.len() + 2);
        let argument = argument.from(argument.indent());
        self.directive(name, argument, body, depth, out, anchors);
        1 + taken
    }

    fn directive(
        &self,
        name: &str,
        argument: Slice<'a>,
        body: &[Slice<'a>],
        depth: usize,
        out: &mut Vec<Block<'a>>,
        anchors: &mut Vec<Cow<'a, str>>,
    ) {
        let body = dedent(body);
        // Options stand right below the directive, the content after a blank line.
        let options = body.iter().take_while(|line| is_option(line.text)).count();
        for option in body.iter().take(options) {
            if let Some(name) = option.text.strip_prefix(":name:") {
                anchors.push(Cow::Owned(name.trim().to_lowercase()));
            }
        }
        let continued = body.iter().skip(options).take_while(|line| !line.is_blank()).count();
        let content = body.get(options..).unwrap_or(&[]);
        if SILENT.contains(&name) {
            return;
        }
        if CODES.contains(&name) {
            let language = Some(Cow::Borrowed(argument.text)).filter(|language| !language.is_empty());
            out.extend(Self::code(content, language));
        } else if NOTES.contains(&name) {
            let mut inner = vec![argument];
            inner.extend_from_slice(content);
            let blocks = self.blocks(&inner, depth + 1);
            if !blocks.is_empty() {
                out.push(Block::Note(blocks));
            }
        } else if name == "table" {
            let mut caption = vec![argument];
            let wrapped = if table::begins(content) { 0 } else { continued };
            caption.extend_from_slice(content.get(..wrapped).unwrap_or(&[]));
            let mut blocks = self.blocks(content.get(wrapped..).unwrap_or(&[]), depth + 1);
            if let Some(Block::Table(table)) = blocks.iter_mut().find(|block| matches!(block, Block::Table(_))) {
                table.caption = self.text(&caption);
                table.anchors.splice(0..0, std::mem::take(anchors));
            }
            out.append(&mut blocks);
        } else if name == "csv-table" {
            if let Some(table) = csv::read(self, body.get(..options).unwrap_or(&[]), content, depth) {
                let anchors = std::mem::take(anchors);
                out.push(Block::Table(crate::page::Table { caption: self.text(&[argument]), anchors, ..table }));
            }
        } else if name == "list-table" {
            let blocks = self.blocks(content, depth + 1);
            out.extend(table::from_list(self, blocks, argument, &body, std::mem::take(anchors)));
        } else {
            let shown = Some(argument).filter(|_| !matches!(name, "figure" | "container" | "class" | "rst-class"));
            out.extend(shown.and_then(|argument| self.text(&[argument])).map(Block::Paragraph));
            out.extend(self.blocks(content, depth + 1));
        }
    }
}

fn is_directive(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_:.+".contains(&byte))
}

fn is_option(text: &str) -> bool {
    text.strip_prefix(':').and_then(|text| text.split_once(':')).is_some_and(|(name, value)| {
        !name.is_empty() && !name.contains(['`', ' ']) && (value.is_empty() || value.starts_with(' '))
    })
}
