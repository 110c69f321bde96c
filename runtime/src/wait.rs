//! Calling until an answer is as wanted.
//!
//! A generated builder whose answer documents a status has `wait_until` and, where the page lists the states,
//! `wait_for_…`. The states that a page's words show to be failures end the wait with an error.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use crate::error::{Cause, Error, ErrorKind, OperationError};
use crate::input::{Handle, Input, call};
use crate::record::{Record, Slot};
use crate::schema::{Operation, Shape, Shaped, Status};
use crate::time::{BoxFuture, within};

/// A wait that is yet to begin: await it for the answer that is as wanted.
///
/// It asks at once and then every five seconds for ten minutes at most, unless told otherwise. Errors that may pass
/// ([`Error::is_retryable`]) do not end it.
#[must_use = "nothing is sent before it is awaited"]
pub struct Waiter<O, K> {
    handle: Handle,
    operation: &'static Operation,
    input: Input,
    shape: &'static Shape,
    judge: Judge,
    interval: Duration,
    deadline: Duration,
    types: PhantomData<fn() -> (O, K)>,
}

enum Judge {
    Caller(Box<dyn FnMut(&Record) -> bool + Send>),
    States { status: &'static Status, wanted: Vec<String>, failed: Vec<String> },
}

/// What an answer means for the wait.
enum Verdict {
    Done,
    Failed(String),
    NotYet(Option<String>),
}

impl<O: Shaped, K: ErrorKind> Waiter<O, K> {
    pub(crate) fn until(
        handle: Handle,
        operation: &'static Operation,
        input: Input,
        mut wanted: impl FnMut(&O) -> bool + Send + 'static,
    ) -> Self {
        let judge = Judge::Caller(Box::new(move |record| record.seen_as::<O>().is_some_and(&mut wanted)));
        Self::new(handle, operation, input, judge)
    }

    pub(crate) fn for_states(
        handle: Handle,
        operation: &'static Operation,
        input: Input,
        status: &'static Status,
        wanted: Vec<String>,
    ) -> Self {
        let failed = status.failed.iter().map(|state| (*state).to_owned()).collect();
        Self::new(handle, operation, input, Judge::States { status, wanted, failed })
    }

    fn new(handle: Handle, operation: &'static Operation, input: Input, judge: Judge) -> Self {
        let (interval, deadline) = (Duration::from_secs(5), Duration::from_mins(10));
        Self { handle, operation, input, shape: O::SHAPE, judge, interval, deadline, types: PhantomData }
    }

    /// How long to wait between two calls.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// How long to wait at most, all calls included.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The states that end the wait with an error, in place of those that the page's words show to be failures. Without
    /// meaning for `wait_until`.
    pub fn failing_on(mut self, states: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        if let Judge::States { failed, .. } = &mut self.judge {
            *failed = states.into_iter().map(|state| state.as_ref().to_owned()).collect();
        }
        self
    }
}

#[cfg(feature = "blocking")]
impl<O: Shaped, K: ErrorKind> Waiter<O, K> {
    /// Waits on this thread, for code that is not asynchronous.
    ///
    /// # Errors
    ///
    /// The calls' own, and those of [`blocking::wait`](crate::blocking::wait).
    pub fn wait(self) -> Result<O, OperationError<K>> {
        crate::blocking::wait(self.into_future())
    }
}

impl<O: Shaped, K: ErrorKind> IntoFuture for Waiter<O, K> {
    type Output = Result<O, OperationError<K>>;
    type IntoFuture = Waiting<O, K>;

    fn into_future(self) -> Waiting<O, K> {
        let Self { handle, operation, input, shape, judge, interval, deadline, .. } = self;
        let wait = Wait { handle, operation, input, shape, judge, interval, deadline };
        Waiting { wait: Box::pin(wait.run()), types: PhantomData }
    }
}

impl<O, K> fmt::Debug for Waiter<O, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiter")
            .field("input", &self.input)
            .field("interval", &self.interval)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

/// A wait under way. Dropping it ends it.
#[must_use = "nothing is sent before it is awaited"]
pub struct Waiting<O, K> {
    wait: BoxFuture<'static, Result<Record, Error>>,
    types: PhantomData<fn() -> (O, K)>,
}

impl<O: Shaped, K: ErrorKind> Future for Waiting<O, K> {
    type Output = Result<O, OperationError<K>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.wait.as_mut().poll(context).map(|answer| answer.map(O::from_record).map_err(OperationError::new))
    }
}

impl<O, K> fmt::Debug for Waiting<O, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Waiting")
    }
}

struct Wait {
    handle: Handle,
    operation: &'static Operation,
    input: Input,
    shape: &'static Shape,
    judge: Judge,
    interval: Duration,
    deadline: Duration,
}

impl Wait {
    async fn run(self) -> Result<Record, Error> {
        let (name, deadline) = (self.operation.name, self.deadline);
        let core = self.handle.core().clone();
        // What was last seen, for the words of the error.
        let last = Arc::new(Mutex::new(String::from("no answer came")));
        if let Some(result) = within(core.timer(), Some(deadline), self.ask(Arc::clone(&last))).await {
            return result;
        }
        let last = last.lock().unwrap_or_else(PoisonError::into_inner);
        let limit = deadline.as_secs_f64();
        Err(Error::new(Cause::Timeout, format!("{name}: not as wanted within {limit} s; {last}")))
    }

    async fn ask(mut self, last: Arc<Mutex<String>>) -> Result<Record, Error> {
        loop {
            let seen = match call(self.handle.clone(), self.operation, self.input.clone(), self.shape).await {
                Ok(record) => match self.judge.of(&record) {
                    Verdict::Done => return Ok(record),
                    Verdict::Failed(state) => {
                        let name = self.operation.name;
                        return Err(Error::new(Cause::State, format!("{name}: came to the state `{state}`")));
                    }
                    Verdict::NotYet(Some(state)) => format!("the last state was `{state}`"),
                    Verdict::NotYet(None) => "the last answer was not".to_owned(),
                },
                Err(error) if error.is_retryable() => format!("the last call failed: {error}"),
                Err(error) => return Err(error),
            };
            *last.lock().unwrap_or_else(PoisonError::into_inner) = seen;
            self.handle.core().timer().sleep(self.interval).await;
        }
    }
}

impl Judge {
    fn of(&mut self, record: &Record) -> Verdict {
        match self {
            Self::Caller(wanted) => {
                if wanted(record) {
                    Verdict::Done
                } else {
                    Verdict::NotYet(None)
                }
            }
            Self::States { status, wanted, failed } => {
                let states = states(status, record);
                if let Some(state) = states.iter().find(|state| failed.contains(state) && !wanted.contains(state)) {
                    return Verdict::Failed(state.clone());
                }
                match states.iter().find(|state| !wanted.contains(state)) {
                    None if !states.is_empty() => Verdict::Done,
                    other => Verdict::NotYet(other.cloned()),
                }
            }
        }
    }
}

/// The states in an answer: one, or one an item; an item without a state has an empty one.
fn states(status: &Status, record: &Record) -> Vec<String> {
    let state = |record: &Record| record.at(status.field).and_then(Slot::text);
    if status.list.is_empty() {
        return state(record).into_iter().collect();
    }
    match record.at(status.list) {
        Some(Slot::Records(items)) => items.iter().map(|item| state(item).unwrap_or_default()).collect(),
        _ => Vec::new(),
    }
}
