//! The cache of pages, as people meet it: the same files with and without it, and one page read where one changed.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod process;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use process::{docsdk, said, write};
use serde_json::Value;
use tempfile::TempDir;
use walkdir::WalkDir;

/// The services of this repository, without what is made from their pages.
fn project() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    write(root.path(), "docsdk.toml", fs::read(repository.join("docsdk.toml")).unwrap());
    for file in WalkDir::new(repository.join("specs")).into_iter().map(Result::unwrap) {
        let path = file.path().strip_prefix(&repository).unwrap().to_string_lossy().into_owned();
        if file.file_type().is_file() && (path.contains("/pages/") || path.ends_with("overlay.yaml")) {
            write(root.path(), &path, fs::read(file.path()).unwrap());
        }
    }
    root
}

/// What was made: specs and crates, by path.
fn made(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = ["specs", "generated"].into_iter().flat_map(|folder| WalkDir::new(root.join(folder)));
    let files = files.map(Result::unwrap).filter(|file| file.file_type().is_file());
    files.map(|file| (file.path().strip_prefix(root).unwrap().to_owned(), fs::read(file.path()).unwrap())).collect()
}

/// Builds, and gives how many pages were read.
#[track_caller]
fn build(root: &Path, arguments: &[&str]) -> u64 {
    let output = docsdk(root, &[&["build", "--format", "json"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    result["pages_read"].as_u64().unwrap()
}

#[test]
fn the_same_files_with_and_without_what_earlier_runs_kept() {
    let (with, without) = (project(), project());
    assert_eq!((build(with.path(), &[]), build(without.path(), &["--no-cache"])), (5, 5));
    assert_eq!(made(with.path()), made(without.path()));
    assert!(!without.path().join(".docsdk-cache/pages").exists());
    assert_eq!(build(with.path(), &[]), 0);
    // A word in one page, of two of its service.
    for root in [&with, &without] {
        let page = root.path().join("specs/aliyun-rds/pages/004_ab789195386312f0.txt");
        let text = fs::read_to_string(&page).unwrap();
        let changed = text.replacen("instance", "cluster", 1);
        assert_ne!(text, changed);
        fs::write(&page, changed).unwrap();
    }
    assert_eq!((build(with.path(), &[]), build(without.path(), &["--no-cache"])), (1, 5));
    assert_eq!(made(with.path()), made(without.path()));
    // All kept anew from the specs' own removal: nothing depends on what lies there.
    fs::remove_dir_all(with.path().join("generated")).unwrap();
    assert_eq!(build(with.path(), &[]), 0);
    assert_eq!(made(with.path()), made(without.path()));
}

#[test]
fn entries_that_were_cut_short_are_made_again() {
    let root = project();
    build(root.path(), &[]);
    let before = made(root.path());
    let mut entries = 0;
    for file in WalkDir::new(root.path().join(".docsdk-cache/pages")).into_iter().map(Result::unwrap) {
        if file.file_type().is_file() {
            let bytes = fs::read(file.path()).unwrap();
            fs::write(file.path(), &bytes[..bytes.len() * 2 / 3]).unwrap();
            entries += 1;
        }
    }
    assert_eq!(entries, 10, "what each of five pages taught, and what it yielded");
    assert_eq!(build(root.path(), &[]), 5);
    assert_eq!((build(root.path(), &[]), made(root.path())), (0, before));
}

#[test]
fn the_folder_is_where_it_is_wanted() {
    let root = project();
    let shared = tempfile::tempdir().unwrap();
    let folder = shared.path().to_string_lossy().into_owned();
    assert_eq!(build(root.path(), &["--cache-dir", &folder]), 5);
    // Another project's pages of the same paths and bytes are the same.
    assert_eq!(build(project().path(), &["--cache-dir", &folder]), 0);
    assert!(!root.path().join(".docsdk-cache/pages").exists());
    let both = docsdk(root.path(), &["build", "--no-cache", "--cache-dir", &folder]);
    assert_eq!(both.status.code(), Some(2), "{}", said(&both));
}

#[test]
fn a_cache_that_cannot_be_written_is_no_fault() {
    let root = project();
    write(root.path(), "file", "");
    let output = docsdk(root.path(), &["build", "-v", "--cache-dir", "file/cache"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("--no-cache"), "{}", said(&output));
}
