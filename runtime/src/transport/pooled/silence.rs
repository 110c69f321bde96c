//! How long the service may be silent.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep};

use crate::transport::TransportError;

/// The limit of a service's silence, over one timer that is set only where something has to be waited for.
pub(super) struct Silence<'t> {
    limit: Option<Duration>,
    timer: Pin<&'t mut Option<Sleep>>,
    /// Whether something came since the timer was set.
    broken: bool,
}

impl<'t> Silence<'t> {
    pub(super) fn new(limit: Option<Duration>, timer: Pin<&'t mut Option<Sleep>>) -> Self {
        Self { limit, timer, broken: false }
    }

    /// Something came.
    pub(super) fn end(&mut self) {
        self.broken = true;
    }

    /// The error, once it lasted too long.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<TransportError> {
        let Some(limit) = self.limit else { return Poll::Pending };
        let begins = std::mem::take(&mut self.broken) || self.timer.is_none();
        if begins {
            // A limit beyond what clocks can tell is none.
            let Some(end) = Instant::now().checked_add(limit) else { return Poll::Pending };
            match self.timer.as_mut().as_pin_mut() {
                None => self.timer.set(Some(tokio::time::sleep_until(end))),
                Some(timer) => timer.reset(end),
            }
        }
        let Some(timer) = self.timer.as_mut().as_pin_mut() else { return Poll::Pending };
        timer.poll(context).map(|()| {
            let message = format!("the service was silent for {} ms", limit.as_millis());
            TransportError::exchange(message).timed_out()
        })
    }
}
