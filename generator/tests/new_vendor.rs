//! The example of a new vendor: what is checked in is what its provider file gives, and that file's faults have places.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod process;

use std::fs;
use std::path::{Path, PathBuf};

use process::docsdk;
use tempfile::TempDir;

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/new-vendor")
}

/// The example's own files and pages, and nothing that was made of them.
fn copy() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for entry in walkdir::WalkDir::new(example()) {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(example()).unwrap().to_owned();
        let made = path.starts_with("generated") || path.ends_with("sources.lock") || path.ends_with("service.yaml");
        let made = made || path.components().any(|part| part.as_os_str() == "operations");
        if entry.file_type().is_file() && !made && !path.components().any(|part| part.as_os_str() == ".docsdk-cache") {
            process::write(root.path(), path.to_str().unwrap(), fs::read(entry.path()).unwrap());
        }
    }
    root
}

#[test]
fn what_is_checked_in_is_what_the_file_gives() {
    let output = docsdk(&example(), &["check", "--deny", "all"]);
    assert_eq!(process::said(&output), "exit 0\n\n---\n");
    // A copy elsewhere gives the same specs without a manifest.
    let root = copy();
    let pages = ["extract", "--service", "lagoon-volumes", "--provider", "lagoon.yaml", "--out", "out"];
    let mut arguments = pages.to_vec();
    arguments.push("specs/lagoon-volumes/pages");
    assert_eq!(docsdk(root.path(), &arguments).status.code(), Some(0));
    for name in ["CreateVolume", "DeleteVolume", "GetVolume"] {
        let file = format!("lagoon-volumes/operations/{name}.yaml");
        let now = process::read(root.path(), &format!("out/{file}"));
        assert_eq!(now, process::read(&example(), &format!("specs/{file}")), "{name}");
    }
}

#[track_caller]
fn fault(file: &str, expected: &[&str]) {
    let root = copy();
    process::write(root.path(), "p/own.yaml", file);
    let output = docsdk(root.path(), &["lint", "--provider", "p/own.yaml", "specs/lagoon-volumes/pages"]);
    let said = process::said(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    for words in expected {
        assert!(said.contains(words), "`{words}` is not in\n{said}");
    }
}

#[test]
fn faults_of_a_provider_file_have_places_and_remedies() {
    let good = "provider: own\nlanguages: [en]\ndefault_location: body\nrequest_line: '^(?P<method>[A-Z]+) (?P<path>/\\S*)$'\n";
    fault(
        &good.replace("languages", "langages"),
        &["p/own.yaml:2:1", "unknown key `langages`", "did you mean `languages`?"],
    );
    fault(&good.replace("[en]", "[eng]"), &["p/own.yaml:2:13", "no language `eng`", "did you mean `en`?"]);
    fault(&good.replace("[en]", "[./no.yaml]"), &["p/own.yaml:2:13", "`p/./no.yaml` can't be read", "written right"]);
    fault(&good.replace("(?P<path>", "(?P<way>"), &["p/own.yaml:4:1", "no group `path`", "(?P<path>…)"]);
    fault(&format!("{good}headers: ['^X-', '(']\n"), &["p/own.yaml:5:18", "no regular expression: unclosed group"]);
    fault(&format!("{good}protocol: rest-jsn\n"), &["unknown value `rest-jsn`", "did you mean `rest-json`?"]);
    let prose = format!("{good}vocabulary:\n  prose:\n    defalt: ['x']\n");
    fault(&prose, &["p/own.yaml:7:5", "unknown key `defalt`", "did you mean `default`?"]);
    let section = format!("{good}vocabulary:\n  sections:\n    reqest: [Input]\n");
    fault(&section, &["p/own.yaml:7:5", "unknown value `reqest`", "did you mean `request`?"]);
    fault("provider: own\n", &["p/own.yaml", "the key `languages` is missing"]);
    let root = copy();
    let output = docsdk(root.path(), &["lint", "--provider", "nowhere.yaml", "specs"]);
    assert!(process::said(&output).contains("nowhere.yaml"), "{}", process::said(&output));
}

#[test]
fn a_provider_names_language_files_of_its_own() {
    let root = copy();
    let own = process::read(root.path(), "lagoon.yaml");
    let (head, words) = own.split_once("vocabulary:\n").unwrap();
    let words: Vec<_> = words.lines().map(|line| line.strip_prefix("  ").unwrap_or(line)).collect();
    let words = words.join("\n") + "\n";
    process::write(root.path(), "words/lagoon.yaml", format!("language: en-lagoon\n{words}"));
    process::write(root.path(), "lagoon.yaml", head.replace("[en]", "[en, words/lagoon.yaml]"));
    let output = docsdk(root.path(), &["extract"]);
    assert_eq!(output.status.code(), Some(0), "{}", process::said(&output));
    for name in ["CreateVolume", "DeleteVolume", "GetVolume"] {
        let file = format!("specs/lagoon-volumes/operations/{name}.yaml");
        assert_eq!(process::read(root.path(), &file), process::read(&example(), &file));
    }
    process::write(root.path(), "words/lagoon.yaml", "language: en\nstatus_line: '(\\d+)'\n");
    let said = process::said(&docsdk(root.path(), &["extract"]));
    assert!(said.contains("words/lagoon.yaml:2:1") && said.contains("no group `status`"), "{said}");
}
