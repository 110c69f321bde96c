//! A fact lights up the words it came from, and words the facts that were read from them.

use crate::session::{DESK, Session, report, repository, with};

/// Texts of the elements that a selector finds.
fn texts(session: &Session, selector: &str) -> Vec<String> {
    session.read(&format!("[...document.querySelectorAll({selector:?})].map((node) => node.textContent)"))
}

/// A selector for the fact at a place of the spec.
fn fact(session: &Session, path: &str) -> String {
    let at: usize = session.read(&format!("light.facts.findIndex((fact) => fact.path === {path:?})"));
    format!(".spec [data-fact='{at}']")
}

#[test]
#[cfg_attr(not(browser), ignore = "no chromium is installed")]
fn a_fact_lights_its_words_and_names_rule_and_certainty() {
    let folder = tempfile::tempdir().unwrap();
    let file = report(&repository().join("docsdk.toml"), None, folder.path());
    with(&file, "#aliyun-rds/RestoreDdrTable", DESK, |session| {
        session.hover(&fact(session, "request.RestoreType.required"));
        session.until("document.querySelector('.source .lit')");
        assert_eq!(texts(session, ".source .lit"), ["Yes"]);
        let colours: Vec<String> = session.read(
            "['.source .lit', '.spec .lit'].map((it) => getComputedStyle(document.querySelector(it)).backgroundColor)",
        );
        assert_eq!(colours, ["rgb(211, 228, 251)"; 2], "both sides are seen to be lit, whatever their certainty");
        let line: String = session.read("document.querySelector('.source .lit').closest('.line').textContent");
        assert!(line.contains("RestoreType | string | Yes"), "{line}");
        let dock = texts(session, ".dock").concat();
        for word in ["request.RestoreType.required", "likely", "column-required", "000_ddb4ed04b0447021.txt:30"] {
            assert!(dock.contains(word), "{word}: {dock}");
        }
        session.hover(&fact(session, "errors.400.InvalidRestoreType.Format.message"));
        session.until("document.querySelector('.source .lit')?.textContent.startsWith('Specified')");
        assert_eq!(texts(session, ".source .lit"), ["Specified restore type is not valid."]);
        let seen: bool = session
            .read("(() => { const box = document.querySelector('.source .lit').getBoundingClientRect(); const pane = document.querySelector('.source').getBoundingClientRect(); return box.top >= pane.top && box.bottom <= pane.bottom; })()");
        assert!(seen, "the words are scrolled to");
    });
}

#[test]
#[cfg_attr(not(browser), ignore = "no chromium is installed")]
fn words_light_the_facts_that_came_from_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = report(&repository().join("docsdk.toml"), None, folder.path());
    with(&file, "#aliyun-rds/RestoreDdrTable", DESK, |session| {
        session.read::<bool>("Boolean([...document.querySelectorAll('.source .w')].find((node) => node.textContent === 'BackupId').id = 'words')");
        session.hover("#words");
        session.until("document.querySelector('.spec .lit')");
        assert_eq!(texts(session, ".spec .lit"), ["BackupId"]);
        session.click("#words");
        let hash: String = session.read("location.hash");
        assert_eq!(hash, "#aliyun-rds/RestoreDdrTable/request.BackupId.name");
    });
}

#[test]
#[cfg_attr(not(browser), ignore = "no chromium is installed")]
fn the_keyboard_walks_through_facts_and_out_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = report(&repository().join("docsdk.toml"), None, folder.path());
    with(&file, "#aliyun-rds/RestoreDdrTable/request.DBInstanceId.name", DESK, |session| {
        session.until("document.activeElement.matches('[data-fact]')");
        let focused = "document.activeElement.textContent";
        assert_eq!(session.read::<String>(focused), "DBInstanceId");
        session.press("j");
        assert_eq!(session.read::<String>(focused), "string");
        let hash: String = session.read("location.hash");
        assert_eq!(hash, "#aliyun-rds/RestoreDdrTable/request.DBInstanceId.type");
        session.press("ArrowDown");
        session.press("k");
        assert_eq!(session.read::<String>(focused), "string");
        let ring: String = session.read("getComputedStyle(document.activeElement).outlineStyle");
        assert_eq!(ring, "solid", "the focus is seen");
        session.press("Escape");
        assert_eq!(session.read::<String>("location.hash"), "#aliyun-rds/RestoreDdrTable");
        session.press("n");
        session.until("document.querySelector('h1').textContent !== 'RestoreDdrTable'");
        session.press("Escape");
        session.until("!document.querySelector('.bench')");
    });
}
