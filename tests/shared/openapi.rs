//! OpenAPI documents of others, and services large enough to have every irregularity.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use docsdk::openapi::{Source, export, import};
use docsdk::project::{SpecJob, collect, extract, read_specs};
use docsdk::spec::{Operation, Service, validate, yaml};

#[path = "../openapi/judge.rs"]
mod judge;

/// Exports a service, imports that, and gives the file.
#[track_caller]
fn round(service: &Service, operations: &BTreeMap<String, Operation>, folder: &Path) -> PathBuf {
    let file = folder.join(format!("{}.json", service.service));
    std::fs::write(&file, export(service, operations, None).json()).unwrap();
    let back = import(&Source { files: vec![file.clone()], ..Source::default() });
    assert_eq!(&back.service, service);
    assert_eq!(back.operations.keys().collect::<Vec<_>>(), operations.keys().collect::<Vec<_>>());
    for (name, operation) in operations {
        assert_eq!(yaml::write(&back.operations[name]), yaml::write(operation), "{name}");
    }
    file
}

#[test]
#[cfg_attr(not(shared), ignore = "the shared material is not there; set DOCSDK_SHARED")]
fn large_services_come_back_the_same() {
    let out = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    let (stored, _) = read_specs(&crate::shared("bench/specs/aliyun-rds-364"));
    let stored = stored.unwrap();
    assert_eq!(stored.operations.len(), 364);
    files.push(round(&stored.service, &stored.operations, out.path()));
    // What pages give, as extracted: names twice, parameters without a place, types that no table tells.
    let mut count = 0;
    for (index, folder) in sample().into_iter().enumerate() {
        let provider = if folder.to_string_lossy().contains("aliyun") { "aliyun" } else { "huawei" };
        let service = Service { service: format!("sample-{index}"), provider: provider.into(), ..Service::default() };
        let (pages, _) = collect(Path::new(""), &[folder.display().to_string()], out.path());
        let job = SpecJob {
            service,
            protocol: None,
            pages,
            folder: out.path().join("none"),
            overlay: None,
            language: None,
            cache: None,
        };
        let specs = extract(&job, &|| {});
        count += specs.operations.len();
        files.push(round(&specs.service, &specs.operations, out.path()));
    }
    assert!(count > 100, "{count} operations");
    if cfg!(openapi_validator) {
        assert_eq!(judge::judge(&[&files[0]]), "");
    }
}

/// Folders of pages of each corpus.
fn sample() -> Vec<PathBuf> {
    let mut folders = BTreeMap::new();
    for entry in walkdir::WalkDir::new(crate::shared("corpus")).sort_by_file_name() {
        let entry = entry.unwrap();
        let page =
            entry.path().extension().is_some_and(|ending| ["md", "html", "rst", "txt"].iter().any(|e| ending == *e));
        if let Some(folder) = entry.path().parent().filter(|_| page) {
            *folders.entry(folder.to_owned()).or_insert(0_usize) += 1;
        }
    }
    // Folders of some size, from all over.
    folders
        .into_iter()
        .filter(|(_, pages)| (5..80).contains(pages))
        .map(|(folder, _)| folder)
        .step_by(4)
        .take(14)
        .collect()
}

#[test]
#[cfg_attr(not(shared), ignore = "the shared material is not there; set DOCSDK_SHARED")]
fn documents_of_other_generators_are_imported() {
    let mut operations = 0;
    for entry in std::fs::read_dir(crate::shared("openapi")).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_none_or(|ending| ending == "md") {
            continue;
        }
        let started = Instant::now();
        let service = Service { service: "other".into(), ..Service::default() };
        let imported = import(&Source { files: vec![file.clone()], service, ..Source::default() });
        let name = file.display();
        assert!(!imported.run.has_errors() && !imported.operations.is_empty(), "{name}");
        // A minute is far beyond what it takes, and far below what anything quadratic would.
        assert!(started.elapsed().as_secs() < 60, "{name} took {:?}", started.elapsed());
        for (operation, spec) in &imported.operations {
            assert_eq!(validate::operation(spec), [], "{name}: {operation}");
        }
        operations += imported.operations.len();
    }
    assert!(operations >= 1_350, "{operations} operations");
}
