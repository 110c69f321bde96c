//! Who can't see, or uses no mouse: judged by axe-core, in light and dark.

use crate::session::{DESK, Stand, report, repository, with};

#[test]
#[cfg_attr(not(all(browser, axe)), ignore = "no chromium or no axe-core: `.ci/run` gets both")]
fn axe_finds_nothing_in_light_and_dark() {
    let axe = std::fs::read_to_string(repository().join("target/browser/node_modules/axe-core/axe.min.js")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let old = repository().join("examples/new-vendor/specs").display().to_string();
    let file = report(&repository().join("docsdk.toml"), Some(&old), folder.path());
    let views = [
        "#",
        "#aliyun-rds/CreateBackup/request.ResourceGroupId.required",
        "#huawei-gaussdb-mysql/RestoreDataToOriginalOrExistingInstance",
        "#/findings",
        "#/unclaimed",
        "#/contradictions",
        "#/changes",
        "#/search/backup",
        "#nobody",
    ];
    with(&file, "", DESK, |session| {
        for stand in [DESK, Stand { dark: true, ..DESK }, Stand { width: 360, height: 740, dark: false }] {
            session.stand(stand);
            for view in views {
                session.go(view);
                session.run(&axe);
                let found: Vec<String> = session
                    .read("axe.run(document, { resultTypes: ['violations', 'incomplete'] }).then((found) => found.violations.map((it) => `${it.id}: ${it.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`).join(' | ')}`))");
                assert!(found.is_empty(), "{view} {stand:?}: {found:#?}");
            }
        }
    });
}
