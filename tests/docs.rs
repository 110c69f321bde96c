//! What the documentation says of the repository itself.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::path::Path;

use walkdir::WalkDir;

/// The names of all test functions of the hand-written crates.
fn tests() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut names = BTreeSet::new();
    for folder in ["generator", "runtime", "tests"] {
        let files = WalkDir::new(root.join(folder)).into_iter().map(Result::unwrap);
        for file in files.filter(|file| file.path().extension().is_some_and(|extension| extension == "rs")) {
            let text = std::fs::read_to_string(file.path()).unwrap();
            let mut lines = text.lines().map(str::trim);
            while let Some(line) = lines.next() {
                if !line.starts_with("#[test]") && !line.starts_with("#[tokio::test") {
                    continue;
                }
                let signature = lines.find(|line| line.contains("fn "));
                let name = signature.and_then(|line| line.split_once("fn ")?.1.split(['(', '<']).next());
                names.extend(name.map(str::to_owned));
            }
        }
    }
    names
}

#[test]
fn every_yes_of_the_comparison_names_a_test() {
    let text = include_str!("../docs/compared.md");
    let table = text.split_once("<!-- compared -->").unwrap().1.split_once("<!-- end of compared -->").unwrap().0;
    let tests = tests();
    let rows: Vec<_> = table.trim().lines().skip(2).collect();
    assert!(rows.len() >= 20, "{} rows", rows.len());
    for row in rows {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 9, "{row}");
        let named = cells[2].trim_matches('`');
        assert_eq!(cells[1] == "yes", tests.contains(named), "no test is called `{named}`: {row}");
    }
}
