//! A side of a comparison that is an OpenAPI document: imported in memory, compared like specs from files.

use std::fs;
use std::path::{Path, PathBuf};

use super::page_side::side_of;
use super::{PageFile, Run, SpecJob, facts, hash, import};
use crate::diagnostic::{Diagnostic, Severity};
use crate::diff::{Files, SideError};
use crate::files;
use crate::openapi;
use crate::page::LineIndex;
use crate::spec::Service;
use crate::spec::lock::LockedPage;

/// No document comes near; a larger file is not read to find out whether it is one.
const LARGEST: u64 = 64 << 20;

/// How a document is read that is compared directly.
#[derive(Clone, Debug)]
pub(super) struct DocumentReading {
    /// What is known of the service beforehand: its name at least.
    pub service: Service,
    /// The folder under which its references may lead to files.
    pub root: PathBuf,
    /// The folder of the service's specs, whose overlay counts for both sides.
    pub specs: PathBuf,
}

/// Whether a file's name is that of a document, or of one operation's spec.
pub(super) fn may_be_document(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    matches!(ending.as_str(), "yaml" | "yml" | "json")
}

/// Whether a file is an OpenAPI document, of a version that can be imported or not.
pub(super) fn is_document(path: &Path) -> bool {
    may_be_document(path)
        && fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.len() <= LARGEST)
        && fs::read_to_string(path).is_ok_and(|text| openapi::is_document(&text))
}

/// Reads a document as a side; `shown` is what the person named it by, and `name` is what its places are told by.
///
/// # Errors
/// When it cannot be imported, or has no operation.
pub(super) fn side_of_document(
    path: &Path,
    shown: &str,
    name: &str,
    reading: &DocumentReading,
) -> Result<Files, SideError> {
    let page = PageFile { name: name.to_owned(), shown: files::display(path), path: path.to_owned() };
    let DocumentReading { service, root, specs } = reading.clone();
    // Files that references lead to are named from the document's folder.
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    let overlay = Some(specs.join(facts::OVERLAY));
    let job = SpecJob { service, protocol: None, pages: vec![page], folder, overlay, language: None, cache: None };
    let overlaid = specs;
    let mut specs = import(&job, Some(&root));
    if specs.operations.is_empty() {
        let worst = specs.run.findings.iter().max_by_key(|finding| finding.severity);
        let why = worst.map(|finding| told(&specs.run, finding, path, shown));
        let message = format!("cannot be compared: {}", why.unwrap_or_else(|| "it has no operations".to_owned()));
        return Err(SideError { place: shown.to_owned(), message });
    }
    // Facts stand at references, whatever file these lead to: a document changed where any of its files did.
    let mut parts: Vec<&mut LockedPage> =
        specs.lock.pages.iter_mut().filter(|page| page.name != facts::OVERLAY).collect();
    if parts.len() > 1 {
        let hashes: Vec<&str> = parts.iter().map(|page| page.sha256.as_str()).collect();
        let all = hash(hashes.concat().as_bytes());
        for page in &mut parts {
            page.sha256.clone_from(&all);
        }
    }
    let mut side = side_of(&specs, &overlaid, shown);
    let lost = specs.run.findings.iter().filter(|finding| is_lost(finding)).count();
    if lost > 0 {
        let (things, are) = if lost == 1 { ("thing", "is") } else { ("things", "are") };
        side.notes.push(format!(
            "`{shown}`: {lost} {things} that specs have no place for {are} not compared; `docsdk import openapi` lists them"
        ));
    }
    Ok(side)
}

/// Whether a finding says that something of a document is not in its specs.
fn is_lost(finding: &Diagnostic) -> bool {
    finding.id.starts_with("openapi-") && finding.severity >= Severity::Warning
}

/// What is wrong with a document, where and what to do, in one line.
fn told(run: &Run, finding: &Diagnostic, path: &Path, shown: &str) -> String {
    let own = finding.file == files::display(path);
    let at = finding.span.and_then(|span| {
        let line = LineIndex::new(run.sources.get(&finding.file)?).line(span.start);
        Some(format!("{}:{}", line.line, line.column))
    });
    let place = match (own, at) {
        (true, Some(at)) => format!("{shown}:{at}: "),
        (false, Some(at)) => format!("{}:{at}: ", finding.file),
        (false, None) => format!("{}: ", finding.file),
        (true, None) => String::new(),
    };
    let help = finding.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
    format!("{place}{}{help}", finding.message)
}
