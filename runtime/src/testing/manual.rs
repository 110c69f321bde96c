//! Time that passes as soon as everybody waits, and numbers that count.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use crate::random::Random;
use crate::time::{BoxFuture, Clock, Timer};

/// A clock and timer in one, on which waiting takes no time: whoever waits for the nearest moment moves the clock there.
/// Clones share the clock.
#[derive(Clone, Debug)]
pub struct ManualTime(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    start: SystemTime,
    passed: Duration,
    /// Moment and number of each that waits.
    waiting: BTreeSet<(Duration, u64)>,
    next: u64,
    slept: Vec<Duration>,
}

impl ManualTime {
    /// A clock that shows this instant.
    pub fn new(start: SystemTime) -> Self {
        let (passed, waiting, next, slept) = (Duration::ZERO, BTreeSet::new(), 0, Vec::new());
        Self(Arc::new(Mutex::new(State { start, passed, waiting, next, slept })))
    }

    /// The waits that came to their end, in order.
    pub fn slept(&self) -> Vec<Duration> {
        self.lock().slept.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for ManualTime {
    fn now(&self) -> SystemTime {
        let state = self.lock();
        state.start + state.passed
    }
}

impl Timer for ManualTime {
    fn elapsed(&self) -> Duration {
        self.lock().passed
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let mut state = self.lock();
        let until = state.passed + duration;
        let number = state.next;
        state.next += 1;
        state.waiting.insert((until, number));
        Box::pin(Wait { time: self.clone(), until, number, duration, polled: false })
    }
}

struct Wait {
    time: ManualTime,
    until: Duration,
    number: u64,
    duration: Duration,
    polled: bool,
}

impl Future for Wait {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let nearest = self.time.lock().waiting.first() == Some(&(self.until, self.number));
        // Not at the first poll: others who are to wait for less may not have begun.
        if !(self.polled && nearest) {
            self.polled = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let mut state = self.time.lock();
        state.passed = state.passed.max(self.until);
        state.slept.push(self.duration);
        Poll::Ready(())
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.time.lock().waiting.remove(&(self.until, self.number));
    }
}

/// Numbers that count up from zero, so that nonces and tokens are known and all differ; waits are never shortened by
/// chance.
#[derive(Debug, Default)]
pub struct CountingRandom(AtomicU64);

impl Random for CountingRandom {
    fn bytes(&self) -> [u8; 16] {
        u128::from(self.0.fetch_add(1, Ordering::Relaxed)).to_be_bytes()
    }

    fn fraction(&self) -> f64 {
        1.0
    }
}
