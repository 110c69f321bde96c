//! `docsdk diff` as people run it: pages as sides, history, releases, languages, and what cannot be read.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

mod process;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use process::{docsdk, said, write};
use serde_json::Value;
use tempfile::TempDir;

const HEAD: &str = "service: disk\nprovider: aliyun\nprotocol: aliyun-rpc\n";

fn operation(name: &str, parameters: &[&str]) -> String {
    let mut text = format!("operation: {name}\nhttp: {{ method: POST, path: / }}\nrequest:\n");
    for parameter in parameters {
        text += "- name: ";
        text += parameter;
        text += "\n  type: string\n";
    }
    text
}

#[track_caller]
fn git(root: &Path, arguments: &[&str]) {
    let who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"];
    let run = Command::new("git").arg("-C").arg(root).args(who).args(arguments).output().unwrap();
    assert!(run.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
}

fn commit(root: &Path, message: &str) {
    git(root, &["add", "."]);
    git(root, &["commit", "-qm", message]);
}

/// A repository in which a service grew in three revisions; the first was released.
fn repository() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    git(root.path(), &["init", "-q", "-b", "main"]);
    write(root.path(), "docsdk.toml", "[[service]]\nname = \"disk\"\nprovider = \"aliyun\"\n");
    write(root.path(), "specs/disk/service.yaml", HEAD);
    write(root.path(), "specs/disk/operations/Get.yaml", operation("Get", &["Id", "Zone"]));
    commit(root.path(), "begin");
    git(root.path(), &["tag", "disk-v0.1.0"]);
    write(root.path(), "specs/disk/operations/Get.yaml", operation("Get", &["Id", "Zone", "Size"]));
    commit(root.path(), "grow");
    write(root.path(), "specs/disk/operations/Get.yaml", operation("Get", &["Id", "Size"]));
    commit(root.path(), "shrink");
    root
}

/// Two folders of one page each; the second lacks a parameter.
fn pages() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../specs/aliyun-rds/pages/000_ddb4ed04b0447021.txt");
    let page = fs::read_to_string(page).unwrap();
    write(root.path(), "disk-may/restore.txt", &page);
    write(root.path(), "disk-june/restore.txt", page.replace("ClientToken", "CallToken"));
    root
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", said(output)))
}

fn rules(report: &Value) -> Vec<String> {
    let changes = report["changes"].as_array().unwrap();
    changes.iter().map(|change| change["rule"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn folders_of_pages_are_extracted_and_compared() {
    let root = pages();
    let refused = docsdk(root.path(), &["diff", "disk-may", "disk-june"]);
    assert_eq!(refused.status.code(), Some(3), "{}", said(&refused));
    assert!(said(&refused).contains("--provider"), "{}", said(&refused));
    let arguments = ["diff", "disk-may", "disk-june", "--provider", "aliyun", "--format", "json"];
    let report = json(&docsdk(root.path(), &arguments));
    assert_eq!(rules(&report), ["request-field-renamed"], "{report:#}");
    let change = &report["changes"][0];
    assert_eq!((&change["cause"], &change["path"]), (&"page".into(), &"request.CallToken".into()));
    assert_eq!(change["source"]["after"]["page"], "disk-june/restore.txt");
    assert_eq!(change["source"]["before"]["page"], "disk-may/restore.txt");
    assert_eq!(change["spec"], serde_json::json!({}), "what was made of pages lies in no file");
    let same = docsdk(root.path(), &["diff", "disk-may", "disk-may", "--provider", "aliyun", "--fail-on", "any"]);
    assert_eq!(said(&same), "exit 0\nnothing changed\n---\n");
    assert!(!root.path().join(".docsdk-pages").exists());
}

#[test]
fn pages_are_held_against_specs_and_against_revisions() {
    let root = pages();
    let root = root.path();
    let may = ["extract", "--service", "aliyun-rds", "--provider", "aliyun", "--out", "specs", "disk-may"];
    assert_eq!(docsdk(root, &may).status.code(), Some(0));
    // The specs say whose pages they are.
    let report = json(&docsdk(root, &["diff", "specs/aliyun-rds", "disk-june", "--format", "json"]));
    assert_eq!(rules(&report), ["request-field-renamed"], "{report:#}");
    git(root, &["init", "-q", "-b", "main"]);
    commit(root, "one");
    write(root, "disk-may/restore.txt", fs::read(root.join("disk-june/restore.txt")).unwrap());
    let against = ["diff", "--against", "main", "disk-may", "--provider", "aliyun", "--format", "json"];
    let report = json(&docsdk(root, &against));
    assert_eq!((rules(&report), &report["old"]), (vec!["request-field-renamed".to_owned()], &"main".into()));
    // No page: no side.
    write(root, "other/readme.txt", "Nothing here.\n");
    let none = docsdk(root, &["diff", "other", "disk-june", "--provider", "aliyun"]);
    assert!(said(&none).contains("give no operation"), "{}", said(&none));
    assert_eq!(none.status.code(), Some(3));
}

#[test]
fn history_is_one_report_oldest_first() {
    let root = repository();
    let text = said(&docsdk(root.path(), &["diff", "--history", "2"]));
    let (grow, shrink) = (text.find(" grow ==").unwrap(), text.find(" shrink ==").unwrap());
    assert!(grow < shrink && text[grow..shrink].contains("request-field-added-optional"), "{text}");
    assert!(text[shrink..].contains("request-field-removed"), "{text}");
    let output = docsdk(root.path(), &["diff", "--history", "9", "specs/disk", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let steps = json(&output)["history"].clone();
    let found: Vec<Vec<String>> = steps.as_array().unwrap().iter().map(rules).collect();
    assert_eq!(found, [["service-added"], ["request-field-added-optional"], ["request-field-removed"]]);
    let gated = docsdk(root.path(), &["diff", "--history", "9", "--fail-on", "major"]);
    assert_eq!(gated.status.code(), Some(1), "one step at the gate is enough");
    let sarif = json(&docsdk(root.path(), &["diff", "--history", "2", "--format", "sarif"]));
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 2);
}

#[test]
fn the_last_release_is_a_side() {
    let root = repository();
    for folder in ["specs", "specs/disk"] {
        let report = json(&docsdk(root.path(), &["diff", "--against", "@published", folder, "--format", "json"]));
        assert_eq!(rules(&report), ["request-field-removed", "request-field-added-optional"], "{report:#}");
        assert_eq!(report["old"], "@published");
    }
    git(root.path(), &["tag", "-d", "disk-v0.1.0"]);
    let none = docsdk(root.path(), &["diff", "--against", "@published"]);
    assert_eq!(none.status.code(), Some(3));
    assert!(said(&none).contains("release tag such as `NAME-v0.1.0`"), "{}", said(&none));
}

#[test]
fn chinese_reports_say_the_same() {
    let root = repository();
    let run = |lang: &str| said(&docsdk(root.path(), &["diff", "--against", "disk-v0.1.0", "--lang", lang]));
    let (en, zh) = (run("en"), run("zh"));
    assert!(en.contains("removed parameter") && zh.contains("移除参数"), "{zh}");
    assert!(zh.contains("request-field-removed") && zh.contains("版本升级： minor"), "{zh}");
    assert_eq!(en.lines().count(), zh.lines().count());
}

#[test]
fn what_cannot_be_read_is_named_with_its_place_and_a_remedy() {
    let root = repository();
    let root = root.path();
    let fails = |arguments: &[&str], parts: &[&str]| {
        let output = docsdk(root, &[&["diff"], arguments].concat());
        let text = said(&output);
        assert_eq!(output.status.code(), Some(3), "{text}");
        for part in parts {
            assert!(text.contains(part), "{part}: {text}");
        }
    };
    fails(&["--against", "disk-v0.1.1"], &["`disk-v0.1.1`", "did you mean `disk-v0.1.0`?"]);
    fails(&["--against", "main:spec"], &["has no `spec`", "did you mean `specs`?"]);
    fails(&["nowhere", "neither"], &["neither `nowhere` nor `neither` exists"]);
    // A spec that once was broken names the revision it is broken in.
    write(root, "specs/disk/operations/Get.yaml", "operation: Get\n\thttp: {\n");
    commit(root, "break");
    write(root, "specs/disk/operations/Get.yaml", operation("Get", &["Id"]));
    fails(&["--against", "main"], &["`main:specs/disk/operations/Get.yaml`", "broken YAML", "line 2"]);
    fails(&["--history", "1"], &[":specs/disk/operations/Get.yaml`", "broken YAML"]);
}

const DOCUMENT: &str = "openapi: 3.0.3\ninfo: { title: Disks, version: '1' }\npaths:\n  /disks:\n    get:\n      operationId: listDisks\n      parameters:\n      - { name: limit, in: query, schema: { type: integer, maximum: 100 } }\n      - { name: zone, in: query, schema: { $ref: 'parts/zone.yaml' } }\n      responses: { '200': { description: Found. } }\n";
const ZONE: &str = "type: string\nmaxLength: 16\n";

/// A repository with an OpenAPI document that has changed since it was checked in.
fn documents() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    git(root.path(), &["init", "-q", "-b", "main"]);
    write(root.path(), "api/disks.yaml", DOCUMENT);
    write(root.path(), "api/parts/zone.yaml", ZONE);
    commit(root.path(), "begin");
    write(root.path(), "api/disks.yaml", DOCUMENT.replace("100", "50"));
    write(root.path(), "old/disks.yaml", DOCUMENT);
    write(root.path(), "old/parts/zone.yaml", ZONE.replace("16", "32"));
    root
}

#[test]
fn openapi_documents_are_sides() {
    let root = documents();
    let root = root.path();
    let run = |arguments: &[&str]| docsdk(root, &[&["diff"], arguments].concat());
    let text = said(&run(&["old/disks.yaml", "api/disks.yaml"]));
    for part in ["request.limit", "page api/disks.yaml:8:9", "request.zone", "page api/disks.yaml:9:9"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // What a reference leads to is a part of the document.
    write(root, "new/disks.yaml", DOCUMENT);
    write(root, "new/parts/zone.yaml", ZONE);
    let report = json(&run(&["old/disks.yaml", "new/disks.yaml", "--format", "json"]));
    assert_eq!((rules(&report).len(), &report["changes"][0]["cause"]), (1, &"page".into()), "{report:#}");
    let tightened = ["request-bound-tightened"];
    for what in ["main", "main:api/disks.yaml", ".git#branch=main,subdir=api"] {
        let report = json(&run(&["--against", what, "api/disks.yaml", "--format", "json"]));
        assert_eq!(rules(&report), tightened, "{what}: {report:#}");
        assert_eq!(report["changes"][0]["source"]["after"]["page"], "api/disks.yaml");
    }
    // Specs that were made of a document, and the document as it is now.
    let imported = docsdk(root, &["import", "openapi", "old/disks.yaml", "--service", "lagoon", "--out", "specs"]);
    assert!(imported.status.success(), "{}", said(&imported));
    write(root, "old/parts/zone.yaml", ZONE);
    for sides in [["specs/lagoon", "api/disks.yaml"], ["api/disks.yaml", "specs/lagoon"]] {
        let report = json(&run(&[sides[0], sides[1], "--format", "json"]));
        assert_eq!(report["changes"].as_array().map(Vec::len), Some(2), "{report:#}");
        assert!(rules(&report).iter().all(|rule| rule.starts_with("request-bound-")), "{report:#}");
        assert_eq!(report["changes"][0]["service"], "lagoon");
    }
    fs::remove_file(root.join("api/disks.yaml")).unwrap();
    assert_eq!(rules(&json(&run(&["--against", "main", "api/disks.yaml", "--format", "json"]))), ["service-removed"]);
}

#[test]
fn documents_that_cannot_be_imported_are_told() {
    let root = documents();
    let root = root.path();
    write(root, "old/two.json", r#"{"swagger": "2.0", "paths": {}}"#);
    write(root, "old/broken.yaml", "openapi: 3.0.0\npaths: [\n");
    write(root, "old/part.yaml", ZONE);
    let fails = |arguments: &[&str], part: &str| {
        let output = docsdk(root, &[&["diff"], arguments].concat());
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        assert!(said(&output).contains(part), "{part}: {}", said(&output));
    };
    fails(
        &["old/two.json", "api/disks.yaml"],
        "old/two.json:1:2: the document is Swagger 2.0; docsdk imports OpenAPI 3.0 and 3.1",
    );
    fails(&["api/disks.yaml", "old/broken.yaml"], "old/broken.yaml:2:8: ");
    fails(
        &["old/part.yaml", "api/disks.yaml"],
        "a side is a folder, an archive, the spec of an operation or an OpenAPI document",
    );
    fails(&["--last-change", "api/disks.yaml"], "is an OpenAPI document: compare it with another");
    fails(&["--against", "main", "api/none.yaml"], "has no `api/none.yaml`, and neither is there one here");
}

#[test]
fn the_manifest_says_from_which_version_the_bump_counts() {
    let root = repository();
    let root = root.path();
    let bump = |arguments: &[&str]| {
        let report = json(&docsdk(root, &[&["diff"], arguments, &["--format", "json"]].concat()));
        report["summary"]["bump"].as_str().unwrap_or_default().to_owned()
    };
    let since = ["--against", "disk-v0.1.0"];
    assert_eq!(bump(&since), "minor");
    assert_eq!(bump(&["--against", "disk-v0.1.0", "specs/disk"]), "minor");
    assert_eq!(bump(&["--against", "disk-v0.1.0", "--crate-version", "1.2.3"]), "major");
    // Specs that are none of the project's have no version.
    write(root, "was/service.yaml", HEAD);
    write(root, "was/operations/Get.yaml", operation("Get", &["Id", "Zone"]));
    write(root, "is/service.yaml", HEAD);
    write(root, "is/operations/Get.yaml", operation("Get", &["Id"]));
    assert_eq!(bump(&["was", "is"]), "major");
    assert_eq!(bump(&["was", "specs/disk"]), "minor");
    write(root, "docsdk.toml", "[[service]]\nname = \"disk\"\nversion = \"1.0.0\"\nprovider = \"aliyun\"\n");
    assert_eq!(bump(&since), "major");
}
