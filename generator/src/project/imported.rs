//! From a service's OpenAPI documents to its specs: import, overlay, validate, write.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::facts::{self, Witness};
use super::specs::{Specs, check, overlaid, plan};
use super::{pages, texts};
use crate::files;
use crate::openapi::{self, Source};
use crate::spec::lock::LockedPage;
use crate::spec::overlay::Settled;

/// A service to import.
#[derive(Clone, Debug)]
pub struct ImportJob {
    /// The documents, and what is known of the service beforehand.
    pub source: Source,
    /// The folder of its specs.
    pub folder: PathBuf,
}

/// Imports a service's specs from its documents; writes nothing. Overlay and lock are those of services made of pages.
pub fn import(job: &ImportJob) -> Specs {
    let imported = openapi::import(&job.source);
    let mut specs =
        Specs { service: imported.service, operations: imported.operations, run: imported.run, ..Specs::default() };
    let overlay = overlaid(&job.folder.join(facts::OVERLAY), &mut specs);
    let settled: &[Settled] = overlay.as_ref().map_or(&[], |(_, _, settled)| settled);
    texts::settle(&mut specs.texts, settled);
    let names: Vec<String> = imported.files.iter().map(|file| name(&file.shown, &job.folder)).collect();
    let mut witnesses: Vec<Witness<'_>> = Vec::new();
    let mut sources: Vec<&str> = Vec::new();
    for (file, name) in imported.files.iter().zip(names) {
        let locked = LockedPage { name, sha256: pages::hash(file.text.as_bytes()) };
        witnesses.push(Witness { shown: &file.shown, locked });
        sources.push(&file.text);
    }
    if let Some((shown, source, _)) = overlay.as_ref().filter(|_| !settled.is_empty()) {
        let locked = LockedPage { name: facts::OVERLAY.to_owned(), sha256: pages::hash(source.as_bytes()) };
        witnesses.push(Witness { shown, locked });
        sources.push(source);
    }
    let text = |at: usize| sources.get(at).map(|text| Cow::Borrowed(*text));
    specs.lock = facts::lock_of_large(&witnesses, &text, imported.facts, settled, &specs.operations);
    check(&job.folder, &mut specs);
    // Of a document that could not be read, nothing is known to be gone.
    if !specs.operations.is_empty() || !specs.run.has_errors() {
        plan(&job.folder, &mut specs);
    }
    let needed = specs.run.needed_sources();
    specs.run.sources.retain(|file, _| needed.contains(file));
    specs
}

/// A document's name in the lock: from the specs' folder where it lies in it.
fn name(shown: &str, folder: &Path) -> String {
    let folder = files::display(folder);
    match shown.strip_prefix(&format!("{folder}/")) {
        Some(below) => below.to_owned(),
        None => {
            Path::new(shown).file_name().map_or_else(|| shown.to_owned(), |name| name.to_string_lossy().into_owned())
        }
    }
}
