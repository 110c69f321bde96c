//! From a service's OpenAPI documents to its specs: import, overlay, validate, write.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::facts::{self, Witness};
use super::specs::{SpecJob, Specs, check, overlaid, plan};
use super::{pages, settled as settling, texts};
use crate::files;
use crate::openapi::{self, Source};
use crate::spec::Service;
use crate::spec::lock::LockedPage;
use crate::spec::overlay::Settled;

/// Imports a service's specs from documents, which stand where others have pages; writes nothing. Overlay and lock are
/// as for pages. References may lead to files under `root`, without it under each document's own folder.
pub fn import(job: &SpecJob, root: Option<&Path>) -> Specs {
    let provider = Some(&job.service.provider).filter(|provider| *provider != openapi::PROVIDER);
    let imported = openapi::import(&Source {
        files: job.pages.iter().map(|page| page.path.clone()).collect(),
        root: root.map(PathBuf::from),
        service: Service { provider: provider.cloned().unwrap_or_default(), ..job.service.clone() },
    });
    let mut specs =
        Specs { service: imported.service, operations: imported.operations, run: imported.run, ..Specs::default() };
    let (overlay, is_known) = match overlaid(job, &mut specs) {
        Ok(overlay) => (overlay, true),
        Err(()) => (None, false),
    };
    let settled: &[Settled] = overlay.as_ref().map_or(&[], |(_, _, settled)| settled);
    texts::settle(&mut specs.texts, settled);
    let mut witnesses: Vec<Witness<'_>> = Vec::new();
    let mut sources: Vec<&str> = Vec::new();
    for file in &imported.files {
        let page = job.pages.iter().find(|page| files::display(&page.path) == file.shown);
        let name = page.map_or_else(|| name(&file.shown, &job.folder), |page| page.name.clone());
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
    specs.settled = overlay.map(|(_, _, settled)| settled).unwrap_or_default();
    settling::settle(job, &mut specs);
    check(job, &mut specs);
    // Of a document that could not be read, nothing is known to be gone.
    if is_known && (!specs.operations.is_empty() || !specs.run.has_errors()) {
        plan(job, &mut specs);
    }
    let needed = specs.run.needed_sources();
    specs.run.sources.retain(|file, _| needed.contains(file));
    specs
}

/// The lock's name of a file that a document refers to: from the specs' folder where it lies in it.
fn name(shown: &str, folder: &Path) -> String {
    let folder = files::display(folder);
    match shown.strip_prefix(&format!("{folder}/")) {
        Some(below) => below.to_owned(),
        None => {
            Path::new(shown).file_name().map_or_else(|| shown.to_owned(), |name| name.to_string_lossy().into_owned())
        }
    }
}
