//! A client without a service: closures answer its calls.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use http::HeaderMap;
use serde_json::json;

use super::{Canned, CountingRandom, ManualTime};
use crate::client::Config;
use crate::credentials::Credentials;
use crate::decode::DecodeError;
use crate::error::{Cause, Error, ErrorKind, OperationError};
use crate::input::{Handle, Input};
use crate::record::Record;
use crate::schema::{Operation, Service, Shaped};
use crate::time::BoxFuture;

/// A call of one operation: a generated builder, filled by the code under test.
pub trait Called: Sized {
    /// The answer.
    type Output: Shaped;
    /// The documented error codes.
    type Kind: ErrorKind;
    /// The operation's name on the wire.
    const OPERATION: &'static str;

    /// The call as it was made.
    fn from_input(handle: Handle, input: Input) -> Self;
}

/// Answers the calls of clients made from it, and keeps them. Clones share both.
///
/// A closure for each operation that is called gets the call, and gives an answer or a documented error; parameters are
/// checked before, as for a real call, and the clock of clients made from it passes as soon as they wait.
#[derive(Clone, Default)]
pub struct Double(Arc<Mutex<State>>);

type Answers = Arc<Mutex<dyn FnMut(Handle, Input) -> BoxFuture<'static, Result<Record, Error>> + Send>>;

#[derive(Default)]
struct State {
    answers: BTreeMap<&'static str, Answers>,
    calls: Vec<(&'static str, Input)>,
}

impl Double {
    /// A double that answers nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, which answers the calls of an operation with a closure; the closure's argument says which.
    #[must_use]
    pub fn on<C, F>(self, mut answer: F) -> Self
    where
        C: Called,
        F: FnMut(C) -> Result<C::Output, Failure<C::Kind>> + Send + 'static,
    {
        self.with(C::OPERATION, move |handle, input| {
            Box::pin(std::future::ready(record::<C>(answer(C::from_input(handle, input)))))
        })
    }

    /// The same, which answers the calls of an operation with a closure whose answers are waited for.
    #[must_use]
    pub fn on_async<C, F, A>(self, mut answer: F) -> Self
    where
        C: Called,
        F: FnMut(C) -> A + Send + 'static,
        A: Future<Output = Result<C::Output, Failure<C::Kind>>> + Send + 'static,
    {
        self.with(C::OPERATION, move |handle, input| {
            let answer = answer(C::from_input(handle, input));
            Box::pin(async move { record::<C>(answer.await) })
        })
    }

    fn with(
        self,
        operation: &'static str,
        answer: impl FnMut(Handle, Input) -> BoxFuture<'static, Result<Record, Error>> + Send + 'static,
    ) -> Self {
        self.lock().answers.insert(operation, Arc::new(Mutex::new(answer)));
        self
    }

    /// The calls of an operation so far, those left out whose parameters were refused.
    pub fn calls<C: Called>(&self) -> Vec<C> {
        let calls: Vec<_> = self.lock().calls.iter().filter(|(name, _)| *name == C::OPERATION).cloned().collect();
        // A handle that answers nothing: a call that was made is there to be looked at.
        calls.into_iter().filter_map(|(_, input)| Some(C::from_input(idle()?, input))).collect()
    }

    /// The operations called so far, in order.
    pub fn operations(&self) -> Vec<&'static str> {
        self.lock().calls.iter().map(|(name, _)| *name).collect()
    }

    pub(crate) async fn answer(&self, handle: Handle, operation: &Operation, input: Input) -> Result<Record, Error> {
        let answer = self.ask(handle, operation, input)?;
        answer.await
    }

    fn ask(
        &self,
        handle: Handle,
        operation: &Operation,
        input: Input,
    ) -> Result<BoxFuture<'static, Result<Record, Error>>, Error> {
        let mut state = self.lock();
        state.calls.push((operation.name, input.clone()));
        let Some(answers) = state.answers.get(operation.name).map(Arc::clone) else {
            let message = format!("the double has no answer for `{}`: give it one with `on`", operation.name);
            return Err(Error::new(Cause::Config, message));
        };
        // The closure may look at the double, so the double is free while it runs.
        drop(state);
        let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(answers(handle, input))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Double {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        let answers: Vec<_> = state.answers.keys().collect();
        f.debug_struct("Double").field("answers", &answers).field("calls", &state.calls.len()).finish()
    }
}

fn record<C: Called>(answer: Result<C::Output, Failure<C::Kind>>) -> Result<Record, Error> {
    answer.map(|output| output.as_record().clone()).map_err(Failure::into_error)
}

/// Settings of a client that reaches no service.
pub(crate) fn settings() -> Config {
    let time = ManualTime::new(UNIX_EPOCH + Duration::from_secs(1_700_000_000));
    Config::new()
        .endpoint("https://double.invalid")
        .credentials(Credentials::anonymous())
        .transport(Canned::default())
        .clock(time.clone())
        .timer(time)
        .random(CountingRandom::default())
}

fn idle() -> Option<Handle> {
    static NOTHING: Service = Service::new("double", "", crate::call::Protocol::RestJson, "");
    Handle::new(&NOTHING, settings()).ok()
}

/// An error that a double gives: a documented code, or any other.
#[derive(Debug)]
pub struct Failure<K> {
    error: Result<Error, DecodeError>,
    kind: std::marker::PhantomData<fn() -> K>,
}

impl<K: ErrorKind> Failure<K> {
    /// An answer of a service with this status and code.
    pub fn new(status: u16, code: &str, message: &str) -> Self {
        let body = json!({ "Code": code, "Message": message, "RequestId": "double" }).to_string();
        Self::of(Ok(Error::service(status, HeaderMap::new(), body)))
    }

    fn of(error: Result<Error, DecodeError>) -> Self {
        Self { error, kind: std::marker::PhantomData }
    }

    fn into_error(self) -> Error {
        self.error.unwrap_or_else(|error| Error::new(Cause::Config, format!("the double's answer cannot be: {error}")))
    }
}

/// A documented code, with the status 400.
impl<K: ErrorKind + PartialEq> From<K> for Failure<K> {
    fn from(kind: K) -> Self {
        let code = K::CODES.iter().find(|(_, known)| *known == kind).map_or("Unknown", |(code, _)| code);
        Self::new(400, code, "as the test asked")
    }
}

/// For answers made from JSON in the closure: `?` works.
impl<K: ErrorKind> From<DecodeError> for Failure<K> {
    fn from(error: DecodeError) -> Self {
        Self::of(Err(error))
    }
}

/// Any other error, as of a connection that breaks.
impl<K: ErrorKind> From<OperationError<K>> for Failure<K> {
    fn from(error: OperationError<K>) -> Self {
        Self::of(Ok(error.into_error()))
    }
}
