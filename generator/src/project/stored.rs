//! Specs as they lie on disk.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::{Broken, Run, texts as text_files};
use crate::diagnostic::{Diagnostic, Severity};
use crate::files;
use crate::spec::lock::{self, Lock};
use crate::spec::texts::{self, ServiceTexts, Texts};
use crate::spec::validate::{self, Issue};
use crate::spec::{Operation, Service, place, yaml};

/// A service's specs, read and validated.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The folder they lie in.
    pub folder: PathBuf,
    /// `service.yaml`.
    pub service: Service,
    /// The operations, by name.
    pub operations: BTreeMap<String, Operation>,
    /// Their texts in other languages.
    pub texts: ServiceTexts,
    /// Operations whose specs can't be used: some are not among `operations`, for they can't even be read.
    pub broken: Broken,
}

impl Stored {
    /// The operations with their texts in a language, as far as there are any in it.
    pub fn speaking(&self, language: &str) -> Vec<Operation> {
        let none = BTreeMap::new();
        let texts = self.texts.get(language).unwrap_or(&none);
        let spoken = self.operations.iter().map(|(name, operation)| match texts.get(name) {
            Some(texts) => texts::applied(operation, texts),
            None => operation.clone(),
        });
        spoken.collect()
    }
}

/// The service folders that a folder is or holds, sorted.
///
/// # Errors
/// A finding where there is none.
pub fn find(folder: &Path) -> Result<Vec<PathBuf>, Box<Diagnostic>> {
    let holds = |folder: &Path| folder.join("service.yaml").is_file();
    if holds(folder) {
        return Ok(vec![folder.to_owned()]);
    }
    let entries =
        fs::read_dir(folder).map_err(|error| Box::new(files::failure("specs-read", folder, "read", &error)))?;
    let mut folders: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| holds(path)).collect();
    folders.sort();
    if folders.is_empty() {
        let finding = Diagnostic::new("no-specs", Severity::Error, files::display(folder), "holds no specs");
        return Err(Box::new(finding.help("name a folder with a `service.yaml`, or a folder of such folders")));
    }
    Ok(folders)
}

/// Reads a service's specs. What can't be read is left out; whatever is wrong, findings say so.
pub fn read(folder: &Path) -> (Option<Stored>, Run) {
    let mut run = Run::default();
    let service = file(&folder.join("service.yaml"), yaml::read_service, validate::service, &mut run);
    let operations_folder = folder.join("operations");
    let mut paths: Vec<PathBuf> = match fs::read_dir(&operations_folder) {
        Ok(entries) => entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_spec(path)).collect(),
        Err(error) => {
            run.findings.push(files::failure("specs-read", &operations_folder, "read", &error));
            Vec::new()
        }
    };
    paths.sort();
    let read: Vec<(Option<Operation>, Run)> = paths
        .par_iter()
        .map(|path| {
            let mut run = Run::default();
            (file(path, yaml::read_operation, validate::operation, &mut run), run)
        })
        .collect();
    let mut operations: BTreeMap<String, Operation> = BTreeMap::new();
    let mut broken = Broken::default();
    for (path, (operation, mut found)) in paths.iter().zip(read) {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let name = operation.as_ref().map_or(&*stem, |operation| &operation.operation);
        if stem != name {
            let message = format!("the file holds the operation `{name}`");
            let finding = Diagnostic::new("file-name", Severity::Error, files::display(path), message);
            found.findings.push(finding.help(format!("name the file `{name}.yaml`, or mend the operation's name")));
            broken.add(name, 0);
        }
        if found.has_errors() {
            broken.add(&stem, found.findings.len());
        }
        run.extend(found);
        operations.extend(operation.map(|operation| (operation.operation.clone(), operation)));
    }
    let mut texts = ServiceTexts::new();
    for path in text_files::found(folder) {
        let Some(Texts { operation, language, texts: own }) = file(&path, yaml::read, |_| Vec::new(), &mut run) else {
            continue;
        };
        texts.entry(language).or_default().insert(operation, own);
    }
    (service.map(|service| Stored { folder: folder.to_owned(), service, operations, texts, broken }), run)
}

/// The operation in a file, if nothing is wrong with it.
pub(super) fn sound(path: &Path) -> Option<Operation> {
    let mut run = Run::default();
    let operation = file(path, yaml::read_operation, validate::operation, &mut run)?;
    let named = path.file_stem().is_some_and(|stem| *stem == *operation.operation);
    (named && run.findings.is_empty()).then_some(operation)
}

fn is_spec(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml")
}

/// Reads a service's `sources.lock`; none where there is none.
pub fn read_lock(folder: &Path) -> (Option<Lock>, Run) {
    let path = folder.join("sources.lock");
    let shown = files::display(&path);
    match fs::read_to_string(&path) {
        Ok(source) => match lock::read(&source, &shown) {
            Ok(lock) => (Some(lock), Run::default()),
            Err(finding) => (None, Run::about(*finding, source)),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => (None, Run::default()),
        Err(error) => (None, Run::only(files::failure("lock-read", &path, "read", &error))),
    }
}

/// A reader of one kind of file.
type Reader<T> = fn(&str, &str) -> Result<T, Box<Diagnostic>>;

fn file<T>(path: &Path, read: Reader<T>, validate: impl Fn(&T) -> Vec<Issue>, run: &mut Run) -> Option<T> {
    let shown = files::display(path);
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            run.findings.push(files::failure("specs-read", path, "read", &error));
            return None;
        }
    };
    let source = match files::utf8(path, bytes) {
        Ok(source) => source,
        Err(finding) => {
            run.findings.push(*finding);
            return None;
        }
    };
    let value = match read(&source, &shown) {
        Ok(value) => Some(value),
        Err(finding) => {
            run.findings.push(*finding);
            None
        }
    };
    if let Some(value) = &value {
        run.findings.extend(validate(value).into_iter().map(|issue| finding(issue, &source, &shown)));
    }
    if !run.findings.is_empty() {
        run.sources.insert(shown, source);
    }
    value
}

/// An issue as a finding at its place in the YAML.
pub(super) fn finding(issue: Issue, source: &str, file: &str) -> Diagnostic {
    let finding = Diagnostic::new(issue.id, Severity::Error, file, issue.message).help(issue.help);
    match place::find(source, &issue.place) {
        Some(span) => finding.at(span, "here"),
        None => finding,
    }
}
