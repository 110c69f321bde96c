//! What `docsdk overlay suggest` writes for real pages settles what it was written for, and breaks nothing.

use std::collections::BTreeSet;
use std::path::Path;

use docsdk::lint::{CLASSES, Class, Proposal, Wanted, look, proposals};
use docsdk::project::{SpecJob, collect};
use docsdk::spec::Service;
use docsdk::spec::overlay::append;

/// Services whose pages, taken together, have findings of every class below.
const SERVICES: &[(&str, &str)] = &[
    ("corpus/aliyun-md/aliyun-kms/en-US", "aliyun"),
    ("corpus/aliyun-help/dbs/**/*Modify*", "aliyun"),
    ("corpus/huawei-rst/distributed-cache-service", "huawei"),
    ("corpus/huawei-rst/log-tank-service", "huawei"),
];

/// What only a person can say, with something that could be said.
const SAID: &[(&str, &str)] = &[
    ("condition-partial", r#"[{"parameter": "RegionId", "present": true}]"#),
    ("description-missing", r#""What it is.""#),
    ("error-message-missing", r#""What it says.""#),
    ("values-lost", r#"["one", "two"]"#),
];

#[test]
#[cfg_attr(not(shared), ignore = "the shared material is not there; set DOCSDK_SHARED")]
fn proposals_settle_what_they_are_for() {
    let mut settled = BTreeSet::new();
    for (pages, provider) in SERVICES {
        let folder = tempfile::tempdir().unwrap();
        let pages = crate::shared(pages).to_string_lossy().into_owned();
        let (pages, _) = collect(Path::new(""), &[pages], folder.path());
        let service = Service { service: "a".into(), provider: (*provider).into(), ..Service::default() };
        let specs = folder.path().to_owned();
        let job = SpecJob { service, protocol: None, pages, folder: specs, overlay: None, language: None, cache: None };
        let before = look(&job, &|| ());
        let there = |id: &str| before.findings.iter().any(|finding| finding.class.id == id);
        let open = CLASSES.iter().filter(|class| !SAID.iter().any(|(id, _)| *id == class.id)).collect::<Vec<_>>();
        let said = SAID.iter().filter(|(id, _)| there(id)).map(|(id, said)| {
            (vec![Class::parse(id).unwrap()], Some(serde_json::from_str::<serde_json::Value>(said).unwrap()))
        });
        for (classes, said) in [(open, None)].into_iter().chain(said) {
            let asked: BTreeSet<&str> = classes.iter().map(|class| class.id).collect();
            let wanted = Wanted { classes, ..Wanted::default() };
            let proposed = proposals(&job, &|| (), &wanted, &Proposal { to: said.as_ref(), reason: None });
            let wanting: BTreeSet<_> = proposed.wanting.iter().map(|(finding, _)| finding.fingerprint()).collect();
            let text = append("", "overlay.yaml", &proposed.entries).unwrap();
            std::fs::write(folder.path().join("overlay.yaml"), &text).unwrap();
            let after = look(&job, &|| ());
            std::fs::remove_file(folder.path().join("overlay.yaml")).unwrap();
            let left: BTreeSet<String> = after.findings.iter().map(docsdk::lint::Finding::fingerprint).collect();
            for finding in before.findings.iter().filter(|finding| asked.contains(finding.class.id)) {
                let print = finding.fingerprint();
                assert!(
                    !left.contains(&print) || wanting.contains(&print),
                    "{}: {}",
                    finding.class.id,
                    finding.message
                );
                if !left.contains(&print) {
                    settled.insert(finding.class.id);
                }
            }
            let wrong: Vec<_> = after.findings.iter().filter(|found| found.class.id.starts_with("overlay")).collect();
            assert!(wrong.is_empty(), "{wrong:?}");
        }
    }
    let expected = [
        "condition-partial",
        "condition-unknown",
        "description-missing",
        "error-message-missing",
        "fact-doubtful",
        "field-not-in-table",
        "items-missing",
        "name-case-contradicted",
        "nesting-contradicted",
        "on-some-pages-only",
        "pages-contradict",
        "required-not-shown",
        "response-from-sample",
        "sources-disagree",
        "type-any",
        "type-contradicted",
        "value-not-listed",
        "values-lost",
    ];
    assert_eq!(settled.into_iter().collect::<Vec<_>>(), expected);
}
