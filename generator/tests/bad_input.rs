//! Files that somebody or something spoiled: clear words, the place, what to do, and nothing lost.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

mod process;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use process::{docsdk, read, said, write};
use serde_json::Value;
use tempfile::TempDir;

const MANIFEST: &str = "[[service]]\nname = \"acme-vault\"\nprovider = \"aliyun\"\n";
const SPEC: &str = "specs/acme-vault/operations/CreateVault.yaml";
const LOCK: &str = "specs/acme-vault/sources.lock";
const OVERLAY: &str = "specs/acme-vault/overlay.yaml";
const MODULE: &str = "generated/acme-vault/src/operation/create_vault.rs";

/// A project that was built.
fn project() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "docsdk.toml", MANIFEST);
    write(root.path(), "specs/acme-vault/pages/CreateVault.md", include_str!("lint/CreateVault.md"));
    assert_eq!(docsdk(root.path(), &["build"]).status.code(), Some(0));
    root
}

/// The first finding of an id: its line, and what to do.
#[track_caller]
fn finding(root: &Path, arguments: &[&str], status: i32, id: &str) -> (u64, String) {
    let output = docsdk(root, &[arguments, &["--format", "json"]].concat());
    assert_eq!(output.status.code(), Some(status), "{}", said(&output));
    let value: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", said(&output)));
    let found = value["findings"].as_array().unwrap().iter().find(|finding| finding["id"] == id);
    let found = found.unwrap_or_else(|| panic!("{id}: {value:#}"));
    (found["line"].as_u64().unwrap_or_default(), found["help"].as_str().unwrap_or_default().to_owned())
}

/// A text as a merge leaves it that met a conflict in its third line.
fn conflicted(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.splice(2..2, ["<<<<<<< HEAD", "=======", ">>>>>>> theirs"]);
    lines.join("\n") + "\n"
}

#[test]
fn a_merge_that_was_not_finished_is_told_as_one() {
    let root = project();
    let (spec, lock, module) = (read(root.path(), SPEC), read(root.path(), LOCK), read(root.path(), MODULE));
    let told = |arguments: &[&str], status| {
        let (line, help) = finding(root.path(), arguments, status, "merge-unfinished");
        assert!(help.contains("keep one of the two sides"), "{help}");
        line
    };
    write(root.path(), OVERLAY, "overlay:\n<<<<<<< HEAD\n=======\n>>>>>>> theirs\n");
    assert_eq!(told(&["build"], 1), 2);
    assert_eq!(told(&["overlay", "check"], 1), 2);
    fs::remove_file(root.path().join(OVERLAY)).unwrap();
    write(root.path(), SPEC, conflicted(&spec));
    assert_eq!(told(&["generate"], 1), 3);
    assert_eq!(told(&["explain", "acme-vault", "CreateVault"], 2), 3);
    write(root.path(), SPEC, &spec);
    write(root.path(), LOCK, conflicted(&lock));
    assert_eq!(told(&["build"], 0), 3, "a lock is made anew");
    assert_eq!(read(root.path(), LOCK), lock);
    write(root.path(), "docsdk.toml", conflicted(MANIFEST));
    assert_eq!(told(&["build"], 2), 3);
    assert_eq!((read(root.path(), SPEC), read(root.path(), MODULE)), (spec, module));
}

#[test]
fn a_lock_that_was_cut_short_is_made_anew_and_nothing_goes_with_it() {
    let root = project();
    let (spec, lock, module) = (read(root.path(), SPEC), read(root.path(), LOCK), read(root.path(), MODULE));
    for length in [0, 1, 25, 60, lock.len() / 2, lock.len() - 1] {
        write(root.path(), LOCK, &lock[..length]);
        let output = docsdk(root.path(), &["build"]);
        assert_eq!(output.status.code(), Some(0), "{length}: {}", said(&output));
        assert_eq!(read(root.path(), LOCK), lock, "{length}");
        assert_eq!((read(root.path(), SPEC), read(root.path(), MODULE)), (spec.clone(), module.clone()), "{length}");
    }
}

#[test]
fn specs_that_are_none_are_told_with_their_place_and_their_crate_stays() {
    let root = project();
    let module = read(root.path(), MODULE);
    let head = "operation: CreateVault\nhttp: { method: POST, path: / }\n";
    let deep = format!("{head}description: {}", "[".repeat(5_000));
    let bomb = (1..12).fold("x: &a0 [x]\n".to_owned(), |text, n| {
        format!("{text}y{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", "))
    });
    let cases = [
        (format!("{head}request: 7\n"), "wrong-type", 3, "JSON Schema"),
        (format!("{head}requests: []\n"), "unknown-key", 3, "did you mean `request`?"),
        (format!("{head}operation: A\n"), "duplicate-key", 3, "take one of the two out"),
        (format!("{head}request:\n\t- name: A\n"), "not-yaml", 4, "indented with a tab"),
        (format!("{head}summary: &s text\ndescription: *s\n"), "yaml-limit", 3, "write values out"),
        (bomb, "unknown-key", 1, "expected one of"),
        (deep, "wrong-type", 3, "JSON Schema"),
        (String::new(), "empty-file", 1, "take its last version back"),
        ("operation: CreateVault\n".to_owned(), "missing-key", 1, "add `http"),
        (format!("{head}---\n{head}"), "yaml-limit", 3, "one document"),
        (head.replace("CreateVault", "DeleteVault"), "file-name", 0, "name the file `DeleteVault.yaml`"),
    ];
    for (text, id, line, help) in cases {
        write(root.path(), SPEC, &text);
        let (found, advice) = finding(root.path(), &["generate"], 1, id);
        assert_eq!((found, advice.contains(help)), (line, true), "{id}: {advice}");
        assert_eq!(read(root.path(), MODULE), module, "{id}");
        assert_eq!(read(root.path(), SPEC), text, "{id}");
    }
    // What docsdk writes itself, it writes again.
    assert_eq!(docsdk(root.path(), &["build"]).status.code(), Some(0));
    assert_eq!(docsdk(root.path(), &["check"]).status.code(), Some(0));
}

#[test]
fn runs_at_once_end_well_or_say_that_another_is_at_work() {
    let root = project();
    let page = read(root.path(), "specs/acme-vault/pages/CreateVault.md").replace("vault holds", "vault may hold");
    write(root.path(), "specs/acme-vault/pages/CreateVault.md", page);
    let spawn = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_docsdk"));
        command.current_dir(root.path()).arg("build").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let runs: Vec<_> = (0..4).map(|_| spawn()).collect();
    let mut done = 0;
    for run in runs {
        let output = run.wait_with_output().unwrap();
        match output.status.code() {
            Some(0) => done += 1,
            Some(2) => assert!(said(&output).contains("another docsdk is at work here"), "{}", said(&output)),
            _ => panic!("{}", said(&output)),
        }
    }
    assert!(done > 0);
    assert!(read(root.path(), MODULE).contains("may hold"));
    assert_eq!(docsdk(root.path(), &["check"]).status.code(), Some(0));
}

#[test]
fn a_file_where_the_own_folder_has_to_be() {
    let root = project();
    fs::remove_dir_all(root.path().join(".docsdk-cache")).unwrap();
    write(root.path(), ".docsdk-cache", "somebody's");
    let (_, help) = finding(root.path(), &["build"], 2, "run-lock");
    assert_eq!(help, "a file stands where a folder has to be: move it away");
    assert_eq!(read(root.path(), ".docsdk-cache"), "somebody's");
}

/// Nothing can be written; what only reads works all the same. Whoever may write everywhere sees no such folder.
#[cfg(unix)]
#[test]
fn a_folder_that_takes_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    let root = project();
    let folder = root.path().join("specs/acme-vault/operations");
    let page = read(root.path(), "specs/acme-vault/pages/CreateVault.md").replace("vault holds", "vault may hold");
    write(root.path(), "specs/acme-vault/pages/CreateVault.md", page);
    let before = read(root.path(), SPEC);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    let enforced = fs::write(folder.join("probe"), "").is_err();
    let output = docsdk(root.path(), &["build"]);
    let check = docsdk(root.path(), &["check"]);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    if enforced {
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains("give yourself the right") && !said(&output).contains(".tmp"));
        assert_eq!((check.status.code(), read(root.path(), SPEC)), (Some(1), before));
    } else {
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        fs::remove_file(folder.join("probe")).unwrap();
    }
    assert_eq!(docsdk(root.path(), &["build"]).status.code(), Some(0));
    assert_eq!(docsdk(root.path(), &["check"]).status.code(), Some(0));
}
