//! The guide's chapter on new vendors: its files are those of the example, its commands print what it shows.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod process;

use std::fs;
use std::path::{Path, PathBuf};

use process::docsdk;
use regex::Regex;
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

/// The chapter with the files and outputs in it that are there now.
fn retold(chapter: &str, root: &Path) -> String {
    let blocks = Regex::new(r"(?s)```(console|\w+ [\w.]+)\n(.*?)```\n").unwrap();
    let times = Regex::new(r"\d+\.\d\d s").unwrap();
    let mut text = String::new();
    let mut end = 0;
    for block in blocks.captures_iter(chapter) {
        let (head, body, whole) = (&block[1], &block[2], block.get(0).unwrap());
        text += &chapter[end..whole.start()];
        end = whole.end();
        let body = match head.split_once(' ') {
            // A file of the example is shown as it is; one of the chapter's own is written.
            Some((_, file)) => fs::read_to_string(root.join(file)).unwrap_or_else(|_| {
                process::write(root, file, body);
                body.to_owned()
            }),
            None => body
                .lines()
                .filter_map(|line| line.strip_prefix("$ docsdk "))
                .map(|command| {
                    let output = docsdk(root, &command.split(' ').collect::<Vec<_>>());
                    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
                    let said = times.replace_all(said.trim_end(), "0.00 s").into_owned();
                    let said = said.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
                    let gap = if said.is_empty() { "" } else { "\n" };
                    format!("$ docsdk {command}\n{said}{gap}")
                })
                .collect::<Vec<_>>()
                .concat(),
        };
        text.extend(["```", head, "\n", &body, "```\n"]);
    }
    text + &chapter[end..]
}

#[test]
fn the_chapter_shows_what_happens() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guide/new-vendor.md");
    let chapter = fs::read_to_string(&path).unwrap();
    let root = copy();
    let now = retold(&chapter, root.path());
    assert!(now.matches("$ docsdk ").count() >= 6);
    if now != chapter {
        if std::env::var_os("CI").is_none() {
            fs::write(&path, &now).unwrap();
        }
        panic!(
            "the chapter was stale and is rewritten: look at it and check it in\n{}",
            similar::TextDiff::from_lines(&chapter, &now).unified_diff()
        );
    }
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
