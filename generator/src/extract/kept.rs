//! What a cache keeps of each page: what it taught, and what it yielded.

use std::sync::OnceLock;

use sha2::{Digest as _, Sha256};

use super::asked::{Oracle, Question};
use super::lessons::PageLessons;
use super::page::PageResult;
use super::pages::Pages;
use super::provider::Provider;
use super::stored_page::StoredPage;
use crate::cache::{Cache, Kind};

/// The pages of a run, and the cache that knows some of them.
pub(crate) struct Kept<'p> {
    pub(super) pages: &'p dyn Pages,
    cache: &'p Cache,
    /// What a page's entries depend on besides the page.
    conventions: [u8; 32],
    keys: Vec<OnceLock<Option<[u8; 32]>>>,
}

impl<'p> Kept<'p> {
    pub(crate) fn new(pages: &'p dyn Pages, provider: &Provider, cache: &'p Cache) -> Self {
        let mut conventions = Sha256::new();
        conventions.update(provider.fingerprint());
        conventions.update(provider.language());
        let keys = (0..pages.count()).map(|_| OnceLock::new()).collect();
        Self { pages, cache, conventions: conventions.finalize().into(), keys }
    }

    /// A hash of a page, of its path, which findings and names come from, and of what it is read by.
    pub(crate) fn key(&self, number: usize) -> Option<[u8; 32]> {
        *self.keys.get(number)?.get_or_init(|| {
            let (path, text) = self.pages.page(number)?;
            let mut key = Sha256::new();
            key.update(self.conventions);
            key.update(path.len().to_le_bytes());
            key.update(path);
            key.update(text);
            Some(key.finalize().into())
        })
    }

    /// What a page teaches.
    pub(crate) fn lessons(&self, number: usize) -> Option<PageLessons> {
        let bytes = self.cache.get(Kind::Lessons, self.key(number)?)?;
        rmp_serde::from_slice(&bytes).ok()
    }

    pub(crate) fn keep_lessons(&self, number: usize, lessons: &PageLessons) {
        if let (Some(key), Ok(bytes)) = (self.key(number), rmp_serde::to_vec_named(lessons)) {
            self.cache.put(Kind::Lessons, key, &bytes);
        }
    }

    /// What a page yields, if the others would still tell it the same.
    pub(crate) fn page(&self, number: usize, oracle: &Oracle<'_>) -> Option<PageResult> {
        let (path, key) = (self.pages.path(number)?, self.key(number)?);
        let bytes = self.cache.get(Kind::Page, key)?;
        let stored: StoredPage = rmp_serde::from_slice(&bytes).ok()?;
        if oracle.answers(&stored.questions, number) != stored.answers {
            return None;
        }
        self.cache.count_known();
        Some(stored.into_result(path))
    }

    pub(crate) fn keep_page(&self, number: usize, questions: Vec<Question>, oracle: &Oracle<'_>, result: &PageResult) {
        let answers = oracle.answers(&questions, number);
        let Some((path, key)) = self.pages.path(number).zip(self.key(number)) else { return };
        if let Ok(bytes) = rmp_serde::to_vec_named(&StoredPage::new(questions, answers, path, result)) {
            self.cache.put(Kind::Page, key, &bytes);
        }
    }
}
