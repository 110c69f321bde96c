//! Reads HTML of any generation.

mod article;
mod sink;
mod table;
mod tree;

use std::borrow::Cow;
use std::collections::BTreeSet;

use self::tree::{Kind, Tree};
use super::inline::{Mark, TextBuilder};
use super::repeat::Repeats;
use super::{Block, Document, Format, ListItem, Span, Text};

/// Elements that hold nothing to read.
const SILENT: &[&str] = &[
    "script", "style", "noscript", "title", "template", "iframe", "svg", "nav", "button", "select", "option",
    "textarea", "input", "object", "canvas", "audio", "video", "math", "meta", "link", "base", "x-none",
];
/// Elements that begin and end a run of inline text.
const SECTIONS: &[&str] = &[
    "html",
    "body",
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "aside",
    "center",
    "figure",
    "figcaption",
    "details",
    "summary",
    "address",
    "form",
    "fieldset",
    "hgroup",
    "tbody",
    "thead",
    "tfoot",
    "tr",
    "td",
    "th",
    "caption",
    "dd",
    "dt",
    "hr",
];
/// Words in a class name, parted by `-`, `_` or spaces, that set a box apart as a note.
const NOTE_CLASSES: &[&str] = &[
    "note",
    "notes",
    "notice",
    "tip",
    "tips",
    "important",
    "warning",
    "caution",
    "danger",
    "attention",
    "admonition",
    "alert",
    "callout",
];

/// Reads a page of HTML.
pub(super) fn read_html<'a>(path: &str, source: &'a str) -> Document<'a> {
    let tree = Tree::parse(source, 0);
    let article = article::find(&tree, source);
    let reader = Reader { chrome: article.chrome, ..Reader::new(source, &tree) };
    let mut flow = Flow::new(source);
    for id in article.titles.into_iter().chain(article.roots) {
        reader.visit(id, &mut flow);
    }
    Document { path: path.to_owned(), source, format: Format::Html, blocks: flow.finish() }
}

/// Reads a piece of HTML inside a page of another format; `source` is the whole page, the piece stands at `range`.
pub(super) fn read_piece(source: &str, range: std::ops::Range<usize>) -> Vec<Block<'_>> {
    let Some(piece) = source.get(range.clone()).map(str::trim_end) else { return Vec::new() };
    let tree = Tree::parse(piece, range.start);
    Reader::new(source, &tree).blocks(0)
}

/// Turns a tree to blocks.
struct Reader<'a, 't> {
    source: &'a str,
    tree: &'t Tree,
    repeats: Repeats,
    /// Elements that are left out.
    chrome: BTreeSet<u32>,
}

/// Blocks under way, and the inline text before the next one.
struct Flow<'a> {
    blocks: Vec<Block<'a>>,
    text: TextBuilder<'a>,
    /// Names of this place, for the next heading or table.
    anchors: Vec<Cow<'a, str>>,
}

impl<'a> Flow<'a> {
    fn new(source: &'a str) -> Self {
        Self { blocks: Vec::new(), text: TextBuilder::new(source), anchors: Vec::new() }
    }

    fn flush(&mut self) {
        if let Some(text) = self.text.finish() {
            self.anchors.clear();
            self.blocks.push(Block::Paragraph(text));
        }
    }

    fn push(&mut self, block: Block<'a>) {
        self.flush();
        self.anchors.clear();
        self.blocks.push(block);
    }

    fn anchor(&mut self, name: Cow<'a, str>) {
        if !name.is_empty() && !self.anchors.contains(&name) && self.anchors.len() < 16 {
            self.anchors.push(name);
        }
    }

    fn finish(mut self) -> Vec<Block<'a>> {
        self.flush();
        self.blocks
    }
}

impl<'a, 't> Reader<'a, 't> {
    fn new(source: &'a str, tree: &'t Tree) -> Self {
        Self { source, tree, repeats: Repeats::of(source), chrome: BTreeSet::new() }
    }

    /// The blocks inside a node.
    fn blocks(&self, id: u32) -> Vec<Block<'a>> {
        let mut flow = Flow::new(self.source);
        self.visit_children(id, &mut flow);
        flow.finish()
    }

    fn visit_children(&self, id: u32, flow: &mut Flow<'a>) {
        for (child, _) in self.tree.children(id) {
            self.visit(child, flow);
        }
    }

    fn visit(&self, id: u32, flow: &mut Flow<'a>) {
        let Some(node) = self.tree.get(id) else { return };
        match &node.kind {
            Kind::Text(None) => flow.text.push_source(node.span.clone()),
            Kind::Text(Some(text)) => flow.text.push_decoded(text, node.span.clone()),
            Kind::Element(..) => self.visit_element(id, flow),
            Kind::Other => self.visit_children(id, flow),
        }
    }

    fn visit_element(&self, id: u32, flow: &mut Flow<'a>) {
        let name = self.tree.name(id);
        if SILENT.contains(&name) || self.chrome.contains(&id) {
            return;
        }
        self.anchors(id, flow);
        match name {
            "br" => flow.flush(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(id, name, flow),
            "ul" | "ol" | "menu" | "dir" => {
                let items = self.items(id);
                if !items.is_empty() {
                    flow.push(Block::List { ordered: name == "ol", items });
                }
            }
            "dl" => {
                let items = self.definitions(id);
                if !items.is_empty() {
                    flow.push(Block::List { ordered: false, items });
                }
            }
            "li" => self.stray_item(id, flow),
            "table" => {
                flow.flush();
                let anchors = std::mem::take(&mut flow.anchors);
                flow.push(Block::Table(self.table(id, anchors)));
            }
            "pre" | "listing" | "xmp" | "plaintext" => {
                let code = self.code(id);
                flow.push(code);
            }
            "blockquote" => self.note(id, flow),
            "x-b" => self.marked(id, Mark::Strong, flow),
            "x-code" | "kbd" | "samp" | "var" => self.marked(id, Mark::Code, flow),
            "x-a" => match self.attribute(id, "href") {
                Some(target) => self.marked(id, Mark::Link(target), flow),
                None => self.visit_children(id, flow),
            },
            _ if SECTIONS.contains(&name) => {
                flow.flush();
                if self.is_note(id) {
                    self.note(id, flow);
                } else {
                    self.visit_children(id, flow);
                    flow.flush();
                }
            }
            _ => self.visit_children(id, flow),
        }
    }

    fn marked(&self, id: u32, mark: Mark<'a>, flow: &mut Flow<'a>) {
        flow.text.open(mark);
        self.visit_children(id, flow);
        flow.text.close();
    }

    fn note(&self, id: u32, flow: &mut Flow<'a>) {
        let blocks = self.blocks(id);
        if !blocks.is_empty() {
            flow.push(Block::Note(blocks));
        }
    }

    fn is_note(&self, id: u32) -> bool {
        let class = self.tree.attribute(id, "class").unwrap_or("");
        let role = self.tree.attribute(id, "role").unwrap_or("");
        role == "note"
            || class
                .split(|c: char| c.is_whitespace() || c == '-' || c == '_')
                .any(|word| NOTE_CLASSES.iter().any(|note| word.eq_ignore_ascii_case(note)))
    }

    fn heading(&self, id: u32, name: &str, flow: &mut Flow<'a>) {
        flow.flush();
        let level = name.as_bytes().get(1).map_or(1, |digit| digit.saturating_sub(b'0'));
        let mut anchors = std::mem::take(&mut flow.anchors);
        let mut inner = Flow::new(self.source);
        let text = self.text(id, &mut inner);
        anchors.append(&mut inner.anchors);
        if let Some(text) = text {
            flow.push(Block::Heading { level, text, anchors });
        }
    }

    /// The words of an element as one text, whatever blocks it holds.
    fn text(&self, id: u32, flow: &mut Flow<'a>) -> Option<Text<'a>> {
        self.words(id, flow);
        flow.text.finish()
    }

    fn words(&self, id: u32, flow: &mut Flow<'a>) {
        for (child, node) in self.tree.children(id) {
            match &node.kind {
                Kind::Text(_) => self.visit(child, flow),
                Kind::Element(..) if SILENT.contains(&self.tree.name(child)) => {}
                Kind::Element(..) => {
                    self.anchors(child, flow);
                    let mark = match self.tree.name(child) {
                        "x-b" => Some(Mark::Strong),
                        "x-code" => Some(Mark::Code),
                        "x-a" => self.attribute(child, "href").map(Mark::Link),
                        "br" | "p" | "div" | "li" | "td" => {
                            flow.text.space();
                            None
                        }
                        _ => None,
                    };
                    let marked = mark.is_some();
                    if let Some(mark) = mark {
                        flow.text.open(mark);
                    }
                    self.words(child, flow);
                    if marked {
                        flow.text.close();
                    }
                }
                Kind::Other => {}
            }
        }
    }

    fn anchors(&self, id: u32, flow: &mut Flow<'a>) {
        for attribute in ["id", "name"] {
            if (attribute == "id" || self.tree.name(id) == "x-a")
                && let Some(name) = self.attribute(id, attribute)
            {
                flow.anchor(name);
            }
        }
    }

    /// An attribute's value, borrowed from the tag's bytes where it stands there as it reads.
    fn attribute(&self, id: u32, name: &str) -> Option<Cow<'a, str>> {
        Some(Cow::Owned(self.tree.attribute(id, name)?.trim().to_owned()))
    }

    fn items(&self, id: u32) -> Vec<ListItem<'a>> {
        let mut items: Vec<ListItem<'a>> = Vec::new();
        for (child, node) in self.tree.children(id) {
            let mut flow = Flow::new(self.source);
            if self.tree.name(child) == "li" {
                self.visit_children(child, &mut flow);
                items.push(ListItem { blocks: flow.finish(), span: Span::new(node.span.clone()) });
                continue;
            }
            self.visit(child, &mut flow);
            let mut blocks = flow.finish();
            let is_list = matches!(blocks.first(), Some(Block::List { .. }));
            match items.last_mut() {
                // A list that stands beside the items instead of inside the last one.
                Some(last) if is_list => {
                    last.blocks.append(&mut blocks);
                    last.span = last.span.to(Span::new(node.span.clone()));
                }
                _ if !blocks.is_empty() => items.push(ListItem { blocks, span: Span::new(node.span.clone()) }),
                _ => {}
            }
        }
        items
    }

    /// An item outside any list: joins the list just before it.
    fn stray_item(&self, id: u32, flow: &mut Flow<'a>) {
        flow.flush();
        let span = self.tree.get(id).map(|node| Span::new(node.span.clone())).unwrap_or_default();
        let item = ListItem { blocks: self.blocks(id), span };
        match flow.blocks.last_mut() {
            Some(Block::List { ordered: false, items }) => items.push(item),
            _ => flow.push(Block::List { ordered: false, items: vec![item] }),
        }
    }

    /// A definition list as a list: a term opens an item, what defines it follows in the item.
    fn definitions(&self, id: u32) -> Vec<ListItem<'a>> {
        let mut items: Vec<ListItem<'a>> = Vec::new();
        for (child, node) in self.tree.children(id) {
            let name = self.tree.name(child);
            if name == "div" {
                items.append(&mut self.definitions(child));
                continue;
            }
            let span = Span::new(node.span.clone());
            let mut flow = Flow::new(self.source);
            self.visit(child, &mut flow);
            let mut blocks = flow.finish();
            if blocks.is_empty() {
                continue;
            }
            match items.last_mut() {
                Some(item) if name != "dt" => {
                    item.blocks.append(&mut blocks);
                    item.span = item.span.to(span);
                }
                _ => items.push(ListItem { blocks, span }),
            }
        }
        items
    }

    fn code(&self, id: u32) -> Block<'a> {
        let mut text = Cow::Borrowed("");
        let mut language = self.language(id);
        self.raw(id, &mut text, &mut language);
        let span = self.tree.get(id).map(|node| Span::new(node.span.clone())).unwrap_or_default();
        Block::Code { language, text, span }
    }

    fn raw(&self, id: u32, text: &mut Cow<'a, str>, language: &mut Option<Cow<'a, str>>) {
        for (child, node) in self.tree.children(id) {
            let piece = match &node.kind {
                Kind::Text(None) => Cow::Borrowed(self.source.get(node.span.clone()).unwrap_or("")),
                Kind::Text(Some(decoded)) => Cow::Owned(decoded.clone()),
                Kind::Element(..) => {
                    if self.tree.name(child) == "br" {
                        text.to_mut().push('\n');
                    }
                    if language.is_none() {
                        *language = self.language(child);
                    }
                    self.raw(child, text, language);
                    if matches!(self.tree.name(child), "div" | "p" | "li" | "tr") && !text.ends_with('\n') {
                        text.to_mut().push('\n');
                    }
                    continue;
                }
                Kind::Other => continue,
            };
            if text.is_empty() {
                *text = piece;
            } else {
                text.to_mut().push_str(&piece);
            }
        }
    }

    fn language(&self, id: u32) -> Option<Cow<'a, str>> {
        let class = self.tree.attribute(id, "class").unwrap_or("");
        let named = class.split_whitespace().find_map(|class| {
            class.strip_prefix("language-").or_else(|| class.strip_prefix("lang-")).filter(|name| !name.is_empty())
        });
        named.map(|name| Cow::Owned(name.to_owned())).or_else(|| self.attribute(id, "data-language"))
    }
}
