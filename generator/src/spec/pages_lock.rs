//! `pages.lock`: which page of the web each kept file is, and how to ask whether it has changed. It is checked in: a
//! fresh clone then asks for what changed alone, and readers see where a page came from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Severity};
use crate::page::Span;
use crate::project::page_name_fault;

/// The file's name, in the folder of the service's specs.
pub(crate) const FILE: &str = "pages.lock";
#[cfg(any(feature = "fetch", test))]
const HEAD: &str = "# Which page of the web each file under `pages` is. Written by `docsdk update`; check it in.\n";
const VERSION: u32 = 1;

/// What a host gave to ask by whether a page has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Validators {
    /// Its `ETag`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) etag: Option<String>,
    /// Its `Last-Modified`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last_modified: Option<String>,
}

#[cfg(any(feature = "fetch", test))]
impl Validators {
    pub(crate) fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}

/// A page that was fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LockedPage {
    /// Where it stands, as the manifest or an index says.
    pub(crate) url: String,
    /// The file under `pages`; none where an index lists it and it holds nothing of the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<String>,
    /// SHA-256 of its bytes as kept.
    pub(crate) sha256: String,
    /// What to ask by.
    #[serde(flatten)]
    pub(crate) validators: Validators,
}

/// A whole lock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PagesLock {
    /// The pages by their URLs.
    pub(crate) pages: BTreeMap<String, LockedPage>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    #[serde(default, rename = "page")]
    pages: Vec<LockedPage>,
}

impl PagesLock {
    /// Reads a lock.
    ///
    /// # Errors
    /// A finding where it is not as docsdk writes it.
    pub(crate) fn read(source: &str, file: &str) -> Result<Self, Box<Diagnostic>> {
        let broken = |message: &str, span: Option<std::ops::Range<usize>>| {
            let message = format!("is not as docsdk writes it: {message}");
            let finding = Diagnostic::new("pages-lock", Severity::Error, file, message);
            let finding =
                finding.help("take it back from version control, or remove it: all pages are then fetched anew");
            Box::new(match span {
                Some(span) => finding.at(Span::new(span), "here"),
                None => finding,
            })
        };
        let stored: Stored = toml::from_str(source).map_err(|error| {
            let line = error.message().lines().next().unwrap_or_default();
            broken(line.trim_end_matches('.'), error.span())
        })?;
        if stored.version != VERSION {
            return Err(broken(&format!("version {}", stored.version), None));
        }
        let mut lock = Self::default();
        for page in stored.pages {
            if page.file.as_deref().is_some_and(|file| page_name_fault(file).is_some()) {
                return Err(broken("a page's `file` is no name of a page", None));
            }
            lock.pages.insert(page.url.clone(), page);
        }
        Ok(lock)
    }

    #[cfg(any(feature = "fetch", test))]
    /// Writes a lock: the same bytes for the same pages.
    pub(crate) fn write(&self) -> String {
        let mut pages: Vec<LockedPage> = self.pages.values().cloned().collect();
        // By file, as the folder shows them; what is kept in none comes last.
        pages.sort_by(|a, b| (a.file.is_none(), &a.file, &a.url).cmp(&(b.file.is_none(), &b.file, &b.url)));
        let text = toml::to_string(&Stored { version: VERSION, pages }).unwrap_or_default();
        format!("{HEAD}{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_as_it_was_written() {
        let page = |url: &str, file: Option<&str>| LockedPage {
            url: url.to_owned(),
            file: file.map(str::to_owned),
            sha256: "0".repeat(64),
            validators: Validators { etag: Some("W/\"a\\b\"".to_owned()), last_modified: None },
        };
        let mut lock = PagesLock::default();
        for page in [page("https://b/", Some("b.html")), page("https://a/", None), page("https://c/", Some("a.md"))] {
            lock.pages.insert(page.url.clone(), page);
        }
        let text = lock.write();
        assert_eq!(PagesLock::read(&text, "pages.lock").unwrap(), lock);
        assert!(text.find("a.md") < text.find("b.html") && text.find("b.html") < text.find("https://a/"), "{text}");
    }

    #[test]
    fn says_what_is_wrong() {
        let fails = |source: &str, part: &str| {
            let finding = PagesLock::read(source, "pages.lock").unwrap_err();
            assert!(finding.message.contains(part), "{}", finding.message);
        };
        fails("version = 2\n", "version 2");
        fails("<<<<<<< ours\n", "not as docsdk writes it");
        fails("version = 1\n[[page]]\nurl = \"x\"\nsha256 = \"\"\nfile = \"../x.md\"\n", "no name of a page");
    }
}
