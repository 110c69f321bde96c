//! Lists that come in pages, as streams.
//!
//! A generated builder whose operation pages has `into_pages` and `into_items`. Both ask for a page when the one before
//! is used up, never ahead; dropping them ends it all. An error comes once and is the end. A service that leads in a
//! circle is an error too: it would never end.

mod pager;
mod position;

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

pub use futures_core::Stream;

use self::pager::Pager;
use crate::error::{ErrorKind, OperationError};
use crate::input::{Handle, Input};
use crate::record::{Record, Slot};
use crate::schema::{Operation, Paging, Shaped};

/// The pages of a list: the answers, one after the other.
#[must_use = "nothing is sent before it is asked for a page"]
pub struct Pages<O, K> {
    pager: Pager,
    types: PhantomData<fn() -> (O, K)>,
}

impl<O: Shaped, K: ErrorKind> Pages<O, K> {
    pub(crate) fn new(handle: Handle, operation: &'static Operation, paging: &'static Paging, input: Input) -> Self {
        Self { pager: Pager::new(handle, operation, paging, O::SHAPE, input), types: PhantomData }
    }

    /// The next page; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<O, OperationError<K>>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The pages one after the other on this thread, for code that is not asynchronous; see
    /// [`blocking::iter`](crate::blocking::iter).
    #[cfg(feature = "blocking")]
    pub fn blocking(self) -> impl Iterator<Item = Result<O, OperationError<K>>> {
        crate::blocking::iter(self)
    }
}

impl<O: Shaped, K: ErrorKind> Stream for Pages<O, K> {
    type Item = Result<O, OperationError<K>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.pager.poll_page(context).map(|page| page.map(|page| page.map(O::from_record).map_err(OperationError::new)))
    }
}

impl<O, K> fmt::Debug for Pages<O, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pages").field(&self.pager).finish()
    }
}

/// The items of a list, over all its pages.
#[must_use = "nothing is sent before it is asked for an item"]
pub struct Items<T, K> {
    pager: Pager,
    page: VecDeque<T>,
    types: PhantomData<fn() -> K>,
}

impl<T: Item, K: ErrorKind> Items<T, K> {
    pub(crate) fn new<O: Shaped>(
        handle: Handle,
        operation: &'static Operation,
        paging: &'static Paging,
        input: Input,
    ) -> Self {
        let pager = Pager::new(handle, operation, paging, O::SHAPE, input);
        Self { pager, page: VecDeque::new(), types: PhantomData }
    }

    /// The next item; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<T, OperationError<K>>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The items one after the other on this thread, for code that is not asynchronous; see
    /// [`blocking::iter`](crate::blocking::iter).
    #[cfg(feature = "blocking")]
    pub fn blocking(self) -> impl Iterator<Item = Result<T, OperationError<K>>> {
        crate::blocking::iter(self)
    }
}

impl<T, K> Unpin for Items<T, K> {}

impl<T: Item, K: ErrorKind> Stream for Items<T, K> {
    type Item = Result<T, OperationError<K>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.page.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            match self.pager.poll_page(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(OperationError::new(error)))),
                Poll::Ready(Some(Ok(mut page))) => {
                    let list = self.pager.take_list(&mut page);
                    self.page = T::from_list(List(list)).into();
                }
            }
        }
    }
}

impl<T, K> fmt::Debug for Items<T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pager", &self.pager).field("at_hand", &self.page.len()).finish()
    }
}

/// A list of an answer.
#[derive(Debug)]
pub struct List(Slot);

/// What lists that come in pages are made of: text, and generated answer types.
pub trait Item: Sized {
    /// The items of a list.
    fn from_list(list: List) -> Vec<Self>;
}

impl Item for String {
    fn from_list(list: List) -> Vec<Self> {
        match list.0 {
            Slot::Strings(texts) => texts,
            _ => Vec::new(),
        }
    }
}

impl<T: Shaped> Item for T {
    fn from_list(list: List) -> Vec<Self> {
        let fits = |record: &Record| std::ptr::eq(record.shape, T::SHAPE);
        match list.0 {
            Slot::Records(records) => records.into_iter().filter(fits).map(T::from_record).collect(),
            _ => Vec::new(),
        }
    }
}
