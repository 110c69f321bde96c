//! Every page of the corpora is read, each part in its place.

use std::path::{Path, PathBuf};

use docsdk::page::{Block, Document, Format, read};

use crate::outline;

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() { collect(&path, paths) } else { paths.push(path) }
    }
    paths.sort();
}

fn corpus() -> Vec<PathBuf> {
    let mut paths = Vec::new();
    collect(&crate::shared("corpus"), &mut paths);
    paths.retain(|path| path.extension().is_some_and(|extension| extension != "json"));
    paths
}

fn tables(blocks: &[Block<'_>]) -> usize {
    let of = |block: &Block<'_>| match block {
        Block::Table(table) => {
            let cells = table.header.iter().chain(table.rows.iter().flat_map(|row| &row.cells));
            1 + cells.map(|cell| tables(&cell.blocks)).sum::<usize>()
        }
        Block::List { items, .. } => items.iter().map(|item| tables(&item.blocks)).sum(),
        Block::Note(blocks) => tables(blocks),
        _ => 0,
    };
    blocks.iter().map(of).sum()
}

/// How many tables the source shows, told by its tags or signs alone.
fn shown(page: &Document<'_>) -> usize {
    match page.format {
        Format::Html => page.source.matches("<table").count(),
        Format::Markdown => usize::from(page.source.contains("\n|")),
        Format::Rst => page.source.matches(".. table::").count(),
        _ => 0,
    }
}

#[test]
#[cfg_attr(not(shared), ignore = "the shared material is not there; set DOCSDK_SHARED")]
fn every_page_of_the_corpus() {
    let mut counts = [0_usize; 4];
    for path in corpus() {
        let Ok(source) = std::fs::read_to_string(&path) else { continue };
        let name = path.to_string_lossy();
        let page = read(&name, &source);
        if page.format == Format::Text {
            continue;
        }
        outline::check(&page);
        assert!(!page.blocks.is_empty(), "{name}: nothing read");
        assert!(page.source.len() < 400 || !outline::of(&page).is_empty(), "{name}: no words");
        let (found, expected) = (tables(&page.blocks), shown(&page));
        assert!(found >= expected, "{name}: {found} tables read of {expected}");
        counts[page.format as usize] += 1;
    }
    println!("pages read (html, markdown, rst): {counts:?}");
}
