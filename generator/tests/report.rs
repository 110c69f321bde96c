//! `docsdk report` as people run it. What its file shows is tested in a browser, by the crate `docsdk-tests`.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod process;

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use flate2::read::GzDecoder;
use process::{docsdk, read, said, write};
use serde_json::Value;
use tempfile::TempDir;

const MANIFEST: &str = "[[service]]\nname = \"aliyun-rds\"\nprovider = \"aliyun\"\ntitle = \"ApsaraDB RDS\"\n";

/// A project with one service and one page of it.
fn project() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "docsdk.toml", MANIFEST);
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../specs/aliyun-rds/pages/000_ddb4ed04b0447021.txt");
    write(root.path(), "specs/aliyun-rds/pages/restore.txt", fs::read(page).unwrap());
    root
}

/// What a report's file holds.
fn evidence(html: &str) -> Value {
    let (_, rest) = html.split_once("id=\"data\">").unwrap();
    let packed = base64::engine::general_purpose::STANDARD.decode(rest.split_once('<').unwrap().0).unwrap();
    let mut json = String::new();
    GzDecoder::new(packed.as_slice()).read_to_string(&mut json).unwrap();
    serde_json::from_str(&json).unwrap()
}

fn git(root: &Path, arguments: &[&str]) {
    let who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"];
    let done = Command::new("git").current_dir(root).args(who).args(arguments).output().unwrap();
    assert!(done.status.success(), "{}", said(&done));
}

#[test]
fn a_report_is_one_file_with_the_same_bytes_each_time() {
    let root = project();
    let first = docsdk(root.path(), &["report"]);
    assert_eq!(first.status.code(), Some(0), "{}", said(&first));
    assert!(said(&first).contains("target/docsdk-report.html: 1 operation of 1 service, "), "{}", said(&first));
    let html = read(root.path(), "target/docsdk-report.html");
    let mut again = Command::new(env!("CARGO_BIN_EXE_docsdk"));
    let again = again.current_dir(root.path()).args(["report", "--out", "-"]).env("RAYON_NUM_THREADS", "1");
    assert_eq!(String::from_utf8(again.output().unwrap().stdout).unwrap(), html);
    assert!(!root.path().join("specs/aliyun-rds/operations").exists(), "nothing else is written");
    let evidence = evidence(&html);
    let service = &evidence["services"][0];
    assert_eq!(service["operations"][0]["name"], "RestoreDdrTable");
    assert_eq!(service["operations"][0]["checked_in"], "missing");
    assert_eq!(service["pages"][0]["rows"], serde_json::json!([103, 103]));
    let lines = service["pages"][0]["lines"].as_array().unwrap();
    let line = |number: usize| evidence["lines"][usize::try_from(lines[number - 1].as_u64().unwrap()).unwrap()].clone();
    assert_eq!(line(1), "Restores data to an existing instance across regions.");
    docsdk(root.path(), &["build"]);
    docsdk(root.path(), &["report"]);
    let built = self::evidence(&read(root.path(), "target/docsdk-report.html"));
    assert_eq!(built["services"][0]["stale"], serde_json::json!({}), "what is checked in is what the pages give");
}

#[test]
fn a_report_against_a_revision_shows_what_the_pages_changed() {
    let root = project();
    docsdk(root.path(), &["extract"]);
    git(root.path(), &["init", "-q", "-b", "main"]);
    git(root.path(), &["add", "."]);
    git(root.path(), &["commit", "-qm", "one"]);
    let page = read(root.path(), "specs/aliyun-rds/pages/restore.txt");
    let page = page.replace("RestoreTime | string | No", "RestoreTime | string | Yes");
    write(root.path(), "specs/aliyun-rds/pages/restore.txt", page);
    let output = docsdk(root.path(), &["report", "--against", "HEAD", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let evidence = evidence(&read(root.path(), "target/docsdk-report.html"));
    let changes = evidence["change"]["changes"].as_array().unwrap();
    assert_eq!(told["changes"], changes.len());
    let change = changes.iter().find(|it| it["path"] == "request.RestoreTime").unwrap();
    assert_eq!((&change["wire"], &change["rust"]), (&"breaking".into(), &"patch".into()), "{change}");
    let rule = change["rule"].as_str().unwrap();
    assert!(evidence["change"]["rules"][rule].is_array());
    let unchanged = docsdk(root.path(), &["report", "--against", "v9"]);
    assert_eq!(unchanged.status.code(), Some(2));
    assert!(said(&unchanged).contains("no revision of this repository"), "{}", said(&unchanged));
}

#[test]
fn misuse_of_a_report_says_what_to_do() {
    let root = project();
    let output = docsdk(root.path(), &["report", "aliyun-rd"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("aliyun-rds"), "{}", said(&output));
    write(root.path(), "taken", "");
    let output = docsdk(root.path(), &["report", "--out", "taken/report.html"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
}
