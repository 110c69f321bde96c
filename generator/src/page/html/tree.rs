//! An HTML tree in which every node knows its bytes.
//!
//! html5ever keeps no byte offsets. The source is therefore fed to its tokenizer in pieces that end before each `<` and
//! after each `>`: a tag can only be complete at the end of a piece, so its place is known when its token comes out.

use std::cell::Cell;
use std::ops::Range;

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{Tracer, TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, LocalName, QualName};

use super::sink::{Sink, clamped};

/// How deep elements may nest; what is deeper is read as if its tags were not there.
const MAX_DEPTH: u32 = 200;
/// How many nodes a page may have; past it tags are left out and text is kept.
const MAX_NODES: usize = 1 << 21;
/// No node.
pub(super) const NONE: u32 = u32::MAX;

/// What a node is.
pub(super) enum Kind {
    /// An element with its name and attributes.
    Element(QualName, Vec<Attribute>),
    /// Text; `None` where the source reads the same.
    Text(Option<String>),
    /// The document, a comment and the like.
    Other,
}

/// A node with its place and its neighbours.
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
    pub(super) first: u32,
    pub(super) next: u32,
    pub(super) parent: u32,
    pub(super) last: u32,
    pub(super) prev: u32,
}

/// The nodes of a page; the document is the first.
pub(super) struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    /// Parses HTML that stands at `base` of the page.
    pub(super) fn parse(source: &str, base: usize) -> Self {
        let sink = Sink::default();
        let builder =
            TreeBuilder::new(sink, TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() });
        let feeder = Feeder {
            builder,
            source,
            piece_end: Cell::new(0),
            done: Cell::new(0),
            depth: Cell::new(0),
            dropped: Cell::new(0),
            names: Names::new(),
        };
        let options = TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() };
        let tokenizer = Tokenizer::new(feeder, options);
        let queue = BufferQueue::default();
        let whole = StrTendril::from_slice(source.get(..u32::MAX as usize - 1).unwrap_or(source));
        let mut start = 0;
        for end in (Pieces { source: whole.as_bytes(), at: 0 }) {
            tokenizer.sink.piece_end.set(end);
            queue.push_back(whole.subtendril(clamped(start), clamped(end - start)));
            while !queue.is_empty() {
                let _ = tokenizer.feed(&queue);
            }
            start = end;
        }
        tokenizer.end();
        let mut tree = Self { nodes: tokenizer.sink.builder.sink.nodes.into_inner() };
        tree.settle_spans(source);
        for node in &mut tree.nodes {
            node.span = node.span.start + base..node.span.end + base;
        }
        tree
    }

    /// A node by its number.
    pub(super) fn get(&self, id: u32) -> Option<&Node> {
        self.nodes.get(id as usize)
    }

    /// The children of a node, in order.
    pub(super) fn children(&self, id: u32) -> impl Iterator<Item = (u32, &Node)> {
        let mut next = self.get(id).map_or(NONE, |node| node.first);
        std::iter::from_fn(move || {
            let node = self.get(next)?;
            Some((std::mem::replace(&mut next, node.next), node))
        })
    }

    /// An element's name; empty for other nodes.
    pub(super) fn name(&self, id: u32) -> &str {
        match self.get(id).map(|node| &node.kind) {
            Some(Kind::Element(name, _)) => &name.local,
            _ => "",
        }
    }

    /// An element's attribute.
    pub(super) fn attribute(&self, id: u32, name: &str) -> Option<&str> {
        match self.get(id).map(|node| &node.kind) {
            Some(Kind::Element(_, attributes)) => {
                attributes.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
            }
            _ => None,
        }
    }

    /// Every node below the document in reading order: entered with `true`, left with `false`.
    pub(super) fn walk(&self) -> impl Iterator<Item = (u32, bool)> {
        let mut state = Some((0, true));
        std::iter::from_fn(move || {
            let (id, entering) = state?;
            let node = self.get(id)?;
            state = if entering && node.first != NONE {
                Some((node.first, true))
            } else if entering {
                Some((id, false))
            } else if node.next != NONE {
                Some((node.next, true))
            } else if node.parent != NONE {
                Some((node.parent, false))
            } else {
                None
            };
            Some((id, entering))
        })
    }

    /// Grows every element over its children and its end tag.
    fn settle_spans(&mut self, source: &str) {
        let order: Vec<u32> = self.walk().filter(|(_, entering)| !entering).map(|(id, _)| id).collect();
        for id in order {
            let Some(node) = self.get(id) else { continue };
            let mut span = node.span.clone();
            if let Kind::Element(name, _) = &node.kind {
                let tag = name.local.strip_prefix("x-").unwrap_or(&name.local);
                span.end = end_tag(source, span.end, tag).unwrap_or(span.end);
            }
            let parent = node.parent;
            if let Some(node) = self.nodes.get_mut(id as usize) {
                node.span = span.clone();
            }
            if let Some(parent) = self.nodes.get_mut(parent as usize) {
                let empty = parent.span.is_empty() && parent.first == id;
                let start = if empty { span.start } else { parent.span.start.min(span.start) };
                parent.span = start..parent.span.end.max(span.end);
            }
        }
    }
}

/// The end of `</tag>` if it follows at once.
fn end_tag(source: &str, at: usize, tag: &str) -> Option<usize> {
    let rest = source.get(at..)?.strip_prefix("</")?;
    let name = rest.get(..rest.find(|c: char| !c.is_ascii_alphanumeric())?)?;
    let same = match tag {
        "b" => matches!(&*name.to_ascii_lowercase(), "b" | "strong"),
        "code" => matches!(&*name.to_ascii_lowercase(), "code" | "tt"),
        "i" => true,
        _ => name.eq_ignore_ascii_case(tag),
    };
    let close = rest.get(name.len()..)?.bytes().position(|b| b != b' ' && b != b'\n')?;
    (same && rest.as_bytes().get(name.len() + close) == Some(&b'>')).then_some(at + 2 + name.len() + close + 1)
}

/// The ends of the pieces of a source.
struct Pieces<'a> {
    source: &'a [u8],
    at: usize,
}

impl Iterator for Pieces<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let first = *self.source.get(self.at)?;
        let rest = self.source.get(self.at + 1..)?;
        let length = match first {
            b'>' => 1,
            _ => match memchr::memchr2(b'<', b'>', rest) {
                Some(at) if rest.get(at) == Some(&b'>') => at + 2,
                Some(at) => at + 1,
                None => rest.len() + 1,
            },
        };
        self.at += length;
        Some(self.at)
    }
}

/// The names that formatting elements get. Under their own, html5ever would rebuild them in every later block, which
/// costs quadratic time and memory on hostile pages and puts nodes where no bytes are.
struct Names {
    link: LocalName,
    strong: LocalName,
    code: LocalName,
    plain: LocalName,
}

impl Names {
    fn new() -> Self {
        Self {
            link: LocalName::from("x-a"),
            strong: LocalName::from("x-b"),
            code: LocalName::from("x-code"),
            plain: LocalName::from("x-i"),
        }
    }

    fn rename(&self, tag: &mut Tag) {
        let name = match &*tag.name {
            "a" => &self.link,
            "b" | "strong" => &self.strong,
            "code" | "tt" => &self.code,
            "big" | "em" | "font" | "i" | "nobr" | "s" | "small" | "strike" | "u" => &self.plain,
            _ => return,
        };
        tag.name = name.clone();
    }
}

/// Stands between tokenizer and tree builder: places tokens, bounds depth and number.
struct Feeder<'s> {
    builder: TreeBuilder<u32, Sink>,
    source: &'s str,
    piece_end: Cell<usize>,
    /// Where the last placed token ended.
    done: Cell<usize>,
    depth: Cell<u32>,
    /// Start tags left out and not yet closed.
    dropped: Cell<u32>,
    names: Names,
}

impl Feeder<'_> {
    /// The place of text, and whether the source reads as the text does.
    fn place_text(&self, text: &str) -> (Range<usize>, bool) {
        let start = self.done.get();
        let rest = self.source.get(start..self.piece_end.get().max(start)).unwrap_or("");
        if rest.starts_with(text) {
            return (start..start + text.len(), true);
        }
        let length = match rest.as_bytes() {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | 0, ..] => 1,
            [b'&', tail @ ..] => {
                let name = tail.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'#').count();
                1 + name + usize::from(tail.get(name) == Some(&b';'))
            }
            _ => match rest.find(text) {
                Some(at) => return (start + at..start + at + text.len(), true),
                None => rest.len(),
            },
        };
        (start..start + length, false)
    }

    /// Whether a tag is to be left out.
    fn drops(&self, tag: &Tag) -> bool {
        let dropped = self.dropped.get();
        if tag.kind == TagKind::EndTag {
            self.dropped.set(dropped.saturating_sub(1));
            self.depth.set(self.depth.get().saturating_sub(1));
            return dropped > 0;
        }
        let void = tag.self_closing || matches!(&*tag.name, "br" | "img" | "hr" | "input" | "meta" | "link" | "col");
        if self.builder.sink.nodes.borrow().len() > MAX_NODES {
            return true;
        }
        if dropped > 0 {
            self.dropped.set(dropped + u32::from(!void));
            return true;
        }
        if self.depth.get() > MAX_DEPTH {
            let count = Count(Cell::new(0));
            self.builder.trace_handles(&count);
            self.depth.set(count.0.get());
            if count.0.get() > MAX_DEPTH {
                self.dropped.set(u32::from(!void));
                return true;
            }
        }
        self.depth.set(self.depth.get() + u32::from(!void));
        false
    }
}

struct Count(Cell<u32>);

impl Tracer for Count {
    type Handle = u32;

    fn trace_handle(&self, _: &u32) {
        self.0.set(self.0.get() + 1);
    }
}

impl TokenSink for Feeder<'_> {
    type Handle = u32;

    fn process_token(&self, mut token: Token, line: u64) -> TokenSinkResult<u32> {
        match &mut token {
            Token::ParseError(_) => return TokenSinkResult::Continue,
            Token::CharacterTokens(text) => {
                let (range, verbatim) = self.place_text(text);
                self.done.set(range.end);
                self.builder.sink.token.set((range.start, range.end, verbatim));
            }
            Token::NullCharacterToken => self.done.set(self.done.get() + 1),
            Token::TagToken(_) | Token::CommentToken(_) | Token::DoctypeToken(_) => {
                let (from, end) = (self.done.get(), self.piece_end.get());
                let start = self.source.as_bytes().get(from..end).and_then(|rest| memchr::memchr(b'<', rest));
                self.builder.sink.token.set((from + start.unwrap_or(0), end, false));
                self.done.set(end);
            }
            Token::EOFToken => self.builder.sink.token.set((self.source.len(), self.source.len(), false)),
        }
        if let Token::TagToken(tag) = &mut token {
            if self.drops(tag) {
                return TokenSinkResult::Continue;
            }
            self.names.rename(tag);
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}
