//! The pages of a run: read already, or whenever they are needed.

use super::kept::Kept;
use crate::page::{self, Document};

/// Pages that [`super::extract_pages`] reads when it needs them, each more than once: a run then holds no more of them
/// than it is working on.
pub trait Pages: Sync {
    /// How many pages there are.
    fn count(&self) -> usize;

    /// The path and the text of a page, by its number: the same whenever it is asked for; none where it can't be read.
    fn page(&self, number: usize) -> Option<(&str, String)>;

    /// The path of a page, by its number.
    fn path(&self, number: usize) -> Option<&str>;
}

/// The documents of a run, by their numbers.
pub(crate) trait Documents: Sync {
    /// How many there are.
    fn count(&self) -> usize;

    /// Looks at one; at none where it can't be read.
    fn with<T>(&self, number: usize, look: impl FnOnce(&Document<'_>) -> T) -> Option<T>;

    /// What earlier runs kept of the pages, if anything is kept.
    fn kept(&self) -> Option<&Kept<'_>> {
        None
    }
}

impl Documents for [Document<'_>] {
    fn count(&self) -> usize {
        self.len()
    }

    fn with<T>(&self, number: usize, look: impl FnOnce(&Document<'_>) -> T) -> Option<T> {
        self.get(number).map(look)
    }
}

/// Documents made of pages each time that they are looked at.
pub(crate) struct Passing<'p, P: ?Sized>(pub(crate) &'p P);

impl<P: Pages + ?Sized> Documents for Passing<'_, P> {
    fn count(&self) -> usize {
        self.0.count()
    }

    fn with<T>(&self, number: usize, look: impl FnOnce(&Document<'_>) -> T) -> Option<T> {
        let (path, text) = self.0.page(number)?;
        Some(look(&page::read(path, &text)))
    }
}

/// Pages of which earlier runs kept what they taught and yielded.
pub(crate) struct Remembered<'p>(pub(crate) Kept<'p>);

impl Documents for Remembered<'_> {
    fn count(&self) -> usize {
        self.0.pages.count()
    }

    fn with<T>(&self, number: usize, look: impl FnOnce(&Document<'_>) -> T) -> Option<T> {
        Passing(self.0.pages).with(number, look)
    }

    fn kept(&self) -> Option<&Kept<'_>> {
        Some(&self.0)
    }
}
