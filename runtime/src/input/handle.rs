//! From a builder to a call under way.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::Input;
use crate::client::{ClientCore, Config};
#[cfg(feature = "credentials")]
use crate::credentials::{Surroundings, defaults};
use crate::decode;
use crate::endpoint::EndpointTable;
use crate::error::{Error, ErrorKind, OperationError};
use crate::paging::{Item, Items, Pages};
use crate::record::Record;
use crate::schema::{Operation, Paging, Service, Shape, Shaped, Status};
use crate::testing::{self, Double};
use crate::time::BoxFuture;
use crate::wait::Waiter;

/// What a generated client holds: the core that makes its calls, and whether arguments are checked first.
#[derive(Clone)]
pub struct Handle {
    core: ClientCore,
    checks: bool,
    /// What answers in place of the service.
    double: Option<Double>,
}

impl Handle {
    /// A client for a service; connects nowhere yet. Where the settings do not say who is calling, the vendor's default
    /// chain of credentials does, from the first call on.
    ///
    /// # Errors
    ///
    /// Where the settings do not make a client, as when no endpoint is found for the region.
    pub fn new(service: &Service, config: Config) -> Result<Self, Error> {
        let mut endpoints = EndpointTable::new(service.default_endpoint, service.regional_endpoint);
        endpoints = endpoints.with_regions(service.regions.iter().copied());
        #[cfg(feature = "credentials")]
        let config = with_default_credentials(service, config, &Surroundings::new());
        Ok(Self { core: ClientCore::new(config, &endpoints)?, checks: true, double: None })
    }

    /// A client with region and credentials as the vendor's tools find them on this machine.
    ///
    /// # Errors
    ///
    /// Where the settings do not make a client, as when the service needs a region and nothing names one.
    #[expect(clippy::unused_async, reason = "sources of regions may have to be waited for, as metadata services")]
    pub async fn from_env(service: &Service) -> Result<Self, Error> {
        #[cfg(feature = "credentials")]
        return Self::from_surroundings(service, &Surroundings::new());
        #[cfg(not(feature = "credentials"))]
        Self::new(service, Config::new())
    }

    /// [`from_env`](Self::from_env) on another machine.
    ///
    /// # Errors
    ///
    /// As there.
    #[cfg(feature = "credentials")]
    pub fn from_surroundings(service: &Service, surroundings: &Surroundings) -> Result<Self, Error> {
        let region = defaults::region(surroundings, service.protocol);
        let config = region.into_iter().fold(Config::new(), Config::region);
        Self::new(service, with_default_credentials(service, config, surroundings))
    }

    /// A client whose calls a double answers.
    ///
    /// # Panics
    ///
    /// Never: the settings are complete, and the endpoint is one.
    pub fn from_double(service: &Service, double: &Double) -> Self {
        let handle = Self::new(service, testing::settings()).expect("the settings are complete");
        Self { double: Some(double.clone()), ..handle }
    }

    /// The same client; whether it checks arguments before sending.
    #[must_use]
    pub fn checks(mut self, checks: bool) -> Self {
        self.checks = checks;
        self
    }

    /// The core that makes its calls.
    pub fn core(&self) -> &ClientCore {
        &self.core
    }

    /// Makes a call. Nothing is sent before the result is awaited.
    pub fn call<O: Shaped, K: ErrorKind>(&self, operation: &'static Operation, input: Input) -> PendingCall<O, K> {
        PendingCall { call: call(self.clone(), operation, input, O::SHAPE), types: PhantomData }
    }

    /// The pages of an operation that lists. Nothing is sent before the first is asked for.
    pub fn pages<O: Shaped, K: ErrorKind>(
        &self,
        operation: &'static Operation,
        paging: &'static Paging,
        input: Input,
    ) -> Pages<O, K> {
        Pages::new(self.clone(), operation, paging, input)
    }

    /// The items on all pages of an operation that lists. Nothing is sent before the first is asked for.
    pub fn items<O: Shaped, T: Item, K: ErrorKind>(
        &self,
        operation: &'static Operation,
        paging: &'static Paging,
        input: Input,
    ) -> Items<T, K> {
        Items::new::<O>(self.clone(), operation, paging, input)
    }

    /// Makes a call again and again until its answer is as wanted. Nothing is sent before it is awaited.
    pub fn wait_until<O: Shaped, K: ErrorKind>(
        &self,
        operation: &'static Operation,
        input: Input,
        wanted: impl FnMut(&O) -> bool + Send + 'static,
    ) -> Waiter<O, K> {
        Waiter::until(self.clone(), operation, input, wanted)
    }

    /// Makes a call again and again until the status in its answer is one of these. Nothing is sent before it is awaited.
    pub fn wait_for<O: Shaped, K: ErrorKind>(
        &self,
        operation: &'static Operation,
        input: Input,
        status: &'static Status,
        wanted: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Waiter<O, K> {
        let wanted = wanted.into_iter().map(|state| state.as_ref().to_owned()).collect();
        Waiter::for_states(self.clone(), operation, input, status, wanted)
    }
}

#[cfg(feature = "credentials")]
fn with_default_credentials(service: &Service, config: Config, surroundings: &Surroundings) -> Config {
    if config.has_credentials() {
        return config;
    }
    let global =
        service.regional_endpoint.is_none() && service.regions.is_empty() && service.default_endpoint.is_some();
    let region = config.region_ref().map(str::to_owned);
    match defaults::provider(surroundings, service.protocol, region.as_deref(), global) {
        Some(provider) => config.credentials(provider),
        None => config,
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Handle");
        out.field("endpoint", self.core.endpoint()).field("checks", &self.checks);
        if let Some(double) = &self.double {
            out.field("double", double);
        }
        out.finish()
    }
}

/// Makes a call and reads its answer.
pub(crate) fn call(
    handle: Handle,
    operation: &'static Operation,
    input: Input,
    shape: &'static Shape,
) -> BoxFuture<'static, Result<Record, Error>> {
    Box::pin(async move {
        let request = input.to_request(operation, handle.checks)?;
        if let Some(double) = handle.double.clone() {
            let answer = double.answer(handle, operation, input).await;
            return answer.map_err(|error| error.documented(operation.retries));
        }
        let response = handle.core.call(request).await?;
        decode::record_from_body(&response.body, shape)
            .map_err(|error| Error::decode(error.path(), error.problem(), &response))
    })
}

/// A call under way; await it for the answer.
#[must_use = "nothing is sent before it is awaited"]
pub struct PendingCall<O, K> {
    call: BoxFuture<'static, Result<Record, Error>>,
    types: PhantomData<fn() -> (O, K)>,
}

#[cfg(feature = "blocking")]
impl<O: Shaped, K: ErrorKind> PendingCall<O, K> {
    /// Makes the call on this thread, for code that is not asynchronous.
    ///
    /// # Errors
    ///
    /// The call's own, and those of [`blocking::wait`](crate::blocking::wait).
    pub fn wait(self) -> Result<O, OperationError<K>> {
        crate::blocking::wait(self)
    }
}

impl<O: Shaped, K: ErrorKind> Future for PendingCall<O, K> {
    type Output = Result<O, OperationError<K>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.call.as_mut().poll(context).map(|answer| answer.map(O::from_record).map_err(OperationError::new))
    }
}

impl<O, K> fmt::Debug for PendingCall<O, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PendingCall")
    }
}
