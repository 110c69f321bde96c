//! Versions, release tags and changelogs, as people meet them: `docsdk release` and `docsdk check` in a repository.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod process;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use process::{docsdk, read, said, write};
use tempfile::TempDir;

const MANIFEST: &str = "# Ours.\n[[service]]\nname = \"aliyun-rds\" # the name\nprovider = \"aliyun\"\n";
const OVERLAY: &str = "operations:\n  RestoreDdrTable:\n    set:\n";

#[track_caller]
fn git(root: &Path, arguments: &[&str]) {
    let who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"];
    let run = Command::new("git").arg("-C").arg(root).args(who).args(arguments).output().unwrap();
    assert!(run.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
}

/// A built project of one service, released as 0.1.0.
fn released() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "docsdk.toml", MANIFEST);
    write(root.path(), PAGE, page());
    assert_eq!(docsdk(root.path(), &["build", "-q"]).status.code(), Some(0));
    git(root.path(), &["init", "-q", "-b", "main"]);
    git(root.path(), &["add", "."]);
    git(root.path(), &["commit", "-qm", "one"]);
    git(root.path(), &["tag", "aliyun-rds-v0.1.0"]);
    root
}

const PAGE: &str = "specs/aliyun-rds/pages/restore.txt";

fn page() -> String {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../specs/aliyun-rds/pages/000_ddb4ed04b0447021.txt");
    fs::read_to_string(page).unwrap()
}

/// Every file below a folder but the cache's, with its bytes and when it was written.
fn state(root: &Path) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
    let files = walkdir::WalkDir::new(root).into_iter().filter_map(Result::ok).filter(|it| it.file_type().is_file());
    let files = files.filter(|it| !it.path().starts_with(root.join(".docsdk-cache")));
    let state = files.map(|it| {
        let written = it.metadata().unwrap().modified().unwrap();
        (it.path().to_owned(), (fs::read(it.path()).unwrap(), written))
    });
    state.collect()
}

#[test]
fn a_version_that_is_too_low_is_named_with_its_reasons_and_mended_by_one_command() {
    let root = released();
    let root = root.path();
    assert_eq!(said(&docsdk(root, &["check"])), "exit 0\n\n---\n");
    let text = said(&docsdk(root, &["release"]));
    assert!(text.contains("nothing changed since"), "{text}");
    // A parameter that the page no longer has.
    let fewer = page().replace("RestoreType", "RestoreKind");
    assert_ne!(fewer, page());
    write(root, PAGE, fewer);
    assert_eq!(docsdk(root, &["build", "-q"]).status.code(), Some(0));
    let before = state(root);
    let check = docsdk(root, &["check"]);
    let text = said(&check);
    assert_eq!(check.status.code(), Some(1), "{text}");
    for part in
        ["aliyun-rds-v0.1.0", "asks for 0.2.0", "RestoreKind", "docsdk release aliyun-rds --write", "docsdk.toml:3"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let dry = said(&docsdk(root, &["release"]));
    assert!(dry.contains("next release: 0.2.0") && dry.contains("minor, because of"), "{dry}");
    assert_eq!(state(root), before, "neither touches anything");
    let write = docsdk(root, &["release", "--write"]);
    assert_eq!(write.status.code(), Some(0), "{}", said(&write));
    let manifest = read(root, "docsdk.toml");
    assert_eq!(manifest, MANIFEST.replace("# the name\n", "# the name\nversion = \"0.2.0\"\n"));
    let changelog = read(root, "specs/aliyun-rds/CHANGELOG.md");
    assert!(changelog.contains("## [0.2.0] - ") && changelog.contains("### Breaking"), "{changelog}");
    assert!(read(root, "generated/aliyun-rds/CHANGELOG.md").ends_with(&changelog));
    assert!(read(root, "generated/aliyun-rds/Cargo.toml").contains("version = \"0.2.0\""));
    assert_eq!(said(&docsdk(root, &["check"])), "exit 0\n\n---\n");
    let after = state(root);
    let again = said(&docsdk(root, &["release", "--write"]));
    assert!(again.contains("as written already"), "{again}");
    assert_eq!(state(root), after);
}

#[test]
fn a_release_that_cannot_be_written_leaves_everything_as_it_was() {
    let root = released();
    let root = root.path();
    write(root, PAGE, page().replace("RestoreType", "RestoreKind"));
    assert_eq!(docsdk(root, &["build", "-q"]).status.code(), Some(0));
    // A folder stands where the last of its files has to be.
    fs::create_dir_all(root.join("specs/aliyun-rds/CHANGELOG.md/folder")).unwrap();
    let before = state(root);
    let run = docsdk(root, &["release", "--write"]);
    assert_ne!(run.status.code(), Some(0), "{}", said(&run));
    assert!(said(&run).contains("CHANGELOG.md"), "{}", said(&run));
    let changed: Vec<_> =
        before.keys().filter(|path| fs::read(path).ok().as_ref() != before.get(*path).map(|it| &it.0)).collect();
    assert!(changed.is_empty(), "{changed:?}");
    assert_eq!(read(root, "docsdk.toml"), MANIFEST);
    fs::remove_dir_all(root.join("specs/aliyun-rds/CHANGELOG.md")).unwrap();
    assert_eq!(docsdk(root, &["release", "--write"]).status.code(), Some(0));
    assert_ne!(read(root, "docsdk.toml"), MANIFEST);
}

#[test]
fn check_touches_nothing_and_shows_what_is_stale() {
    let root = released();
    let root = root.path();
    write(root, PAGE, page().replace("RestoreType", "RestoreKind"));
    write(root, "generated/aliyun-rds/README.md", "Generated by docsdk. Edited.\n");
    fs::remove_file(root.join("generated/aliyun-rds/src/lib.rs")).unwrap();
    let before = state(root);
    let check = docsdk(root, &["check"]);
    let text = said(&check);
    assert_eq!(check.status.code(), Some(1), "{text}");
    for part in [
        "specs/aliyun-rds/operations/RestoreDdrTable.yaml is not what docsdk makes of its sources",
        "RestoreKind",
        "generated/aliyun-rds/README.md is not what",
        "  -Generated by docsdk. Edited.",
        "generated/aliyun-rds/src/lib.rs is missing",
        "asks for 0.2.0",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(state(root), before);
    // An overlay that no longer applies fails it too.
    write(root, "specs/aliyun-rds/overlay.yaml", format!("{OVERLAY}      request.Nothing.required: true\n"));
    let text = said(&docsdk(root, &["check"]));
    assert!(text.contains("specs/aliyun-rds/overlay.yaml"), "{text}");
}

#[test]
fn a_shallow_clone_is_told_what_to_fetch() {
    let root = released();
    write(root.path(), "note", "x");
    git(root.path(), &["add", "."]);
    git(root.path(), &["commit", "-qm", "two"]);
    let elsewhere = tempfile::tempdir().unwrap();
    let url = format!("file://{}", root.path().display());
    git(elsewhere.path(), &["clone", "-q", "--depth=1", &url, "clone"]);
    let clone = elsewhere.path().join("clone");
    let check = docsdk(&clone, &["check"]);
    assert_eq!(check.status.code(), Some(0), "{}", said(&check));
    assert!(said(&check).contains("fetch-depth: 0"), "{}", said(&check));
    let written = docsdk(&clone, &["release", "--write"]);
    assert_eq!(written.status.code(), Some(2), "{}", said(&written));
    git(&clone, &["fetch", "-q", "--unshallow", "--tags"]);
    assert_eq!(said(&docsdk(&clone, &["check"])), "exit 0\n\n---\n");
}

#[test]
fn machines_read_it_as_json() {
    let root = released();
    write(root.path(), PAGE, page().replace("RestoreType", "RestoreKind"));
    docsdk(root.path(), &["build", "-q"]);
    let output = docsdk(root.path(), &["release", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let service = &json["services"][0];
    assert_eq!((&service["next"], &service["bump"]), (&"0.2.0".into(), &"minor".into()), "{json}");
    assert_eq!(service["last"]["tag"], "aliyun-rds-v0.1.0");
    assert_eq!(service["tag"], "aliyun-rds-v0.2.0");
    assert_eq!(service["forced_by"][0]["operation"], "RestoreDdrTable");
}

/// A repository with the specs of two services, of which nothing was released.
fn two(tag: &str) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let service = |name: &str| format!("[[service]]\nname = \"{name}\"\nprovider = \"aliyun\"\n");
    let manifest = format!("[release]\ntag = \"{tag}\"\n{}{}version = \"0.2.0\"\n", service("disk"), service("net"));
    write(root.path(), "docsdk.toml", manifest);
    for name in ["disk", "net"] {
        let head = format!("service: {name}\nprovider: aliyun\nprotocol: aliyun-rpc\n");
        write(root.path(), &format!("specs/{name}/service.yaml"), head);
        let get = "operation: Get\nhttp: { method: POST, path: / }\n";
        write(root.path(), &format!("specs/{name}/operations/Get.yaml"), get);
    }
    git(root.path(), &["init", "-q", "-b", "main"]);
    git(root.path(), &["add", "."]);
    git(root.path(), &["commit", "-qm", "one"]);
    root
}

#[test]
fn tags_that_name_no_service_are_told_where_versions_differ() {
    let root = two("v{version}");
    let text = said(&docsdk(root.path(), &["release"]));
    for part in ["release-tag-shared", "`disk` is at 0.1.0 and `net` at 0.2.0", "`v0.2.0`", "`{service}-v{version}`"] {
        assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains(part), "{part}: {text}");
    }
    assert!(text.contains("last release: none: there is no tag such as `v0.1.0`"), "{text}");
    let same = read(root.path(), "docsdk.toml").replace("0.2.0", "0.1.0");
    write(root.path(), "docsdk.toml", same);
    let text = said(&docsdk(root.path(), &["release"]));
    assert!(!text.contains("release-tag-shared"), "{text}");
}

#[test]
fn a_version_below_what_was_released_is_told() {
    let root = two("{service}-v{version}");
    git(root.path(), &["tag", "net-v0.9.0"]);
    let text = said(&docsdk(root.path(), &["release", "net"]));
    assert!(text.contains("nothing changed since") && text.contains("write `version = \"0.9.0\"` or more"), "{text}");
}

#[test]
fn a_shallow_clone_says_what_it_lacks_and_how_to_get_it() {
    let root = two("{service}-v{version}");
    let root = root.path();
    git(root, &["tag", "disk-v0.1.0"]);
    git(root, &["commit", "-q", "--allow-empty", "-m", "two"]);
    let clones = tempfile::tempdir().unwrap();
    let clone = clones.path().join("clone");
    let url = format!("file://{}", root.display());
    git(clones.path(), &["clone", "-q", "--depth", "1", &url, "clone"]);
    let words = |arguments: &[&str]| {
        let text = said(&docsdk(&clone, arguments));
        text.replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let text = words(&["diff", "--against", "@published"]);
    assert!(text.contains("the clone is shallow and shows no release") && text.contains("--unshallow"), "{text}");
    // With its tag alone, a release is known but not reached.
    git(&clone, &["fetch", "-q", "--depth", "1", "origin", "tag", "disk-v0.1.0"]);
    let text = words(&["release", "disk"]);
    assert!(text.contains("`disk-v0.1.0`: is not reached from what is checked out"), "{text}");
    assert!(text.contains("in docsdk.toml") && text.contains("--unshallow"), "{text}");
    git(&clone, &["fetch", "-q", "--unshallow", "--tags"]);
    assert!(words(&["release", "disk"]).contains("nothing changed since"));
}
