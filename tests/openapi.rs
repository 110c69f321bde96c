//! Services as OpenAPI documents, and back.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::path::{Path, PathBuf};

use docsdk::openapi::{Source, export, import};
use docsdk::project::{read_lock, read_specs};

#[path = "openapi/judge.rs"]
mod judge;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// The services of this repository and of its examples.
fn services() -> Vec<PathBuf> {
    let mut folders = docsdk::project::find_services(&root().join("specs")).unwrap();
    folders.extend(docsdk::project::find_services(&root().join("examples/new-vendor/specs")).unwrap());
    assert!(folders.len() >= 5, "{folders:?}");
    folders
}

#[test]
fn an_export_gives_the_same_specs_again() {
    let out = tempfile::tempdir().unwrap();
    for folder in services() {
        let (stored, run) = read_specs(&folder);
        let stored = stored.filter(|_| !run.has_errors()).unwrap();
        let exported = export(&stored.service, &stored.operations, read_lock(&folder).0.as_ref());
        for (ending, text) in [("yaml", exported.yaml()), ("json", exported.json())] {
            assert!(text.contains("x-docsdk-sources"), "{}", folder.display());
            let file = out.path().join(format!("{}.{ending}", stored.service.service));
            std::fs::write(&file, text).unwrap();
            let back = import(&Source { files: vec![file], ..Source::default() });
            assert_eq!((&back.service, &back.operations), (&stored.service, &stored.operations));
            // Not a single extension but those of docsdk, and nothing that the importer could not place.
            assert_eq!(back.run.findings, [], "{}", folder.display());
        }
    }
}

#[test]
fn facts_stay_as_sure_as_they_were() {
    let folder = root().join("specs/aliyun-rds");
    let (stored, lock) = (read_specs(&folder).0.unwrap(), read_lock(&folder).0.unwrap());
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("rds.yaml");
    std::fs::write(&file, export(&stored.service, &stored.operations, Some(&lock)).yaml()).unwrap();
    let back = import(&Source { files: vec![file.clone()], ..Source::default() });
    let least = |name: &str| {
        let own = lock.operations["CreateBackup"].iter().filter(|fact| {
            let rest = fact.path.strip_prefix(&format!("request.{name}."));
            rest.is_some_and(|rest| !rest.contains('.'))
        });
        own.map(|fact| fact.certainty).min()
    };
    for field in &stored.operations["CreateBackup"].request {
        let path = format!("request.{}", field.name);
        let fact = back.facts["CreateBackup"].iter().find(|fact| fact.path == path).unwrap();
        assert_eq!(Some(fact.certainty), least(&field.name), "{path}");
        assert_eq!(fact.page, docsdk::files::display(&file));
    }
}

#[test]
#[cfg_attr(not(openapi_validator), ignore = "there is no openapi-spec-validator")]
fn exports_are_valid_by_an_independent_validator() {
    let out = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for folder in services() {
        let stored = read_specs(&folder).0.unwrap();
        let exported = export(&stored.service, &stored.operations, read_lock(&folder).0.as_ref());
        for (ending, text) in [("yaml", exported.yaml()), ("json", exported.json())] {
            let file = out.path().join(format!("{}.{ending}", stored.service.service));
            std::fs::write(&file, text).unwrap();
            files.push(file);
        }
    }
    assert_eq!(judge::judge(&files.iter().map(PathBuf::as_path).collect::<Vec<_>>()), "");
    // The judge is no rubber stamp.
    let broken = out.path().join("broken.yaml");
    let text = std::fs::read_to_string(&files[0]).unwrap().replacen("in: query", "in: somewhere", 1);
    std::fs::write(&broken, text).unwrap();
    assert_ne!(judge::judge(&[&broken]), "");
}
