//! The nastiest things that pages of REST services do, each cut to the few lines that matter.

use super::tables_tests::paths;
use super::{Extraction, Provider, extract};
use crate::page::{Document, read};
use crate::spec::{Field, Location, Operation, Required};

fn pages(sources: &[&str]) -> Extraction {
    let provider = Provider::named("huawei").expect("it comes with the tool");
    let name = |source: &str| if source.starts_with('<') { "page.html" } else { "page.rst" };
    let documents: Vec<Document<'_>> = sources.iter().map(|source| read(name(source), source)).collect();
    extract(&documents, &provider)
}

fn title(text: &str) -> String {
    format!("{text}\n{}\n\n", "=".repeat(text.len()))
}

fn section(text: &str) -> String {
    format!("{text}\n{}\n\n", "-".repeat(text.len()))
}

/// A table with a label; cells are parted by `|` in each row.
fn table(label: &str, caption: &str, head: &str, rows: &[&str]) -> String {
    use std::fmt::Write as _;
    let mut out = format!(".. _{label}:\n\n.. table:: **Table 1** {caption}\n\n");
    let columns = head.split('|').count();
    let rule = format!("   {}\n", vec!["=".repeat(60); columns].join(" "));
    let line = |row: &str| row.split('|').map(|cell| format!("{cell:60}")).collect::<Vec<_>>().join(" ");
    let _ = write!(out, "{rule}   {}\n{rule}", line(head));
    for row in rows {
        let _ = writeln!(out, "   {}", line(row));
    }
    out + &rule + "\n"
}

fn sample(kind: &str, json: &str) -> String {
    format!("{}.. code-block::\n\n   {json}\n\n", section(kind))
}

const FIELDS: &str = "Parameter|Type|Description";
const BODY: &str = "Parameter|Mandatory|Type|Description";

#[track_caller]
fn one(source: &str) -> Operation {
    let mut found = pages(&[source]).operations;
    assert_eq!(found.len(), 1, "one operation a page");
    found.remove(0).operation
}

fn page(line: &str, rest: &str) -> String {
    title("Querying Nodes") + &section("URI") + line + "\n\n" + rest
}

fn ok(operation: &Operation) -> &[Field] {
    operation.responses.iter().find(|answer| answer.status == 200).map_or(&[], |answer| answer.fields.as_slice())
}

#[test]
fn one_call_of_many_operations_is_named_by_titles() {
    let page = |name: &str, key: &str| {
        title(name)
            + &section("URI")
            + "POST /v3/{project_id}/nodes/{node_id}/action\n\n"
            + &section("Request")
            + &table("t", "Parameter description", BODY, &[&format!("{key}|Yes|Object|It.")])
    };
    let found = pages(&[&page("Restarting a Node", "restart"), &page("Resizing a Node", "resize")]);
    let names: Vec<_> = found.operations.iter().map(|found| found.operation.operation.as_str()).collect();
    assert_eq!(names, ["RestartNode", "ResizeNode"]);
}

#[test]
fn two_uris_of_one_page_are_one_operation_by_its_first() {
    let operation = one(&page("GET /v2/{project_id}/nodes\n\nGET /v2.1/{project_id}/nodes", ""));
    assert_eq!((operation.http.method.as_str(), operation.http.path.as_str()), ("GET", "/v2/{project_id}/nodes"));
}

#[test]
fn containers_that_contradict_the_example_follow_it() {
    let rest = section("Response")
        + &table(
            "t1",
            "Response parameters",
            FIELDS,
            &[
                "versions|Object|See :ref:`Table 2 <t2>`.",
                "flavor|List data structure. For details, see :ref:`Table 3 <t3>`.|It.",
            ],
        )
        + &table("t2", "versions", FIELDS, &["id|String|Its id."])
        + &table("t3", "flavor", FIELDS, &["ram|Integer|RAM."])
        + &sample("Example Response", r#"{"versions": [{"id": "v1"}], "flavor": {"ram": 4}}"#);
    let operation = one(&page("GET /", &rest));
    assert_eq!(
        paths(ok(&operation)),
        ["versions Array", "versions[].id String", "flavor Object", "flavor.ram Integer"]
    );
}

#[test]
fn rows_key_and_value_may_describe_a_map() {
    let rest = section("Response")
        + &table("t1", "Response parameters", FIELDS, &["values|Object|See :ref:`Table 2 <t2>`."])
        + &table("t2", "values", FIELDS, &["key|String|Its name.", "value|String|Its value."])
        + &sample("Example Response", r#"{"values": {"max_connections": "10"}}"#);
    assert_eq!(paths(ok(&one(&page("GET /v1/nodes", &rest)))), ["values Map"]);
}

#[test]
fn a_name_in_prose_stands_for_any_name() {
    let rest = section("Response")
        + &table("t1", "Response parameters", FIELDS, &["nets|Object|See :ref:`Table 2 <t2>`."])
        + &table("t2", "nets", FIELDS, &["Name of the network|Array of :ref:`Table 3 <t3>` objects|Addresses."])
        + &table("t3", "addresses", FIELDS, &["addr|String|Address."]);
    assert_eq!(paths(ok(&one(&page("GET /v1/nodes", &rest)))), ["nets Map", "nets{}[].addr String"]);
}

#[test]
fn a_link_to_the_wrong_table_gives_way_to_the_caption_that_names_the_row() {
    let rest = section("Response")
        + &table(
            "t2",
            "Parameter description",
            FIELDS,
            &["nodes|List data structure. For details, see :ref:`Table 4 <t4>`.|Them."],
        )
        + &table(
            "t3",
            "nodes field data structure description",
            FIELDS,
            &["node|Dictionary data structure. For details, see :ref:`Table 4 <t4>`.|It."],
        )
        + &table("t4", "node field data structure description", FIELDS, &["id|String|Its id."]);
    let operation = one(&page("GET /v1/nodes", &rest));
    assert_eq!(paths(ok(&operation)), ["nodes Array", "nodes[].node Object", "nodes[].node.id String"]);
}

#[test]
fn a_title_s_label_leads_to_the_table_below_it() {
    let rest = section("Response")
        + &table("t1", "Response parameters", FIELDS, &["node|Object|See :ref:`Nodes <nodes>`."])
        + ".. _nodes:\n\nNodes\n^^^^^\n\nWhat they have.\n\n"
        + &table("t2", "Fields", FIELDS, &["id|String|Its id."]);
    assert_eq!(paths(ok(&one(&page("GET /v1/nodes", &rest)))), ["node Object", "node.id String"]);
}

#[test]
fn tables_are_found_by_label_in_other_sections_and_never_by_a_caption_of_theirs() {
    let rest = section("Request")
        + &table("t2", "Request parameters", BODY, &["store|Yes|Object|See :ref:`Table 3 <t3>`."])
        + &table("t3", "store field data structure description", BODY, &["type|Yes|String|Type."])
        + &section("Response")
        + &table(
            "t4",
            "Response parameters",
            FIELDS,
            &["store|Object|See :ref:`Table 5 <t5>`.", "copy|Object|See :ref:`Table 3 <t3>`."],
        )
        + &table(
            "t5",
            "store field data structure description",
            FIELDS,
            &["type|String|Type.", "version|String|Version."],
        );
    let operation = one(&page("POST /v1/nodes", &rest));
    assert_eq!(paths(&operation.request), ["store Object", "store.type String"]);
    assert_eq!(
        paths(ok(&operation)),
        ["store Object", "store.type String", "store.version String", "copy Object", "copy.type String"]
    );
}

#[test]
fn error_bodies_are_no_answers_but_an_answer_may_look_like_one() {
    let body = |label: &str| {
        table(label, "Response body parameters", FIELDS, &["error_code|String|Code.", "error_msg|String|Message."])
    };
    let rest =
        section("Response") + "**Status code: 200**\n\n" + &body("t1") + "**Status code: 404**\n\n" + &body("t2");
    let operation = one(&page("DELETE /v1/nodes", &rest));
    let statuses: Vec<u16> = operation.responses.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [200, 404]);
    assert_eq!(paths(ok(&operation)), ["error_code String", "error_msg String"]);
}

#[test]
fn answers_of_several_good_statuses_stay_apart() {
    let row = |label: &str, row: &str| table(label, "Response body parameters", FIELDS, &[row]);
    let rest = section("Response")
        + "**Status code: 200**\n\n"
        + &row("t1", "id|String|Its id.")
        + "**Status code: 202**\n\n"
        + &row("t2", "job_id|String|The job's.");
    let operation = one(&page("POST /v1/nodes", &rest));
    let fields: Vec<_> = operation.responses.iter().map(|answer| (answer.status, paths(&answer.fields))).collect();
    assert_eq!(fields, [(200, vec!["id String".to_owned()]), (202, vec!["job_id String".to_owned()])]);
}

#[test]
fn what_two_uses_of_one_operation_list_is_required_if_both_say_so() {
    let rest = section("Request")
        + &table("t2", "Parameter description (primary)", BODY, &["name|Yes|String|Name.", "size|Yes|Integer|Size."])
        + &table(
            "t3",
            "Parameter description (replica)",
            BODY,
            &["name|Yes|String|Name.", "size|No|Integer|Size.", "of|Yes|String|Of."],
        );
    let operation = one(&page("POST /v1/nodes", &rest));
    let required: Vec<_> = operation.request.iter().map(|field| (field.name.as_str(), field.required)).collect();
    assert_eq!(required[..2], [("name", Some(Required::Yes)), ("size", Some(Required::No))]);
}

#[test]
fn text_that_holds_what_a_table_lists_stays_text_unless_the_wire_says_otherwise() {
    let rest = |shown: &str| {
        section("Response")
            + &table("t1", "Response parameters", FIELDS, &["detail|String|For details, see :ref:`Table 2 <t2>`."])
            + &table("t2", "detail field data structure description", FIELDS, &["id|String|Its id."])
            + &sample("Example Response", shown)
    };
    assert_eq!(paths(ok(&one(&page("GET /v1/a", &rest(r#"{"detail": "{\"id\": 1}"}"#))))), ["detail String"]);
    let object = one(&page("GET /v1/a", &rest(r#"{"detail": {"id": "1"}}"#)));
    assert_eq!(paths(ok(&object)), ["detail Object", "detail.id String"]);
}

#[test]
fn tables_of_values_are_no_fields() {
    let rest = section("Response")
        + &table(
            "t1",
            "Response parameters",
            FIELDS,
            &["param_id|String|For the possible values, see :ref:`Table 2 <t2>`."],
        )
        + &table(
            "t2",
            "Configuration parameters",
            "Parameter ID|Parameter Name|Type|Description",
            &["1|timeout|Integer|Time."],
        )
        + &table(
            "t3",
            "More",
            "Instance Type|Parameter ID|Parameter Name|Type|Description",
            &["X|1|maxclients|Integer|Most."],
        );
    assert_eq!(paths(ok(&one(&page("GET /v1/configs", &rest)))), ["param_id String"]);
}

#[test]
fn bodies_travel_with_delete_and_examples_may_be_faulty() {
    let rest = section("Request")
        + &table(
            "t2",
            "Request parameters",
            BODY,
            &["node_ids|Yes|Array of strings|Them.", "X-Auth-Token|Yes|String|Token."],
        )
        + &section("Response")
        + &table("t3", "Response parameters", FIELDS, &["id|Object|See :ref:`Table 4 <t4>`."])
        + &table("t4", "id", FIELDS, &["a|String|A."])
        + &sample("Example Response", "{\"id \": [{\"a\": \"****\",}, /* more */ ]}");
    let operation = one(&page("DELETE /v1/{project_id}/a/{project_id}", &rest));
    let places: Vec<_> = operation.request.iter().map(|field| (field.name.as_str(), field.location)).collect();
    assert_eq!(
        places,
        [
            ("node_ids", Some(Location::Body)),
            ("X-Auth-Token", Some(Location::Header)),
            ("project_id", Some(Location::Path))
        ]
    );
    assert_eq!(paths(ok(&operation)), ["id Array", "id[].a String"]);
}

#[test]
fn pages_of_other_kinds_are_no_operations() {
    let index =
        title("API Overview") + &table("t1", "APIs", "Name|Description", &["Querying Nodes|GET /v1/nodes lists them."]);
    let rights = title("Permissions Policies")
        + &table("t2", "Permissions", "Permission|API|Action", &["Query|GET /v1/nodes|nodes:list"]);
    let statuses = title("Status Codes") + &table("t3", "Status codes", "Status Code|Description", &["404|Not found."]);
    let contents = title("API v3") + ".. toctree::\n\n   querying_nodes\n   creating_nodes\n";
    let found = pages(&[&index, &rights, &statuses, &contents]);
    let names: Vec<_> = found.operations.iter().map(|found| found.operation.operation.as_str()).collect();
    assert!(names.is_empty(), "{names:?}");
}

#[test]
fn the_site_around_an_article_is_no_part_of_it() {
    let links = "<li><a href='/x'>Creating Things</a></li>".repeat(40);
    let source = format!(
        "<html><body><nav><ul>{links}</ul></nav><main><div class='breadcrumb'>Docs &gt; API</div><article>\
         <h1>Querying Nodes</h1><h4>URI</h4><p>GET /v1/nodes</p></article><div class='feedback'>Was it good?</div></main>\
         <footer><table><tr><th>Name</th><th>Type</th></tr><tr><td>Legal</td><td>String</td></tr></table></footer></body></html>"
    );
    let operation = one(&source);
    assert_eq!(operation.operation, "QueryNodes");
    assert!(operation.request.is_empty());
}
