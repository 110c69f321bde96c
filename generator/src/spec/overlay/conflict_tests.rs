//! Entries that meet: which fight, and what is said of it.

use std::collections::BTreeMap;

use super::{apply, read};
use crate::report::{Style, text};
use crate::spec::{Operation, yaml};

fn operations() -> BTreeMap<String, Operation> {
    let of = |name: &str| {
        let source = format!(
            "operation: {name}\nhttp: {{ method: POST, path: '/{{Id}}' }}\nrequest:\n\
             - {{ name: Id, in: path, type: string, required: true }}\n\
             - {{ name: Mode, in: query, type: string, values: [{{ value: fast }}, {{ value: slow }}] }}\n\
             - {{ name: Old, in: query, type: string, values: [{{ value: fast }}, {{ value: slow }}] }}\n\
             - {{ name: Region, in: query, type: string, required_when: [{{ parameter: Mode, present: true }}] }}\n\
             - {{ name: A, in: query, type: object, fields: [{{ name: Key, type: string }}] }}\n\
             - {{ name: B, in: query, type: array, items: {{ type: object, fields: [{{ name: Key, type: string }}] }} }}\n\
             - {{ name: C, in: query, type: object, fields: [{{ name: Mode, type: string, values: [{{ value: fast }}, {{ value: slow }}] }}] }}\n\
             responses:\n- {{ status: 200, fields: [{{ name: Region, type: string }}] }}\n"
        );
        (name.to_owned(), yaml::read(&source, "x.yaml").unwrap())
    };
    ["CreateThing", "DescribeThings", "DescribeZones"].map(of).into()
}

/// The findings of a list of entries, a line each, and what became of the operations.
fn run(entries: &[&str]) -> (BTreeMap<String, Operation>, Vec<String>) {
    let entries: Vec<_> = entries
        .iter()
        .map(|entry| {
            format!(
                "- {{ {entry}, reason: the vendor's SDK }}
"
            )
        })
        .collect();
    let source = format!("overlay:\n{}", entries.concat());
    let mut operations = operations();
    let (_, findings) = apply(&read(&source, "o.yaml").unwrap(), &source, "o.yaml", &mut operations);
    let line = |finding: &crate::diagnostic::Diagnostic| {
        let at = |span: crate::page::Span| source[..span.range().start].lines().count();
        let related: Vec<_> = finding.related.iter().map(|related| format!(" / {}", at(related.span) - 1)).collect();
        let help = finding.help.as_deref().unwrap_or_default();
        assert!(!help.is_empty(), "{finding:?}");
        let entry = finding.span.map_or(0, |span| at(span) - 1);
        format!("{entry}{}: {}: {}", related.concat(), finding.id, finding.message)
    };
    let lines = findings.iter().map(line).collect();
    (operations, lines)
}

#[track_caller]
fn fights(entries: &[&str], expected: &[&str]) {
    assert_eq!(run(entries).1, expected);
}

#[track_caller]
fn fine(entries: &[&str]) -> BTreeMap<String, Operation> {
    let (operations, findings) = run(entries);
    assert_eq!(findings, [""; 0]);
    operations
}

#[test]
fn wildcards_reach_every_place_and_spare_what_is_excepted() {
    let changed = fine(&["set: '**.Region.required', to: true, except: [DescribeZones, CreateThing.responses]"]);
    let required = |name: &str| serde_json::to_value(changed[name].request[3].required).unwrap();
    assert_eq!((required("CreateThing"), required("DescribeZones")), (true.into(), serde_json::Value::Null));
    assert_eq!(changed["CreateThing"].responses[0].fields[0].required, None);
    assert!(changed["DescribeThings"].responses[0].fields[0].required.is_some());
    let changed = fine(&["remove: Describe*"]);
    assert_eq!(changed.keys().collect::<Vec<_>>(), ["CreateThing"]);
    let changed = fine(&["remove: '*.request.*.values.slow'"]);
    assert_eq!(changed["CreateThing"].request[1].values.len(), 1);
}

#[test]
fn wildcards_that_change_nothing_or_lead_nowhere_are_errors() {
    fights(
        &["set: '*.request.Id.required', to: true"],
        &["1: overlay-redundant: `*.request.Id.required` means 3 places, and nothing changes at any of them"],
    );
    fights(
        &["set: '**.Zone.required', to: true"],
        &["1: overlay-astray: `**.Zone.required` means no place of any operation"],
    );
    fights(&["remove: 'List*'"], &["1: overlay-astray: no operation is called like `List*`"]);
    fights(&["remove: 'CreateThing.**'"], &["1: overlay-entry: `CreateThing.**` does not say what it leads to"]);
    fights(
        &["set: '**.Region.type', to: integer, except: [CreateThing.request.Zone]"],
        &["1: overlay-astray: `request.Zone` leads nowhere: there is no `Zone`"],
    );
    fights(
        &["set: '**.Region.type', to: integer, except: [CreateThing.request.Mode]"],
        &["1: overlay-astray: `CreateThing.request.Mode` is none of what the path means"],
    );
    fights(
        &["set: CreateThing.request.Mode.deprecated, to: true, except: [DescribeZones]"],
        &["1: overlay-entry: `except` without a `*` in the path"],
    );
}

#[test]
fn entries_that_undo_each_other_are_errors() {
    let set = "set: CreateThing.request.Mode.required, to: true";
    let other = "set: CreateThing.request.Mode.required, to: false";
    fights(&[set, other], &["2 / 1: overlay-conflict: two entries change `CreateThing.request.Mode.required`"]);
    let wide = "set: '*.request.Mode.required', to: false";
    fights(&[set, wide], &["2 / 1: overlay-conflict: two entries change `CreateThing.request.Mode.required`"]);
    fine(&[set, "set: '*.request.Mode.required', to: false, except: [CreateThing]"]);
    let gone = "remove: CreateThing.request.Mode";
    fights(
        &[set, gone],
        &[
            "2 / 1: overlay-conflict: the entry changes `CreateThing.request.Mode`, another one `CreateThing.request.Mode.required`",
        ],
    );
    fights(&[gone, set], &["2 / 1: overlay-conflict: `request.Mode.required` is taken out by an entry above"]);
    fights(
        &[set, "remove: CreateThing"],
        &[
            "2 / 1: overlay-conflict: the entry takes `CreateThing` out, and another one changes `CreateThing.request.Mode.required`",
        ],
    );
    fights(
        &["remove: CreateThing", set],
        &["2 / 1: overlay-conflict: `CreateThing.request.Mode.required` is taken out by an entry above"],
    );
    fights(
        &[
            "add: CreateThing.request, value: { name: N, in: query, type: string }",
            "set: CreateThing.request.N.required, to: true",
        ],
        &[
            "2 / 1: overlay-conflict: the entry changes `CreateThing.request.N.required`, another one `CreateThing.request.N`",
        ],
    );
}

#[test]
fn renames_in_rust_leave_the_wire_alone_and_meet_no_other_name() {
    let changed = fine(&["rename: CreateThing.request.Mode, to: speed", "rename: CreateThing, to: MakeThing"]);
    let operation = &changed["CreateThing"];
    assert_eq!((operation.operation.as_str(), operation.called()), ("CreateThing", "MakeThing"));
    assert_eq!((operation.request[1].name.as_str(), operation.request[1].called()), ("Mode", "speed"));
    let changed =
        fine(&["rename: CreateThing.request.Mode.values.fast, to: AtOnce", "rename: '**.Region', to: region_id"]);
    assert_eq!(changed["CreateThing"].request[1].values[0].called(), "AtOnce");
    assert_eq!(changed["DescribeZones"].responses[0].fields[0].called(), "region_id");
    fights(
        &["rename: CreateThing.request.Mode, to: REGION"],
        &["1: overlay-entry: `region` is the Rust name of `Region` already"],
    );
    fights(
        &["rename: CreateThing, to: describe_zones"],
        &["1: overlay-entry: `describe_zones` is the Rust name of `DescribeZones` already"],
    );
    fights(
        &["rename: CreateThing.request.Mode, to: mode"],
        &["1: overlay-redundant: `CreateThing.request.Mode` has that name already"],
    );
    fights(
        &["rename: CreateThing.request.Mode, to: Speed", "rename: CreateThing.request.Mode, to: Pace"],
        &["2 / 1: overlay-conflict: two entries change `CreateThing.request.Mode.rust_name`"],
    );
    fights(
        &["rename: CreateThing.request.Mode.required, to: X"],
        &["1: overlay-astray: `request.Mode.required` leads nowhere: there is no `required`"],
    );
    fights(&["rename: CreateThing.http.method, to: X"], &["1: overlay-entry: `http.method` has no name"]);
    fights(&["rename: CreateThing.request.Mode, to: '…'"], &["1: overlay-entry: `\"…\"` is no name"]);
    fights(&["rename: CreateThing.request.Mode"], &["1: overlay-entry: `rename` needs `to` or `wire`"]);
    fights(
        &["rename: CreateThing.request.Mode, to: a, wire: b"],
        &["1: overlay-entry: the entry renames to two names"],
    );
}

#[test]
fn renames_on_the_wire_take_along_what_goes_by_the_name() {
    let changed =
        fine(&["rename: CreateThing.request.Id, wire: ThingId", "rename: CreateThing.request.Mode, wire: Modus"]);
    let operation = &changed["CreateThing"];
    assert_eq!(operation.http.path, "/{ThingId}");
    assert_eq!(operation.request[3].required_when[0].parameter, "Modus");
    let x = "rename: CreateThing.request.Id, wire: X";
    fights(&["rename: CreateThing.request.Mode, wire: Old"], &["1: overlay-entry: there is `Old` already"]);
    fights(
        &[x, "rename: CreateThing.request.X, wire: Y"],
        &["2 / 1: overlay-conflict: two entries change `CreateThing.request.X.name`"],
    );
    fights(
        &[x, "rename: CreateThing.request.X, wire: Id"],
        &["2 / 1: overlay-conflict: two entries change `CreateThing.request.X.name`"],
    );
    fights(
        &[x, "set: CreateThing.request.Id.required, to: false"],
        &["2 / 1: overlay-conflict: `request.Id.required` is called `request.X` by an entry above"],
    );
    fine(&[x, "set: CreateThing.request.X.required, to: false"]);
    fights(
        &["rename: CreateThing, wire: MakeThing", "rename: MakeThing, wire: CreateThing"],
        &["2 / 1: overlay-conflict: another entry calls the operation `MakeThing`"],
    );
    fights(
        &["set: CreateThing.request.Id.name, to: X"],
        &["1: overlay-entry: `request.Id.name` is a name, and other places go by it"],
    );
}

#[test]
fn types_merge_split_and_are_renamed() {
    let changed = fine(&["merge: [CreateThing.request.A, 'CreateThing.request.B[]'], to: Pair"]);
    let request = &changed["CreateThing"].request;
    assert_eq!(request[4].rust_type.as_deref(), Some("Pair"));
    assert_eq!(request[5].typed().rust_type.as_deref(), Some("Pair"));
    fine(&["merge: [CreateThing.request.Mode, CreateThing.request.Old], to: Speed"]);
    fine(&["split: CreateThing.request.C.Mode, to: InnerMode"]);
    fine(&["rename: CreateThing.request.A.type, to: Pair", "rename: 'CreateThing.request.B[]', to: Twin"]);
    fights(
        &["merge: [CreateThing.request.A, CreateThing.request.C], to: Pair"],
        &["1: overlay-astray: `request.A` and `request.C` are not alike: only one has `Key`"],
    );
    fights(
        &["merge: [CreateThing.request.Mode, CreateThing.request.C.Mode], to: Mode"],
        &["1: overlay-redundant: the places have one type `Mode` already"],
    );
    fights(
        &["merge: [CreateThing.request.A, DescribeZones.request.A], to: Pair"],
        &["1: overlay-entry: there are no two places of one operation to merge"],
    );
    fights(
        &["split: CreateThing.request.A, to: Pair"],
        &["1: overlay-redundant: `CreateThing.request.A` shares its type with no other place"],
    );
    fights(
        &["split: CreateThing.request.Region, to: R"],
        &["1: overlay-entry: `request.Region` has no type of its own"],
    );
    fights(
        &["rename: CreateThing.request.A.type, to: C"],
        &["1: overlay-entry: `C` is the type of `request.C` already"],
    );
    fights(
        &["rename: CreateThing.request.A.type, to: CreateThingOutput"],
        &["1: overlay-entry: `CreateThingOutput` is the operation's own name for something else"],
    );
    fights(
        &["rename: CreateThing.request.Mode.type, to: Speed"],
        &["1: overlay-entry: the type of `request.Mode` is that of other places too"],
    );
    fights(
        &["merge: [CreateThing.request.A, CreateThing.request.B], to: Pair", "split: CreateThing.request.A, to: Own"],
        &["2 / 1: overlay-conflict: two entries change `CreateThing.request.A.rust_type`"],
    );
    let all = fine(&["merge: ['*.request.A', '*.request.B'], to: Pair"]);
    assert!(all.values().all(|operation| operation.request[4].rust_type.is_some()));
}

#[test]
fn shapes_of_json_text_are_set_whole() {
    let shape = "{ type: array, items: { type: object, fields: [{ name: k, type: string }] } }";
    let changed = fine(&[&format!("set: CreateThing.request.Region.json, to: {shape}")]);
    assert_eq!(changed["CreateThing"].request[3].typed().fields[0].name, "k");
    fine(&[
        &format!("set: CreateThing.request.Region.json, to: {shape}"),
        "set: CreateThing.request.Region.format, to: json",
    ]);
    fights(
        &["set: CreateThing.request.Region.json, to: { type: strin }"],
        &[
            "1: overlay-entry: `CreateThing.request.Region.json` can't hold that: unknown variant `strin`, expected one of \
           `string`, `integer`, `number`, `boolean`, `object`, `array`, `map`, `any`",
        ],
    );
}

#[test]
fn a_finding_shows_both_entries() {
    let source = "overlay:\n- set: CreateThing.deprecated\n  to: true\n  reason: a\n\
                  - set: CreateThing.deprecated\n  to: false\n  reason: b\n";
    let (_, findings) = apply(&read(source, "o.yaml").unwrap(), source, "o.yaml", &mut operations());
    let sources = [("o.yaml".to_owned(), source.to_owned())].into();
    insta::assert_snapshot!(text(&findings, &sources, Style { color: false, width: 100 }));
}

#[test]
fn misspelt_keys_and_names_are_guessed() {
    let help = |entry: &str| {
        let source = format!("overlay:\n- {{ {entry}, reason: a }}\n");
        let (_, findings) = apply(&read(&source, "o.yaml").unwrap(), &source, "o.yaml", &mut operations());
        findings[0].help.clone().unwrap()
    };
    assert!(help("set: CreateThing.request.Mode.requird, to: true").starts_with("did you mean `required`?"));
    assert!(help("set: CreateThing.request.Modus.required, to: true").starts_with("did you mean `Mode`?"));
    assert!(help("set: CreateThng.deprecated, to: true").starts_with("did you mean `CreateThing`?"));
}
