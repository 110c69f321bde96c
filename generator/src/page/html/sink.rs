//! What html5ever's tree builder builds: nodes with their bytes.

use std::cell::{Cell, Ref, RefCell};
use std::ops::Range;

use html5ever::tendril::StrTendril;
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, LocalName, QualName};

use super::tree::{Kind, NONE, Node};

/// Receives the tree.
pub(super) struct Sink {
    pub(super) nodes: RefCell<Vec<Node>>,
    /// The place of the token in work, and whether its text reads as the source.
    pub(super) token: Cell<(usize, usize, bool)>,
}

impl Default for Sink {
    /// The document alone.
    fn default() -> Self {
        Self { nodes: RefCell::new(vec![node(Kind::Other, 0..0)]), token: Cell::new((0, 0, false)) }
    }
}

impl Sink {
    fn create(&self, kind: Kind, span: Range<usize>) -> u32 {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(node(kind, span));
        clamped(nodes.len() - 1)
    }

    fn with<T>(&self, id: u32, change: impl FnOnce(&mut Node) -> T) -> Option<T> {
        self.nodes.borrow_mut().get_mut(id as usize).map(change)
    }

    fn link_of(&self, id: u32, read: impl FnOnce(&Node) -> u32) -> u32 {
        self.nodes.borrow().get(id as usize).map_or(NONE, read)
    }

    /// Puts `id` under `parent` before `next`, or last.
    fn insert(&self, parent: u32, id: u32, next: u32) {
        let prev =
            if next == NONE { self.link_of(parent, |node| node.last) } else { self.link_of(next, |node| node.prev) };
        self.with(id, |node| (node.parent, node.prev, node.next) = (parent, prev, next));
        if self.with(prev, |node| node.next = id).is_none() {
            self.with(parent, |node| node.first = id);
        }
        if self.with(next, |node| node.prev = id).is_none() {
            self.with(parent, |node| node.last = id);
        }
    }

    fn detach(&self, id: u32) {
        let (parent, prev, next) =
            self.with(id, |node| (node.parent, node.prev, node.next)).unwrap_or((NONE, NONE, NONE));
        if self.with(prev, |node| node.next = next).is_none() {
            self.with(parent, |node| node.first = next);
        }
        if self.with(next, |node| node.prev = prev).is_none() {
            self.with(parent, |node| node.last = prev);
        }
        self.with(id, |node| (node.parent, node.prev, node.next) = (NONE, NONE, NONE));
    }

    /// Makes a node of text; text the tree builder held back or split stands somewhere before the token's end.
    fn text(&self, text: &StrTendril) -> u32 {
        let (start, end, verbatim) = self.token.get();
        let verbatim = verbatim && end - start == text.len();
        self.create(Kind::Text((!verbatim).then(|| text.to_string())), start..end)
    }

    fn child(&self, child: NodeOrText<u32>) -> u32 {
        match child {
            NodeOrText::AppendNode(id) => {
                self.detach(id);
                id
            }
            NodeOrText::AppendText(text) => self.text(&text),
        }
    }
}

impl TreeSink for Sink {
    type Handle = u32;
    type Output = ();
    type ElemName<'n> = Ref<'n, QualName>;

    fn finish(self) {}

    fn parse_error(&self, _: std::borrow::Cow<'static, str>) {}

    fn get_document(&self) -> u32 {
        0
    }

    fn elem_name<'n>(&'n self, target: &'n u32) -> Ref<'n, QualName> {
        static OTHER: std::sync::LazyLock<QualName> =
            std::sync::LazyLock::new(|| QualName::new(None, html5ever::ns!(html), LocalName::from("x-i")));
        Ref::map(self.nodes.borrow(), |nodes| match nodes.get(*target as usize).map(|node| &node.kind) {
            Some(Kind::Element(name, _)) => name,
            _ => &*OTHER,
        })
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> u32 {
        let (start, end, _) = self.token.get();
        self.create(Kind::Element(name, attributes), start..end)
    }

    fn create_comment(&self, _: StrTendril) -> u32 {
        let (start, end, _) = self.token.get();
        self.create(Kind::Other, start..end)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> u32 {
        self.create_comment(StrTendril::new())
    }

    fn append(&self, parent: &u32, child: NodeOrText<u32>) {
        let id = self.child(child);
        self.insert(*parent, id, NONE);
    }

    fn append_based_on_parent_node(&self, element: &u32, previous: &u32, child: NodeOrText<u32>) {
        if self.link_of(*element, |node| node.parent) == NONE {
            self.append(previous, child);
        } else {
            self.append_before_sibling(element, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &u32) -> u32 {
        *target
    }

    fn same_node(&self, x: &u32, y: &u32) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &u32, new: NodeOrText<u32>) {
        let id = self.child(new);
        let parent = self.link_of(*sibling, |node| node.parent);
        if parent != NONE {
            self.insert(parent, id, *sibling);
        }
    }

    fn add_attrs_if_missing(&self, target: &u32, attributes: Vec<Attribute>) {
        self.with(*target, |node| {
            if let Kind::Element(_, present) = &mut node.kind {
                for attribute in attributes {
                    if !present.iter().any(|one| one.name == attribute.name) {
                        present.push(attribute);
                    }
                }
            }
        });
    }

    fn remove_from_parent(&self, target: &u32) {
        self.detach(*target);
    }

    fn reparent_children(&self, from: &u32, to: &u32) {
        loop {
            let child = self.link_of(*from, |node| node.first);
            if child == NONE {
                return;
            }
            self.detach(child);
            self.insert(*to, child, NONE);
        }
    }
}

fn node(kind: Kind, span: Range<usize>) -> Node {
    Node { kind, span, first: NONE, next: NONE, parent: NONE, last: NONE, prev: NONE }
}

/// A place or number as html5ever counts.
pub(super) fn clamped(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
