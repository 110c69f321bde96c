//! Time, as far as calls depend on it: replaceable, so that tests need not wait.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

/// A boxed future, as the object-safe traits of this crate return them.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The wall clock, which dates signatures.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The instant now.
    fn now(&self) -> SystemTime;
}

/// The machine's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// A clock that stands still.
impl Clock for SystemTime {
    fn now(&self) -> SystemTime {
        *self
    }
}

/// What time-outs, deadlines and back-off wait on.
pub trait Timer: Send + Sync + fmt::Debug {
    /// Time passed since some fixed moment; never goes back.
    fn elapsed(&self) -> Duration;

    /// Is ready after a while.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// Tokio's timer.
#[cfg(feature = "transport")]
#[derive(Clone, Copy, Debug)]
pub struct TokioTimer {
    start: tokio::time::Instant,
}

#[cfg(feature = "transport")]
impl Default for TokioTimer {
    fn default() -> Self {
        Self { start: tokio::time::Instant::now() }
    }
}

#[cfg(feature = "transport")]
impl Timer for TokioTimer {
    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// The future's value, or nothing where it took longer than the limit.
pub(crate) async fn within<T>(
    timer: &dyn Timer,
    limit: Option<Duration>,
    future: impl Future<Output = T> + Send,
) -> Option<T> {
    let Some(limit) = limit else { return Some(future.await) };
    let mut future = std::pin::pin!(future);
    let mut sleep = timer.sleep(limit);
    std::future::poll_fn(|context| {
        use std::task::Poll;
        if let Poll::Ready(value) = future.as_mut().poll(context) {
            return Poll::Ready(Some(value));
        }
        sleep.as_mut().poll(context).map(|()| None)
    })
    .await
}
