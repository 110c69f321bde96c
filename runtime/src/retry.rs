//! When a call is sent again, and after how long.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::error::{Cause, Class, Error};

/// When a call is sent again.
///
/// By default there are three attempts. A call is sent again where a connection did not come about, and, where it is
/// idempotent or carries a client token, where it was throttled, something else was under way, the service was in trouble, the connection broke or it
/// took too long. Each attempt has its own date, nonce and signature.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How often a call is sent at most, the first time counted.
    pub max_attempts: u32,
    /// The longest wait before the second attempt; it doubles with each.
    pub base_delay: Duration,
    /// The longest wait between attempts, unless the service asks for more.
    pub max_delay: Duration,
    /// Whether calls that are not idempotent are sent again where the service refused them for being too many, or because
    /// something else is under way: it says that it did nothing. Off by default.
    pub retry_throttled_writes: bool,
    /// How many retries a client may make in a burst; each success gives back a part. Keeps a service in trouble from
    /// being called three times as often. Zero means without limit.
    pub budget: u32,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            base_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(20),
            retry_throttled_writes: false,
            budget: 100,
        }
    }
}

impl RetryPolicy {
    /// Every call is sent once.
    pub fn none() -> Self {
        Self { max_attempts: 1, ..Self::default() }
    }

    /// So many attempts at most.
    #[must_use]
    pub fn with_max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// With these waits: the longest before the second attempt, and the longest of all.
    #[must_use]
    pub fn with_delays(mut self, base: Duration, max: Duration) -> Self {
        self.base_delay = base;
        self.max_delay = max;
        self
    }

    /// With calls that are not idempotent sent again where they were throttled.
    #[must_use]
    pub fn with_throttled_writes(mut self, retry: bool) -> Self {
        self.retry_throttled_writes = retry;
        self
    }

    /// Whether a call that failed so may be sent again at all.
    pub(crate) fn allows(&self, error: &Error, repeatable: bool) -> bool {
        match error.cause() {
            // Nothing was sent, so nothing can happen twice.
            Cause::Connect => true,
            Cause::Transport | Cause::Timeout => repeatable,
            Cause::Service => match error.class() {
                // Refused before anything was done, and said so by the part that checks signatures.
                Class::Clock | Class::Token => true,
                Class::Throttling | Class::Conflict => repeatable || self.retry_throttled_writes,
                Class::Transient => repeatable,
                Class::Other => false,
            },
            Cause::Config | Cause::Request | Cause::Credentials | Cause::Endpoint | Cause::Decode | Cause::State => {
                false
            }
        }
    }

    /// The wait before an attempt (the second is 2): what the service asks for, else a random part of the doubled delay.
    pub(crate) fn delay(&self, attempt: u32, asked: Option<Duration>, fraction: f64) -> Duration {
        if let Some(asked) = asked {
            // A little more, so that all who were told the same do not come back at once.
            return asked + self.base_delay.mul_f64(fraction).min(asked / 10);
        }
        let doubled = self.base_delay.saturating_mul(1 << attempt.saturating_sub(2).min(20));
        doubled.min(self.max_delay).mul_f64(fraction.clamp(0.0, 1.0))
    }
}

/// How many retries a client may still make. A retry costs ten parts, a success gives one back.
#[derive(Debug)]
pub(crate) struct Budget {
    full: u32,
    parts: AtomicU32,
}

const RETRY_COSTS: u32 = 10;

impl Budget {
    pub(crate) fn new(retries: u32) -> Self {
        let full = retries.saturating_mul(RETRY_COSTS);
        Self { full, parts: AtomicU32::new(full) }
    }

    /// Takes what a retry costs, where there is enough.
    pub(crate) fn spend(&self) -> bool {
        self.full == 0
            || self
                .parts
                .try_update(Ordering::Relaxed, Ordering::Relaxed, |parts| parts.checked_sub(RETRY_COSTS))
                .is_ok()
    }

    pub(crate) fn earn(&self) {
        if self.parts.load(Ordering::Relaxed) < self.full {
            let _ =
                self.parts.try_update(Ordering::Relaxed, Ordering::Relaxed, |parts| Some((parts + 1).min(self.full)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_their_limit() {
        let policy = RetryPolicy::default();
        let longest = |attempt| policy.delay(attempt, None, 1.0).as_millis();
        assert_eq!([longest(2), longest(3), longest(4), longest(30)], [500, 1_000, 2_000, 20_000]);
        assert_eq!(policy.delay(2, None, 0.0), Duration::ZERO);
        let asked = Duration::from_mins(1);
        assert_eq!(policy.delay(2, Some(asked), 0.0), asked);
    }

    #[test]
    fn a_spent_budget_fills_with_success() {
        let budget = Budget::new(2);
        assert!(budget.spend() && budget.spend() && !budget.spend());
        for _ in 0..RETRY_COSTS {
            budget.earn();
        }
        assert!(budget.spend() && !budget.spend());
        let endless = Budget::new(0);
        assert!((0..1_000).all(|_| endless.spend()));
    }
}
