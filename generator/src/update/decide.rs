//! Which of the pages that were fetched replace those at hand.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use globset::{Glob, GlobMatcher};

use super::gather::{Gathered, Outcome};
use super::harvest::Harvest;
use super::judge::{Judgement, judge, mass_removal};
use super::outcome::{PageState, PageUpdate};
use super::staging::{StagedPage, Staging};
use crate::diagnostic::{Diagnostic, Severity};
use crate::extract::Provider;
use crate::files;
use crate::project::hash;
use crate::spec::pages_lock::{LockedPage, PagesLock};

/// What people accept that is refused otherwise.
#[derive(Clone, Debug, Default)]
pub(crate) struct Accepted {
    pages: Vec<(String, Option<GlobMatcher>)>,
    pub(crate) removals: bool,
}

impl Accepted {
    pub(crate) fn new(pages: &[String], removals: bool) -> Self {
        let matcher = |page: &String| Glob::new(page).ok().map(|glob| glob.compile_matcher());
        Self { pages: pages.iter().map(|page| (page.clone(), matcher(page))).collect(), removals }
    }

    pub(crate) fn page(&self, url: &str, file: &str) -> bool {
        self.pages.iter().any(|(name, glob)| name == url || glob.as_ref().is_some_and(|glob| glob.is_match(file)))
    }
}

/// What pages are judged by.
#[derive(Clone, Copy)]
pub(crate) struct Bench<'a> {
    /// None where no page has to be judged.
    pub(crate) provider: Option<&'a Provider>,
    pub(crate) staging: &'a Staging,
    /// The folder of the pages at hand.
    pub(crate) pages: &'a Path,
    /// The service's operations, as its specs have them.
    pub(crate) operations: &'a BTreeSet<String>,
    pub(crate) accepted: &'a Accepted,
}

/// What is to become of the pages at hand.
#[derive(Debug, Default)]
pub(crate) struct Decision {
    /// What to show of each.
    pub(crate) rows: Vec<PageUpdate>,
    /// Pages to be written: their files, and where their bytes lie.
    pub(crate) taken: BTreeMap<String, PathBuf>,
    /// Files of pages to be removed.
    pub(crate) removed: BTreeSet<String>,
    /// The lock afterwards.
    pub(crate) lock: PagesLock,
    pub(crate) findings: Vec<Diagnostic>,
    /// Whether so much is gone that nothing may be done.
    pub(crate) refused: bool,
}

impl Decision {
    fn row(&mut self, page: &Gathered, state: PageState, reason: Option<String>) {
        let file = (state != PageState::Empty).then(|| page.file.clone());
        self.rows.push(PageUpdate { url: page.wanted.url.to_string(), file, state, reason });
    }

    fn find(&mut self, id: &'static str, page: &Gathered, severity: Severity, message: &str, help: &str) {
        let finding = Diagnostic::new(id, severity, page.wanted.url.as_str(), message);
        self.findings.push(finding.help(help));
    }
}

impl Bench<'_> {
    /// Judges pages. `listed` says whether all indexes could be read: only then is a page that none lists gone.
    pub(crate) fn decide(self, pages: &[Gathered], lock: &PagesLock, listed: bool) -> Decision {
        let mut decision = Decision { lock: lock.clone(), ..Decision::default() };
        let mut gone = Vec::new();
        let mut held = 0;
        for page in pages {
            let at_hand = self.at_hand(page);
            held += usize::from(at_hand.is_some());
            match &page.outcome {
                Outcome::Unchanged => {
                    let kept = page.locked.as_ref().is_none_or(|locked| locked.file.is_some());
                    decision.row(page, if kept { PageState::Unchanged } else { PageState::Empty }, None);
                }
                Outcome::Gone(status) => match at_hand {
                    Some((file, _)) => gone.push((page.wanted.url.to_string(), file, format!("status {status}"))),
                    None => missing(page, *status, &mut decision),
                },
                Outcome::Failed(failure) => {
                    decision.find(failure.id, page, Severity::Error, &failure.message, failure.help);
                    decision.row(page, PageState::Failed, Some(failure.message.clone()));
                }
                Outcome::Page(staged) => self.weigh(page, staged, at_hand, &mut decision),
            }
        }
        if listed {
            let wanted: BTreeSet<&str> = pages.iter().map(|page| page.wanted.url.as_str()).collect();
            let unlisted = lock.pages.values().filter(|page| !wanted.contains(page.url.as_str()));
            for page in unlisted {
                match &page.file {
                    Some(file) if self.pages.join(file).exists() => {
                        held += 1;
                        gone.push((page.url.clone(), file.clone(), "nothing lists it any longer".to_owned()));
                    }
                    _ => drop(decision.lock.pages.remove(&page.url)),
                }
            }
        }
        self.remove(gone, held, &mut decision);
        decision.rows.sort_by(|a, b| (a.file.is_none(), &a.file, &a.url).cmp(&(b.file.is_none(), &b.file, &b.url)));
        decision
    }

    /// The page at hand: its file and its bytes.
    fn at_hand(self, page: &Gathered) -> Option<(String, Vec<u8>)> {
        let locked = page.locked.as_ref().and_then(|locked| locked.file.clone());
        let files = locked.into_iter().chain([page.file.clone()]);
        files.into_iter().find_map(|file| fs::read(self.pages.join(&file)).ok().map(|bytes| (file, bytes)))
    }

    /// Judges a page that was fetched.
    fn weigh(self, page: &Gathered, staged: &StagedPage, at_hand: Option<(String, Vec<u8>)>, decision: &mut Decision) {
        if staged.moved {
            let message = format!("has moved to {} for good", staged.url);
            let help = "write the new URL into the manifest";
            decision.find("page-moved", page, Severity::Advice, &message, help);
        }
        let url = page.wanted.url.as_str();
        let accepted = self.accepted.page(url, &page.file);
        let old_file = at_hand.as_ref().map(|(file, _)| file.clone());
        let judgement = match self.judgement(page, staged, at_hand.as_ref()) {
            Judgement::Keep(_) if accepted => Judgement::Take,
            // What the manifest names itself is wanted, whatever it holds: other pages may refer to it.
            Judgement::Nothing if accepted || !page.wanted.listed => Judgement::Take,
            judgement => judgement,
        };
        let entry = |file: Option<String>, sha256: &str| LockedPage {
            url: url.to_owned(),
            file,
            sha256: sha256.to_owned(),
            validators: staged.validators.clone(),
        };
        match judgement {
            Judgement::Keep(reason) => {
                let message = format!("is kept back: {reason}");
                let name = old_file.as_deref().unwrap_or(&page.file);
                let help = format!("look at it in a browser; `docsdk update --accept {name}` takes it anyway");
                decision.find("page-kept-back", page, Severity::Error, &message, &help);
                decision.row(page, PageState::KeptBack, Some(reason));
            }
            Judgement::Nothing => {
                let known = decision.lock.pages.get(url).is_some_and(|known| known.sha256 == staged.sha256);
                if !known {
                    decision.lock.pages.insert(url.to_owned(), entry(None, &staged.sha256));
                }
                decision.row(page, PageState::Empty, None);
            }
            Judgement::Same if old_file.as_ref() == Some(&page.file) => {
                if let Some((_, bytes)) = &at_hand
                    && !decision.lock.pages.contains_key(url)
                {
                    // The first time that a page is fetched which was saved by hand.
                    decision.lock.pages.insert(url.to_owned(), entry(Some(page.file.clone()), &hash(bytes)));
                }
                let identical = at_hand.is_some_and(|(_, bytes)| hash(&bytes) == staged.sha256);
                decision.row(page, if identical { PageState::Unchanged } else { PageState::Same }, None);
            }
            Judgement::Take | Judgement::Same => {
                decision.lock.pages.insert(url.to_owned(), entry(Some(page.file.clone()), &staged.sha256));
                decision.taken.insert(page.file.clone(), self.staging.path(&staged.sha256));
                let state = if old_file.is_some() { PageState::Changed } else { PageState::New };
                decision.removed.extend(old_file.filter(|old| *old != page.file));
                decision.row(page, state, None);
            }
        }
    }

    fn judgement(self, page: &Gathered, staged: &StagedPage, at_hand: Option<&(String, Vec<u8>)>) -> Judgement {
        let bytes = match fs::read(self.staging.path(&staged.sha256)) {
            Ok(bytes) => bytes,
            Err(error) => return Judgement::Keep(format!("what was fetched can't be read: {error}")),
        };
        if let (Some((file, bytes)), Some(locked)) = (at_hand, &page.locked)
            && locked.file.as_ref() == Some(file)
            && ![&locked.sha256, &staged.sha256].contains(&&hash(bytes))
        {
            return Judgement::Keep("the page at hand was edited after it was fetched, which is lost then".to_owned());
        }
        let Some(provider) = self.provider else { return Judgement::Nothing };
        let shown = files::display(&self.pages.join(&page.file));
        let new = match Harvest::of(&shown, bytes, provider) {
            Ok(new) => new,
            Err(finding) => return Judgement::Keep(finding.message),
        };
        // What can't be read at hand yields nothing that could be lost.
        let old = at_hand.and_then(|(file, bytes)| {
            Harvest::of(&files::display(&self.pages.join(file)), bytes.clone(), provider).ok()
        });
        let own = old.as_ref().and_then(|old| old.operation.as_ref()).map(|operation| &operation.operation);
        let others = self.operations.iter().filter(|name| Some(*name) != own).cloned().collect();
        judge(old.as_ref(), &new, &others)
    }

    /// Removes pages that are gone, unless they are suspiciously many.
    fn remove(self, gone: Vec<(String, String, String)>, held: usize, decision: &mut Decision) {
        let refused = mass_removal(gone.len(), held) && !self.accepted.removals;
        if refused {
            let message = format!("{} of {held} pages are gone at once", gone.len());
            let finding = Diagnostic::new("mass-removal", Severity::Error, files::display(self.pages), message);
            let remedy = "nothing of the service was changed; if they are gone for good, add `--accept-removals`";
            decision.findings.push(finding.help(remedy));
            decision.refused = true;
        }
        for (url, file, reason) in gone {
            decision.lock.pages.remove(&url);
            decision.rows.push(PageUpdate {
                url,
                file: Some(file.clone()),
                state: PageState::Gone,
                reason: Some(reason),
            });
            decision.removed.insert(file);
        }
    }
}

/// A page that is not there, and of which there is none at hand.
fn missing(page: &Gathered, status: u16, decision: &mut Decision) {
    decision.lock.pages.remove(page.wanted.url.as_str());
    let message = format!("was answered by status {status}, and there is no such page at hand");
    let help = if page.wanted.listed {
        "an index lists it: narrow the patterns of its `links`"
    } else {
        "take it out of the manifest, or mend its URL"
    };
    decision.find("page-gone", page, Severity::Error, &message, help);
    decision.row(page, PageState::Failed, Some(message));
}
