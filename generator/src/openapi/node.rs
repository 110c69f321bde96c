//! A document as a tree of values, each with its place in the text.

use std::collections::{BTreeMap, HashSet};

use granit_parser::{Event, Parser, ScalarStyle};
use serde_json::Number;

use crate::diagnostic::{Diagnostic, Severity};
use crate::page::Span;

/// The largest document that is read, in bytes.
pub(super) const MAX_BYTES: usize = 64 << 20;
/// How deep lists and maps may stand in each other.
const MAX_DEPTH: usize = 200;
/// How many values a document may hold once its aliases are written out.
const MAX_NODES: usize = 8_000_000;

/// A value and its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Node {
    pub(super) value: Value,
    /// A scalar's whole text; of lists and maps the first character.
    pub(super) span: Span,
}

/// A value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Value {
    #[default]
    Null,
    Bool(bool),
    /// A number, and its text as the document has it.
    Number(Number, String),
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key of a map and what stands under it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) at: Span,
    pub(super) node: Node,
}

impl Node {
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// The entries of a map that is being written; those of any other value are dropped.
    pub(super) fn entries_mut(&mut self) -> &mut Vec<Entry> {
        if !matches!(self.value, Value::Map(_)) {
            self.value = Value::Map(Vec::new());
        }
        match &mut self.value {
            Value::Map(entries) => entries,
            _ => unreachable!("it was made a map above"),
        }
    }

    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        match &mut self.value {
            Value::Map(entries) => entries.iter_mut().find(|entry| entry.key == key).map(|entry| &mut entry.node),
            _ => None,
        }
    }

    pub(super) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    pub(super) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn is_true(&self, key: &str) -> bool {
        self.get(key).is_some_and(|node| node.value == Value::Bool(true))
    }

    /// The text of a scalar as the document has it; nothing of null, lists and maps.
    pub(super) fn scalar(&self) -> Option<String> {
        match &self.value {
            Value::Bool(flag) => Some(flag.to_string()),
            Value::Number(_, text) | Value::Text(text) => Some(text.clone()),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The same value as JSON.
    pub(super) fn json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(flag) => (*flag).into(),
            Value::Number(number, _) => number.clone().into(),
            Value::Text(text) => text.as_str().into(),
            Value::List(items) => items.iter().map(Self::json).collect(),
            Value::Map(entries) => entries.iter().map(|entry| (entry.key.clone(), entry.node.json())).collect(),
        }
    }

    /// What kind of value it is, for people.
    pub(super) fn word(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "a truth value",
            Value::Number(..) => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}

impl From<Value> for Node {
    fn from(value: Value) -> Self {
        Self { value, span: Span::default() }
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned()).into()
    }
}

impl From<bool> for Node {
    fn from(flag: bool) -> Self {
        Value::Bool(flag).into()
    }
}

impl From<Vec<Entry>> for Node {
    fn from(entries: Vec<Entry>) -> Self {
        Value::Map(entries).into()
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Value::Text(text).into()
    }
}

impl From<Vec<Node>> for Node {
    fn from(items: Vec<Node>) -> Self {
        Value::List(items).into()
    }
}

impl From<serde_json::Value> for Node {
    fn from(value: serde_json::Value) -> Self {
        let value = match value {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(flag) => Value::Bool(flag),
            serde_json::Value::Number(number) => {
                let text = number.to_string();
                Value::Number(number, text)
            }
            serde_json::Value::String(text) => Value::Text(text),
            serde_json::Value::Array(items) => Value::List(items.into_iter().map(Self::from).collect()),
            serde_json::Value::Object(map) => {
                Value::Map(map.into_iter().map(|(key, value)| Entry::new(key, value)).collect())
            }
        };
        value.into()
    }
}

impl Entry {
    /// An entry of a document that is being written.
    pub(super) fn new(key: impl Into<String>, node: impl Into<Node>) -> Self {
        Self { key: key.into(), at: Span::default(), node: node.into() }
    }
}

/// A document's tree, and the keys that stand in a map a second time: the first of them counts.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) root: Node,
    pub(super) repeated: Vec<(String, Span)>,
}

/// Reads YAML or JSON, which is YAML too. Aliases are written out, merge keys merged.
///
/// # Errors
/// A diagnostic where the text is neither, or goes beyond what is read.
pub(super) fn parse(source: &str, file: &str) -> Result<Parsed, Box<Diagnostic>> {
    if source.len() > MAX_BYTES {
        let message = format!("the document has {} bytes, more than the {MAX_BYTES} that are read", source.len());
        return Err(Box::new(Diagnostic::new("openapi-syntax", Severity::Error, file, message)));
    }
    let mut builder = Builder::default();
    let mut last = Span::default();
    for event in Parser::new_from_str(source) {
        let (event, span) = event.map_err(|error| {
            let message = error.to_string();
            let at = error.marker().byte_offset().unwrap_or(last.end as usize).min(source.len());
            syntax(file, message.trim_end_matches('.'), Span::new(at..at + 1))
        })?;
        last = span.byte_range().map_or(last, Span::new);
        if let Some(problem) = builder.take(event, last) {
            return Err(syntax(file, problem, last));
        }
        if builder.root.is_some() {
            break;
        }
    }
    match builder.root {
        Some(root) => Ok(Parsed { root, repeated: builder.repeated }),
        None => Err(syntax(file, "the document is empty", last)),
    }
}

fn syntax(file: &str, message: &str, at: Span) -> Box<Diagnostic> {
    let finding = Diagnostic::new("openapi-syntax", Severity::Error, file, message);
    Box::new(finding.at(at, "here").help("the document has to be one of YAML or JSON"))
}

/// A list or map that is not closed yet.
struct Open {
    span: Span,
    anchor: usize,
    items: Vec<Node>,
    entries: Vec<Entry>,
    /// The key whose value is to come.
    key: Option<(String, Span)>,
    is_map: bool,
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    anchors: BTreeMap<usize, (Node, usize)>,
    nodes: usize,
    repeated: Vec<(String, Span)>,
    root: Option<Node>,
}

impl Builder {
    /// Takes an event in; what is wrong with it, if anything.
    fn take(&mut self, event: Event<'_>, span: Span) -> Option<&'static str> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Some("the document holds too many values");
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain && tag.is_none();
                let is_key = self.open.last().is_some_and(|open| open.is_map && open.key.is_none());
                let value = if plain && !is_key { resolve(&text) } else { Value::Text(text.into_owned()) };
                return self.add(Node { value, span }, anchor);
            }
            Event::Alias(anchor) => {
                let Some((node, size)) = self.anchors.get(&anchor).cloned() else {
                    return Some("an alias stands inside of what it names");
                };
                self.nodes += size;
                if self.nodes > MAX_NODES {
                    return Some("the document's aliases come to too many values");
                }
                return self.add(node, 0);
            }
            Event::SequenceStart(_, anchor, _) => return self.begin(span, anchor, false),
            Event::MappingStart(_, anchor, _) => return self.begin(span, anchor, true),
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    let anchor = open.anchor;
                    let node = self.close(open);
                    return self.add(node, anchor);
                }
            }
            Event::StreamEnd => self.root = self.root.take().or(Some(Node::default())),
            _ => self.nodes -= 1,
        }
        None
    }

    fn begin(&mut self, span: Span, anchor: usize, is_map: bool) -> Option<&'static str> {
        if self.open.len() >= MAX_DEPTH {
            return Some("lists and maps stand in each other too deep");
        }
        if self.open.last().is_some_and(|open| open.is_map && open.key.is_none()) {
            return Some("a key is no text");
        }
        let span = Span { end: span.end.max(span.start + 1), ..span };
        self.open.push(Open { span, anchor, items: Vec::new(), entries: Vec::new(), key: None, is_map });
        None
    }

    fn close(&mut self, open: Open) -> Node {
        if !open.is_map {
            return Node { value: Value::List(open.items), span: open.span };
        }
        let mut entries: Vec<Entry> = Vec::with_capacity(open.entries.len());
        let mut merged = Vec::new();
        let mut seen = HashSet::new();
        for entry in open.entries {
            if entry.key == "<<" && matches!(entry.node.value, Value::Map(_) | Value::List(_)) {
                match entry.node.value {
                    Value::Map(inner) => merged.extend(inner),
                    Value::List(maps) => merged.extend(maps.into_iter().flat_map(|map| match map.value {
                        Value::Map(inner) => inner,
                        _ => Vec::new(),
                    })),
                    _ => {}
                }
            } else if seen.insert(entry.key.clone()) {
                entries.push(entry);
            } else {
                self.repeated.push((entry.key, entry.at));
            }
        }
        entries.extend(merged.into_iter().filter(|entry| seen.insert(entry.key.clone())));
        Node { value: Value::Map(entries), span: open.span }
    }

    fn add(&mut self, node: Node, anchor: usize) -> Option<&'static str> {
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), size(&node)));
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return None;
        };
        if !open.is_map {
            open.items.push(node);
        } else if let Some((key, at)) = open.key.take() {
            open.entries.push(Entry { key, at, node });
        } else if let Some(key) = node.scalar() {
            open.key = Some((key, node.span));
        } else {
            return Some("a key is no text");
        }
        None
    }
}

fn size(node: &Node) -> usize {
    let below = node.items().iter().chain(node.entries().iter().map(|entry| &entry.node));
    1 + below.map(size).sum::<usize>()
}

/// A plain scalar by YAML's core schema.
fn resolve(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    let numeric = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'))
        && text.bytes().any(|b| b.is_ascii_digit());
    if numeric {
        let whole = text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from)).ok();
        let number = whole.or_else(|| text.parse::<f64>().ok().and_then(Number::from_f64));
        if let Some(number) = number {
            return Value::Number(number, text.to_owned());
        }
    }
    Value::Text(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Value, parse};

    #[test]
    fn yaml_and_json_come_to_the_same() {
        let yaml = "a: &x\n  b: [1, -2.50, 'on', on, null]\nc: *x\nd:\n  <<: *x\n  e: 2024-01-01\n200: ~\n";
        let json = r#"{"a": {"b": [1, -2.50, "on", "on", null]}, "c": {"b": [1, -2.50, "on", "on", null]},
            "d": {"e": "2024-01-01", "b": [1, -2.50, "on", "on", null]}, "200": null}"#;
        assert_eq!(parse(yaml, "a").unwrap().root.json(), parse(json, "b").unwrap().root.json());
        let parsed = parse(json, "b").unwrap();
        let number = &parsed.root.get("a").unwrap().get("b").unwrap().items()[1];
        assert!(matches!(&number.value, Value::Number(_, text) if text == "-2.50"));
        assert_eq!(parse("\"\\ud83d\\ude00\\/\"", "c").unwrap().root.as_text(), Some("😀/"));
    }

    #[test]
    fn what_goes_too_far_is_refused() {
        let deep = "[".repeat(100_000);
        let lines: Vec<String> = (1..60).map(|n| format!("a{n}: &a{n} [*a{}, *a{}]\n", n - 1, n - 1)).collect();
        let bomb = lines.concat();
        for source in ["", "a: [", "[a: b", "? [a]\n: b\n", "a: &a [*a]", deep.as_str(), &format!("a0: &a0 x\n{bomb}")]
        {
            if !source.is_empty() {
                let error = parse(source, "x.yaml").unwrap_err();
                assert_eq!(error.id, "openapi-syntax", "{}", error.message);
            }
        }
        assert_eq!(parse("", "x").unwrap().root.value, Value::Null);
        assert_eq!(parse("a: 1\na: 2\n", "x").unwrap().repeated[0].0, "a");
    }
}
