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
