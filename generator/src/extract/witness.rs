//! Samples as witnesses: every sample answer of a page, JSON and XML, laid over each other.

use serde_json::{Map, Value as Json};

/// How deep samples may nest; what lies deeper is left out.
const DEPTH: usize = 64;

/// One sample of all: every key any of them shows, lists as one item that holds what all items show.
pub(crate) fn merged<'s>(samples: impl Iterator<Item = &'s Json>) -> Option<Json> {
    let mut all: Option<Json> = None;
    for sample in samples {
        let flat = flattened(sample, 0);
        all = Some(match all {
            None => flat,
            Some(known) => merge(known, flat, 0),
        });
    }
    all.filter(|all| object_of(all).is_some())
}

/// The object a value shows: itself, or the first item of a list of lists. Empty objects show nothing.
pub(crate) fn object_of(value: &Json) -> Option<&Map<String, Json>> {
    let mut here = value;
    for _ in 0..DEPTH {
        match here {
            Json::Array(items) => here = items.first()?,
            Json::Object(entries) => return Some(entries).filter(|entries| !entries.is_empty()),
            _ => return None,
        }
    }
    None
}

/// A value whose lists hold one item.
pub(crate) fn flattened(value: &Json, depth: usize) -> Json {
    if depth > DEPTH {
        return Json::Null;
    }
    match value {
        Json::Object(entries) => Json::Object(
            entries.iter().map(|(key, value)| (key.trim().to_owned(), flattened(value, depth + 1))).collect(),
        ),
        Json::Array(items) => {
            let item = items.iter().map(|item| flattened(item, depth + 1)).reduce(|a, b| merge(a, b, depth + 1));
            Json::Array(item.into_iter().collect())
        }
        other => other.clone(),
    }
}

fn merge(known: Json, other: Json, depth: usize) -> Json {
    let alone = sole_entry(&known).is_some();
    match (known, other) {
        (Json::Object(mut known), Json::Object(other)) if depth <= DEPTH => {
            // One sample leaves out the name of the items that the other has.
            let items = known.iter_mut().next().filter(|(key, _)| !other.contains_key(*key));
            if alone
                && let Some((_, inner)) = items
                && object_of(inner).is_some_and(|inner| other.keys().any(|key| inner.contains_key(key)))
            {
                *inner = merge(inner.take(), Json::Object(other), depth + 1);
                return Json::Object(known);
            }
            for (key, value) in other {
                match known.get_mut(&key) {
                    Some(slot) => *slot = merge(slot.take(), value, depth + 1),
                    None => {
                        known.insert(key, value);
                    }
                }
            }
            Json::Object(known)
        }
        (Json::Array(known), Json::Array(other)) => {
            let item = known.into_iter().chain(other).reduce(|a, b| merge(a, b, depth + 1));
            Json::Array(item.into_iter().collect())
        }
        (Json::Array(known), other @ Json::Object(_)) => {
            let item = match known.into_iter().next() {
                // XML names the items of a list that JSON leaves unnamed.
                Some(item) => match sole_entry(&other) {
                    Some((key, inner)) if item.get(key).is_none() => merge(item, flattened(inner, depth), depth + 1),
                    _ => merge(item, other, depth + 1),
                },
                None => other,
            };
            Json::Array(vec![unlisted(item)])
        }
        (other @ Json::Object(_), known @ Json::Array(_)) => merge(known, other, depth),
        (known @ (Json::Object(_) | Json::Array(_)), _) => known,
        (Json::Null, other) | (_, other @ (Json::Object(_) | Json::Array(_))) => other,
        (known, _) => known,
    }
}

/// The item of a list of one list.
fn unlisted(item: Json) -> Json {
    match item {
        Json::Array(mut items) if items.len() == 1 => items.pop().unwrap_or_default(),
        other => other,
    }
}

/// The only entry of an object, if that holds others.
pub(crate) fn sole_entry(value: &Json) -> Option<(&str, &Json)> {
    let entries = value.as_object().filter(|entries| entries.len() == 1)?;
    let (key, inner) = entries.iter().next()?;
    matches!(inner, Json::Object(_) | Json::Array(_)).then_some((key.as_str(), inner))
}

/// Reads what a sample shows of an answer: JSON with faults that hands leave in it, or XML.
pub(crate) fn read(text: &str) -> Option<Json> {
    let brace = text.find('{');
    let angle = text.find('<').filter(|at| brace.is_none_or(|brace| *at < brace));
    match (angle, brace) {
        (Some(at), _) => xml(text.get(at..)?),
        (None, Some(at)) => json(text.get(at..)?),
        _ => None,
    }
}

/// An open object or list while JSON is read.
enum Open {
    Object(Map<String, Json>, Option<String>),
    List(Vec<Json>),
}

/// JSON read with patience: missing and surplus commas and brackets, comments and dots do no harm.
fn json(text: &str) -> Option<Json> {
    let mut open: Vec<Open> = Vec::new();
    let mut rest = text;
    let mut before = None;
    while let Some(c) = rest.chars().next() {
        let mut used = c.len_utf8();
        match c {
            '{' | '[' if open.len() > DEPTH => return None,
            '{' => {
                // `{{`: the outer one was meant to open a list.
                if let Some(level) = open.last_mut()
                    && matches!(level, Open::Object(entries, None) if entries.is_empty())
                    && before == Some('{')
                {
                    *level = Open::List(Vec::new());
                }
                open.push(Open::Object(Map::new(), None));
            }
            '[' => open.push(Open::List(Vec::new())),
            '}' | ']' => {
                // A bracket of the other kind closes what was left open before it, if there is one.
                let fits = |level: &Open| matches!((level, c), (Open::Object(..), '}') | (Open::List(_), ']'));
                if let Some(at) = open.iter().rposition(fits) {
                    while open.len() > at {
                        if let Some(whole) = close(&mut open) {
                            return Some(whole);
                        }
                    }
                }
            }
            '"' | '“' => {
                let (string, length) = quoted(rest, c)?;
                used = length;
                let after = rest.get(length..).unwrap_or_default().trim_start();
                let key = after.starts_with([':', '：']);
                match open.last_mut() {
                    Some(Open::Object(_, pending)) if key => *pending = Some(string),
                    _ => put(&mut open, Json::String(string)),
                }
            }
            c if c.is_alphanumeric() || c == '-' => {
                let end = rest.find([',', '}', ']', '\n', ':', '"']).unwrap_or(rest.len()).max(used);
                let word = rest.get(..end).unwrap_or_default().trim();
                used = end;
                put(&mut open, serde_json::from_str(word).unwrap_or_else(|_| Json::String(word.to_owned())));
            }
            _ => {}
        }
        before = Some(c).filter(|c| !c.is_whitespace()).or(before);
        rest = rest.get(used..)?;
    }
    while !open.is_empty() {
        if let Some(whole) = close(&mut open) {
            return Some(whole);
        }
    }
    None
}

/// A string and its length with the quotes.
fn quoted(text: &str, opening: char) -> Option<(String, usize)> {
    let closing = if opening == '“' { '”' } else { '"' };
    let mut string = String::new();
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if escaped || (c != closing && c != '\\') {
            string.push(c);
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else {
            return Some((string, at + c.len_utf8()));
        }
    }
    None
}

fn put(open: &mut [Open], value: Json) {
    match open.last_mut() {
        Some(Open::Object(entries, pending)) => {
            if let Some(key) = pending.take() {
                entries.insert(key, value);
            }
        }
        Some(Open::List(items)) => items.push(value),
        None => {}
    }
}

/// Closes the innermost; the whole where that was the outermost.
fn close(open: &mut Vec<Open>) -> Option<Json> {
    let value = match open.pop()? {
        Open::Object(entries, _) => Json::Object(entries),
        Open::List(items) => Json::Array(items),
    };
    if open.is_empty() {
        return Some(value);
    }
    put(open, value);
    None
}

/// An open element while XML is read.
struct Element {
    name: String,
    entries: Map<String, Json>,
    text: bool,
}

/// XML below its root element: elements that repeat become lists; end tags that fit nothing do no harm.
fn xml(text: &str) -> Option<Json> {
    // Around the root, which may be missing: then its fields follow each other.
    let mut open = vec![Element { name: String::new(), entries: Map::new(), text: false }];
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        if let Some(last) = open.last_mut() {
            last.text |= rest.get(..at).is_some_and(|text| !text.trim().is_empty());
        }
        let tag = rest.get(at + 1..)?;
        let Some(end) = tag.find('>') else { break };
        let inner = tag.get(..end)?;
        rest = tag.get(end + 1..)?;
        if let Some(name) = inner.strip_prefix('/') {
            if let Some(at) = open.iter().rposition(|element| element.name == name.trim()).filter(|at| *at > 0) {
                while open.len() > at {
                    finish(&mut open);
                }
            }
            continue;
        }
        let name = inner.trim_end_matches('/').split_whitespace().next().unwrap_or_default();
        if name.starts_with(['?', '!']) || !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            continue;
        }
        if open.len() > DEPTH {
            return None;
        }
        open.push(Element { name: name.to_owned(), entries: Map::new(), text: false });
        if inner.ends_with('/') && open.len() > 1 {
            finish(&mut open);
        }
    }
    loop {
        let Some(mut whole) = finish(&mut open) else { continue };
        let entries = whole.as_object_mut()?;
        let root = entries.values_mut().next().filter(|root| root.is_object()).map(Json::take);
        return if entries.len() == 1 { root } else { Some(whole) };
    }
}

fn finish(open: &mut Vec<Element>) -> Option<Json> {
    let element = open.pop()?;
    let value = match (element.entries.is_empty(), element.text) {
        (true, true) => Json::String(String::new()),
        (true, false) => Json::Null,
        (false, _) => Json::Object(element.entries),
    };
    let Some(parent) = open.last_mut() else { return Some(value) };
    match parent.entries.get_mut(&element.name) {
        Some(Json::Array(items)) => items.push(value),
        Some(slot) => *slot = Json::Array(vec![slot.take(), value]),
        None => {
            parent.entries.insert(element.name, value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn faulty_json_still_shows_its_keys() {
        let text = "{\n\"A\": {\"B\": [ {\"C\": 1, }, {\"D\": \"x\" ] },\n ... \"E\": true";
        assert_eq!(read(text), Some(json!({"A": {"B": [{"C": 1}, {"D": "x"}]}, "E": true})));
    }

    #[test]
    fn two_braces_open_a_list_of_objects() {
        let text = r#"{"Pairs": {"Pair": { { "Name": "a" } ] }, "Total": 1}"#;
        assert_eq!(read(text), Some(json!({"Pairs": {"Pair": [{"Name": "a"}]}, "Total": 1})));
    }

    #[test]
    fn xml_elements_that_repeat_are_lists() {
        let text = "<R><Ids><Id>1</Id><Id>2</Id></Ids></Stray><N/><T>x</T></R>";
        assert_eq!(read(text), Some(json!({"Ids": {"Id": ["", ""]}, "N": null, "T": ""})));
    }

    #[test]
    fn samples_are_laid_over_each_other() {
        let a = json!({"L": [{"A": 1}, {"B": 2}]});
        let b = json!({"L": {"Item": {"C": ""}}, "M": ""});
        assert_eq!(merged([&a, &b].into_iter()), Some(json!({"L": [{"A": 1, "B": 2, "C": ""}], "M": ""})));
    }
}
