//! A side of a comparison made of pages: extracted in memory, compared like specs from files.

use std::fs;
use std::path::{Path, PathBuf};

use super::{SpecJob, Specs, collect, facts, specs};
use crate::diagnostic::Severity;
use crate::diff::{Files, SideError};
use crate::report::counted;
use crate::spec::{Protocol, Service, lock, yaml};

/// How pages are read that are compared directly.
#[derive(Clone, Debug)]
pub(super) struct PageReading {
    /// What is known of the service beforehand: its name, its provider, its endpoints.
    pub service: Service,
    /// The protocol, where it is not the one usual for the provider.
    pub protocol: Option<Protocol>,
    /// The language of the texts, where it is not the one usual for the provider.
    pub language: Option<String>,
    /// The folder of the service's specs, whose overlay counts for both sides.
    pub specs: PathBuf,
}

/// Reads a folder of pages, or one page, as a side; `label` is what the person named it by.
///
/// # Errors
/// When it cannot be read, or no page of it gives an operation.
pub(super) fn side_of_pages(path: &Path, label: &str, reading: &PageReading) -> Result<Files, SideError> {
    let (pages, _) = collect(Path::new(""), &[path.to_string_lossy().into_owned()], path);
    let pages_read = pages.len();
    let PageReading { service, protocol, language, specs } = reading.clone();
    let job = SpecJob { service, protocol, pages, folder: specs.clone(), overlay: None, language, cache: None };
    let specs = specs::extract(&job, &|| {});
    if specs.operations.is_empty() {
        let why = specs.run.findings.iter().max_by_key(|finding| finding.severity);
        let why = why.map(|finding| format!(" ({}: {})", finding.file, finding.message)).unwrap_or_default();
        let read = counted(pages_read, "page");
        let message = format!("holds pages that give no operation: {read} read{why}; see `docsdk extract` with `-v`");
        return Err(SideError { place: label.to_owned(), message });
    }
    let broken = specs.run.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let mut side = side_of(&specs, &job.folder, label);
    if broken > 0 {
        let errors = counted(broken, "error");
        side.notes.push(format!("`{label}`: {errors} reading the pages; `docsdk extract` shows them"));
    }
    Ok(side)
}

/// The side that specs make which lie in no file; the overlay beside the service's own counts for it.
pub(super) fn side_of(specs: &Specs, folder: &Path, label: &str) -> Files {
    let mut side = Files { label: label.to_owned(), base: label.to_owned(), from_pages: true, ..Files::default() };
    side.contents.insert("service.yaml".to_owned(), yaml::write(&specs.service).into_bytes());
    side.contents.insert("sources.lock".to_owned(), lock::write(&specs.lock).into_bytes());
    for (name, operation) in &specs.operations {
        side.contents.insert(format!("operations/{name}.yaml"), yaml::write(operation).into_bytes());
    }
    // What a person settled about renames counts here too.
    if let Ok(overlay) = fs::read(folder.join(facts::OVERLAY)) {
        side.contents.insert(facts::OVERLAY.to_owned(), overlay);
    }
    side
}
