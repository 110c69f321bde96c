//! `docsdk overlay`, and what overlays settle, as people meet it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

mod process;

use std::path::Path;

use process::{docsdk, read, said, write};
use serde_json::{Value, json};
use tempfile::TempDir;

const MANIFEST: &str = "[[service]]\nname = \"acme-vault\"\nprovider = \"aliyun\"\n";
const FILE: &str = "specs/acme-vault/overlay.yaml";

fn project() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "docsdk.toml", MANIFEST);
    write(root.path(), "specs/acme-vault/pages/CreateVault.md", include_str!("lint/CreateVault.md"));
    root
}

/// A run with an exit status; what it said.
#[track_caller]
fn exits(root: &Path, arguments: &[&str], status: i32) -> String {
    let output = docsdk(root, arguments);
    assert_eq!(output.status.code(), Some(status), "{}", said(&output));
    said(&output)
}

#[track_caller]
fn json(root: &Path, arguments: &[&str], status: i32) -> Value {
    let output = docsdk(root, &[arguments, &["--format", "json"]].concat());
    assert_eq!(output.status.code(), Some(status), "{}", said(&output));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", said(&output)))
}

fn overlay(entries: &[&str]) -> String {
    entries.iter().fold("overlay:\n".to_owned(), |text, entry| format!("{text}- {{ {entry}, reason: seen }}\n"))
}

#[test]
fn where_there_is_no_overlay_there_is_nothing_to_say() {
    let root = project();
    assert_eq!(exits(root.path(), &["overlay", "check"], 0), "exit 0\n\n---\n");
    assert_eq!(exits(root.path(), &["overlay", "list"], 0), "exit 0\n\n---\n");
    assert_eq!(json(root.path(), &["overlay", "check"], 0)["findings"], json!([]));
    assert_eq!(json(root.path(), &["overlay", "list"], 0)["entries"], json!([]));
    assert!(!root.path().join(FILE).exists() && !root.path().join("specs/acme-vault/sources.lock").exists());
}

#[test]
fn lint_names_the_command_that_settles_what_it_found_and_the_command_does() {
    let root = project();
    let text = exits(root.path(), &["lint"], 0);
    assert_eq!(text.matches("docsdk overlay suggest").count(), 1, "{text}");
    let line = text.lines().find(|line| line.contains("docsdk overlay suggest")).unwrap();
    assert_eq!(line.trim(), "docsdk overlay suggest --class required-unknown --class type-any");
    // Run as it stands, it leaves nothing to offer.
    let words: Vec<&str> = line.split_whitespace().skip(1).chain(["--write"]).collect();
    let text = exits(root.path(), &words, 0);
    assert!(text.contains("set: CreateVault.request.Zone.required"), "{text}");
    assert!(!exits(root.path(), &["lint"], 0).contains("overlay suggest"));
    exits(root.path(), &["overlay", "check"], 0);
    // What lint was asked for is what the command is about.
    std::fs::remove_file(root.path().join(FILE)).unwrap();
    let manifest = root.path().join("docsdk.toml");
    std::fs::rename(&manifest, root.path().join("own file.toml")).unwrap();
    let text = exits(root.path(), &["lint", "acme-vault", "--manifest", "own file.toml", "--allow", "type-any"], 0);
    let wanted = "\n  docsdk overlay suggest --manifest 'own file.toml' acme-vault --class required-unknown\n";
    assert!(text.contains(wanted), "{text}");
    // Pages without a manifest have no overlay of anybody's.
    let text = exits(root.path(), &["lint", "--provider", "aliyun", "specs/acme-vault/pages"], 0);
    assert!(!text.contains("overlay suggest"), "{text}");
}

#[test]
fn what_an_entry_settles_is_listed_by_no_command() {
    let root = project();
    let of_values = |value: &Value, key: &str| {
        value["findings"].as_array().unwrap().iter().filter(|it| it[key] == "values-lost").count()
    };
    let before = json(root.path(), &["extract"], 0);
    assert_eq!((of_values(&before, "id"), &before["services"][0]["findings_settled"]), (1, &json!(0)));
    write(root.path(), FILE, overlay(&["add: CreateVault.request.VaultType.values, value: { value: standard }"]));
    for command in ["extract", "build"] {
        let after = json(root.path(), &[command], 0);
        assert_eq!((of_values(&after, "id"), &after["services"][0]["findings_settled"]), (0, &json!(1)));
        assert!(exits(root.path(), &[command, "-v"], 0).contains("1 finding more is settled by overlays\n"));
        assert!(!exits(root.path(), &[command], 0).contains("settled"));
    }
    assert_eq!(of_values(&json(root.path(), &["lint"], 0), "class"), 0);
}

#[test]
fn entries_that_are_astray_redundant_or_fight_are_told_with_their_lines() {
    let root = project();
    let entries = [
        "set: CreateVault.request.Quata.type, to: integer",
        "set: CreateVault.request.VaultName.required, to: true",
        "set: CreateVault.request.Quota.type, to: integer",
        "set: CreateVault.request.Quota.type, to: number",
    ];
    write(root.path(), FILE, overlay(&entries));
    let value = json(root.path(), &["overlay", "check"], 1);
    let found: Vec<(&str, u64)> = value["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["id"].as_str().unwrap(), it["line"].as_u64().unwrap()))
        .collect();
    assert_eq!(found, [("overlay-astray", 2), ("overlay-redundant", 3), ("overlay-conflict", 5)], "{value:#}");
    let text = exits(root.path(), &["overlay", "check", "acme-vault"], 1);
    assert!(text.contains("did you mean") && text.contains(&format!("{FILE}:5:")), "{text}");
    assert!(!text.contains("table-unclaimed"), "of the pages nothing: {text}");
    assert_eq!(read(root.path(), FILE), overlay(&entries));
    assert!(!root.path().join("specs/acme-vault/sources.lock").exists(), "a check writes nothing");
    exits(root.path(), &["overlay", "check", "acme-volt"], 2);
}

#[test]
fn entries_are_listed_with_their_lines() {
    let root = project();
    let entries = [
        "set: CreateVault.request.Quota.type, to: integer",
        "rename: CreateVault.request.Zone, wire: ZoneId",
        "confirm: CreateVault.request.VaultName.type, to: string",
    ];
    write(root.path(), FILE, format!("# What we know.\n{}", overlay(&entries)));
    let text = exits(root.path(), &["overlay", "list"], 0);
    assert!(
        text.contains(&format!("{FILE}:3: set CreateVault.request.Quota.type → \"integer\"\n    seen\n")),
        "{text}"
    );
    assert!(text.contains(&format!("{FILE}:4: rename CreateVault.request.Zone → ZoneId on the wire\n")), "{text}");
    let value = json(root.path(), &["overlay", "list", "acme-vault"], 0);
    let listed: Vec<_> = value["entries"].as_array().unwrap().iter().map(|it| (&it["line"], &it["verb"])).collect();
    assert_eq!(listed, [(&json!(3), &json!("set")), (&json!(4), &json!("rename")), (&json!(5), &json!("confirm"))]);
    assert_eq!(value["entries"][2]["entry"]["reason"], "seen");
}

#[test]
fn suggestions_are_printed_written_and_told_apart_from_what_needs_a_person() {
    let root = project();
    let text = exits(root.path(), &["overlay", "suggest", "acme-vault", "CreateVault", "Zone"], 0);
    assert!(text.contains(&format!("# for {FILE}\noverlay:\n- set: CreateVault.request.Zone.required\n")), "{text}");
    assert!(text.contains("CreateVault.md:12"), "the reason names the page's line: {text}");
    assert!(!root.path().join(FILE).exists(), "nothing is written unasked");
    let value = json(root.path(), &["overlay", "suggest"], 1);
    let service = &value["services"][0];
    assert_eq!((&service["file"], &service["written"]), (&json!(FILE), &json!(false)));
    assert_eq!(service["entries"].as_array().unwrap().len(), 2, "{value:#}");
    let wanting: Vec<_> = service["wanting"].as_array().unwrap().iter().map(|it| it["class"].as_str()).collect();
    assert!(wanting.contains(&Some("values-lost")) && wanting.contains(&Some("table-unclaimed")), "{wanting:?}");
    // With a value it is no longer wanting; comments stay.
    write(root.path(), FILE, "# What we know.\n");
    let note = ["overlay", "suggest", "acme-vault", "CreateVault", "Note", "--to", "A note.", "--write"];
    exits(root.path(), &note, 0);
    let written = read(root.path(), FILE);
    assert!(written.starts_with("# What we know.\n") && written.contains("to: A note."), "{written}");
    exits(root.path(), &["overlay", "check"], 0);
    let again = exits(root.path(), &note, 1);
    assert!(again.contains("no finding is meant"), "{again}");
    assert_eq!(read(root.path(), FILE), written);
    exits(root.path(), &["overlay", "suggest", "--class", "type-anny"], 2);
    exits(root.path(), &["overlay", "suggest", "--to", "[", "--class", "type-any"], 2);
}

#[test]
fn an_overlay_that_cannot_be_read_stays_as_it_is() {
    let root = project();
    for broken in ["overlay:\n- set: A\n\tto: 1\n", "overlay: &a\n- *a\n", "overlays: []\n", "overlay:\n- set: [\n"] {
        write(root.path(), FILE, broken);
        let text = exits(root.path(), &["overlay", "check"], 1);
        assert!(text.contains(FILE) && text.contains("help: "), "{text}");
        exits(root.path(), &["overlay", "list"], 2);
        exits(root.path(), &["overlay", "suggest", "--class", "type-any", "--write"], 2);
        assert_eq!(read(root.path(), FILE), broken);
    }
}

#[test]
fn what_keeps_pages_from_being_read_keeps_entries_from_being_fine() {
    let root = project();
    write(root.path(), FILE, overlay(&["set: CreateVault.request.Quota.type, to: integer"]));
    write(root.path(), "docsdk.toml", MANIFEST.replace("\"aliyun\"", "\"./vendor.yaml\""));
    write(root.path(), "vendor.yaml", "name: [\n");
    let text = exits(root.path(), &["overlay", "check"], 1);
    assert!(text.contains("vendor.yaml"), "{text}");
}
