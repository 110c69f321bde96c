//! A provider that keeps what a source gave, and renews it ahead of its end.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use futures_util::FutureExt;
use futures_util::future::{Shared, WeakShared};

use super::{Credentials, CredentialsProvider, Fetched, Source, Surroundings};
use crate::error::{Cause, Error};
use crate::time::{BoxFuture, within};

/// How long whoever renews waits before going on with what there is.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long after a renewal that came to nothing the next is tried, while there is something to go on with.
const PAUSE: Duration = Duration::from_mins(1);

/// Keeps what a [`Source`] gave. Cheap to clone; clones share what is kept.
///
/// While there are no credentials, all who ask wait for one fetch. When the time to renew has come, the first who asks
/// fetches, and waits for it a few seconds at most; the others go on with the old. A fetch belongs to all who wait for
/// it: it ends only when the last of them gives up, and then the next who asks begins another.
#[derive(Clone)]
pub struct Caching {
    source: Arc<dyn Source>,
    surroundings: Surroundings,
    state: Arc<Mutex<State>>,
}

/// What others can be told of an error, as errors are not copied.
type Outcome = Result<Credentials, (Cause, Arc<str>)>;
type Flight = Shared<BoxFuture<'static, Outcome>>;

#[derive(Default)]
struct State {
    held: Option<Held>,
    flight: Option<WeakShared<BoxFuture<'static, Outcome>>>,
    /// Until when nobody tries again, where there is something to go on with.
    pause: Option<SystemTime>,
}

struct Held {
    credentials: Credentials,
    /// From when they are to be renewed.
    renew: Option<SystemTime>,
    /// Whether they may be used past their end.
    past_end: bool,
    /// Whether a service said that they ended.
    refused: bool,
}

impl Held {
    fn new(fetched: Fetched, now: SystemTime) -> Self {
        let Fetched { credentials, renewal, .. } = fetched;
        let ahead = credentials.expires().map(|end| {
            let left = end.duration_since(now).unwrap_or_default();
            end - if left > renewal.ahead { renewal.ahead } else { left / 2 }
        });
        let after = renewal.after.and_then(|age| now.checked_add(age));
        let renew = match (ahead, after) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (one, other) => one.or(other),
        };
        let mut held = Self { credentials, renew, past_end: renewal.past_end, refused: false };
        // Over on arrival: our clock is wrong, or the service has nothing newer. Asking at every call would not help.
        held.past_end |= !held.is_valid(now);
        held
    }

    fn is_fresh(&self, now: SystemTime) -> bool {
        !self.refused && self.renew.is_none_or(|renew| now < renew)
    }

    fn is_valid(&self, now: SystemTime) -> bool {
        !self.refused && self.credentials.expires().is_none_or(|end| now < end)
    }
}

/// What to do for one who asks.
enum Step {
    Give(Credentials),
    /// Wait for a fetch; go on with the old if it takes long or fails.
    Renew(Flight, Credentials),
    /// Wait for a fetch, with what to go on with if it fails.
    Wait(Flight, Option<Credentials>),
}

impl Caching {
    /// Keeps what a source gives.
    pub fn new(surroundings: &Surroundings, source: impl Source + 'static) -> Self {
        Self { source: Arc::new(source), surroundings: surroundings.clone(), state: Arc::default() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    fn step(&self) -> Step {
        let now = self.surroundings.now();
        let mut state = self.lock();
        let flight = state.flight.as_ref().and_then(WeakShared::upgrade);
        let paused = state.pause.is_some_and(|until| now < until);
        let old = match &state.held {
            None => None,
            Some(held) if held.is_fresh(now) => return Step::Give(held.credentials.clone()),
            Some(held) if held.is_valid(now) => {
                let old = held.credentials.clone();
                if paused || flight.is_some() {
                    return Step::Give(old);
                }
                // Also where the renewal is broken off, as the next one may fare no better.
                state.pause = now.checked_add(PAUSE);
                return Step::Renew(self.begin(&mut state), old);
            }
            Some(held) if held.past_end && paused && flight.is_none() => return Step::Give(held.credentials.clone()),
            Some(held) => held.past_end.then(|| held.credentials.clone()),
        };
        Step::Wait(flight.unwrap_or_else(|| self.begin(&mut state)), old)
    }

    /// Begins a fetch. Nothing happens before it is polled.
    fn begin(&self, state: &mut State) -> Flight {
        let (source, surroundings, shared) =
            (Arc::clone(&self.source), self.surroundings.clone(), Arc::clone(&self.state));
        let fetch: BoxFuture<'static, Outcome> = Box::pin(async move {
            let result = source.fetch().await;
            let now = surroundings.now();
            let mut state = lock(&shared);
            state.flight = None;
            match result {
                Ok(fetched) => {
                    let credentials = fetched.credentials.clone();
                    let held = Held::new(fetched, now);
                    state.pause = if held.is_valid(now) { None } else { now.checked_add(PAUSE) };
                    state.held = Some(held);
                    Ok(credentials)
                }
                Err(error) => {
                    // With something to go on with, nobody else is told.
                    #[cfg(feature = "tracing")]
                    tracing::warn!(source = source.name(), going_on = state.held.is_some(), "{error}");
                    state.pause = now.checked_add(PAUSE);
                    Err((error.cause(), error.to_string().into()))
                }
            }
        });
        let flight = fetch.shared();
        state.flight = flight.downgrade();
        flight
    }

    async fn get(&self) -> Result<Credentials, Error> {
        match self.step() {
            Step::Give(credentials) => Ok(credentials),
            Step::Renew(flight, old) => {
                let outcome = match self.surroundings.timer_ref() {
                    Some(timer) => within(timer, Some(PATIENCE), flight).await,
                    None => Some(flight.await),
                };
                Ok(outcome.and_then(Result::ok).unwrap_or(old))
            }
            Step::Wait(flight, old) => match (flight.await, old) {
                (Ok(credentials), _) | (Err(_), Some(credentials)) => Ok(credentials),
                (Err((cause, message)), None) => Err(Error::new(cause, &*message)),
            },
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl CredentialsProvider for Caching {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, Error>> {
        Box::pin(self.get())
    }

    fn at_hand(&self) -> Option<Credentials> {
        let now = self.surroundings.now();
        let state = self.lock();
        state.held.as_ref().filter(|held| held.is_fresh(now)).map(|held| held.credentials.clone())
    }

    fn refused(&self, credentials: &Credentials) {
        let mut state = self.lock();
        if let Some(held) = &mut state.held
            && held.credentials == *credentials
        {
            held.refused = true;
            state.pause = None;
        }
    }
}

impl fmt::Debug for Caching {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Caching").field(&self.source).finish()
    }
}
