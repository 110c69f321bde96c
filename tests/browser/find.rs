//! Search, filters and links that lead into the report.

use crate::session::{DESK, Session, report, repository, with};

async fn tiles(session: &Session) -> Vec<String> {
    session.read("[...document.querySelectorAll('.tile-name')].map((node) => node.textContent)").await
}

async fn said(session: &Session) -> String {
    session.read("document.getElementById('status').textContent").await
}

#[test]
#[cfg_attr(not(browser), ignore = "no chromium is installed")]
fn search_finds_names_places_and_words_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = report(&repository().join("docsdk.toml"), None, folder.path());
    with(&file, "", DESK, async |session| {
        session.press("/").await;
        session.until("document.activeElement.id === 'search'").await;
        session.write("InvalidRestoreTime").await;
        session.until("document.querySelector('.hits')").await;
        let hits: Vec<String> =
            session.read("[...document.querySelectorAll('.hits .card-head a')].map((a) => a.textContent)").await;
        assert_eq!(hits, ["RestoreDdrTable", "RestoreInstance"]);
        assert_eq!(said(session).await, "2 operations fit InvalidRestoreTime");
        let words: String = session.read("document.querySelector('.places mark').textContent").await;
        assert_eq!(words, "InvalidRestoreTime");
        session.press("Escape").await;
        session.until("document.querySelector('.picture')").await;
        session.press("/").await;
        session.write("no such thing").await;
        session.until("document.querySelector('.nothing')").await;
        assert_eq!(said(session).await, "nothing fits no such thing");
    });
}

#[test]
#[cfg_attr(not(browser), ignore = "no chromium is installed")]
fn filters_leave_what_passes() {
    let folder = tempfile::tempdir().unwrap();
    let file = report(&repository().join("docsdk.toml"), None, folder.path());
    with(&file, "", DESK, async |session| {
        assert_eq!(tiles(session).await.len(), 5);
        let choose = |name: &str, value: &str| {
            format!(
                "(() => {{ const it = document.querySelector('[name={name}]'); it.value = '{value}'; it.dispatchEvent(new Event('change')); return true; }})()"
            )
        };
        session.read::<bool>(&choose("certainty", "0")).await;
        assert_eq!(tiles(session).await, ["CreateBackup"]);
        assert_eq!(said(session).await, "1 operation shown");
        session.read::<bool>(&choose("service", "aliyun-dbs")).await;
        assert_eq!(tiles(session).await, Vec::<String>::new());
        session.click(".filter button").await;
        assert_eq!(tiles(session).await.len(), 5);
        session.read::<bool>(&choose("kind", "required-unknown")).await;
        assert_eq!(tiles(session).await, ["CreateBackup"]);
        session.click(".filter button").await;
        session.click(".filter [name=findings]").await;
        let with_findings: Vec<String> =
            session.read("data.operations.filter((it) => it.findings.length > 0).map((it) => it.title)").await;
        assert_eq!(tiles(session).await, with_findings);
        session.go("#/findings").await;
        session.read::<bool>(&choose("kind", "required-unknown")).await;
        let groups: Vec<String> =
            session.read("[...document.querySelectorAll('.group h2')].map((it) => it.firstChild.textContent)").await;
        assert_eq!(groups, ["required-unknown"]);
    });
}

#[test]
#[cfg_attr(not(browser), ignore = "no chromium is installed")]
fn links_lead_to_services_operations_facts_and_lines() {
    let folder = tempfile::tempdir().unwrap();
    let file = report(&repository().join("docsdk.toml"), None, folder.path());
    with(&file, "#aliyun-rds", DESK, async |session| {
        assert_eq!(tiles(session).await, ["CreateBackup", "RestoreDdrTable"]);
        session.click(".tile").await;
        session.until("document.querySelector('.bench')").await;
        assert_eq!(session.read::<String>("location.hash").await, "#aliyun-rds/CreateBackup");
        session.go("#aliyun-rds/CreateBackup/request.BackupType.default").await;
        session.until("document.querySelector('.source .lit')").await;
        let lit: String = session.read("document.querySelector('.source .lit').textContent").await;
        assert_eq!(lit, "Auto");
        session.go("#aliyun-rds/CreateBackup/~1:56").await;
        session.until("document.querySelector('.line.wanted')").await;
        let line: String = session.read("document.querySelector('.line.wanted .text').textContent").await;
        assert_eq!(line, "DBInstanceIdstring");
        session.go("#nobody/nothing").await;
        let heading: String = session.read("document.querySelector('h1').textContent").await;
        assert_eq!(heading, "Not in this report");
    });
}
