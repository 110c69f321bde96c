//! A server made from specs: it checks signatures and parameters, and answers as the pages say.
//!
//! [`Mock`] holds the specs and decides each answer without any network; [`serve`] puts it on a socket.

mod answer;
mod arguments;
mod route;
mod server;
mod signature;
#[cfg(test)]
mod tests;

pub use answer::{Answer, ERROR_HEADER};
pub use route::Incoming;
pub use server::{Spawned, serve};
pub use signature::Keys;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use crate::call::{self, Fault};
use crate::project::read_specs;
use crate::report;
use crate::spec::{Operation, Service};
use route::{Route, Routes};
use signature::Nonces;

/// A service and its operations, as the specs have them.
#[derive(Clone, Debug)]
pub struct MockService {
    /// `service.yaml`.
    pub service: Service,
    /// `operations/*.yaml`.
    pub operations: Vec<Operation>,
}

impl MockService {
    /// Reads a folder of specs: `service.yaml` and `operations/*.yaml`.
    ///
    /// # Errors
    ///
    /// Where one of them can't be read; the error's text says which, where and why.
    pub fn read(folder: impl AsRef<Path>) -> Result<Self, UnreadableSpecs> {
        let (stored, run) = read_specs(folder.as_ref());
        match stored {
            Some(stored) if !run.has_errors() => {
                Ok(Self { service: stored.service, operations: stored.operations.into_values().collect() })
            }
            _ => Err(UnreadableSpecs(report::text(
                &run.findings,
                &run.sources,
                report::Style { color: false, width: 110 },
            ))),
        }
    }
}

/// Specs that can't be served, with what was found in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableSpecs(String);

impl std::fmt::Display for UnreadableSpecs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UnreadableSpecs {}

/// Answers requests as the specs say.
///
/// ```
/// use docsdk::mock::{Incoming, Keys, Mock};
///
/// let mock = Mock::new(Vec::new(), Keys::default());
/// let answer = mock.answer(&Incoming { method: "GET".into(), path: "/nowhere".into(), ..Incoming::default() });
/// assert_eq!(answer.status, 404);
/// ```
#[derive(Debug)]
pub struct Mock {
    services: Vec<MockService>,
    routes: Routes,
    keys: Keys,
    nonces: Nonces,
    failures: Mutex<BTreeMap<String, String>>,
}

impl Mock {
    /// A mock of these services that accepts requests signed with these keys.
    #[must_use]
    pub fn new(services: Vec<MockService>, keys: Keys) -> Self {
        let routes = Routes::new(&services);
        Self { services, routes, keys, nonces: Nonces::default(), failures: Mutex::default() }
    }

    /// Answers an operation with a documented error from now on: `CODE`, or `CODE@STATUS` where the page
    /// lists the code under several statuses. `None` ends it.
    pub fn fail(&self, operation: &str, code: Option<&str>) {
        let mut failures = self.failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match code {
            Some(code) => failures.insert(operation.to_owned(), code.to_owned()),
            None => failures.remove(operation),
        };
    }

    /// Serves the mock on a free port of this machine, in a task of the running tokio runtime.
    ///
    /// # Errors
    ///
    /// Where no port can be had.
    pub async fn spawn(self) -> std::io::Result<Spawned> {
        Spawned::start(std::sync::Arc::new(self)).await
    }

    /// The answer to a request.
    pub fn answer(&self, request: &Incoming) -> Answer {
        let Some(Route { service, operation, path_arguments }) = self.routes.find(&self.services, request) else {
            return answer::unknown_operation(request);
        };
        if !operation.anonymous
            && let Err(refusal) = signature::verify(request, service, &self.keys, &self.nonces)
        {
            return answer::refusal(service.provider.as_str(), &refusal);
        }
        if let Some(code) = self.failure(request, &operation.operation) {
            return answer::documented_error(service, operation, &code);
        }
        let refused = arguments::read(request, service, operation, &path_arguments)
            .and_then(|arguments| call::check(service.protocol, operation, &arguments).map_err(Refusal::from));
        match refused {
            Ok(()) => answer::success(operation),
            Err(refusal) => answer::refusal(service.provider.as_str(), &refusal),
        }
    }

    fn failure(&self, request: &Incoming, operation: &str) -> Option<String> {
        if let Some(code) = request.header(ERROR_HEADER) {
            return Some(code.to_owned());
        }
        let failures = self.failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        failures.get(operation).cloned()
    }
}

/// Why a request is refused before it is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The vendor's code for it.
    pub(crate) code: String,
    /// What was wrong, for people.
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), message: message.into() }
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        let code = match fault {
            Fault::Missing { .. } => "MissingParameter",
            Fault::Invalid { .. } => "InvalidParameter",
        };
        Self::new(400, code, fault.to_string())
    }
}
