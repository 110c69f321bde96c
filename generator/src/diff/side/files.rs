//! The files of a side, as bytes, from wherever they are.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::{SideError, archive};
use crate::files::Plan;
use crate::openapi;
use crate::project::is_page;

/// Folders of services may be nested this deep below the folder that was named.
const DEEPEST: usize = 4;
/// No spec of an operation comes near; a larger file is not one.
pub(super) const LARGEST_FILE: u64 = 16 << 20;

/// Which files of a revision make a side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pick {
    /// Specs, and what belongs to them.
    Specs,
    /// Pages.
    Pages,
    /// What may be OpenAPI documents and parts of them.
    Documents,
}

impl Pick {
    pub(super) fn takes(self, relative: &str) -> bool {
        let hidden = relative.split('/').any(|part| part.starts_with('.'));
        match self {
            Self::Specs => Files::is_spec(relative) && !hidden && !relative.split('/').any(|part| part == "pages"),
            Self::Pages => !hidden && is_page(Path::new(relative)),
            Self::Documents => {
                let ending = Path::new(relative).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
                !hidden && ["yaml", "yml", "json"].iter().any(|known| ending.eq_ignore_ascii_case(known))
            }
        }
    }
}

/// The files that specs consist of, by path relative to the side's root, with `/` on every system.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// How the person named the side.
    pub label: String,
    /// The name of the root folder, the service's where it has none of its own.
    pub root: String,
    /// Contents by relative path.
    pub contents: BTreeMap<String, Vec<u8>>,
    /// What to put before a relative path to reach the file; empty where there is no such path.
    pub base: String,
    /// The git revision that the files are of, as it was named.
    pub revision: Option<String>,
    /// Whether the specs were made of pages just now, and lie in no file.
    pub from_pages: bool,
    /// What reading the side has to say.
    pub notes: Vec<String>,
    /// Whether the side is the file of one operation, and its `service.yaml` is there only to be read by.
    pub single: bool,
}

impl Files {
    /// Reads a folder of services, the folder of one service, or one file; what does not exist gives an empty side.
    ///
    /// # Errors
    ///
    /// When a folder or file cannot be read, or is far too large for a spec.
    pub fn read(path: &Path) -> Result<Self, SideError> {
        let label = path.display().to_string();
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self { label, ..Self::default() }),
            Err(error) => return Err(SideError::new(label, format!("cannot be read: {error}"))),
        };
        if metadata.is_file() && archive::is_archive(path) {
            return archive::read(path, label);
        }
        if metadata.is_file() {
            return Self::read_file(path, label);
        }
        let mut found = Vec::new();
        find(path, "", 0, &mut found)?;
        let contents: Result<BTreeMap<_, _>, _> =
            found.into_par_iter().map(|(relative, path)| Ok((relative, read(&path)?))).collect();
        // `.` and the like have no name of their own.
        let root = fs::canonicalize(path).ok();
        let root = root.as_deref().unwrap_or(path).file_name().map(|name| name.to_string_lossy().into_owned());
        let base = label.trim_end_matches('/').to_owned();
        Ok(Self { label, root: root.unwrap_or_default(), contents: contents?, base, ..Self::default() })
    }

    /// One operation's file; the service.yaml beside its folder comes along for the protocol's sake.
    fn read_file(path: &Path, label: String) -> Result<Self, SideError> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let folder = path.parent().unwrap_or(Path::new(""));
        if name == "service.yaml" {
            let contents = BTreeMap::from([(name, read(path)?)]);
            let root = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            return Ok(Self { label, root, contents, base: folder.display().to_string(), ..Self::default() });
        }
        let bytes = read(path)?;
        if let Err(message) = super::operation(&bytes) {
            let document = std::str::from_utf8(&bytes).is_ok_and(openapi::is_document);
            let message = if document {
                "is an OpenAPI document: compare it with another as OLD NEW, or with a revision by `--against`"
                    .to_owned()
            } else {
                format!("{message}; a side is a folder, an archive, the spec of an operation or an OpenAPI document")
            };
            return Err(SideError::new(label, message));
        }
        let mut contents = BTreeMap::from([(format!("operations/{name}"), bytes)]);
        let service = folder.parent().filter(|_| folder.file_name().is_some_and(|name| name == "operations"));
        let service = service.map(|service| fs::canonicalize(service).unwrap_or_else(|_| service.to_owned()));
        let mut root = String::new();
        if let Some(service) = service {
            root = service.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if let Ok(bytes) = read(&service.join("service.yaml")) {
                contents.insert("service.yaml".to_owned(), bytes);
            }
        }
        Ok(Self { label, root, contents, single: true, ..Self::default() })
    }

    /// Reads the folder of a service as it will be once a plan is carried out.
    ///
    /// # Errors
    ///
    /// As for [`Files::read`].
    pub fn planned(folder: &Path, plan: &Plan) -> Result<Self, SideError> {
        let mut files = Self::read(folder)?;
        if files.root.is_empty() {
            files.root = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            files.base = files.label.trim_end_matches('/').to_owned();
        }
        let relative = |path: &PathBuf| {
            let below = path.strip_prefix(folder).ok()?.to_string_lossy().replace('\\', "/");
            Self::is_spec(&below).then_some(below)
        };
        for path in &plan.stale {
            relative(path).map(|below| files.contents.remove(&below));
        }
        for (path, contents) in &plan.files {
            relative(path).map(|below| files.contents.insert(below, contents.clone()));
        }
        Ok(files)
    }

    /// Reads what `--against` names, seen from the folder it is held against: a git revision of the same folder
    /// (`main`, `v1.4.0`), of another (`main:other/specs`), of another repository (`.git#tag=v1,subdir=specs`), or a
    /// folder.
    ///
    /// # Errors
    ///
    /// When there is no such revision, repository or folder; the message says what to do.
    pub fn against(what: &str, folder: &Path) -> Result<Self, SideError> {
        super::against(what, folder, Pick::Specs)
    }

    /// Reads the pages, as they are, that a git revision has where a folder of pages is now; `what` is as for
    /// [`Files::against`].
    ///
    /// # Errors
    ///
    /// As for [`Files::against`].
    pub fn pages_against(what: &str, folder: &Path) -> Result<Self, SideError> {
        super::against(what, folder, Pick::Pages)
    }

    /// Reads the documents, as they are, that a git revision has in a folder; `what` is as for [`Files::against`].
    ///
    /// # Errors
    ///
    /// As for [`Files::against`].
    pub fn documents_against(what: &str, folder: &Path) -> Result<Self, SideError> {
        super::against(what, folder, Pick::Documents)
    }

    /// Reads the newest git revision in which a folder differs from this side.
    ///
    /// # Errors
    ///
    /// When there is none, or the repository cannot be read.
    pub fn last_change(&self, folder: &Path) -> Result<Self, SideError> {
        super::last_change(folder, self)
    }

    /// Reads the states of a folder in its last `count` git revisions, oldest first, after the state before them.
    ///
    /// # Errors
    ///
    /// When there are none, or the repository cannot be read.
    pub fn history(folder: &Path, count: usize) -> Result<Vec<Self>, SideError> {
        super::history(folder, count)
    }

    /// Whether there is nothing to compare.
    pub fn is_empty(&self) -> bool {
        self.contents.is_empty()
    }

    /// Whether a file with this relative path belongs to a spec.
    pub(crate) fn is_spec(relative: &str) -> bool {
        let mut parts = relative.rsplit('/');
        let name = parts.next().unwrap_or_default();
        let folder = parts.next();
        let yaml = Path::new(name).extension().is_some_and(|end| end == "yaml" || end == "yml");
        (folder == Some("operations") && yaml) || matches!(name, "service.yaml" | "overlay.yaml" | "sources.lock")
    }

    /// What is wrong with a file of the side, at its place: of a revision, with that.
    pub(crate) fn fault(&self, relative: &str, message: String) -> SideError {
        let file = self.display(relative);
        match &self.revision {
            Some(revision) => {
                let message = format!("{message}; it cannot be compared as it was then: name another revision");
                SideError::new(format!("{revision}:{file}"), message)
            }
            None => SideError::new(file, message),
        }
    }

    /// The path of a file for people and for annotations.
    pub(crate) fn display(&self, relative: &str) -> String {
        match self.base.as_str() {
            "" if self.single => self.label.clone(),
            "" | "." => relative.to_owned(),
            base => format!("{base}/{relative}"),
        }
    }
}

fn find(folder: &Path, relative: &str, depth: usize, found: &mut Vec<(String, PathBuf)>) -> Result<(), SideError> {
    let broken = |error: io::Error| SideError::new(folder.display().to_string(), format!("cannot be read: {error}"));
    for entry in fs::read_dir(folder).map_err(broken)? {
        let entry = entry.map_err(broken)?;
        // Names that are not UTF-8 are none that docsdk writes.
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = entry.path();
        let below = if relative.is_empty() { name.clone() } else { format!("{relative}/{name}") };
        let kind = entry.file_type().map_err(broken)?;
        let folder = kind.is_dir() || (kind.is_symlink() && path.is_dir());
        if folder {
            if depth < DEEPEST && !name.starts_with('.') && name != "pages" {
                find(&path, &below, depth + 1, found)?;
            }
        } else if depth == 0 && folder_is_operations(&path) {
            // The folder `operations` was named itself.
            let below = format!("operations/{below}");
            found.extend(Files::is_spec(&below).then_some((below, path)));
        } else if Files::is_spec(&below) {
            found.push((below, path));
        }
    }
    Ok(())
}

/// Whether a file stands in a folder named `operations`, which then was named itself.
fn folder_is_operations(path: &Path) -> bool {
    path.parent().and_then(Path::file_name).is_some_and(|name| name == "operations")
}

fn read(path: &Path) -> Result<Vec<u8>, SideError> {
    let place = || path.display().to_string();
    let broken = |error: io::Error| SideError::new(place(), format!("cannot be read: {error}"));
    if fs::metadata(path).map_err(broken)?.len() > LARGEST_FILE {
        return Err(SideError::new(place(), "is larger than 16 MiB, which no spec is"));
    }
    fs::read(path).map_err(broken)
}
