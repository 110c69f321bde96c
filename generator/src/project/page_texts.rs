//! The texts of a service's pages, read each time that they are needed: no more of them are held than are worked on.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::pages::{self, PageFile};
use crate::diagnostic::{Diagnostic, Severity};
use crate::extract::Pages;
use crate::page;
use crate::spec::lock::LockedPage;

/// The texts of a service's pages.
pub(super) struct PageTexts<'a> {
    files: &'a [PageFile],
    /// What the first reading of each page told.
    first: Vec<OnceLock<Result<First, Box<Diagnostic>>>>,
    /// Pages that a later reading found other than the first.
    changed: Mutex<BTreeMap<usize, Diagnostic>>,
    on_page: &'a (dyn Fn() + Sync),
}

/// What the first reading of a page told.
struct First {
    sha256: String,
    finding: Option<Diagnostic>,
}

impl<'a> PageTexts<'a> {
    /// The texts of some files; `on_page` is called as each was read for the first time.
    pub(super) fn new(files: &'a [PageFile], on_page: &'a (dyn Fn() + Sync)) -> Self {
        let first = files.iter().map(|_| OnceLock::new()).collect();
        Self { files, first, changed: Mutex::default(), on_page }
    }

    /// The text of a page, if it can be read and is what it was at first.
    pub(super) fn text(&self, number: usize) -> Option<String> {
        let (file, first) = (self.files.get(number)?, self.first.get(number)?);
        let mut fresh = None;
        let known = first.get_or_init(|| {
            let read = load(file).map(|(first, text)| {
                fresh = Some(text);
                first
            });
            (self.on_page)();
            read
        });
        let known = known.as_ref().ok()?;
        if fresh.is_some() {
            return fresh;
        }
        match load(file) {
            Ok((now, text)) if now.sha256 == known.sha256 => Some(text),
            _ => {
                let message = format!("`{}` was changed while it was being read", file.shown);
                let finding = Diagnostic::new("page-changed", Severity::Error, &file.shown, message);
                let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
                changed.insert(number, finding.help("run the command again once nothing writes to the pages"));
                None
            }
        }
    }

    /// What was found as pages were read for the first time, in their order.
    pub(super) fn findings(&self) -> impl Iterator<Item = Diagnostic> {
        let read = self.first.iter().filter_map(OnceLock::get);
        read.filter_map(|first| match first {
            Ok(first) => first.finding.clone(),
            Err(finding) => Some((**finding).clone()),
        })
    }

    /// Which pages were found changed since, in their order.
    pub(super) fn changes(&self) -> Vec<Diagnostic> {
        let changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        changed.values().cloned().collect()
    }

    /// The pages that could be read: their numbers, the paths that facts call them by, and what the lock says of them.
    pub(super) fn read(&self) -> impl Iterator<Item = (usize, &str, LockedPage)> {
        self.files.iter().zip(&self.first).enumerate().filter_map(|(number, (file, first))| {
            let sha256 = first.get()?.as_ref().ok()?.sha256.clone();
            Some((number, file.shown.as_str(), LockedPage { name: file.name.clone(), sha256 }))
        })
    }
}

impl Pages for PageTexts<'_> {
    fn count(&self) -> usize {
        self.files.len()
    }

    fn page(&self, number: usize) -> Option<(&str, String)> {
        Some((self.files.get(number)?.shown.as_str(), self.text(number)?))
    }

    fn path(&self, number: usize) -> Option<&str> {
        Some(self.files.get(number)?.shown.as_str())
    }
}

fn load(file: &PageFile) -> Result<(First, String), Box<Diagnostic>> {
    let bytes = pages::bytes(file)?;
    let sha256 = pages::hash(&bytes);
    let (text, finding) = page::decode(&file.shown, bytes)?;
    Ok((First { sha256, finding }, text))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_page_that_changes_meanwhile_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let files: Vec<PageFile> = ["a.md", "b.md", "c.md"]
            .map(|name| PageFile { name: name.into(), shown: name.into(), path: folder.path().join(name) })
            .into();
        fs::write(&files[0].path, "# A\n").unwrap();
        fs::write(&files[1].path, "# B\n").unwrap();
        let count = AtomicUsize::new(0);
        let on_page = || {
            count.fetch_add(1, Ordering::Relaxed);
        };
        let texts = PageTexts::new(&files, &on_page);
        let read = |number| texts.text(number);
        assert_eq!([read(0), read(1), read(2)], [Some("# A\n".to_owned()), Some("# B\n".to_owned()), None]);
        fs::write(&files[1].path, "# C\n").unwrap();
        fs::write(&files[2].path, "# late\n").unwrap();
        assert_eq!([read(0), read(1), read(2)], [Some("# A\n".to_owned()), None, None]);
        assert_eq!(count.load(Ordering::Relaxed), 3, "each page is counted once");
        assert_eq!(texts.findings().map(|finding| finding.id).collect::<Vec<_>>(), ["page-read"]);
        let changes = texts.changes();
        assert_eq!(changes.iter().map(|c| (c.id, c.file.as_str())).collect::<Vec<_>>(), [("page-changed", "b.md")]);
        assert_eq!(texts.read().map(|(_, shown, _)| shown).collect::<Vec<_>>(), ["a.md", "b.md"]);
    }
}
