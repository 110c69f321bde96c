//! What is on the wire counts: kinds of fields that the samples contradict.

use serde_json::Value as Json;

use super::draft::Draft;
use super::witness;
use crate::provenance::Certainty;
use crate::spec::{Field, Type};

/// A field whose kind the sample contradicts takes the sample's: what is on the wire counts.
pub(crate) fn settled(mut draft: Draft, shown: Option<&serde_json::Map<String, Json>>) -> Draft {
    let Some(value) = shown.and_then(|entries| entries.get(&draft.field.name)) else { return draft };
    if draft.marks.iter().any(|mark| mark.key == "type" && mark.rule == "wrapper-row") {
        // The row that names the list's items says that they are wrapped; samples made by hand leave that out.
        return draft;
    }
    let item = draft.field.items.as_ref().map(|item| item.kind);
    let open = item.is_none_or(|item| matches!(item, Type::Object | Type::Any));
    let kind = match (draft.field.kind, value) {
        (Type::Object | Type::Map, Json::Array(items)) if items.first().is_none_or(Json::is_object) => Type::Array,
        (Type::String | Type::Any, Json::Array(items)) if !items.is_empty() => Type::Array,
        (Type::Array, Json::Object(_)) if open => Type::Object,
        (Type::String | Type::Any, Json::Object(entries)) if !entries.is_empty() => Type::Object,
        (Type::Object, Json::Object(entries)) if is_pair(&draft.children) && is_map(entries, &draft.children) => {
            draft.children.clear();
            draft.field.items = Some(Box::new(Field::default()));
            draft.field.kind = Type::Map;
            draft.mark("type", draft.span, "map-from-sample", Certainty::Likely);
            return draft;
        }
        (Type::Object, Json::Object(entries)) if is_map_of(entries, &draft.children) => {
            // `{"net-1": [{"addr": …}]}` beside a table that lists `addr`: names of the user's own.
            let list = entries.values().all(Json::is_array);
            let kind = if list { Type::Array } else { Type::Object };
            draft.field.items = Some(Box::new(Field { kind, ..Field::default() }));
            draft.field.kind = Type::Map;
            draft.mark("type", draft.span, "map-from-sample", Certainty::Likely);
            return draft;
        }
        _ => return draft,
    };
    draft.field.kind = kind;
    draft.field.format = None;
    draft.field.items = None;
    draft.mark("type", draft.span, "type-from-sample", Certainty::Likely);
    draft
}

fn is_pair(children: &[Draft]) -> bool {
    children.len() == 2 && children.iter().all(|child| matches!(child.field.name.as_str(), "key" | "value"))
}

fn is_map(entries: &serde_json::Map<String, Json>, children: &[Draft]) -> bool {
    !entries.is_empty()
        && entries.values().all(|value| !value.is_object() && !value.is_array())
        && children.iter().all(|child| !entries.contains_key(&child.field.name))
}

/// Whether the fields stand one level deeper than their table says, below each of the sample's names.
fn is_map_of(entries: &serde_json::Map<String, Json>, children: &[Draft]) -> bool {
    let listed = |inner: &serde_json::Map<String, Json>| {
        children.iter().filter(|child| inner.contains_key(&child.field.name)).count() * 2 >= children.len()
    };
    !entries.is_empty()
        && !children.is_empty()
        && children.iter().all(|child| !entries.contains_key(&child.field.name))
        && entries.values().all(|value| witness::object_of(value).is_some_and(listed))
}
