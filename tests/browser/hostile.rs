//! Pages that mean harm: their words stay words.

use std::fs;

use crate::session::{DESK, Session, report, with};

const MANIFEST: &str = "\
[[service]]
name = \"hostile\"
provider = \"aliyun\"
title = \"</title><script>window.harmed = 'title'</script>\"
";

/// Ends a script, opens a comment, loads an image, closes what it stands in.
const HARM: &str = "</script><script>window.harmed = true</script><!--<script><img src=x onerror=\"window.harmed = 1\"><svg/onload=harmed=2>\u{2028}'\"`${harmed=3}{{data}}";

#[test]
#[cfg_attr(not(browser), ignore = "no chromium is installed")]
fn words_of_pages_stay_words() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("specs/hostile/pages");
    fs::create_dir_all(&pages).unwrap();
    fs::write(folder.path().join("docsdk.toml"), MANIFEST).unwrap();
    let page = format!(
        "# DoHarm\n\n{HARM}\n\n## Request parameters\n\n|Parameter|Type|Required|Example|Description|\n|---|---|---|---|---|\n\
         |Action|String|Yes|DoHarm|The operation that you want to perform. Set the value to **DoHarm**.|\n\
         |Name|String|Yes|`{HARM}`|The name. Valid values: **a{HARM}**, **b**.|\n\
         |__proto__|String|No|x|The prototype {HARM}.|\n|constructor|String|No|x|The constructor.|\n\n\
         ## Error codes\n\n|HttpCode|Error code|Error message|Description|\n|---|---|---|---|\n|400|Bad.Code|{HARM}|{HARM}|\n"
    );
    fs::write(pages.join("harm.md"), page).unwrap();
    fs::write(pages.join("<img src=x onerror=harmed=4>.md"), format!("# Harm\n\n{HARM}\n")).unwrap();
    let file = report(&folder.path().join("docsdk.toml"), None, folder.path());
    let html = fs::read_to_string(&file).unwrap();
    assert!(!html.contains("harmed"), "no word of a page is in the markup");
    assert_eq!(html.matches("</script>").count(), 2, "the data and the script");
    with(&file, "", DESK, |session| {
        let operations: Vec<String> = session.read("data.operations.map((it) => link(it))");
        assert!(!operations.is_empty(), "the page yields an operation");
        let mut views = operations;
        views.extend(["#", "#/findings", "#/unclaimed", "#/contradictions", "#/search/harmed"].map(str::to_owned));
        views.push("#<img src=x onerror=harmed=5>/\"><svg onload=harmed=6>".to_owned());
        let mut shown = false;
        for view in views {
            session.go(&view);
            assert!(session.read::<bool>("window.harmed === undefined"), "{view}");
            assert_eq!(session.read::<usize>("document.querySelectorAll('script').length"), 2, "{view}");
            assert_eq!(session.read::<usize>("document.querySelectorAll('img, svg, iframe').length"), 0, "{view}");
            shown |= session.read::<bool>("document.getElementById('main').textContent.includes('onerror')");
        }
        assert!(shown, "the words are shown as words");
    });
}

#[test]
#[cfg_attr(not(browser), ignore = "no chromium is installed")]
fn the_policy_stops_scripts_and_loads_that_are_not_the_reports() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("specs/hostile/pages");
    fs::create_dir_all(&pages).unwrap();
    fs::write(folder.path().join("docsdk.toml"), MANIFEST).unwrap();
    fs::write(pages.join("a.md"), "# A\n\nnothing\n").unwrap();
    let file = report(&folder.path().join("docsdk.toml"), None, folder.path());
    let broken = fs::read_to_string(&file).unwrap().replace(
        "<main ",
        "<img src=\"https://example.invalid/x.png\" onerror=\"window.harmed = 1\"><script>window.harmed = 2</script><main ",
    );
    // As though a mistake had let markup of a page through.
    fs::write(&file, broken).unwrap();
    let session = Session::open(&file, "", DESK);
    assert!(session.read::<bool>("window.harmed === undefined"));
    session.until("document.querySelector('h1')");
    let complaints = session.complaints();
    // A handler, an image and a script: what was about to be asked for was not.
    let blocked = complaints.iter().filter(|it| it.contains("Content Security Policy") && it.contains("blocked"));
    assert_eq!(blocked.count(), 3, "{complaints:?}");
}
