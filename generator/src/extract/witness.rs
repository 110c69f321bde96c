//! Samples as witnesses: several of one message joined to one that shows every name any of them shows.

use serde_json::Value as Json;

/// How deep samples are joined; what lies deeper is taken from the first.
const DEPTH: usize = 24;

/// Joins samples: objects have all keys, a list one item that has all that any item has.
pub(crate) fn join<'j>(samples: impl IntoIterator<Item = &'j Json>) -> Option<Json> {
    let mut all: Option<Json> = None;
    for sample in samples {
        let one = folded(sample, 0);
        all = Some(match all {
            Some(all) => merged(all, one, 0),
            None => one,
        });
    }
    all
}

/// The sample with each list of objects folded into its one item.
fn folded(sample: &Json, depth: usize) -> Json {
    match sample {
        Json::Object(entries) if depth < DEPTH => {
            // Hands leave spaces in keys: `"id "`.
            Json::Object(entries.iter().map(|(key, value)| (key.trim().to_owned(), folded(value, depth + 1))).collect())
        }
        Json::Array(items) if depth < DEPTH => {
            let one = items.iter().map(|item| folded(item, depth + 1)).reduce(|a, b| merged(a, b, depth + 1));
            Json::Array(one.into_iter().collect())
        }
        other => other.clone(),
    }
}

fn merged(a: Json, b: Json, depth: usize) -> Json {
    match (a, b) {
        (Json::Object(mut a), Json::Object(b)) if depth < DEPTH => {
            for (key, value) in b {
                match a.get_mut(&key) {
                    Some(known) => *known = merged(known.take(), value, depth + 1),
                    None => {
                        a.insert(key, value);
                    }
                }
            }
            Json::Object(a)
        }
        (Json::Array(mut a), Json::Array(mut b)) if depth < DEPTH => match (a.pop(), b.pop()) {
            (Some(x), Some(y)) => Json::Array(vec![merged(x, y, depth + 1)]),
            (one, other) => Json::Array(one.or(other).into_iter().collect()),
        },
        (Json::Null, other) => other,
        (one, _) => one,
    }
}

/// The object a sample shows: itself, or the first item of a list of lists.
pub(crate) fn object(sample: &Json) -> Option<&serde_json::Map<String, Json>> {
    let mut here = sample;
    for _ in 0..DEPTH {
        match here {
            Json::Object(entries) => return Some(entries),
            Json::Array(items) => here = items.first()?,
            _ => return None,
        }
    }
    None
}
