//! `docsdk lint` over a page with known faults.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

mod process;

use process::{docsdk, read, said, write};
use serde_json::Value;
use tempfile::TempDir;

const MANIFEST: &str = "[[service]]\nname = \"acme-vault\"\nprovider = \"aliyun\"\n";

/// What settles every finding of the page but the table of prices.
const OVERLAY: &str = "\
overlay:
- { set: CreateVault.request.Quota.type, to: integer, reason: a number of gibibytes }
- { set: CreateVault.request.Zone.required, to: false, reason: calls without it succeed }
- { set: CreateVault.request.Note.description, to: A note., reason: asked the vendor }
- { set: CreateVault.errors.409.VaultExists.message, to: The vault exists., reason: the service says so }
- { add: CreateVault.request.VaultType.values, value: { value: standard }, reason: the console offers it }
";

fn project() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "docsdk.toml", MANIFEST);
    write(root.path(), "specs/acme-vault/pages/CreateVault.md", include_str!("lint/CreateVault.md"));
    root
}

fn json(output: &std::process::Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", said(output)))
}

fn classes(value: &Value) -> Vec<String> {
    value["findings"].as_array().unwrap().iter().map(|it| it["class"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn shows_the_lines_of_the_page_worst_first() {
    let root = project();
    let output = docsdk(root.path(), &["lint"]);
    insta::assert_snapshot!(said(&output).lines().map(str::trim_end).collect::<Vec<_>>().join("\n"));
    assert!(!root.path().join("specs/acme-vault/sources.lock").exists(), "lint writes nothing");
}

#[test]
fn an_overlay_settles_findings_and_then_there_is_silence() {
    let root = project();
    write(root.path(), "specs/acme-vault/overlay.yaml", OVERLAY);
    let value = json(&docsdk(root.path(), &["lint", "--format", "json"]));
    assert_eq!(classes(&value), ["table-unclaimed"], "{value:#}");
    let silent = docsdk(root.path(), &["lint", "--deny", "all", "--allow", "table-unclaimed"]);
    assert_eq!(said(&silent), "exit 0\n\n---\n");
    // An entry that the page has come to say itself is not needed any longer.
    let page = include_str!("lint/CreateVault.md").replace("|Zone|String||", "|Zone|String|No|");
    write(root.path(), "specs/acme-vault/pages/CreateVault.md", page);
    let output = docsdk(root.path(), &["lint", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "an error is denied without being named: {}", said(&output));
    assert_eq!(classes(&json(&output)), ["overlay-redundant", "table-unclaimed"]);
    assert_eq!(docsdk(root.path(), &["lint", "--allow", "overlay-redundant"]).status.code(), Some(0));
}

#[test]
fn denied_classes_make_it_fail_and_allowed_ones_are_left_out() {
    let root = project();
    let status = |arguments: &[&str]| {
        let mut all = vec!["lint"];
        all.extend(arguments);
        docsdk(root.path(), &all).status.code().unwrap()
    };
    assert_eq!(status(&[]), 0);
    assert_eq!(status(&["--deny", "row-unclaimed"]), 0);
    assert_eq!(status(&["--deny", "row-unclaimed", "--deny", "type-any"]), 1);
    assert_eq!(status(&["--deny", "warnings", "--allow", "type-any"]), 1);
    assert_eq!(status(&["--deny", "all"]), 1);
    assert_eq!(status(&["--deny", "type-any", "--allow", "type-any"]), 2);
    assert_eq!(status(&["--deny", "type-anny"]), 2);
    assert_eq!(status(&["--format", "html"]), 2);
    assert_eq!(status(&["--provider", "aliyun"]), 2);
    assert_eq!(status(&["--provider", "aliyum", "specs"]), 2);
    assert_eq!(status(&["--service", "acme-volt"]), 2);
    let misspelt = docsdk(root.path(), &["lint", "--deny", "row-unclamed"]);
    assert!(said(&misspelt).contains("did you mean `row-unclaimed`?"), "{}", said(&misspelt));
    // A class can be denied of every command.
    assert_eq!(docsdk(root.path(), &["extract", "--deny", "table-unclaimed"]).status.code(), Some(1));
    assert_eq!(docsdk(root.path(), &["extract", "--deny", "row-unclaimed"]).status.code(), Some(0));
    let quiet = docsdk(root.path(), &["lint", "-q", "--deny", "values-lost", "--format", "json"]);
    assert_eq!(classes(&json(&quiet)), ["values-lost"]);
}

#[test]
fn pages_without_a_manifest_and_a_limit() {
    let root = project();
    std::fs::remove_file(root.path().join("docsdk.toml")).unwrap();
    let pages = ["lint", "--provider", "aliyun", "--service", "acme-vault", "specs/acme-vault/pages"];
    let all = docsdk(root.path(), &pages);
    assert_eq!(all.status.code(), Some(0), "{}", said(&all));
    let mut limited = pages.to_vec();
    limited.extend(["--limit", "2"]);
    let text = said(&docsdk(root.path(), &limited));
    assert_eq!(text.matches("CreateVault.md:").count(), 2, "{text}");
    assert!(text.contains("… and 4 more: `--limit 0` shows all"), "{text}");
    assert!(text.contains("1  advice   description-missing"), "the counts are of all: {text}");
}

#[test]
fn annotations_for_services() {
    let root = project();
    let output =
        docsdk(root.path(), &["lint", "--deny", "type-any", "--format", "github", "--format", "sarif=lint.sarif"]);
    let text = said(&output);
    let page = "specs/acme-vault/pages/CreateVault.md";
    assert!(
        text.contains(&format!("::error file={page},line=11,endLine=11,col=8,endColumn=17,title=type-any::")),
        "{text}"
    );
    assert!(text.contains(&format!("::warning file={page},line=17,endLine=19,title=table-unclaimed::")), "{text}");
    assert!(text.contains("::notice title=docsdk lint::1 table-unclaimed, "), "{text}");
    let sarif: Value = serde_json::from_str(&read(root.path(), "lint.sarif")).unwrap();
    let run = &sarif["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 6);
    for result in results {
        let rule = &run["tool"]["driver"]["rules"][usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], page);
    }
    let denied = results.iter().find(|result| result["ruleId"] == "type-any").unwrap();
    assert_eq!(denied["level"], "error");
    let region = &denied["locations"][0]["physicalLocation"]["region"];
    assert_eq!((&region["startLine"], &region["startColumn"]), (&11.into(), &8.into()));
}

#[test]
fn lists_its_classes_and_obeys_no_color() {
    let root = project();
    let list = said(&docsdk(root.path(), &["lint", "--list"]));
    for class in docsdk::lint::CLASSES {
        assert!(list.contains(&format!("\n{} ", class.id)), "{}", class.id);
    }
    let escapes = |output: &std::process::Output| output.stdout.contains(&0x1b);
    assert!(!escapes(&docsdk(root.path(), &["lint"])));
    assert!(escapes(&docsdk(root.path(), &["lint", "--color", "always"])));
}
