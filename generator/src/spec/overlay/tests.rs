//! What entries do, one by one.

use std::collections::BTreeMap;

use super::{Change, apply, read};
use crate::spec::{Operation, Required, yaml};

fn operations() -> BTreeMap<String, Operation> {
    let source = "operation: A\nhttp: { method: POST, path: / }\nrequest:\n- { name: X, in: query, type: string }\n\
                  - { name: Y, in: query, type: object, fields: [{ name: Z, type: string }] }\n";
    [("A".to_owned(), yaml::read(source, "A.yaml").unwrap())].into()
}

#[track_caller]
fn test(entry: &str, expected: Result<&str, &str>) -> BTreeMap<String, Operation> {
    let source = format!("overlay:\n- {entry}\n  reason: the vendor's SDK\n");
    let overlay = read(&source, "overlay.yaml").unwrap();
    let mut operations = operations();
    let (settled, findings) = apply(&overlay, &source, "overlay.yaml", &mut operations);
    let paths = settled
        .iter()
        .map(|fact| match &fact.change {
            Change::Set(path) => path.clone(),
            Change::Removed(path) => format!("-{path}"),
            Change::Renamed { from, to } => format!("{from}={to}"),
            Change::OperationRemoved => "-".to_owned(),
            Change::OperationRenamed(from) => format!("{from}={}", fact.operation),
        })
        .collect::<Vec<_>>()
        .join(" ");
    match findings.first() {
        Some(finding) => {
            assert_eq!(Err(format!("{}: {}", finding.id, finding.message).as_str()), expected);
            assert_eq!(finding.span.unwrap().start, 11);
        }
        None => assert_eq!(Ok(paths.as_str()), expected),
    }
    operations
}

#[test]
fn sets_adds_removes_and_renames() {
    let changed = test("set: A.request.X.required\n  to: true", Ok("request.X.required"));
    assert_eq!(changed["A"].request[0].required, Some(Required::Yes));
    let changed =
        test("add: A.request.Y\n  value: { name: V, type: integer }", Ok("request.Y.V.name request.Y.V.type"));
    assert_eq!(changed["A"].request[1].fields.len(), 2);
    let changed = test("remove: A.request.Y.Z", Ok("-request.Y.Z"));
    assert_eq!(changed["A"].request[1].fields.len(), 0);
    let changed = test("rename: A.request.Y.Z\n  wire: W", Ok("request.Y.Z=request.Y.W"));
    assert_eq!(changed["A"].request[1].fields[0].name, "W");
    let changed = test("rename: A\n  wire: B", Ok("A=B"));
    assert_eq!(changed["B"].operation, "B");
    assert!(test("remove: A", Ok("-")).is_empty());
    let confirmed = test("confirm: A.request.X.type\n  to: string", Ok("request.X.type"));
    assert_eq!(confirmed, operations());
}

#[test]
fn refuses_what_leads_nowhere_or_changes_nothing() {
    test(
        "set: A.request.Q.required\n  to: true",
        Err("overlay-astray: `request.Q.required` leads nowhere: there is no `Q.required`"),
    );
    test("set: A.request.X.type\n  to: string", Err("overlay-redundant: `request.X.type` is `\"string\"` already"));
    test(
        "add: A.request\n  value: { name: X, in: query, type: string }",
        Err("overlay-redundant: `request` has `X` already"),
    );
    test(
        "confirm: A.request.X.type\n  to: integer",
        Err("overlay-astray: `request.X.type` is `\"string\"` by now, not `\"integer\"`"),
    );
    test(
        "confirm: A.request.X.required\n  to: true",
        Err("overlay-astray: `request.X.required` leads nowhere: there is no `required`"),
    );
    test("confirm: A\n  to: A", Err("overlay-entry: `A` is an operation"));
    test("remove: B.request.X", Err("overlay-astray: no operation `B`"));
    test("set: A.request.X.required", Err("overlay-entry: `set` needs `to`"));
    test("set: A.request.X.type\n  remove: A\n  to: any", Err("overlay-entry: the entry does 2 things"));
}

#[track_caller]
fn unreadable(source: &str, id: &str, line: usize, help: &str) {
    let error = read(source, "overlay.yaml").unwrap_err();
    let at = error.span.map(|span| source[..span.range().start].matches('\n').count() + 1);
    assert_eq!((error.id, at), (id, Some(line)), "{error:?}");
    assert!(error.help.as_deref().unwrap_or_default().contains(help), "{error:?}");
}

#[test]
fn what_is_no_overlay_is_told_with_its_place() {
    let entry = "- set: A.deprecated\n  to: true\n  reason: r\n";
    unreadable("just words\n", "wrong-type", 1, "JSON Schema");
    unreadable(entry, "wrong-type", 1, "JSON Schema");
    unreadable("overlay: 7\n", "wrong-type", 1, "JSON Schema");
    unreadable("overlay:\n- A.deprecated\n", "wrong-type", 2, "JSON Schema");
    unreadable("overlay:\n- set: [A]\n  to: 1\n  reason: r\n", "wrong-type", 2, "JSON Schema");
    unreadable("overlay:\n- set: A.deprecated\n  reason: 7\n  merge: A\n", "wrong-type", 4, "JSON Schema");
    unreadable(&format!("overlai:\n{entry}"), "unknown-key", 1, "did you mean `overlay`?");
    unreadable(&format!("overlay:\n{}", entry.replace("set", "sett")), "unknown-key", 2, "did you mean `set`?");
    unreadable("overlay:\n- set: A\n  to: true\n", "missing-key", 3, "add `reason: …`");
    unreadable(&format!("overlay:\n{entry}  to: false\n"), "duplicate-key", 5, "take one of the two out");
    unreadable(&format!("overlay:\n{}", entry.replace("  to", "\tto")), "not-yaml", 3, "indented with a tab");
    unreadable("overlay: &a\n- *a\n", "yaml-limit", 2, "write values out");
    unreadable(&format!("overlay:\n{entry}---\noverlay: []\n"), "yaml-limit", 5, "one document");
    unreadable(&format!("overlay: {}", "[".repeat(9_000)), "yaml-limit", 1, "128 deep");
    let bomb = |n: usize| format!("- &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", "));
    let bombs = (1..12).map(bomb).collect::<String>();
    unreadable(&format!("overlay:\n- &a0 [x]\n{bombs}"), "yaml-limit", 2, "write values out");
    unreadable("overlay:\n- set: \"A\n", "not-yaml", 3, "YAML");
}

#[test]
fn an_overlay_without_entries_is_one() {
    for source in ["", "# nothing yet\n", "\u{feff}", "---\n", "overlay:\n", "overlay: []\n"] {
        assert!(read(source, "overlay.yaml").unwrap().overlay.is_empty(), "{source:?}");
    }
}
