//! Tests of messages told by several tables, cut to the few lines that matter.

use super::{Extraction, Provider, extract};
use crate::page::{Document, read};
use crate::spec::{Field, Location, Operation, Required, Type};

const HEAD: &str = "Querying Nodes\n==============\n\nURI\n---\n\n";

fn pages(sources: &[&str]) -> Extraction {
    let provider = Provider::named("huawei").expect("it comes with the tool");
    let documents: Vec<Document<'_>> = sources.iter().map(|source| read("page.rst", source)).collect();
    extract(&documents, &provider)
}

fn operation(body: &str) -> Operation {
    let source = format!("{HEAD}{body}");
    let mut found = pages(&[&source]).operations;
    assert_eq!(found.len(), 1, "one operation a page");
    found.remove(0).operation
}

/// Fields as paths with their types.
pub(super) fn paths(fields: &[Field]) -> Vec<String> {
    fn walk(fields: &[Field], before: &str, out: &mut Vec<String>) {
        for field in fields {
            let mut path = format!("{before}{}", field.name);
            let mut inner = field;
            out.push(format!("{path} {:?}", field.kind));
            while let Some(item) = inner.items.as_deref() {
                path.push_str(if inner.kind == Type::Map { "{}" } else { "[]" });
                inner = item;
            }
            walk(&inner.fields, &format!("{path}."), out);
        }
    }
    let mut out = Vec::new();
    walk(fields, "", &mut out);
    out
}

#[track_caller]
fn answers(body: &str, expected: &[&str]) {
    let operation = operation(&format!("GET /v1/nodes\n\nResponse\n--------\n\n{body}"));
    let ok = operation.responses.iter().find(|answer| answer.status == 200).expect("there is an answer");
    assert_eq!(paths(&ok.fields), expected);
}

/// A table as RST has it, with its label.
pub(super) fn table(label: &str, caption: &str, rows: &[[&str; 3]]) -> String {
    use std::fmt::Write as _;
    let mut out = format!(".. _{label}:\n\n.. table:: **Table 1** {caption}\n\n");
    let rule = format!("   {0} {0} {0}\n", "=".repeat(50));
    let _ = write!(out, "{rule}   {:50} {:50} Description\n{rule}", "Parameter", "Type");
    for [name, kind, description] in rows {
        let _ = writeln!(out, "   {name:50} {kind:50} {description}");
    }
    out + &rule + "\n"
}

fn sample(json: &str) -> String {
    format!("Example Response\n----------------\n\n.. code-block::\n\n   {json}\n")
}

#[test]
fn links_of_types_and_descriptions_lead_to_tables() {
    let body = table(
        "t1",
        "Response parameters",
        &[["nodes", "Array of :ref:`Node <t2>` objects", "Nodes."], ["size", "Object", "See :ref:`Table 3 <t3>`."]],
    ) + &table("t2", "Node", &[["id", "String", "Its id."]])
        + &table("t3", "size details", &[["disks", "Integer", "Disks."]]);
    answers(&body, &["nodes Array", "nodes[].id String", "size Object", "size.disks Integer"]);
}

#[test]
fn tables_without_links_are_told_by_captions_and_samples() {
    let rows =
        table("t1", "Response parameters", &[["tags", "Array of objects", "Tags."], ["flavor", "Object", "It."]]);
    let body = rows
        + &table("t2", "tag field description", &[["key", "String", "Key."]])
        + &table("t3", "Sizes", &[["ram", "Integer", "RAM."], ["disk", "Integer", "Disk."]])
        + &sample(r#"{"tags": [{"key": "a"}], "flavor": {"ram": 4, "disk": 1}}"#);
    answers(&body, &["tags Array", "tags[].key String", "flavor Object", "flavor.ram Integer", "flavor.disk Integer"]);
}

#[test]
fn what_is_on_the_wire_settles_wrappers_lists_and_maps() {
    let rows = table(
        "t1",
        "Response parameters",
        &[
            ["id", "String", "Its id."],
            ["links", "Object", "See :ref:`Table 2 <t2>`."],
            ["nets", "Object", "See :ref:`Table 3 <t3>`."],
        ],
    );
    let body = rows
        + &table("t2", "links", &[["href", "String", "A link."]])
        + &table("t3", "network structure", &[["addr", "String", "An address."]])
        + &sample(r#"{"node": {"id": "1", "links": [{"href": "x"}], "nets": {"net-1": [{"addr": "10.0.0.1"}]}}}"#);
    answers(
        &body,
        &[
            "node Object",
            "node.id String",
            "node.links Array",
            "node.links[].href String",
            "node.nets Map",
            "node.nets{}[].addr String",
        ],
    );
}

#[test]
fn tables_that_link_each_other_end() {
    let body = table("t1", "Response parameters", &[["a", "Array of :ref:`B <t2>` objects", "A."]])
        + &table(
            "t2",
            "B",
            &[["b", "Array of :ref:`B <t2>` objects", "B."], ["c", "Array of :ref:`A <t1>` objects", "C."]],
        );
    answers(&body, &["a Array", "a[].b Array", "a[].c Array"]);
}

#[test]
fn bodies_of_errors_are_no_answers() {
    let body = String::from("**Status code: 200**\n\n")
        + &table("t1", "Response body parameters", &[["id", "String", "Its id."]])
        + "**Status code: 400**\n\n"
        + &table("t2", "Response body parameters", &[["error_code", "String", "Code."]]);
    answers(&body, &["id String"]);
}

#[test]
fn lists_may_be_the_outline_and_a_path_may_stand_apart_from_its_method() {
    let operation = operation(
        "-  URI format\n\n   PATH: /v1/{project_id}/nodes/{node_id}\n\n   Method: POST\n\n-  Parameter description\n\n   \
         ========== ========= ===========\n   Name       Mandatory Description\n   ========== ========= ===========\n   \
         project_id Yes       Project.\n   ========== ========= ===========\n\nRequest\n-------\n\n-  Parameter description\n\n   \
         ==== ====== ============================ ===========\n   Name Type   Mandatory                    Description\n   \
         ==== ====== ============================ ===========\n   size String Yes (No, if there is a disk) Size.\n   \
         ==== ====== ============================ ===========\n\n-  Request example\n\n   .. code-block::\n\n      \
         POST https://x/v1/1/nodes/2\n\n      {\n        \"resize\": {\"size\": \"1\"}\n      }\n",
    );
    assert_eq!(
        (operation.http.method.as_str(), operation.http.path.as_str()),
        ("POST", "/v1/{project_id}/nodes/{node_id}")
    );
    assert_eq!(paths(&operation.request), ["project_id Any", "resize Object", "resize.size String", "node_id String"]);
    let node = operation.request.iter().find(|field| field.name == "node_id").expect("it stands in the path");
    assert_eq!((node.location, node.required), (Some(Location::Path), Some(Required::Yes)));
    let size = operation.request.iter().flat_map(|field| &field.fields).next().expect("the body has a field");
    assert_eq!(size.required, Some(Required::Yes));
}

#[test]
fn service_wide_codes_are_the_services_and_no_operation() {
    let source = "Error Codes\n===========\n\n========== ============= ===========\nError Code Response Code Description\n\
                  ========== ============= ===========\nDBS. 4855  400           Faulty.\n========== ============= ===========\n";
    let found = pages(&[source]);
    assert!(found.operations.is_empty());
    let codes: Vec<_> = found.service_errors.iter().map(|code| (code.status, code.code.as_str())).collect();
    assert_eq!(codes, [(Some(400), "DBS.4855")]);
}

#[test]
fn links_lead_to_tables_of_other_pages() {
    let other = format!("Other\n=====\n\n{}", table("t9", "details", &[["size", "Integer", "Size."]]));
    let rows = table("t1", "Response parameters", &[["disk", "Object", "See :ref:`Table 9 <t9>`."]]);
    let page = format!("{HEAD}GET /v1/nodes\n\nResponse\n--------\n\n{rows}");
    let found = pages(&[&page, &other]);
    assert_eq!(found.operations.len(), 1, "a page of tables is no operation");
    let extracted = &found.operations[0];
    assert_eq!(paths(&extracted.operation.responses[0].fields), ["disk Object", "disk.size Integer"]);
    let fact = extracted.facts.iter().find(|fact| fact.path == "responses.200.disk.size.type").expect("it is known");
    assert!(page.get(fact.span.range()).is_some_and(|text| text.contains("t9")), "its place is the link's");
}

#[test]
fn metadata_is_no_title_and_a_page_without_a_request_line_no_operation() {
    let page = format!(":original_name: node_01.html\n\n{HEAD}GET /v1/nodes\n");
    let about =
        ":original_name: about.html\n\nMaking Requests\n===============\n\nRequest\n-------\n\nA request has a line.\n";
    let found = pages(&[&page, about]);
    let names: Vec<&str> = found.operations.iter().map(|found| found.operation.operation.as_str()).collect();
    assert_eq!(names, ["QueryNodes"]);
}
