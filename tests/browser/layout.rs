//! Nothing sticks out, at any width and in either colour.

use crate::session::{DESK, Stand, report, repository, with};

const VIEWS: [(&str, &str); 7] = [
    ("overview", "#"),
    ("operation", "#aliyun-rds/CreateBackup/request.ResourceGroupId.required"),
    ("nested", "#huawei-gaussdb-mysql/RestoreDataToOriginalOrExistingInstance"),
    ("findings", "#/findings"),
    ("unclaimed", "#/unclaimed"),
    ("contradictions", "#/contradictions"),
    ("search", "#/search/backup"),
];

#[test]
#[cfg_attr(not(browser), ignore = "no chromium is installed")]
fn nothing_sticks_out_at_any_width() {
    let folder = tempfile::tempdir().unwrap();
    let file = report(&repository().join("docsdk.toml"), None, folder.path());
    with(&file, "", DESK, |session| {
        for (name, fragment) in VIEWS {
            for (width, height) in [(360, 740), (768, 1024), (1440, 900)] {
                for dark in [false, true] {
                    session.stand(Stand { width, height, dark });
                    session.go(fragment);
                    let out: Vec<String> = session.read(OUT);
                    assert!(out.is_empty(), "{name} at {width}: {out:?}");
                    session.shot(&format!("{name}-{width}-{}", if dark { "dark" } else { "light" }));
                }
            }
        }
    });
}

/// What is wider than the window, or cut off by what it stands in.
const OUT: &str = "(() => {
    const width = document.documentElement.clientWidth;
    const out = document.documentElement.scrollWidth > width ? [`the page: ${document.documentElement.scrollWidth}`] : [];
    const clipped = (node) => node.closest('.unseen, .top nav, .skip') !== null;
    for (const node of document.querySelectorAll('body *')) {
        const box = node.getBoundingClientRect();
        if (box.width > 0 && (box.right > width + 1 || box.left < -1) && !clipped(node)) out.push(`${node.tagName}.${node.className} ${box.left}-${box.right}`);
    }
    for (const pane of document.querySelectorAll('.pane, .dock')) {
        if (pane.scrollWidth > pane.clientWidth + 1) out.push(`${pane.className}: ${pane.scrollWidth} in ${pane.clientWidth}`);
    }
    return out.slice(0, 8);
})()";

#[test]
#[cfg_attr(not(browser), ignore = "no chromium is installed")]
fn colours_follow_the_system_and_the_button() {
    let folder = tempfile::tempdir().unwrap();
    let file = report(&repository().join("docsdk.toml"), None, folder.path());
    with(&file, "", Stand { dark: true, ..DESK }, |session| {
        let paper = "getComputedStyle(document.body).backgroundColor";
        let dark: String = session.read(paper);
        session.stand(DESK);
        let light: String = session.read(paper);
        assert_ne!(dark, light);
        session.click("#theme");
        assert_eq!(session.read::<String>(paper), dark);
        assert_eq!(session.read::<String>("document.getElementById('theme').textContent"), "Light");
        session.press("t");
        assert_eq!(session.read::<String>(paper), light);
    });
}
