//! What sources of credentials use of the world.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use super::machine::{Machine, SystemMachine};
use crate::error::{Cause, Error};
use crate::random::Random;
use crate::secret::Secret;
use crate::time::{Clock, SystemClock, Timer};
use crate::transport::Transport;

/// Machine, transport, clock, timer and random numbers that sources of credentials share; each replaceable.
///
/// Cheap to clone. Without another, the transport is a pool of connections made when first needed.
#[derive(Clone)]
#[must_use]
pub struct Surroundings {
    machine: Arc<dyn Machine>,
    transport: Arc<OnceLock<Arc<dyn Transport>>>,
    clock: Arc<dyn Clock>,
    timer: Option<Arc<dyn Timer>>,
    random: Option<Arc<dyn Random>>,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self::new()
    }
}

impl Surroundings {
    /// The real ones.
    pub fn new() -> Self {
        Self {
            machine: Arc::new(SystemMachine),
            transport: Arc::default(),
            clock: Arc::new(SystemClock),
            timer: default_timer(),
            random: default_random(),
        }
    }

    /// With another machine.
    pub fn machine(mut self, machine: impl Machine + 'static) -> Self {
        self.machine = Arc::new(machine);
        self
    }

    /// With another transport.
    pub fn transport(self, transport: impl Transport + 'static) -> Self {
        self.shared_transport(Arc::new(transport))
    }

    /// With a transport that others use too.
    pub fn shared_transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Arc::new(OnceLock::from(transport));
        self
    }

    /// With another clock.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// With another timer, by which requests are given up.
    pub fn timer(mut self, timer: impl Timer + 'static) -> Self {
        self.timer = Some(Arc::new(timer));
        self
    }

    /// With another source of nonces.
    pub fn random(mut self, random: impl Random + 'static) -> Self {
        self.random = Some(Arc::new(random));
        self
    }

    pub(super) fn machine_ref(&self) -> &dyn Machine {
        &*self.machine
    }

    pub(super) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    pub(super) fn timer_ref(&self) -> Option<&dyn Timer> {
        self.timer.as_deref()
    }

    pub(super) fn nonce(&self) -> Result<String, Error> {
        self.random
            .as_ref()
            .map(|random| random.nonce(self.now()))
            .ok_or_else(|| lacking("source of random numbers", "random"))
    }

    pub(super) fn transport_ref(&self) -> Result<&dyn Transport, Error> {
        if let Some(transport) = self.transport.get() {
            return Ok(&**transport);
        }
        let made = default_transport()?;
        Ok(&**self.transport.get_or_init(|| made))
    }

    /// An environment variable that is set and not empty.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        self.machine.variable(name).filter(|value| !value.is_empty())
    }

    /// Whether an environment variable says `true`, in any case.
    pub(super) fn is_true(&self, name: &str) -> bool {
        self.variable(name).is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
    }

    /// A file's text.
    pub(super) fn read(&self, path: &Path) -> Result<Secret, Error> {
        self.machine.read(path).map_err(|error| {
            Error::new(Cause::Credentials, format!("file `{}` cannot be read: {error}", path.display()))
        })
    }

    /// A file that holds nothing but a token, without the white space around it.
    pub(super) fn read_token(&self, path: &Path) -> Result<Secret, Error> {
        let text = self.read(path)?;
        let token = text.expose().trim();
        if token.is_empty() {
            return Err(Error::new(Cause::Credentials, format!("file `{}` is empty, not a token", path.display())));
        }
        Ok(Secret::from(token))
    }
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Surroundings(…)")
    }
}

fn lacking(part: &str, feature: &str) -> Error {
    Error::new(Cause::Config, format!("no {part}: give the surroundings one, or enable the feature `{feature}`"))
}

#[cfg(feature = "transport")]
fn default_transport() -> Result<Arc<dyn Transport>, Error> {
    Ok(Arc::new(crate::transport::PooledTransport::builder().build()?))
}

#[cfg(not(feature = "transport"))]
fn default_transport() -> Result<Arc<dyn Transport>, Error> {
    Err(lacking("transport", "transport"))
}

#[cfg(feature = "transport")]
#[expect(clippy::unnecessary_wraps, reason = "without the feature there is no timer")]
fn default_timer() -> Option<Arc<dyn Timer>> {
    Some(Arc::new(crate::time::TokioTimer::default()))
}

#[cfg(not(feature = "transport"))]
fn default_timer() -> Option<Arc<dyn Timer>> {
    None
}

#[cfg(feature = "random")]
#[expect(clippy::unnecessary_wraps, reason = "without the feature there is no source")]
fn default_random() -> Option<Arc<dyn Random>> {
    Some(Arc::new(crate::random::SystemRandom))
}

#[cfg(not(feature = "random"))]
fn default_random() -> Option<Arc<dyn Random>> {
    None
}
