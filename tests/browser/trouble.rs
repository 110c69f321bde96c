//! What to look at: rows that were not read, sources that contradict each other, and what changed.

use std::fs;
use std::path::{Path, PathBuf};

use crate::session::{DESK, Session, report, repository, with};

const MANIFEST: &str = "[[service]]\nname = \"aliyun-rds\"\nprovider = \"aliyun\"\n";
const PAGE: &str = "specs/aliyun-rds/pages/000_ddb4ed04b0447021.txt";

/// A project of one service with these pages.
fn project(root: &Path, pages: &[(&str, String)]) -> PathBuf {
    let folder = root.join("specs/aliyun-rds/pages");
    fs::create_dir_all(&folder).unwrap();
    for (name, text) in pages {
        fs::write(folder.join(name), text).unwrap();
    }
    fs::write(root.join("docsdk.toml"), MANIFEST).unwrap();
    root.join("docsdk.toml")
}

fn page() -> String {
    fs::read_to_string(repository().join(PAGE)).unwrap()
}

fn main(session: &Session) -> String {
    session.read("document.getElementById('main').innerText")
}

#[test]
#[cfg_attr(not(browser), ignore = "no chromium is installed")]
fn rows_that_were_not_read_are_shown_in_their_page() {
    let folder = tempfile::tempdir().unwrap();
    let row = "ResourceGroupId | string | No |";
    let text = page().replace(row, &format!("see the note below | | | |\n{row}"));
    let file = report(&project(folder.path(), &[("a.txt", text)]), None, folder.path());
    with(&file, "#/unclaimed", DESK, |session| {
        let list = main(session);
        assert!(list.contains("103 of 104 rows read") && list.contains("see the note below"), "{list}");
        session.click("table.list a");
        session.until("document.querySelector('.line.wanted.missed')");
        let line: String = session.read("document.querySelector('.line.wanted').innerText");
        assert!(line.contains("see the note below") && line.contains("was not read"), "{line}");
        session.go("#");
        let rows: String = session.read("document.querySelector('.measured a').textContent");
        assert_eq!(rows, "1 of 104 not read");
    });
}

#[test]
#[cfg_attr(not(browser), ignore = "no chromium is installed")]
fn a_contradiction_shows_both_sources_and_who_was_believed() {
    let folder = tempfile::tempdir().unwrap();
    let other = page().replace("TableMeta | string | Yes", "TableMeta | string | No");
    let file = report(&project(folder.path(), &[("a.txt", page()), ("b.txt", other)]), None, folder.path());
    with(&file, "#/contradictions", DESK, |session| {
        let list = main(session);
        assert!(list.contains("request.TableMeta.required") && list.contains("page-order"), "{list}");
        session.click("table.list a");
        session.until("document.querySelector('.source .lit')");
        let sides: Vec<Vec<String>> = session
            .read("['lit', 'against'].map((kind) => [...document.querySelectorAll(`.source .${kind}`)].map((it) => `${it.closest('.document').getAttribute('aria-label').slice(-5)} ${it.textContent}`))");
        assert_eq!(sides, [["a.txt Yes"], ["b.txt No"]]);
        let dock: String = session.read("document.querySelector('.dock').innerText");
        assert!(dock.contains("Not believed: false") && dock.contains("page-order"), "{dock}");
    });
}

#[test]
#[cfg_attr(not(browser), ignore = "no chromium is installed")]
fn changes_show_before_after_and_both_verdicts() {
    let folder = tempfile::tempdir().unwrap();
    let text = page().replace("TableMeta | string | Yes", "TableMeta | string | No");
    let manifest = project(folder.path(), &[("a.txt", text)]);
    let old = repository().join("specs/aliyun-rds").display().to_string();
    let file = report(&manifest, Some(&old), folder.path());
    with(&file, "#/changes", DESK, |session| {
        let row: Vec<String> = session
            .read("[...document.querySelectorAll('table.changes tbody tr')].map((row) => row.innerText.replace(/\\s+/g, ' ')).filter((row) => row.includes('TableMeta'))");
        assert_eq!(row.len(), 1, "{row:?}");
        for word in ["request.TableMeta", "request-field-became-optional", "safe", "patch", "required", "optional"] {
            assert!(row.concat().contains(word), "{word}: {row:?}");
        }
        session.go("#aliyun-rds/RestoreDdrTable/request.TableMeta.required");
        session.until("document.querySelector('.dock-change')");
        let change: String = session.read("document.querySelector('.dock-change').innerText");
        assert!(change.contains("required → optional"), "{change}");
        assert!(session.read::<bool>("document.querySelector('.source .lit').textContent === 'No'"));
        session.go("#");
        let changed: usize = session.read("document.querySelectorAll('.tile .changed').length");
        assert_eq!(changed, 1);
    });
}
