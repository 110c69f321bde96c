//! The guide: its commands print what it shows, its files are those of the examples, its links lead somewhere.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

mod guide {
    pub(crate) mod chapter;
    pub(crate) mod links;
    pub(crate) mod unrun;
    pub(crate) mod web;
    mod workflow;
}
mod process;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use guide::{chapter, links, unrun};

/// The guide's folder.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guide")
}

/// The documentation's pages: those of `docs`, the examples' and the repository's own.
fn pages(root: &Path) -> Vec<PathBuf> {
    let mut pages = vec![root.join("README.md"), root.join("CHANGELOG.md")];
    for folder in ["docs", "examples"] {
        let is_made = |entry: &walkdir::DirEntry| matches!(entry.file_name().to_str(), Some("specs" | "generated"));
        let entries = walkdir::WalkDir::new(root.join(folder)).into_iter().filter_entry(|entry| !is_made(entry));
        let files = entries.map(|entry| entry.unwrap().into_path());
        pages.extend(files.filter(|path| path.extension().is_some_and(|ending| ending == "md")));
    }
    pages
}

/// Runs a chapter's commands. Where they print something else than it shows, it is rewritten and the test fails.
#[track_caller]
fn holds(name: &str) {
    let path = folder().join(name);
    let shown = fs::read_to_string(&path).unwrap();
    let now = chapter::retold(&shown);
    if now != shown {
        if std::env::var_os("CI").is_none() {
            fs::write(&path, &now).unwrap();
        }
        panic!(
            "{name} was stale and is rewritten: look at it and check it in\n{}",
            similar::TextDiff::from_lines(&shown, &now).unified_diff()
        );
    }
}

macro_rules! chapters {
    ($($test:ident $file:literal)*) => {
        /// The chapters that a test runs.
        const TESTED: &[&str] = &[$($file),*];

        $(#[test]
        fn $test() {
            holds($file);
        })*
    };
}

chapters! {
    building "building.md"
    ci "ci.md"
    first_sdk "first-sdk.md"
    introduction "introduction.md"
    new_vendor "new-vendor.md"
    openapi "openapi.md"
    overlays "overlays.md"
    releasing "releasing.md"
    report "report.md"
    templates "templates.md"
    updating "updating.md"
}

#[test]
fn the_summary_lists_every_chapter_and_every_chapter_has_a_test() {
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut chapters: BTreeSet<String> = files.collect();
    assert!(chapters.remove("SUMMARY.md"));
    let summary = fs::read_to_string(folder().join("SUMMARY.md")).unwrap();
    let listed: BTreeSet<String> =
        links::of(&summary).into_iter().map(|link| link.trim_start_matches("./").into()).collect();
    assert_eq!(listed, chapters);
    assert_eq!(TESTED.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>(), chapters);
}

#[test]
fn every_link_of_the_documentation_leads_somewhere() {
    let root = folder().join("../..").canonicalize().unwrap();
    let broken: Vec<String> = pages(&root).iter().flat_map(|page| links::broken(page)).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn commands_that_nothing_runs_say_why_and_are_there() {
    let root = folder().join("../..").canonicalize().unwrap();
    let faults: Vec<String> = pages(&root)
        .iter()
        .flat_map(|page| {
            let is_chapter = page.parent().is_some_and(|parent| parent.ends_with("docs/guide"));
            unrun::faults(page, is_chapter)
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_chapter_names_each_file_that_it_shows() {
    // Neither the book nor GitHub shows what stands beside a block's language.
    let block = regex::Regex::new(r"(?m)^```\w+ ([\w./-]+)$").unwrap();
    for name in TESTED {
        let text = fs::read_to_string(folder().join(name)).unwrap();
        for shown in block.captures_iter(&text) {
            let before = text[..shown.get(0).unwrap().start()].trim_end();
            let said = before.rsplit("\n\n").next().unwrap_or_default();
            assert!(said.contains(&format!("`{}`", &shown[1])), "{name}: {}", &shown[1]);
        }
    }
}
