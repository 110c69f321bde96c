//! Readers over small pages, random text and, where present, a large corpus.

#![allow(clippy::format_collect, reason = "short inputs of tests")]

#[path = "readers/outline.rs"]
mod outline;

use std::path::{Path, PathBuf};

use docsdk::page::{Block, Format, format_of, read};
use proptest::prelude::*;

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() { collect(&path, paths) } else { paths.push(path) }
    }
    paths.sort();
}

#[test]
fn small_pages() {
    let mut paths = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages"), &mut paths);
    assert!(paths.len() >= 3);
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let source = std::fs::read_to_string(&path).expect("a page of the tests");
        let page = read(&name, &source);
        outline::check(&page);
        insta::assert_snapshot!(name, outline::of(&page));
    }
}

/// Cuts, repeats and swaps pieces of real pages: no reader may panic or misplace what it reads.
#[test]
fn damaged_pages() {
    let mut state = 0x9e37_79b9_u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or(0) % below.max(1)
    };
    let mut paths = Vec::new();
    for folder in ["tests/pages", "../specs/aliyun-rds/pages", "../specs/huawei-gaussdb-mysql/pages"] {
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut paths);
    }
    for _ in 0..600 {
        let Some(path) = paths.get(random(paths.len())) else { return };
        let Ok(mut source) = std::fs::read_to_string(path) else { continue };
        source.truncate(source.floor_char_boundary(20_000));
        for _ in 0..=random(8) {
            let from = source.floor_char_boundary(random(source.len()));
            let to = source.floor_char_boundary((from + random(60)).min(source.len()));
            let piece = source[from..to].to_owned();
            match random(3) {
                0 => source.replace_range(from..to, ""),
                1 => source.insert_str(from, &piece.repeat(3)),
                _ => {
                    let at = source.floor_char_boundary(random(source.len()));
                    source.insert_str(at, &piece);
                }
            }
        }
        for name in ["a.html", "a.md", "a.rst"] {
            outline::check(&read(name, &source));
        }
    }
}

#[test]
fn hostile_pages_take_linear_time_and_bounded_memory() {
    let many = 60_000;
    let pages = [
        ("a.html", "<div>".repeat(many)),
        ("a.html", "<div><p>".repeat(many)),
        ("a.html", "<b><p></p>".repeat(many)),
        ("a.html", (0..many).map(|n| format!("<p><b id={n}>x</p>")).collect()),
        ("a.html", format!("<table>{}</table>", "<tr><td colspan=100000 rowspan=100000>x".repeat(300))),
        ("a.html", format!("<table><tr>{}</table>", "<td>x</td>".repeat(10_000))),
        ("a.html", "<table><tr><td>".repeat(many)),
        ("a.html", "<".repeat(many)),
        ("a.html", "&amp".repeat(many)),
        ("a.html", "<ul><li>".repeat(many)),
        ("a.html", format!("<p>{}", "<!--".repeat(many))),
        ("a.md", format!("|a|b|\n|--|--|\n|{}", "x|".repeat(many))),
        ("a.md", "|a|\n".repeat(many)),
        ("a.md", "|a|b\n".repeat(many)),
        ("a.md", "> ".repeat(many)),
        ("a.md", "- ".repeat(many)),
        ("a.md", "<table>\n".repeat(many)),
        ("a.md", "**a ".repeat(many)),
        ("a.md", "[".repeat(many)),
        ("a.rst", "**a ".repeat(many)),
        ("a.rst", "`a ".repeat(many)),
        ("a.rst", ":a:".repeat(many)),
        ("a.rst", "- ".repeat(many)),
        ("a.rst", format!("+{}\n{}", "-+".repeat(many), "|\n".repeat(many))),
        ("a.rst", format!("+-+\n{}", "| |\n".repeat(many))),
        ("a.rst", format!("+-+\n{}", "+-+ |\n".repeat(many))),
        ("a.rst", "= =\n".repeat(many)),
        ("a.rst", "= =\na b\n".repeat(many)),
        ("a.rst", ".. note:: x\n".repeat(many)),
        ("a.rst", (0..400).map(|n| format!("{}x\n", " ".repeat(n))).collect()),
        ("a.rst", (0..400).map(|n| format!("{}- x\n\n", " ".repeat(n))).collect()),
    ];
    for (number, (name, source)) in pages.iter().enumerate() {
        let start = std::time::Instant::now();
        let page = read(name, source);
        outline::check(&page);
        let taken = start.elapsed();
        assert!(taken.as_secs() < 10, "page {number} ({name}): {taken:?} for {} bytes", source.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_text(source in "\\PC{0,300}") {
        for name in ["a.html", "a.md", "a.rst", "a"] {
            outline::check(&read(name, &source));
        }
    }

    #[test]
    fn random_markup(pieces in proptest::collection::vec(prop::sample::select(PIECES), 0..60)) {
        let source = pieces.concat();
        for name in ["a.html", "a.md", "a.rst"] {
            prop_assert!(format_of(name, &source) != Format::Text);
            outline::check(&read(name, &source));
        }
    }
}

#[test]
fn spans_ask_for_no_more_cells_than_grow_with_the_page() {
    let cells = |source: &str| {
        let document = read("a.html", source);
        let tables = document.blocks.iter().filter_map(|block| match block {
            Block::Table(table) => {
                Some(table.header.len() + table.rows.iter().map(|row| row.cells.len()).sum::<usize>())
            }
            _ => None,
        });
        tables.sum::<usize>()
    };
    let cell = "<td rowspan=65534 colspan=1000>a row that spans too much</td>";
    let rows = format!("<table>{}</table>", format!("<tr>{cell}</tr>").repeat(200));
    let row = format!("<table><tr>{}</tr></table>", cell.repeat(200));
    let modest = "<table><tr><td rowspan=3 colspan=4>a</td></tr><tr></tr><tr><td>b</td></tr></table>";
    assert!((200..=2 * rows.len() + 4296).contains(&cells(&rows)), "{}", cells(&rows));
    assert!((200..=2 * row.len() + 4296).contains(&cells(&row)), "{}", cells(&row));
    assert_eq!(cells(modest), 13);
}

const PIECES: &[&str] = &[
    "<table>",
    "</table>",
    "<tr>",
    "<td rowspan=3>",
    "<td colspan=2>",
    "</td>",
    "<th>",
    "<p>",
    "</p>",
    "<ul>",
    "<li>",
    "</ul>",
    "<a name=x>",
    "<a href='y'>",
    "</a>",
    "<b>",
    "</b>",
    "<pre>",
    "</pre>",
    "<br>",
    "&lt;",
    "&amp",
    "<!--",
    "-->",
    "<h2>",
    "</h2>",
    "<script>",
    "</script>",
    "<div class=note>",
    "</div>",
    "<code>",
    "</code>",
    "\r\n",
    "\n",
    "\n\n",
    " ",
    "a",
    "实例",
    "|",
    "|a|b|\n",
    "|--|--|\n",
    "- ",
    "1. ",
    "# ",
    "```\n",
    "> ",
    "**",
    "*",
    "`",
    "``",
    "\\",
    "{#x .y}",
    "[a](b)",
    ".. note::\n",
    ".. table:: T\n\n",
    "   ",
    ".. _x:\n",
    "+---+---+\n",
    "| a | b |\n",
    "+===+===+\n",
    "+   +---+\n",
    "=== ===\n",
    "----\n",
    "::\n",
    ":ref:`a <b>`",
    "\u{0}",
    "\u{a0}",
    "\t",
];
