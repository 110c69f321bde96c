//! Where in a spec's YAML each of the differ's paths stands.

use std::collections::BTreeMap;

use granit_parser::{Event, Parser, StrInput};

use crate::page::{Line, LineIndex};

/// Joins a path to a key of what stands there.
const KEY: char = '#';

/// The lines and columns of a file's members and their keys, by the differ's paths.
#[derive(Debug, Default)]
pub(crate) struct Outline(BTreeMap<String, Line>);

/// A YAML text as a tree with places.
enum Node {
    Scalar(String),
    Map(Vec<(String, u32, Self)>),
    List(Vec<(u32, Self)>),
}

/// How members of a list are named in paths: by which key, and what joins it.
const MEMBERS: [(&str, &str, &str); 8] = [
    ("request", "name", "."),
    ("fields", "name", "."),
    ("responses", "status", "."),
    ("errors", "code", "."),
    ("permissions", "action", "."),
    ("values", "value", "="),
    ("waiters", "name", "."),
    ("required_when", "parameter", ".required_when."),
];

impl Outline {
    /// Reads a text; one that cannot be read has no places. `base` goes before the paths of a service's head.
    pub(crate) fn new(source: &str, base: &str) -> Self {
        let mut outline = Walk { index: LineIndex::new(source), places: BTreeMap::new() };
        if let Some(Node::Map(keys)) = Tree::read(source) {
            outline.map(base, &keys);
        }
        Self(outline.places)
    }

    /// The place of a path, of one of the keys there if it has one, or else of the nearest that holds it.
    pub(crate) fn find(&self, path: &str, keys: &[&str]) -> Option<Line> {
        for key in keys {
            if let Some(line) = self.0.get(&format!("{path}{KEY}{key}")) {
                return Some(*line);
            }
        }
        let mut path = path;
        loop {
            if let Some(line) = self.0.get(path) {
                return Some(*line);
            }
            if path.is_empty() {
                return None;
            }
            // One member up: `a.b[]`, `a.b`, `a`, and at last the file's beginning.
            path = path
                .char_indices()
                .rev()
                .find(|(_, c)| matches!(c, '.' | '[' | '{' | '='))
                .map_or("", |(at, _)| &path[..at]);
        }
    }
}

struct Walk<'s> {
    index: LineIndex<'s>,
    places: BTreeMap<String, Line>,
}

impl Walk<'_> {
    fn add(&mut self, path: String, at: u32) {
        let line = self.index.line(at);
        // Of members of one name, the first.
        self.places.entry(path).or_insert(line);
    }

    fn map(&mut self, path: &str, keys: &[(String, u32, Node)]) {
        if let Some((_, at, _)) = keys.first() {
            self.add(path.to_owned(), *at);
        }
        let is_map =
            keys.iter().any(|(key, _, value)| key == "type" && matches!(value, Node::Scalar(text) if text == "map"));
        for (key, at, value) in keys {
            self.add(format!("{path}{KEY}{key}"), *at);
            let members = MEMBERS.iter().find(|(list, ..)| list == key);
            match (value, members) {
                (Node::List(items), Some((_, name, joint))) => {
                    let list = match key.as_str() {
                        "request" | "errors" | "permissions" | "waiters" => join(path, key),
                        "responses" => join(path, "response"),
                        _ => path.to_owned(),
                    };
                    if list != path {
                        self.add(list.clone(), *at);
                    }
                    self.members(&list, name, joint, items);
                }
                (Node::Map(inner), _) if key == "items" => {
                    self.map(&format!("{path}{}", if is_map { "{}" } else { "[]" }), inner);
                }
                (Node::Map(inner), _) => {
                    let below = join(path, key);
                    self.add(below.clone(), *at);
                    self.map(&below, inner);
                }
                (Node::Scalar(_) | Node::List(_), _) => self.add(join(path, key), *at),
            }
        }
    }

    fn members(&mut self, list: &str, name: &str, joint: &str, items: &[(u32, Node)]) {
        for (at, item) in items {
            match item {
                Node::Scalar(text) => self.add(format!("{list}{joint}{text}"), *at),
                Node::Map(keys) => {
                    let named = keys.iter().find_map(|(key, _, value)| match value {
                        Node::Scalar(text) if key == name => Some(text),
                        _ => None,
                    });
                    if let Some(text) = named {
                        let path = format!("{list}{joint}{text}");
                        self.add(path.clone(), *at);
                        self.map(&path, keys);
                    }
                }
                Node::List(_) => {}
            }
        }
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

struct Tree<'s>(Parser<'s, StrInput<'s>>);

impl<'s> Tree<'s> {
    /// Deeper than any spec; what is deeper has no places.
    const DEEPEST: usize = 64;

    fn read(source: &'s str) -> Option<Node> {
        let mut tree = Self(Parser::new_from_str(source));
        let (event, at) = tree.next()?;
        Some(tree.node(event, at, 0)?.1)
    }

    fn next(&mut self) -> Option<(Event<'s>, u32)> {
        loop {
            let (event, span) = self.0.next()?.ok()?;
            if matches!(event, Event::StreamStart | Event::DocumentStart(..)) {
                continue;
            }
            return Some((event, u32::try_from(span.byte_range()?.start).ok()?));
        }
    }

    fn node(&mut self, event: Event<'s>, at: u32, depth: usize) -> Option<(u32, Node)> {
        if depth > Self::DEEPEST {
            return None;
        }
        let node = match event {
            Event::Scalar(text, ..) => Node::Scalar(text.into_owned()),
            Event::Alias(_) => Node::Scalar(String::new()),
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                loop {
                    let (event, at) = self.next()?;
                    if matches!(event, Event::SequenceEnd) {
                        break Node::List(items);
                    }
                    items.push(self.node(event, at, depth + 1)?);
                }
            }
            Event::MappingStart(..) => {
                let mut keys = Vec::new();
                loop {
                    let (event, at) = self.next()?;
                    if matches!(event, Event::MappingEnd) {
                        break Node::Map(keys);
                    }
                    let key = match self.node(event, at, depth + 1)?.1 {
                        Node::Scalar(text) => text,
                        _ => String::new(),
                    };
                    let (event, below) = self.next()?;
                    keys.push((key, at, self.node(event, below, depth + 1)?.1));
                }
            }
            _ => return None,
        };
        Some((at, node))
    }
}

#[cfg(test)]
mod tests {
    use super::Outline;

    const SOURCE: &str = "\
operation: Get
http: { method: GET, path: / }
request:
- name: Disk.Size
  type: integer
  min: 5
- name: Tags
  type: array
  items:
    type: object
    fields:
    - name: Key
      type: string
      values: [a, { value: b, description: B }]
responses:
- status: 200
  fields:
  - name: Labels
    type: map
    items: { type: string, min_length: 1 }
errors:
- { status: 400, code: Bad.Disk, message: m }
x-owner: me
";

    #[track_caller]
    fn test(path: &str, keys: &[&str], line: u32, column: u32) {
        let place = Outline::new(SOURCE, "").find(path, keys).unwrap();
        assert_eq!((place.line, place.column), (line, column), "{path} {keys:?}");
    }

    #[test]
    fn leads_to_members_and_their_keys() {
        test("", &[], 1, 1);
        test("http.path", &[], 2, 22);
        test("request", &[], 3, 1);
        test("request.Disk.Size", &[], 4, 3);
        test("request.Disk.Size", &["max", "min"], 6, 3);
        test("request.Disk.Size", &["max"], 4, 3);
        test("request.Tags[].Key", &["type"], 13, 7);
        test("request.Tags[].Key=b", &[], 14, 19);
        test("request.Tags[].Gone", &[], 10, 5);
        test("response.200", &[], 16, 3);
        test("response.200.Labels{}", &["min_length"], 20, 28);
        test("response.404.Labels", &[], 15, 1);
        test("errors.Bad.Disk", &["message"], 22, 34);
        test("x-owner", &[], 23, 1);
        test("permissions.a:b", &[], 1, 1);
    }

    #[test]
    fn what_cannot_be_read_has_no_places() {
        assert!(Outline::new("a: [", "").find("a", &[]).is_none());
        assert!(Outline::new(&"[".repeat(100_000), "").find("", &[]).is_none());
        let head = Outline::new("service: s\nendpoints:\n  regions: { a: 'https://a' }\n", "service");
        assert_eq!(head.find("service.endpoints.regions.a", &[]).unwrap().line, 3);
        assert_eq!(head.find("service.title", &[]).unwrap().line, 1);
    }
}
