//! Nested rows held against the sample: lists told from objects, and wrappers that only the sample shows.

use serde_json::{Map, Value as Json};

use super::draft::{Draft, Refuted};
use super::placing::{find, names_items};
use super::shapes::Shapes;
use super::witness::{object_of, sole_entry};
use crate::provenance::{Certainty, Settlement};
use crate::spec::{Field, Type};

/// How deep fields may nest.
const DEPTH: usize = 24;

/// Settles the fields of one object by what the sample shows of it.
pub(super) fn settle(level: &mut [Draft], sample: Option<&Map<String, Json>>, shapes: &Shapes, depth: usize) {
    if depth > DEPTH {
        return;
    }
    for draft in level {
        let shown = sample.and_then(|sample| find(sample, &draft.field.name)).filter(|shown| !is_empty(shown));
        let shown = shown.or_else(|| shapes.of(&draft.field.name, &draft.children).filter(|_| draft.may_hold()));
        settle_one(draft, shown);
        // A row for the items, which the sample leaves unnamed, has what the list has.
        let inner = shown.map_or(sample.filter(|_| depth > 0), object_of);
        settle(&mut draft.children, inner, shapes, depth + 1);
    }
}

/// Whether a sample shows nothing at all of a value.
fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(entries) => entries.is_empty(),
        _ => false,
    }
}

fn settle_one(draft: &mut Draft, shown: Option<&Json>) {
    let listed = draft.field.kind == Type::Array;
    let sole = shown.filter(|shown| shown.is_object()).and_then(sole_entry).map(|(key, _)| key);
    let alone = match draft.children.as_slice() {
        [only] => names_items(only, draft) || sole == Some(&only.field.name),
        [first, ..] => sole == Some(&first.field.name),
        [] => false,
    };
    if alone && draft.field.kind != Type::Map {
        // `Items`, an `Array of Item`, is `{"Item": […]}` on the wire: the list is the row below it.
        let shown_list = shown.and_then(sole_entry).is_some_and(|(_, inner)| inner.is_array());
        set_kind(draft, Type::Object, "wrapper-row");
        if let Some(items) = draft.children.first_mut()
            && (listed || shown_list)
            && items.field.kind != Type::Array
        {
            set_kind(items, Type::Array, "wrapper-row");
        }
        return;
    }
    if wrap(draft, shown) {
        return;
    }
    match (draft.field.kind, shown) {
        (Type::Any, Some(Json::Array(_))) => set_kind(draft, Type::Array, "type-from-sample"),
        // XML shows a list of one item as the item itself.
        (Type::Any | Type::Array, Some(Json::Object(_)))
            if draft.field.kind == Type::Any || draft.children.is_empty() =>
        {
            set_kind(draft, Type::Object, "type-from-sample");
        }
        _ => {}
    }
}

/// Puts fields that the sample has in a container no row names into that container.
pub(super) fn lift(level: &mut Vec<Draft>, shown: &Json, depth: usize) {
    let Some(entries) = object_of(shown).filter(|_| depth <= DEPTH) else { return };
    for draft in level.iter_mut().filter(|draft| !draft.children.is_empty()) {
        if let Some(inner) = entries.get(&draft.field.name) {
            lift(&mut draft.children, inner, depth + 1);
        }
    }
    let unnamed: Vec<_> =
        entries.iter().filter(|(key, _)| !level.iter().any(|draft| draft.field.name == **key)).collect();
    for (key, value) in unnamed {
        let Some(inner) = object_of(value) else { continue };
        let items = sole_entry(value).and_then(|(_, items)| object_of(items)).unwrap_or(inner);
        let inside = |draft: &Draft| {
            let name = draft.field.name.as_str();
            entries.get(name).is_none() && (inner.contains_key(name) || items.contains_key(name))
        };
        let Some(at) = level.iter().position(inside) else { continue };
        if level.iter().all(inside) {
            continue;
        }
        let (moved, kept): (Vec<_>, Vec<_>) = std::mem::take(level).into_iter().partition(inside);
        *level = kept;
        let mut container =
            Draft { span: moved.first().map(|draft| draft.span).unwrap_or_default(), ..Draft::default() };
        key.clone_into(&mut container.field.name);
        container.field.kind = if value.is_array() { Type::Array } else { Type::Object };
        container.mark("name", container.span, "container-from-sample", Certainty::Likely);
        container.mark("type", container.span, "container-from-sample", Certainty::Likely);
        container.children = moved;
        settle_one(&mut container, Some(value));
        level.insert(at.min(level.len()), container);
    }
}

fn set_kind(draft: &mut Draft, kind: Type, rule: &'static str) {
    if draft.field.kind == kind {
        return;
    }
    let said = draft.marks.iter().find(|mark| mark.key == "type").filter(|_| draft.field.kind != Type::Any);
    let loser = said.filter(|mark| mark.losers.is_empty()).map(|mark| Refuted {
        span: mark.span,
        rule: mark.rule,
        settled: Settlement::SampleOverTable,
        value: draft.field.kind.word().to_owned(),
    });
    draft.field.kind = kind;
    draft.field.format = None;
    draft.field.items = None;
    draft.mark("type", draft.span, rule, Certainty::Likely);
    if let Some(loser) = loser {
        draft.refute("type", loser, Certainty::Likely);
    }
}

/// Whether a name is another's plural: XML shows a list of one item as an object.
fn is_plural(name: &str, singular: &str) -> bool {
    let ending = |stem: &str, ending: &str| name.strip_prefix(stem) == Some(ending);
    ending(singular, "s")
        || ending(singular, "es")
        || singular.strip_suffix('y').is_some_and(|stem| ending(stem, "ies"))
}

/// Puts the list between a container and its fields that the sample has there; whether there was one.
fn wrap(draft: &mut Draft, shown: Option<&Json>) -> bool {
    let Some((key, list)) = shown.filter(|shown| shown.is_object()).and_then(sole_entry) else { return false };
    let named = draft.schema.as_ref().is_some_and(|schema| schema.eq_ignore_ascii_case(key));
    if draft.children.iter().any(|child| child.field.name == key) {
        return false;
    }
    let inner = object_of(list);
    let inside = draft.children.iter().any(|child| inner.is_some_and(|inner| inner.contains_key(&child.field.name)));
    let plural = draft.field.name.starts_with(key) && draft.field.name.len() <= key.len() + 4;
    // A list without items tells nothing of their fields, but names itself.
    let empty = list.as_array().is_some_and(Vec::is_empty);
    let plain = draft.children.is_empty() && list.is_array();
    if !(inside || plain || empty || ((named || plural) && !draft.children.is_empty())) {
        return false;
    }
    let mut wrapper = Draft { span: draft.span, ..Draft::default() };
    key.clone_into(&mut wrapper.field.name);
    let listed = list.is_array() || draft.field.kind == Type::Array || is_plural(&draft.field.name, key);
    wrapper.field.kind = if listed { Type::Array } else { Type::Object };
    wrapper.mark("name", draft.span, "wrapper-from-sample", Certainty::Likely);
    wrapper.mark("type", draft.span, "wrapper-from-sample", Certainty::Likely);
    if let Some(item) = list.get(0).filter(|item| !item.is_object()) {
        let kind = if item.is_string() { Type::String } else { Type::Any };
        wrapper.field.items = Some(Box::new(Field { kind, ..Field::default() }));
    }
    wrapper.children = std::mem::take(&mut draft.children);
    draft.children.push(wrapper);
    set_kind(draft, Type::Object, "wrapper-from-sample");
    true
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::asked::Asked;
    use super::super::shapes::SampleShapes;
    use super::*;

    fn draft(name: &str, kind: Type, children: Vec<Draft>) -> Draft {
        let field = Field { name: name.to_owned(), kind, ..Field::default() };
        Draft { field, children, ..Draft::default() }
    }

    /// `Items array`, `Items.Id string`: what became of the fields.
    fn shown(level: &[Draft], prefix: &str, out: &mut Vec<String>) {
        for draft in level {
            let path = format!("{prefix}{}", draft.field.name);
            out.push(format!("{path} {:?}", draft.field.kind).to_lowercase());
            shown(&draft.children, &format!("{path}."), out);
        }
    }

    #[track_caller]
    fn settled(mut level: Vec<Draft>, sample: &Json, expected: &[&str]) {
        let (all, asked) = (SampleShapes::default(), Asked::default());
        settle(&mut level, sample.as_object(), &Shapes::new(&all, &asked), 0);
        let mut out = Vec::new();
        shown(&level, "", &mut out);
        assert_eq!(out, expected);
    }

    #[test]
    fn lists_are_told_from_objects_by_the_sample() {
        let id = || vec![draft("id", Type::String, Vec::new())];
        settled(
            vec![
                draft("list", Type::Any, id()),
                draft("object", Type::Any, id()),
                draft("bare", Type::Array, Vec::new()),
            ],
            &json!({"list": [{"id": 1, "name": ""}], "object": {"id": 1, "name": ""}, "bare": {"a": 1}}),
            &["list array", "list.id string", "object object", "object.id string", "bare object"],
        );
    }

    #[test]
    fn a_row_for_the_items_is_the_list() {
        // XML shows a list of one item as the item itself: what the row calls a list stays one.
        settled(
            vec![draft(
                "items",
                Type::Array,
                vec![draft("item", Type::Any, vec![draft("id", Type::String, Vec::new())])],
            )],
            &json!({"items": {"item": {"id": 1}}}),
            &["items object", "items.item array", "items.item.id string"],
        );
    }

    #[test]
    fn wrappers_that_only_the_sample_shows_are_put_in() {
        settled(
            vec![
                draft("items", Type::Array, vec![draft("id", Type::String, Vec::new())]),
                draft("zones", Type::Array, Vec::new()),
            ],
            &json!({"items": {"item": [{"id": 1}]}, "zones": {"zone": ["a"]}}),
            &["items object", "items.item array", "items.item.id string", "zones object", "zones.zone array"],
        );
    }

    #[test]
    fn maps_and_what_no_sample_shows_stay_as_they_are() {
        let level = || vec![draft("tags", Type::Map, vec![draft("value", Type::String, Vec::new())])];
        settled(level(), &json!({"tags": {"value": {"a": 1}}}), &["tags map", "tags.value string"]);
        settled(level(), &json!({}), &["tags map", "tags.value string"]);
    }

    #[test]
    fn fields_move_into_the_container_that_no_row_names() {
        let mut level = vec![
            draft("id", Type::String, Vec::new()),
            draft("zone", Type::String, Vec::new()),
            draft("total", Type::Integer, Vec::new()),
        ];
        lift(&mut level, &json!({"result": {"id": "", "zone": ""}, "total": 1}), 0);
        let mut out = Vec::new();
        shown(&level, "", &mut out);
        assert_eq!(out, ["result object", "result.id string", "result.zone string", "total integer"]);
        assert!(level.iter().flat_map(|draft| &draft.marks).all(|mark| mark.rule == "container-from-sample"));
    }

    #[test]
    fn nothing_moves_where_all_fields_would() {
        let mut level = vec![draft("id", Type::String, Vec::new())];
        lift(&mut level, &json!({"result": {"id": ""}}), 0);
        let mut out = Vec::new();
        shown(&level, "", &mut out);
        assert_eq!(out, ["id string"]);
    }
}
