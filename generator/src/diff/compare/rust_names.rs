//! What a spec's names in Rust change in the crate: of members of a list, and of types.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::side::Side;
use crate::render::{accessor_names, camel, setter_names, type_names, variant_names};
use crate::spec::{ErrorCode, Field, Operation, Value};

/// The names in Rust of the members of a list, old and new, by their names on the wire. Empty where neither side's spec
/// has a say in them: then they follow from the wire's, and the table's rules are enough.
#[derive(Debug, Default)]
pub(super) struct Names {
    old: BTreeMap<String, String>,
    new: BTreeMap<String, String>,
}

impl Names {
    /// Of setters or accessors.
    pub(super) fn of_fields(side: Side, old: &[Field], new: &[Field]) -> Self {
        let names = match side {
            Side::Request => setter_names,
            Side::Response => accessor_names,
        };
        Self::of(old, new, |field| (&field.name, field.rust_name.is_some()), names)
    }

    /// Of the variants of listed values.
    pub(super) fn of_values(old: &[Value], new: &[Value]) -> Self {
        Self::of(old, new, |value| (&value.value, value.rust_name.is_some()), variant_names)
    }

    /// Of the variants of error codes.
    pub(super) fn of_codes(old: &[ErrorCode], new: &[ErrorCode]) -> Self {
        let names = |errors: &[ErrorCode]| errors.iter().map(|error| camel(error.called())).collect();
        Self::of(old, new, |error| (&error.code, error.rust_name.is_some()), names)
    }

    fn of<T>(
        old: &[T],
        new: &[T],
        member: impl Fn(&T) -> (&String, bool),
        names: impl Fn(&[T]) -> Vec<String>,
    ) -> Self {
        if !old.iter().chain(new).any(|it| member(it).1) {
            return Self::default();
        }
        let by_wire = |list: &[T]| {
            let mut found = BTreeMap::new();
            for (it, name) in list.iter().zip(names(list)) {
                // Of members of one name, the first; a name that is given counts before one that is not.
                let (wire, given) = member(it);
                if given || !found.contains_key(wire) {
                    found.insert(wire.clone(), name);
                }
            }
            found
        };
        Self { old: by_wire(old), new: by_wire(new) }
    }

    /// The names of a pair, where the spec has a say in them.
    pub(super) fn pair(&self, old: &str, new: &str) -> Option<(&str, &str)> {
        Some((self.old.get(old)?, self.new.get(new)?))
    }

    /// Whether a pair's names are the same, where the spec has a say in them.
    pub(super) fn same(&self, old: &str, new: &str) -> Option<bool> {
        self.pair(old, new).map(|(old, new)| old == new)
    }
}

/// The types of an operation that both sides have.
#[derive(Debug)]
pub(super) struct Types<'o> {
    operations: [&'o Operation; 2],
    names: OnceCell<[BTreeMap<String, String>; 2]>,
    /// Whether the types' names that the specs give are not the same.
    changed: bool,
}

impl<'o> Types<'o> {
    pub(super) fn new(old: &'o Operation, new: &'o Operation) -> Self {
        let changed = given(old) != given(new);
        Self { operations: [old, new], names: OnceCell::new(), changed }
    }

    fn names(&self) -> &[BTreeMap<String, String>; 2] {
        self.names.get_or_init(|| self.operations.map(type_names))
    }

    /// The names of the type of a pair, where the specs changed names of types and they differ.
    pub(super) fn pair(&self, old: &str, new: &str) -> Option<(&str, &str)> {
        if !self.changed {
            return None;
        }
        let [was, is] = self.names();
        let (was, is) = (was.get(&place(old)?)?, is.get(&place(new)?)?);
        (was != is).then_some((was, is))
    }

    /// Whether a place and all below it have the same types under its old path as under its new one.
    pub(super) fn same_below(&self, old: &str, new: &str) -> bool {
        let [was, is] = self.names();
        below(was, old) == below(is, new)
    }

    /// Whether what the JSON text holds has types: on the old side and on the new.
    pub(super) fn of_json(&self, old: &str, new: &str) -> [bool; 2] {
        let [was, is] = self.names();
        let any = |names, path: &str| !below(names, &format!("{path}.json")).is_empty();
        [any(was, old), any(is, new)]
    }
}

/// The names of types at a place and below it, by what follows the place.
fn below<'n>(names: &'n BTreeMap<String, String>, path: &str) -> Vec<(&'n str, &'n str)> {
    let Some(path) = place(path) else { return Vec::new() };
    let all = names.range(path.clone()..).map_while(|(known, name)| Some((known.strip_prefix(&path)?, name.as_str())));
    all.filter(|(rest, _)| rest.is_empty() || rest.starts_with(['.', '[', '{'])).collect()
}

/// A differ's path as names of types are kept: answers of success share their types, those of failure have none.
fn place(path: &str) -> Option<String> {
    let Some(answer) = path.strip_prefix("response.") else { return Some(path.to_owned()) };
    let (status, rest) = answer.split_once('.')?;
    let success = status.parse().is_ok_and(|status: u16| (200..300).contains(&status));
    success.then(|| format!("response.{rest}"))
}

/// The names of types that a spec gives, with the names that lead to their places.
fn given(operation: &Operation) -> Vec<(String, &str)> {
    fn walk<'o>(field: &'o Field, way: &mut Vec<&'o str>, found: &mut Vec<(String, &'o str)>) {
        way.push(&field.name);
        if let Some(name) = &field.rust_type {
            found.push((way.join("."), name));
        }
        let inner = field.items.as_deref().into_iter().chain(field.json.as_deref()).chain(&field.fields);
        for inner in inner {
            walk(inner, way, found);
        }
        way.pop();
    }
    let mut found = Vec::new();
    let answers = operation.responses.iter().flat_map(|response| &response.fields);
    for field in operation.request.iter().chain(answers) {
        walk(field, &mut Vec::new(), &mut found);
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::diff::{Bump, Files, compare};

    fn side(operation: &str) -> Files {
        let operation =
            if operation.contains("operation:") { operation.to_owned() } else { format!("operation: Op\n{operation}") };
        let operation = format!("{operation}\nhttp: {{ method: GET, path: / }}\n");
        let files = [("s/service.yaml", "service: s\nprotocol: aliyun-rpc\n"), ("s/operations/Op.yaml", &operation)];
        let contents = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
        Files { contents: contents.into(), ..Files::default() }
    }

    #[track_caller]
    fn test(old: &str, new: &str, expected: &[(&str, &str, Bump)]) {
        let found = compare(&side(old), &side(new)).unwrap().findings;
        let found: Vec<_> = found.iter().map(|it| (it.rule.id, it.path.as_str(), it.rust)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_name_that_is_the_usual_one_changes_nothing() {
        test(
            "request: [{ name: DiskId, type: string }]",
            "request: [{ name: DiskId, rust_name: disk_id, type: string }]",
            &[],
        );
        test("errors: [{ code: No.Disk }]", "errors: [{ code: No.Disk, rust_name: NoDisk }]", &[]);
        test("operation: GetDisk", "operation: GetDisk\nrust_name: get_disk", &[]);
        let object = |given: &str| {
            format!(
                "request: [{{ name: Tag, type: array, items: {{ type: object{given}, fields: [{{ name: Key, type: string, values: [a] }}] }} }}]"
            )
        };
        test(&object(""), &object(", rust_type: TagInput"), &[]);
        let other = [("request-rust-type-changed", "request.Tag[]", Bump::Major)];
        test(&object(""), &object(", rust_type: Tag"), &other);
    }

    #[test]
    fn a_name_that_people_keep_makes_a_rename_on_the_wire_none_of_the_crate() {
        let old = "request: [{ name: ZoneId, type: string }]";
        let renamed = |given: &str| format!("request: [{{ name: ZoneIds, {given}type: string }}]");
        let finding = |rust| [("request-field-renamed", "request.ZoneIds", rust)];
        test(old, &renamed(""), &finding(Bump::Major));
        test(old, &renamed("rust_name: zone_id, "), &finding(Bump::Patch));
        let old = "operation: GetDisk\nrequest: [{ name: DiskId, type: string }]";
        let renamed = |given: &str| format!("operation: GetDisks{given}\nrequest: [{{ name: DiskId, type: string }}]");
        test(old, &renamed(""), &[("operation-renamed", "", Bump::Major)]);
        test(old, &renamed("\nrust_name: GetDisk"), &[("operation-renamed", "", Bump::Patch)]);
        // The type of what is listed is still called after the parameter.
        let listed = "type: string, values: [{ value: a }]";
        let (old, new) = (
            format!("request: [{{ name: ZoneId, {listed} }}]"),
            format!("request: [{{ name: ZoneIds, rust_name: zone_id, {listed} }}]"),
        );
        test(&old, &new, &finding(Bump::Major));
        let kept = new.replace("listed", "").replace("type: string,", "type: string, rust_type: ZoneId,");
        test(&old, &kept, &finding(Bump::Patch));
        let values = |value: &str| {
            format!(
                "request: [{{ name: A, type: string, values: [{{ {value}, description: All of it went well. }}] }}]"
            )
        };
        let finding = |rust| [("request-value-renamed", "request.A=done", rust)];
        test(&values("value: ok"), &values("value: done"), &finding(Bump::Major));
        test(&values("value: ok"), &values("value: done, rust_name: Ok"), &finding(Bump::Patch));
    }

    #[test]
    fn a_type_that_takes_anothers_name_is_told_at_both_places() {
        let places = |first: &str, second: &str| {
            let place = |name: &str, given: &str| {
                format!(
                    "{{ name: {name}, type: object, fields: [{{ name: Tag, type: object{given}, fields: [{{ name: Key, type: string }}] }}] }}"
                )
            };
            format!("responses: [{{ status: 200, fields: [{}, {}] }}]", place("A", first), place("B", second))
        };
        let at = |place: &'static str| ("response-rust-type-changed", place, Bump::Major);
        // `Tag` and `Tag2` become one type, which `A` had before.
        test(&places("", ""), &places(", rust_type: Tag", ", rust_type: Tag"), &[at("response.200.B.Tag")]);
        // `A` leaves the name to `B`.
        test(&places("", ""), &places(", rust_type: Label", ""), &[at("response.200.A.Tag"), at("response.200.B.Tag")]);
    }

    #[test]
    fn the_shape_of_json_counts_where_it_gives_types() {
        let text = |more: &str| format!("request: [{{ name: A, type: string{more} }}]");
        let (plain, json) = (text(""), text(", format: json"));
        let object = ", json: { type: object, fields: [{ name: B, type: string }] }";
        let list = ", json: { type: array, items: { type: string } }";
        let added = |rust| [("request-json-shape-added", "request.A", rust)];
        let removed = |rust| [("request-json-shape-removed", "request.A", rust)];
        test(&json, &text(&format!(", format: json{object}")), &added(Bump::Minor));
        test(&json, &text(&format!(", format: json{list}")), &added(Bump::Patch));
        // Plain text takes what turns into a `String`, JSON text does not.
        test(&plain, &text(list), &added(Bump::Major));
        test(&text(&format!(", format: json{object}")), &json, &removed(Bump::Major));
        test(&text(&format!(", format: json{list}")), &json, &removed(Bump::Patch));
        let renamed = object.replace("B,", "B, rust_name: c,");
        test(&text(object), &text(&renamed), &[("request-field-rust-renamed", "request.A.json.B", Bump::Major)]);
        let sample = r#", format: json, example: '[{"B": "x"}]'"#.to_owned();
        let told = format!(
            "{sample}, json: {{ type: array, items: {{ type: object, fields: [{{ name: C, type: string }}] }} }}"
        );
        test(&text(&sample), &text(&told), &added(Bump::Major));
    }
}
