//! All pages of a service, asked for host by host, as far as a run before has not done so.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::PoisonError;

use futures_util::future::join_all;
use url::Url;

use super::clock::Clock;
use super::content;
use super::fetch::{Answer, Fetched, Fetcher, host};
use super::staging::{Staged, StagedPage, Staging};
use super::transport::Failure;
use super::wanted::{self, Wanted};
use crate::project::hash;
use crate::spec::pages_lock::{LockedPage, PagesLock, Validators};

/// So many pages of a host that fail one after another mean that it is down.
const SILENT_AFTER: usize = 3;

/// A page and what became of it.
#[derive(Debug)]
pub(crate) struct Gathered {
    pub(crate) wanted: Wanted,
    /// What the lock says of it.
    pub(crate) locked: Option<LockedPage>,
    /// The file that it is kept as; its ending is that of what was served where it is new.
    pub(crate) file: String,
    pub(crate) outcome: Outcome,
}

/// What became of a page.
#[derive(Debug)]
pub(crate) enum Outcome {
    Unchanged,
    Gone(u16),
    Page(StagedPage),
    Failed(Failure),
}

/// What pages are gathered with.
#[derive(Clone, Copy)]
pub(crate) struct Gathering<'a> {
    pub(crate) fetcher: &'a Fetcher,
    pub(crate) staging: &'a Staging,
    pub(crate) clock: &'a dyn Clock,
    /// The folder of the pages at hand.
    pub(crate) pages: &'a Path,
    /// Told of each page that is done, by its URL.
    pub(crate) on_page: &'a (dyn Fn(&str) + Sync),
}

impl Gathering<'_> {
    /// Asks for pages; those of one host one after another, hosts side by side. In the pages' order; and how many a run
    /// before had asked for already.
    pub(crate) async fn gather(self, pages: Vec<Wanted>, lock: &PagesLock) -> (Vec<Gathered>, usize) {
        let locked = |page: &Wanted| lock.pages.get(page.url.as_str());
        let kept = |page: &Wanted| {
            let file = locked(page)?.file.clone()?;
            // A page that the manifest gives another name is a new one.
            page.file.is_none().then(|| (page.url.clone(), file))
        };
        let kept: BTreeMap<Url, String> = pages.iter().filter_map(kept).collect();
        let stems = wanted::stems(&pages, &kept);
        let mut hosts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (number, page) in pages.iter().enumerate() {
            hosts.entry(host(&page.url)).or_default().push(number);
        }
        let outcomes: Mutex<BTreeMap<usize, Outcome>> = Mutex::default();
        let resumed: Mutex<usize> = Mutex::default();
        let ask = async |host: &str, numbers: &[usize]| {
            let mut silent = 0;
            for number in numbers {
                let Some(page) = pages.get(*number) else { continue };
                let known = self.known(locked(page), page.file.as_deref());
                let before = self.staging.done(page.url.as_str(), &known);
                let outcome = if let Some(staged) = before {
                    *resumed.lock().unwrap_or_else(PoisonError::into_inner) += 1;
                    taken(staged)
                } else if silent >= SILENT_AFTER {
                    let message = format!("was not asked for: `{host}` failed {SILENT_AFTER} times in a row");
                    Outcome::Failed(Failure { id: "page-not-fetched", message, help: "run again later" })
                } else {
                    self.ask(page, &known).await
                };
                let failed = matches!(&outcome, Outcome::Failed(failure) if failure.id == "page-not-fetched");
                silent = if failed { silent + 1 } else { 0 };
                outcomes.lock().unwrap_or_else(PoisonError::into_inner).insert(*number, outcome);
                (self.on_page)(page.url.as_str());
            }
        };
        join_all(hosts.iter().map(|(host, numbers)| ask(host, numbers))).await;
        let mut outcomes = outcomes.into_inner().unwrap_or_else(PoisonError::into_inner);
        let gathered = pages.iter().enumerate().filter_map(|(number, page)| {
            let outcome = outcomes.remove(&number)?;
            let locked = locked(page).cloned();
            let file = page.file.clone().or_else(|| kept.get(&page.url).cloned()).unwrap_or_else(|| {
                let stem = stems.get(&page.url).map_or("page", String::as_str);
                let served = match &outcome {
                    Outcome::Page(page) => page.content_type.as_deref(),
                    _ => None,
                };
                format!("{stem}.{}", super::file_name::ending_of(&page.url, served))
            });
            Some(Gathered { wanted: page.clone(), locked, file, outcome })
        });
        let gathered = gathered.collect();
        (gathered, resumed.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// What to ask by: nothing, where the page at hand is not the one that was fetched.
    fn known(self, locked: Option<&LockedPage>, named: Option<&str>) -> Validators {
        let Some(locked) = locked else { return Validators::default() };
        let same = match &locked.file {
            Some(file) => {
                named.is_none_or(|named| named == file)
                    && fs::read(self.pages.join(file)).is_ok_and(|bytes| hash(&bytes) == locked.sha256)
            }
            None => named.is_none(),
        };
        if same { locked.validators.clone() } else { Validators::default() }
    }

    async fn ask(self, page: &Wanted, known: &Validators) -> Outcome {
        let staged = match self.fetcher.fetch(&page.url, known).await {
            Answer::Unchanged => Staged::Unchanged,
            Answer::Gone(status) => Staged::Gone(status),
            Answer::Failed(failure) => return Outcome::Failed(failure),
            Answer::Page(fetched) => match self.stage(*fetched) {
                Ok(page) => Staged::Page(page),
                Err(error) => return unwritten(&error),
            },
        };
        match self.staging.note(page.url.as_str(), known, &staged, self.clock.date()) {
            Ok(()) => taken(staged),
            Err(error) => unwritten(&error),
        }
    }

    fn stage(self, fetched: Fetched) -> std::io::Result<StagedPage> {
        let Fetched { url, moved, bytes, content_type, validators } = fetched;
        let sha256 = self.staging.keep(&content::kept(bytes, content_type.as_deref()))?;
        Ok(StagedPage { sha256, url: url.to_string(), moved, content_type, validators })
    }
}

fn taken(staged: Staged) -> Outcome {
    match staged {
        Staged::Unchanged => Outcome::Unchanged,
        Staged::Gone(status) => Outcome::Gone(status),
        Staged::Page(page) => Outcome::Page(page),
    }
}

fn unwritten(error: &std::io::Error) -> Outcome {
    let message = format!("was fetched, but can't be kept: {error}");
    let help = "make room on the disk, or give yourself the right to write `.docsdk-cache`";
    Outcome::Failed(Failure { id: "file-write", message, help })
}
