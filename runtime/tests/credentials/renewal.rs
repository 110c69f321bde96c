//! One fetch for all who ask, renewal ahead of the end, and what happens when it fails or is broken off.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use docsdk_runtime::credentials::{
    Caching, Credentials, CredentialsProvider, Fetched, Key, Renewal, Source, Surroundings,
};
use docsdk_runtime::testing::ManualTime;
use docsdk_runtime::time::{BoxFuture, Timer};
use docsdk_runtime::{Cause, Error};
use tokio::sync::Semaphore;

const MINUTE: Duration = Duration::from_mins(1);

/// Gives `key-1`, `key-2` and so on, each living an hour, unless told to fail; waits for leave where it is held.
#[derive(Clone, Debug)]
struct Numbered {
    fetches: Arc<AtomicUsize>,
    failing: Arc<Mutex<VecDeque<bool>>>,
    leave: Arc<Semaphore>,
    time: ManualTime,
    renewal: Renewal,
    life: Duration,
}

impl Numbered {
    fn new(renewal: Renewal) -> (Self, Caching) {
        let time = ManualTime::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1_716_193_815));
        let leave = Arc::new(Semaphore::new(Semaphore::MAX_PERMITS));
        let source = Self {
            fetches: Arc::default(),
            failing: Arc::default(),
            leave,
            time: time.clone(),
            renewal,
            life: 60 * MINUTE,
        };
        let surroundings = Surroundings::new().clock(time.clone()).timer(time);
        (source.clone(), source.cached_in(&surroundings))
    }

    /// Holds all fetches until leave is given.
    fn held(mut self) -> Self {
        self.leave = Arc::new(Semaphore::new(0));
        self
    }

    fn fetches(&self) -> usize {
        self.fetches.load(Ordering::SeqCst)
    }

    fn fail_next(&self, times: usize) {
        self.failing.lock().expect("no test panics with it").extend(std::iter::repeat_n(true, times));
    }

    async fn pass(&self, time: Duration) {
        self.time.sleep(time).await;
    }
}

impl Source for Numbered {
    fn name(&self) -> &'static str {
        "numbered"
    }

    fn fetch(&self) -> BoxFuture<'_, Result<Fetched, Error>> {
        Box::pin(async {
            let number = self.fetches.fetch_add(1, Ordering::SeqCst) + 1;
            self.leave.acquire().await.expect("never closed").forget();
            if self.failing.lock().expect("no test panics with it").pop_front().is_some() {
                return Err(Error::new(Cause::Credentials, format!("fetch {number} failed")));
            }
            let end = docsdk_runtime::time::Clock::now(&self.time) + self.life;
            let key = Credentials::access_key(format!("key-{number}"), "hush").with_expiry(end);
            Ok(Fetched::new(key, self.renewal))
        })
    }
}

fn id(credentials: &Credentials) -> &str {
    match credentials.key() {
        Key::AccessKey { id, .. } => id,
        _ => "no access key",
    }
}

#[track_caller]
fn got(result: Result<Credentials, Error>, expected: &str) {
    assert_eq!(id(&result.expect("credentials")), expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_at_once_make_one_fetch() {
    let (source, _) = Numbered::new(Renewal::ALIYUN);
    let source = source.held();
    let provider = source.clone().cached_in(&Surroundings::new().clock(source.time.clone()));
    let asking: Vec<_> = (0..1_000)
        .map(|_| {
            let provider = provider.clone();
            tokio::spawn(async move { provider.credentials().await })
        })
        .collect();
    while source.fetches() == 0 {
        tokio::task::yield_now().await;
    }
    source.leave.add_permits(1);
    for asked in asking {
        got(asked.await.expect("no panic"), "key-1");
    }
    assert_eq!(source.fetches(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_at_once_hear_of_one_failure() {
    let (source, _) = Numbered::new(Renewal::ALIYUN);
    let source = source.held();
    source.fail_next(1);
    let provider = source.clone().cached_in(&Surroundings::new().clock(source.time.clone()));
    let mut asking: Vec<_> = (0..1_000).map(|_| provider.credentials()).collect();
    // All have asked before the fetch ends.
    for asked in &mut asking {
        assert!(futures_util::poll!(asked.as_mut()).is_pending());
    }
    source.leave.add_permits(2);
    for asked in asking {
        let error = asked.await.expect_err("the fetch failed");
        assert_eq!((error.cause(), error.to_string().as_str()), (Cause::Credentials, "fetch 1 failed"));
    }
    assert_eq!(source.fetches(), 1);
    got(provider.credentials().await, "key-2");
}

#[tokio::test]
async fn keys_are_renewed_ahead_of_their_end() {
    let (source, provider) = Numbered::new(Renewal::ALIYUN);
    got(provider.credentials().await, "key-1");
    source.pass(44 * MINUTE).await;
    got(provider.credentials().await, "key-1");
    source.pass(MINUTE).await;
    got(provider.credentials().await, "key-2");
    assert_eq!(source.fetches(), 2);
}

#[tokio::test]
async fn one_renews_while_others_go_on_with_the_old() {
    let (source, _) = Numbered::new(Renewal::ALIYUN);
    let source = source.held();
    let provider = source.clone().cached_in(&Surroundings::new().clock(source.time.clone()));
    source.leave.add_permits(1);
    got(provider.credentials().await, "key-1");
    source.pass(50 * MINUTE).await;
    let mut renewing = provider.credentials();
    assert!(futures_util::poll!(renewing.as_mut()).is_pending());
    for _ in 0..100 {
        got(provider.credentials().await, "key-1");
    }
    source.leave.add_permits(1);
    got(renewing.await, "key-2");
    got(provider.credentials().await, "key-2");
    assert_eq!(source.fetches(), 2);
}

#[tokio::test]
async fn a_slow_renewal_keeps_nobody_waiting() {
    let (source, _) = Numbered::new(Renewal::ALIYUN);
    let source = source.held();
    let surroundings = Surroundings::new().clock(source.time.clone()).timer(source.time.clone());
    let provider = source.clone().cached_in(&surroundings);
    source.leave.add_permits(1);
    got(provider.credentials().await, "key-1");
    source.pass(50 * MINUTE).await;
    got(provider.credentials().await, "key-1");
    assert_eq!(source.time.slept().last(), Some(&Duration::from_secs(5)));
    // Nobody tries again for a minute, then one does.
    got(provider.credentials().await, "key-1");
    assert_eq!(source.fetches(), 2);
    source.leave.add_permits(1);
    source.pass(MINUTE).await;
    got(provider.credentials().await, "key-3");
}

#[tokio::test]
async fn a_failed_renewal_is_tried_again_later() {
    let (source, provider) = Numbered::new(Renewal::ALIYUN);
    got(provider.credentials().await, "key-1");
    source.fail_next(3);
    source.pass(50 * MINUTE).await;
    got(provider.credentials().await, "key-1");
    got(provider.credentials().await, "key-1");
    assert_eq!(source.fetches(), 2);
    source.pass(MINUTE).await;
    got(provider.credentials().await, "key-1");
    assert_eq!(source.fetches(), 3);
    // Past the end the error is told, at each try.
    source.pass(10 * MINUTE).await;
    let error = provider.credentials().await.expect_err("the key has ended");
    assert_eq!(error.to_string(), "fetch 4 failed");
    got(provider.credentials().await, "key-5");
}

#[tokio::test]
async fn keys_of_metadata_may_be_used_past_their_end() {
    let (source, provider) = Numbered::new(Renewal::ALIYUN_METADATA);
    got(provider.credentials().await, "key-1");
    source.fail_next(2);
    source.pass(61 * MINUTE).await;
    got(provider.credentials().await, "key-1");
    got(provider.credentials().await, "key-1");
    assert_eq!(source.fetches(), 2);
    source.pass(MINUTE).await;
    got(provider.credentials().await, "key-1");
    source.pass(MINUTE).await;
    got(provider.credentials().await, "key-4");
}

#[tokio::test]
async fn a_fetch_that_is_broken_off_leaves_nobody_waiting() {
    let (source, _) = Numbered::new(Renewal::ALIYUN);
    let source = source.held();
    let provider = source.clone().cached_in(&Surroundings::new().clock(source.time.clone()));
    let (mut first, mut second) = (provider.credentials(), provider.credentials());
    assert!(futures_util::poll!(first.as_mut()).is_pending());
    assert!(futures_util::poll!(second.as_mut()).is_pending());
    // The one who began gives up; the other gets the same fetch's key.
    drop(first);
    source.leave.add_permits(1);
    got(second.await, "key-1");
    assert_eq!(source.fetches(), 1);

    // All give up; the next who asks begins anew.
    source.pass(60 * MINUTE).await;
    let mut third = provider.credentials();
    assert!(futures_util::poll!(third.as_mut()).is_pending());
    drop(third);
    source.leave.add_permits(1);
    got(provider.credentials().await, "key-3");

    // The same while the old is still good: it is used meanwhile, and renewed a minute later.
    source.pass(50 * MINUTE).await;
    let mut fourth = provider.credentials();
    assert!(futures_util::poll!(fourth.as_mut()).is_pending());
    drop(fourth);
    source.leave.add_permits(1);
    got(provider.credentials().await, "key-3");
    source.pass(MINUTE).await;
    got(provider.credentials().await, "key-5");
}

#[tokio::test]
async fn refused_keys_are_fetched_anew() {
    let (source, provider) = Numbered::new(Renewal::ALIYUN);
    let first = provider.credentials().await.expect("a key");
    provider.refused(&first);
    got(provider.credentials().await, "key-2");
    // That another call had the old one refused later changes nothing.
    provider.refused(&first);
    got(provider.credentials().await, "key-2");
    assert_eq!(source.fetches(), 2);
}

#[tokio::test]
async fn keys_that_are_over_when_they_come_are_used_for_a_minute() {
    let (mut source, _) = Numbered::new(Renewal::ALIYUN);
    source.life = Duration::ZERO;
    let provider = source.clone().cached_in(&Surroundings::new().clock(source.time.clone()));
    for _ in 0..10 {
        got(provider.credentials().await, "key-1");
    }
    source.pass(MINUTE).await;
    got(provider.credentials().await, "key-2");
    assert_eq!(source.fetches(), 2);
}

#[tokio::test]
async fn short_lives_are_renewed_at_half() {
    let mut renewal = Renewal::HUAWEI;
    renewal.ahead = 90 * MINUTE;
    let (source, provider) = Numbered::new(renewal);
    got(provider.credentials().await, "key-1");
    source.pass(29 * MINUTE).await;
    got(provider.credentials().await, "key-1");
    source.pass(MINUTE).await;
    got(provider.credentials().await, "key-2");
}
