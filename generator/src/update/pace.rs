//! How fast a host is asked: one request after another, each its time after the one before.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::clock::Clock;

/// When each host may be asked next, by the clock's time.
#[derive(Debug)]
pub(crate) struct Pace {
    clock: Arc<dyn Clock>,
    next: Mutex<BTreeMap<String, Duration>>,
}

impl Pace {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, next: Mutex::default() }
    }

    /// Waits until a host may be asked, and takes the turn.
    pub(crate) async fn turn(&self, host: &str, interval: Duration) {
        let now = self.clock.elapsed();
        let wait = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = next.get(host).copied().unwrap_or_default().max(now);
            next.insert(host.to_owned(), turn + interval);
            turn.saturating_sub(now)
        };
        if !wait.is_zero() {
            self.clock.sleep(wait).await;
        }
    }

    /// Leaves a host alone for a while.
    pub(crate) fn hold(&self, host: &str, time: Duration) {
        let until = self.clock.elapsed() + time;
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = next.entry(host.to_owned()).or_default();
        *turn = until.max(*turn);
    }
}
