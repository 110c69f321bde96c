//! Places in a YAML file: from a path of keys and positions to the bytes that hold it.

use std::collections::BTreeMap;
use std::ops::Range;

use granit_parser::{Event, Parser};

use crate::page::Span;

/// One step into a tree of maps and lists.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The value of a key.
    Key(String),
    /// The item at a position, from 0.
    Index(usize),
}

/// The nearest place that a path leads to in a YAML text: of a key's value the key itself, of an item its start.
///
/// A path that goes on where the text stops gives the last place that is there; a text that is no YAML gives none.
pub fn find(source: &str, path: &[Step]) -> Option<Span> {
    let mut cursor = Cursor { events: Parser::new_from_str(source) };
    let mut found = None;
    let mut rest = path;
    let mut node = cursor.next()?;
    loop {
        found = found.or(Some(node.span));
        let Some((step, tail)) = rest.split_first() else { return found };
        match (step, node.shape) {
            (Step::Key(wanted), Shape::Map) => loop {
                let key = cursor.next()?;
                if key.shape == Shape::End {
                    return found;
                }
                let value = cursor.next()?;
                if key.text.as_deref() == Some(wanted.as_str()) {
                    found = Some(key.span);
                    node = value;
                    break;
                }
                cursor.skip(value.shape)?;
            },
            (Step::Index(wanted), Shape::List) => {
                for _ in 0..*wanted {
                    let item = cursor.next()?;
                    if item.shape == Shape::End {
                        return found;
                    }
                    cursor.skip(item.shape)?;
                }
                let item = cursor.next()?;
                if item.shape == Shape::End {
                    return found;
                }
                found = Some(item.span);
                node = item;
            }
            _ => return found,
        }
        rest = tail;
    }
}

/// The entries of a text's outermost map, in block style: each key, and the bytes from it to the next.
///
/// Nothing for a text that is no such map.
pub(crate) fn entries(source: &str) -> Vec<(String, Range<usize>)> {
    let mut cursor = Cursor { events: Parser::new_from_str(source) };
    let mut entries: Vec<(String, Range<usize>)> = Vec::new();
    let Some(root) = cursor.next().filter(|root| root.shape == Shape::Map) else { return entries };
    if source[root.span.range().start..].starts_with('{') {
        return entries;
    }
    while let Some(key) = cursor.next().filter(|key| key.shape == Shape::Scalar) {
        let start = key.span.range().start;
        if let Some((_, last)) = entries.last_mut() {
            last.end = start;
        }
        entries.push((key.text.unwrap_or_default(), start..source.len()));
        if cursor.next().and_then(|value| cursor.skip(value.shape)).is_none() {
            break;
        }
    }
    entries
}

/// The places of the keys of each map in a list that stands under a key of the outermost map, all found in one pass; of an
/// item that is no map nothing but its own place, under an empty key.
pub(super) fn keys_of_items(source: &str, list: &str) -> Vec<BTreeMap<String, Span>> {
    let mut cursor = Cursor { events: Parser::new_from_str(source) };
    let mut items = Vec::new();
    // Where the text stops early, what was found until then stands.
    let _ = keys_into(&mut cursor, list, &mut items);
    items
}

fn keys_into(cursor: &mut Cursor<'_>, list: &str, items: &mut Vec<BTreeMap<String, Span>>) -> Option<()> {
    cursor.next().filter(|root| root.shape == Shape::Map)?;
    loop {
        let key = cursor.next().filter(|key| key.shape != Shape::End)?;
        let value = cursor.next()?;
        if key.text.as_deref() != Some(list) || value.shape != Shape::List {
            cursor.skip(value.shape)?;
            continue;
        }
        loop {
            let item = cursor.next().filter(|item| item.shape != Shape::End)?;
            let mut keys = BTreeMap::from([(String::new(), item.span)]);
            if item.shape == Shape::Map {
                while let Some(key) = cursor.next().filter(|key| key.shape != Shape::End) {
                    keys.insert(key.text.unwrap_or_default(), key.span);
                    let value = cursor.next()?;
                    cursor.skip(value.shape)?;
                }
            } else {
                cursor.skip(item.shape)?;
            }
            items.push(keys);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Scalar,
    Map,
    List,
    End,
}

struct Node {
    shape: Shape,
    span: Span,
    text: Option<String>,
}

struct Cursor<'a> {
    events: Parser<'a, granit_parser::StrInput<'a>>,
}

impl Cursor<'_> {
    fn next(&mut self) -> Option<Node> {
        loop {
            let (event, span) = self.events.next()?.ok()?;
            let (shape, text) = match event {
                Event::Scalar(text, ..) => (Shape::Scalar, Some(text.into_owned())),
                Event::Alias(_) => (Shape::Scalar, None),
                Event::MappingStart(..) => (Shape::Map, None),
                Event::SequenceStart(..) => (Shape::List, None),
                Event::MappingEnd | Event::SequenceEnd => (Shape::End, None),
                Event::StreamEnd => return None,
                _ => continue,
            };
            let mut range = span.byte_range()?;
            if shape == Shape::Map || shape == Shape::List {
                range.end = range.end.max(range.start + 1);
            }
            return Some(Node { shape, span: Span::new(range), text });
        }
    }

    /// Passes over what is left of a node that was opened.
    fn skip(&mut self, shape: Shape) -> Option<()> {
        let mut depth = usize::from(shape == Shape::Map || shape == Shape::List);
        while depth > 0 {
            match self.next()?.shape {
                Shape::Map | Shape::List => depth += 1,
                Shape::End => depth -= 1,
                Shape::Scalar => {}
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Step, find};

    #[track_caller]
    fn test(path: &[Step], expected: &str, line: usize) {
        let source = "operation: A\nrequest:\n- name: X\n  type: string\n- name: Ü\n  items:\n    type: any\n";
        let span = find(source, path).unwrap();
        assert_eq!(&source[span.range()], expected);
        assert_eq!(source[..span.range().start].lines().count().max(1), line);
    }

    #[test]
    fn leads_to_keys_and_items() {
        let key = |k: &str| Step::Key(k.to_owned());
        test(&[key("operation")], "operation", 1);
        test(&[key("request"), Step::Index(1), key("items"), key("type")], "type", 7);
        test(&[key("request"), Step::Index(0), key("type"), key("deeper")], "type", 4);
        test(&[key("request"), Step::Index(7)], "request", 1);
    }
}
