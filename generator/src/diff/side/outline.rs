//! Where in a spec's YAML each of the differ's paths stands.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser, StrInput};

use crate::page::{Line, LineIndex};

/// Joins a path to a key of what stands there.
const KEY: &str = "#";

/// The lines and columns of those of a file's members and keys that were asked for, by the differ's paths.
#[derive(Debug, Default)]
pub(crate) struct Outline(HashMap<String, Option<Line>>);

/// A YAML text as a tree with places.
enum Node<'s> {
    Scalar(Cow<'s, str>),
    Map(Vec<Entry<'s>>),
    List(Vec<(u32, Self)>),
}

/// A key, its place, and what stands there.
type Entry<'s> = (Cow<'s, str>, u32, Node<'s>);

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
    /// Reads a text for what will be asked: paths, each with keys. A text that cannot be read has no places. `base` goes
    /// before the paths of a service's head.
    pub(crate) fn new<'p>(source: &str, base: &str, asked: &[(&'p str, &'p [&'p str])]) -> Self {
        let mut places = HashMap::new();
        for (path, keys) in asked {
            places.extend(keys.iter().map(|key| (format!("{path}{KEY}{key}"), None)));
            places.extend(upwards(path).map(|path| (path.to_owned(), None)));
        }
        let mut outline = Self(places);
        // What a broken text has before the break is no use, since such a spec is not compared.
        let _ = outline.read(source, base, asked);
        outline
    }

    /// Reads a text's members, until all that is asked for was found: behind it may be most of the text.
    fn read(&mut self, source: &str, base: &str, asked: &[(&str, &[&str])]) -> Option<()> {
        let mut tree = Tree(Parser::new_from_str(source));
        let mut walk = Walk { index: LineIndex::new(source), places: &mut self.0, path: base.to_owned() };
        let (Event::MappingStart(..), _) = tree.next()? else { return None };
        let mut first = true;
        loop {
            let (event, at) = tree.next()?;
            if matches!(event, Event::MappingEnd) {
                break;
            }
            let (key, at, value) = tree.entry(event, at, 0)?;
            if std::mem::take(&mut first) {
                walk.add(at);
            }
            walk.entry(&key, at, &value, false);
            // A member comes with all its keys, but for the one that is the whole text.
            let found = |path: &str| matches!(walk.places.get(path), Some(Some(_)));
            let has_key = |keys: &[&str]| keys.first().is_none_or(|key| found(&format!("{base}{KEY}{key}")));
            if asked.iter().all(|(path, keys)| found(path) && (*path != base || has_key(keys))) {
                break;
            }
        }
        Some(())
    }

    /// The place of a path, of one of the keys there if it has one, or else of the nearest that holds it.
    pub(crate) fn find(&self, path: &str, keys: &[&str]) -> Option<Line> {
        let place = |path: &str| self.0.get(path).copied().flatten();
        let key = keys.iter().find_map(|key| place(&format!("{path}{KEY}{key}")));
        key.or_else(|| upwards(path).find_map(place))
    }
}

/// A path and what holds it, one member up each time: `a.b[]`, `a.b`, `a`, and at last the file's beginning.
fn upwards(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| {
        let shorter = path.rfind(['.', '[', '{', '=']).map_or("", |at| &path[..at]);
        (!path.is_empty()).then_some(shorter)
    })
}

struct Walk<'w> {
    index: LineIndex<'w>,
    /// What is asked for, and where it was found.
    places: &'w mut HashMap<String, Option<Line>>,
    /// Where the walk is.
    path: String,
}

impl Walk<'_> {
    /// Notes a place, where it is asked for; of members of one name, the first.
    fn add(&mut self, at: u32) {
        if let Some(place @ None) = self.places.get_mut(&self.path) {
            *place = Some(self.index.line(at));
        }
    }

    /// Goes on below the path.
    fn below(&mut self, parts: &[&str], go: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.extend(parts.iter().copied());
        go(self);
        self.path.truncate(length);
    }

    fn map(&mut self, keys: &[Entry<'_>]) {
        if let Some((_, at, _)) = keys.first() {
            self.add(*at);
        }
        let is_map =
            keys.iter().any(|(key, _, value)| key == "type" && matches!(value, Node::Scalar(text) if text == "map"));
        for (key, at, value) in keys {
            self.entry(key, *at, value, is_map);
        }
    }

    /// A key with what stands there; `is_map` says whether it is among those of a map's schema.
    fn entry(&mut self, key: &str, at: u32, value: &Node<'_>, is_map: bool) {
        let dot = if self.path.is_empty() { "" } else { "." };
        self.below(&[KEY, key], |walk| walk.add(at));
        let members = MEMBERS.iter().find(|(list, ..)| *list == key);
        match (value, members) {
            (Node::List(items), Some((_, name, joint))) => {
                let list: &[&str] = match key {
                    "request" | "errors" | "permissions" | "waiters" => &[dot, key],
                    "responses" => &[dot, "response"],
                    _ => &[],
                };
                self.below(list, |walk| {
                    if !list.is_empty() {
                        walk.add(at);
                    }
                    walk.members(name, joint, items);
                });
            }
            (Node::Map(inner), _) if key == "items" => {
                self.below(&[if is_map { "{}" } else { "[]" }], |walk| walk.map(inner));
            }
            (Node::Map(inner), _) => self.below(&[dot, key], |walk| {
                walk.add(at);
                walk.map(inner);
            }),
            (Node::Scalar(_) | Node::List(_), _) => self.below(&[dot, key], |walk| walk.add(at)),
        }
    }

    fn members(&mut self, name: &str, joint: &str, items: &[(u32, Node<'_>)]) {
        for (at, item) in items {
            match item {
                Node::Scalar(text) => self.below(&[joint, text], |walk| walk.add(*at)),
                Node::Map(keys) => {
                    let named = keys.iter().find_map(|(key, _, value)| match value {
                        Node::Scalar(text) if key == name => Some(text),
                        _ => None,
                    });
                    if let Some(text) = named {
                        self.below(&[joint, text], |walk| {
                            walk.add(*at);
                            walk.map(keys);
                        });
                    }
                }
                Node::List(_) => {}
            }
        }
    }
}

struct Tree<'s>(Parser<'s, StrInput<'s>>);

impl<'s> Tree<'s> {
    /// Deeper than any spec; what is deeper has no places.
    const DEEPEST: usize = 64;

    fn next(&mut self) -> Option<(Event<'s>, u32)> {
        loop {
            let (event, span) = self.0.next()?.ok()?;
            if matches!(event, Event::StreamStart | Event::DocumentStart(..)) {
                continue;
            }
            return Some((event, u32::try_from(span.byte_range()?.start).ok()?));
        }
    }

    /// A key of a mapping, of which the event was read, with what stands there.
    fn entry(&mut self, key: Event<'s>, at: u32, depth: usize) -> Option<Entry<'s>> {
        let key = match self.node(key, at, depth + 1)?.1 {
            Node::Scalar(text) => text,
            _ => Cow::Borrowed(""),
        };
        let (event, below) = self.next()?;
        Some((key, at, self.node(event, below, depth + 1)?.1))
    }

    fn node(&mut self, event: Event<'s>, at: u32, depth: usize) -> Option<(u32, Node<'s>)> {
        if depth > Self::DEEPEST {
            return None;
        }
        let node = match event {
            Event::Scalar(text, ..) => Node::Scalar(text),
            Event::Alias(_) => Node::Scalar(Cow::Borrowed("")),
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
                    keys.push(self.entry(event, at, depth)?);
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
        let place = Outline::new(SOURCE, "", &[(path, keys)]).find(path, keys).unwrap();
        assert_eq!((place.line, place.column), (line, column), "{path} {keys:?}");
    }

    #[test]
    fn leads_to_members_and_their_keys() {
        test("", &[], 1, 1);
        test("", &["x-owner"], 23, 1);
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
        let find = |source: &str, base: &str, path: &str| Outline::new(source, base, &[(path, &[])]).find(path, &[]);
        assert!(find("a: [", "", "a").is_none());
        assert!(find(&"[".repeat(100_000), "", "").is_none());
        let head = "service: s\nendpoints:\n  regions: { a: 'https://a' }\n";
        assert_eq!(find(head, "service", "service.endpoints.regions.a").unwrap().line, 3);
        assert_eq!(find(head, "service", "service.title").unwrap().line, 1);
    }
}
