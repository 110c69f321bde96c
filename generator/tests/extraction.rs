//! Extraction over pages that no vendor wrote: whatever stands on them, it ends, says where its facts stand, and says the
//! same again.

use std::path::Path;

use docsdk::extract::{Extraction, Provider, extract};
use docsdk::page::{decode, read};
use proptest::prelude::*;

fn providers() -> &'static [Provider] {
    static PROVIDERS: std::sync::LazyLock<Vec<Provider>> =
        std::sync::LazyLock::new(|| Provider::known().filter_map(Provider::named).collect());
    &PROVIDERS
}

/// The reference pages, whose pieces the others are made of.
fn pages() -> &'static [String] {
    static PAGES: std::sync::LazyLock<Vec<String>> = std::sync::LazyLock::new(|| {
        let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
        let services = std::fs::read_dir(specs).expect("the services");
        let mut pages: Vec<_> = services
            .flatten()
            .flat_map(|service| std::fs::read_dir(service.path().join("pages")).into_iter().flatten().flatten())
            .collect();
        pages.sort_by_key(std::fs::DirEntry::path);
        pages.iter().filter_map(|page| std::fs::read_to_string(page.path()).ok()).collect()
    });
    &PAGES
}

/// Extracts and checks what holds for any page.
fn check(name: &str, source: &str) {
    for provider in providers() {
        let document = read(name, source);
        let found: Extraction = extract(std::slice::from_ref(&document), provider);
        let facts = found.operations.iter().flat_map(|operation| &operation.facts).chain(&found.service_facts);
        for fact in facts {
            assert!(source.get(fact.span.range()).is_some(), "{}: {:?} is no place of the page", fact.path, fact.span);
        }
        for finding in &found.diagnostics {
            let span = finding.span.unwrap_or_default();
            assert!(source.get(span.range()).is_some(), "{}: {span:?} is no place of the page", finding.id);
        }
        assert!(found.coverage.rows_claimed <= found.coverage.rows, "{:?}", found.coverage);
        assert!(found.coverage.blocks_claimed <= found.coverage.blocks, "{:?}", found.coverage);
    }
}

const NAMES: [&str; 4] = ["a.txt", "a.md", "a.rst", "a.html"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Lines of real pages left out, doubled, cut and in any order.
    #[test]
    fn pages_of_real_lines(picks in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..6usize), 1..60)) {
        let mut source = String::new();
        for (page, line, what) in picks {
            let lines: Vec<&str> = page.get(pages()).lines().collect();
            let at = line.index(lines.len());
            // Some lines in a row keep tables whole.
            let piece = lines.get(at..(at + 4 * what + 1).min(lines.len())).unwrap_or_default().join("\n");
            let cut = if what == 0 { piece.len() / 2 } else { piece.len() };
            source.push_str(piece.get(..piece.floor_char_boundary(cut)).unwrap_or_default());
            source.push('\n');
        }
        for name in NAMES {
            check(name, &source);
        }
    }

    /// Any bytes that pass for a text.
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400), start in prop::sample::select(vec!["", "<html>", "\u{feff}", "# A\n\n|a|b|\n|-|-|\n"])) {
        let bytes = [start.as_bytes(), &bytes].concat();
        match decode("a.txt", bytes) {
            Ok((source, _)) => NAMES.iter().for_each(|name| check(name, &source)),
            Err(finding) => prop_assert!(!finding.message.is_empty()),
        }
    }
}
