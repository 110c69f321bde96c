//! Small pages in two languages and several states, joined.

use std::fmt::Write as _;

use crate::extract::{ExtractedOperation, Extraction, Provider, extract};
use crate::page::{Document, read};
use crate::provenance::Certainty;
use crate::spec::{Required, Type};

const ENGLISH: &str = "# CreateDisk

Creates a disk.

## Request parameters

|Parameter|Type|Required|Example|Description|
|---------|----|--------|-------|-----------|
|Action|String|Yes|CreateDisk|The operation.|
|DiskName|String|Yes|data|The name of the disk.|
|Size|Integer|No|40|The size. Valid values: 20 to 100.|

## Response parameters

|Parameter|Type|Example|Description|
|---------|----|-------|-----------|
|DiskId|String|d-1|The ID of the disk.|
|RequestId|String|1A8F|The ID of the request.|

## Error codes

|HTTP status code|Error code|Error message|Description|
|----------------|----------|-------------|-----------|
|400|InvalidSize|The size is invalid.|The size cannot be used.|
";

const CHINESE: &str = "# CreateDisk

调用CreateDisk创建一块云盘。

## 请求参数

|名称|类型|是否必选|示例值|描述|
|--|--|----|---|--|
|Action|String|是|CreateDisk|系统规定参数。|
|DiskName|String|是|data|云盘名称。|
|Size|Integer|是|40|云盘容量。取值范围：20~500。|
|Zone|String|否|cn-a|可用区。|

## 返回数据

|名称|类型|示例值|描述|
|--|--|---|--|
|DiskId|String|d-1|云盘ID。|
|RequestId|String|1A8F|请求ID。|

## 错误码

|HttpCode|错误码|错误信息|描述|
|--------|---|----|--|
|400|InvalidSize|指定的容量不合法。|容量不可用。|
|403|NoPermission|No permission.|没有权限。|
";

fn joined(pages: &[(&str, &str)], language: Option<&str>) -> Extraction {
    let provider = Provider::named("aliyun").expect("it comes with the tool").preferring(language);
    let documents: Vec<Document<'_>> = pages.iter().map(|(path, source)| read(path, source)).collect();
    extract(&documents, &provider)
}

fn only(extraction: &Extraction) -> &ExtractedOperation {
    let [operation] = extraction.operations.as_slice() else { panic!("{} operations", extraction.operations.len()) };
    operation
}

fn certainty(operation: &ExtractedOperation, path: &str) -> Certainty {
    operation.facts.iter().find(|fact| fact.path == path).unwrap_or_else(|| panic!("no fact at {path}")).certainty
}

const BOTH: [(&str, &str); 2] = [("en/CreateDisk.md", ENGLISH), ("zh/CreateDisk.md", CHINESE)];

#[test]
fn two_languages_are_one_operation() {
    let extraction = joined(&BOTH, None);
    let disk = only(&extraction);
    let mut shown = serde_yaml::to_string(&disk.operation).unwrap();
    for (language, texts) in &disk.texts {
        let _ = writeln!(shown, "--- {language}");
        for (path, text) in texts {
            let _ = writeln!(shown, "{path}: {text}");
        }
    }
    for finding in &extraction.diagnostics {
        let source = if finding.file.starts_with("en") { ENGLISH } else { CHINESE };
        let words = finding.span.and_then(|span| source.get(span.range())).unwrap_or_default();
        let _ = writeln!(shown, "--- {} ({:?}): {}", finding.id, finding.severity, finding.message);
        let _ = writeln!(shown, "    {} {words:?}: {}", finding.file, finding.label.as_deref().unwrap_or_default());
        for other in &finding.related {
            let _ = writeln!(shown, "    {} {:?}: {}", other.file, &CHINESE[other.span.range()], other.label);
        }
    }
    for fact in disk.facts.iter().filter(|fact| !fact.losers.is_empty()) {
        let losers: Vec<_> =
            fact.losers.iter().map(|loser| (&loser.value, loser.settled.word(), &loser.page)).collect();
        let _ = writeln!(shown, "--- {} ({:?}): {losers:?}", fact.path, fact.certainty);
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn agreement_is_certain_and_contradiction_is_doubt() {
    let extraction = joined(&BOTH, None);
    let disk = only(&extraction);
    let size = &disk.operation.request[1];
    assert_eq!((size.name.as_str(), size.required), ("Size", Some(Required::No)));
    assert_eq!(certainty(disk, "request.DiskName.required"), Certainty::Certain);
    assert_eq!(certainty(disk, "request.Size.required"), Certainty::Doubtful);
    assert_eq!(certainty(disk, "request.Zone.name"), Certainty::Likely);
}

#[test]
fn the_language_asked_for_changes_texts_alone() {
    let (english, chinese) = (joined(&BOTH, Some("en")), joined(&BOTH, Some("zh")));
    let (english, chinese) = (only(&english), only(&chinese));
    assert_eq!(chinese.operation.request[0].description.as_deref(), Some("云盘名称。"));
    assert_eq!(chinese.operation.errors[0].message.as_deref(), Some("指定的容量不合法。"));
    assert_eq!(chinese.texts["en"]["request.DiskName.description"], "The name of the disk.");
    // With the texts of the one language put into the other, nothing is left that differs.
    assert_eq!(crate::spec::texts::applied(&english.operation, &english.texts["zh"]), chinese.operation);
    assert_eq!(crate::spec::texts::applied(&chinese.operation, &chinese.texts["en"]), english.operation);
}

#[test]
fn the_order_of_pages_does_not_matter() {
    let third = CHINESE.replace("|Size|Integer|是|", "|Size|Long|是|");
    let pages = [BOTH[0], BOTH[1], ("zh/old/CreateDisk.md", third.as_str())];
    let forth = joined(&pages, None);
    let back = joined(&[pages[2], pages[1], pages[0]], None);
    assert_eq!(only(&forth), only(&back));
    let contradictions = |extraction: &Extraction| {
        let mut found = extraction.diagnostics.clone();
        found.retain(|finding| finding.id.starts_with("pages-") || finding.id.starts_with("on-"));
        found
    };
    assert_eq!(contradictions(&forth), contradictions(&back));
    // Two of three say that the size is required.
    assert_eq!(only(&forth).operation.request[1].required, Some(Required::Yes));
}

#[test]
fn a_page_that_states_nothing_contradicts_nothing() {
    let silent =
        ENGLISH.replace("|Size|Integer|No|40|The size. Valid values: 20 to 100.|", "|Size|Integer||40|The size.|");
    let extraction = joined(&[("a.md", silent.as_str()), BOTH[1]], None);
    let size = &only(&extraction).operation.request[1];
    assert_eq!(size.required, Some(Required::Yes));
    assert_eq!(size.max.as_ref().and_then(serde_yaml::Number::as_i64), Some(500));
    assert!(
        extraction.diagnostics.iter().all(|finding| finding.id != "pages-contradict"),
        "{:?}",
        extraction.diagnostics
    );
}

#[test]
fn what_a_newer_page_lacks_is_doubtful_and_what_it_adds_is_not() {
    let history = |date: &str| format!("\n## Change history\n\n|Change time|Change|\n|-|-|\n|{date}|Something.|\n");
    let old = ENGLISH.to_owned() + &history("2020-01-01");
    let new = ENGLISH.replace("|DiskName|String|Yes|data|The name of the disk.|", "|Label|String|No|data|The label.|");
    let new = new + &history("2024-01-01");
    let extraction = joined(&[("a.md", old.as_str()), ("b.md", new.as_str())], None);
    let disk = only(&extraction);
    assert_eq!(certainty(disk, "request.DiskName.name"), Certainty::Doubtful);
    assert_eq!(certainty(disk, "request.Label.name"), Certainty::Certain);
    let gone: Vec<&str> =
        extraction.diagnostics.iter().map(|finding| finding.id).filter(|id| id.starts_with("gone")).collect();
    assert_eq!(gone, ["gone-from-newer-page"]);
}

#[test]
fn nesting_that_a_page_lost_is_found_again() {
    let row = "|DiskId|String|d-1|The ID of the disk.|\n";
    let table = |rows: &str| ENGLISH.replace(row, rows);
    let nested = table(
        "|Disks|Array| |The disks.|\n|└DiskId|String|d-1|The ID of the disk.|\n|└Tags|Array| |Tags.|\n|└└Key|String|k|The key.|\n",
    );
    let flat = table(
        "|Disks|Array| |The disks.|\n|DiskId|String|d-1|The ID of the disk.|\n|Tags|Array| |Tags.|\n|└Key|String|k|The key.|\n",
    );
    let extraction = joined(&[("flat.md", flat.as_str()), ("nested.md", nested.as_str())], None);
    let fields = &only(&extraction).operation.responses[0].fields;
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["Disks", "RequestId"]);
    assert_eq!(fields[0].kind, Type::Array);
    let within: Vec<&str> = fields[0].items.as_ref().unwrap().fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(within, ["DiskId", "Tags"]);
    assert!(extraction.diagnostics.iter().any(|finding| finding.id == "pages-nest-differently"));
    let facts = &only(&extraction).facts;
    assert!(facts.iter().all(|fact| !fact.path.starts_with("responses.200.DiskId")), "facts moved with their field");
    assert_eq!(certainty(only(&extraction), "responses.200.Disks[].Tags[].Key.name"), Certainty::Certain);
}

#[test]
fn operations_named_by_titles_join_by_their_call() {
    let page = |title: &str, words: [&str; 6], path: &str, body: &str| {
        let [function, request, name, kind, required, about] = words;
        format!(
            "# {title}\n\n## {function}\n\n{about}\n\n## URI\n\nPOST {path}\n\n## {request}\n\n|{name}|{required}|{kind}|\n|-|-|-|\n|{body}|Yes|String|\n"
        )
    };
    let english = ["Function", "Request Parameters", "Parameter", "Type", "Mandatory", "This API does it."];
    let chinese = ["功能介绍", "请求参数", "参数", "参数类型", "是否必选", "该接口用于完成这项工作。"];
    let restart = "/v3/{project_id}/instances/{instance_id}/action";
    let pages = [
        ("en/a.md", page("Restarting an Instance", english, restart, "restart")),
        ("en/b.md", page("Resizing an Instance", english, restart, "resize")),
        ("en/c.md", page("Creating an Instance", english, "/v3/{project_id}/instances", "name")),
        ("zh/a.md", page("Restart the Instance 重启实例", chinese, restart, "restart")),
        ("zh/b.md", page("Resize the Instance 变更实例", chinese, &restart.replace("project_id", "project"), "resize")),
        ("zh/c.md", page("Create the Instance 创建实例", chinese, "/v3/{project_id}/instances", "name")),
    ];
    let provider = Provider::named("huawei").expect("it comes with the tool");
    let documents: Vec<Document<'_>> = pages.iter().map(|(path, source)| read(path, source)).collect();
    let extraction = extract(&documents, &provider);
    let pages: Vec<&[String]> = extraction.operations.iter().map(|operation| operation.pages.as_slice()).collect();
    assert_eq!(pages, [["en/a.md", "zh/a.md"], ["en/b.md", "zh/b.md"], ["en/c.md", "zh/c.md"]]);
}
