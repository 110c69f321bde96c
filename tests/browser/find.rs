//! Search, filters and links that lead into the report.

use crate::session::{DESK, Session, report, repository, with};

fn tiles(session: &Session) -> Vec<String> {
    session.read("[...document.querySelectorAll('.tile-name')].map((node) => node.textContent)")
}

fn said(session: &Session) -> String {
    session.read("document.getElementById('status').textContent")
}

#[test]
#[cfg_attr(not(browser), ignore = "no chromium is installed")]
fn search_finds_names_places_and_words_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = report(&repository().join("docsdk.toml"), None, folder.path());
    with(&file, "", DESK, |session| {
        session.press("/");
        session.until("document.activeElement.id === 'search'");
        session.write("InvalidRestoreTime");
        session.until("document.querySelector('.hits')");
        let hits: Vec<String> =
            session.read("[...document.querySelectorAll('.hits .card-head a')].map((a) => a.textContent)");
        assert_eq!(hits, ["RestoreDdrTable", "RestoreInstance"]);
        assert_eq!(said(session), "2 operations fit InvalidRestoreTime");
        let words: String = session.read("document.querySelector('.places mark').textContent");
        assert_eq!(words, "InvalidRestoreTime");
        session.press("Escape");
        session.until("document.querySelector('.picture')");
        session.press("/");
        session.write("no such thing");
        session.until("document.querySelector('.nothing')");
        assert_eq!(said(session), "nothing fits no such thing");
    });
}

#[test]
#[cfg_attr(not(browser), ignore = "no chromium is installed")]
fn filters_leave_what_passes() {
    let folder = tempfile::tempdir().unwrap();
    let file = report(&repository().join("docsdk.toml"), None, folder.path());
    with(&file, "", DESK, |session| {
        assert_eq!(tiles(session).len(), 5);
        let choose = |name: &str, value: &str| {
            format!(
                "(() => {{ const it = document.querySelector('[name={name}]'); it.value = '{value}'; it.dispatchEvent(new Event('change')); return true; }})()"
            )
        };
        session.read::<bool>(&choose("certainty", "0"));
        assert_eq!(tiles(session), ["CreateBackup"]);
        assert_eq!(said(session), "1 operation shown");
        session.read::<bool>(&choose("service", "aliyun-dbs"));
        assert_eq!(tiles(session), Vec::<String>::new());
        session.click(".filter button");
        assert_eq!(tiles(session).len(), 5);
        session.read::<bool>(&choose("kind", "required-unknown"));
        assert_eq!(tiles(session), ["CreateBackup"]);
        session.click(".filter button");
        session.click(".filter [name=findings]");
        let with_findings: Vec<String> =
            session.read("data.operations.filter((it) => it.findings.length > 0).map((it) => it.title)");
        assert_eq!(tiles(session), with_findings);
        session.go("#/findings");
        session.read::<bool>(&choose("kind", "required-unknown"));
        let groups: Vec<String> =
            session.read("[...document.querySelectorAll('.group h2')].map((it) => it.firstChild.textContent)");
        assert_eq!(groups, ["required-unknown"]);
    });
}

#[test]
#[cfg_attr(not(browser), ignore = "no chromium is installed")]
fn links_lead_to_services_operations_facts_and_lines() {
    let folder = tempfile::tempdir().unwrap();
    let file = report(&repository().join("docsdk.toml"), None, folder.path());
    with(&file, "#aliyun-rds", DESK, |session| {
        assert_eq!(tiles(session), ["CreateBackup", "RestoreDdrTable"]);
        session.click(".tile");
        session.until("document.querySelector('.bench')");
        assert_eq!(session.read::<String>("location.hash"), "#aliyun-rds/CreateBackup");
        session.go("#aliyun-rds/CreateBackup/request.BackupType.default");
        session.until("document.querySelector('.source .lit')");
        let lit: String = session.read("document.querySelector('.source .lit').textContent");
        assert_eq!(lit, "Auto");
        session.go("#aliyun-rds/CreateBackup/~1:56");
        session.until("document.querySelector('.line.wanted')");
        let line: String = session.read("document.querySelector('.line.wanted .text').textContent");
        assert_eq!(line, "DBInstanceIdstring");
        session.go("#nobody/nothing");
        let heading: String = session.read("document.querySelector('h1').textContent");
        assert_eq!(heading, "Not in this report");
    });
}
