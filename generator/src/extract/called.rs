//! A sample request → the parameters it passes: those of its URL's query, and of its JSON body.

use serde_json::{Map, Value as Json};

use super::samples;

/// How many parts a parameter's name may have.
const PARTS: usize = 24;

/// The parameters of a sample request, nested by their names' parts; nothing where it shows none.
pub(crate) fn parameters(text: &str) -> Option<Json> {
    let body = text.starts_with(['{', '[']).then_some(0).or_else(|| {
        let after = |opening: &str| text.find(opening).map(|at| at + opening.len() - 1);
        [after(" {"), after("\n{"), after("\n\n[")].into_iter().flatten().min()
    });
    let (head, body) = text.split_at(body.unwrap_or(text.len()));
    let mut all = match samples::json(body) {
        Some(Json::Object(entries)) => entries,
        _ => Map::new(),
    };
    let query = head.split_once('?').map(|(_, query)| query).unwrap_or_default();
    for pair in query.split(['&', '\n', ' ']) {
        let Some((name, value)) = pair.trim().trim_start_matches("amp;").split_once('=') else { continue };
        let parts: Vec<&str> = name.split('.').collect();
        let word = |part: &&str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '#' | '$'))
        };
        if parts.len() <= PARTS && parts.iter().all(word) {
            put(&mut all, &parts, value.trim());
        }
    }
    (!all.is_empty()).then_some(Json::Object(all))
}

/// Puts a value below the names in front of it; a number is an item of a list.
fn put(entries: &mut Map<String, Json>, parts: &[&str], value: &str) {
    let Some((first, rest)) = parts.split_first() else { return };
    let number = |part: &&&str| part.bytes().all(|b| b.is_ascii_digit()) || matches!(**part, "n" | "N");
    let indexed = rest.first().filter(number).is_some();
    let rest = if indexed { rest.get(1..).unwrap_or_default() } else { rest };
    let slot = entries.entry((*first).to_owned()).or_insert(Json::Null);
    if indexed && !slot.is_array() {
        *slot = Json::Array(Vec::new());
    }
    let slot = match slot {
        Json::Array(items) => {
            if items.is_empty() {
                items.push(Json::Null);
            }
            let Some(item) = items.first_mut() else { return };
            item
        }
        other => other,
    };
    if rest.is_empty() {
        if slot.is_null() {
            *slot = Json::String(value.to_owned());
        }
        return;
    }
    if !slot.is_object() {
        *slot = Json::Object(Map::new());
    }
    if let Json::Object(inner) = slot {
        put(inner, rest, value);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::parameters;

    #[test]
    fn a_url_and_a_body_tell_parameters() {
        let text =
            "https://rds.aliyuncs.com/?Action=X\n&Tag.1.Key=k\n&Tag.1.Value=v&Ids.1=a\n&<Common request parameters>";
        let shown = json!({"Action": "X", "Tag": [{"Key": "k", "Value": "v"}], "Ids": ["a"]});
        assert_eq!(parameters(text), Some(shown));
        let text = "POST /v3/{id}/backups?limit=10\n\n{\"backup\": {\"name\": \"n\"}}";
        assert_eq!(parameters(text), Some(json!({"backup": {"name": "n"}, "limit": "10"})));
        assert_eq!(parameters("GET /v3/{id}/backups"), None);
    }
}
