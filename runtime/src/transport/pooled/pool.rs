//! Connections that are kept for the next call.

use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Uri;
use http::uri::{Authority, Scheme};
use http_body_util::Full;
use hyper::client::conn::http2;
use tokio::sync::Semaphore;
use tower_service::Service;

use super::connect::Connector;
use super::connection::{Lease, Own};
use crate::transport::TransportError;

/// How often connections that nobody uses are looked at: those that the service closed are closed here too.
const SWEEP: Duration = Duration::from_secs(5);

/// Connections by where they lead. Cheap to clone; clones share them.
#[derive(Clone)]
pub(super) struct Pool {
    connector: Connector,
    kept: Arc<Mutex<Kept>>,
    idle_timeout: Duration,
    max_idle: usize,
}

/// Where a connection leads.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Origin {
    scheme: Scheme,
    authority: Authority,
}

#[derive(Default)]
struct Kept {
    hosts: HashMap<Origin, Host>,
    /// Whether a task looks at them from time to time.
    swept: bool,
}

/// What is known of a host.
#[derive(Default)]
struct Host {
    /// Connections for one call each, the one used last at the end.
    idle: Vec<(Own, Instant)>,
    /// The connection for many calls, and when it was last given.
    shared: Option<(http2::SendRequest<Full<Bytes>>, Instant)>,
    /// Whether it is known to speak HTTP/1.1.
    one_at_a_time: bool,
    /// Closed when the first connection came about or failed: until then nobody knows whether it can be shared.
    first: Option<Arc<Semaphore>>,
}

impl Origin {
    /// Where a request goes; nothing where its address is not absolute.
    pub(super) fn of(uri: &Uri) -> Option<Self> {
        Some(Self { scheme: uri.scheme()?.clone(), authority: uri.authority()?.clone() })
    }

    /// The host, with its port where it is not the scheme's own.
    pub(super) fn host(&self) -> String {
        let usual = if self.scheme == Scheme::HTTPS { 443 } else { 80 };
        match self.authority.port_u16().filter(|port| *port != usual) {
            Some(port) => format!("{}:{port}", self.authority.host()),
            None => self.authority.host().to_owned(),
        }
    }

    /// The address of a path there.
    pub(super) fn address(&self, path: Uri) -> Result<Uri, http::uri::InvalidUriParts> {
        let mut parts = path.into_parts();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        Uri::from_parts(parts)
    }
}

impl Pool {
    pub(super) fn new(connector: Connector, idle_timeout: Duration, max_idle: usize) -> Self {
        Self { connector, kept: Arc::default(), idle_timeout, max_idle }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        lock(&self.kept)
    }

    /// A connection that was used before, where there is one.
    pub(super) fn used(&self, origin: &Origin) -> Option<Lease> {
        let mut stale = Vec::new();
        let mut kept = self.lock();
        let host = kept.hosts.get_mut(origin)?;
        if let Some((shared, given)) = &mut host.shared
            && !shared.is_closed()
        {
            *given = Instant::now();
            return Some(Lease::Shared(shared.clone()));
        }
        while let Some((own, since)) = host.idle.pop() {
            if since.elapsed() < self.idle_timeout {
                return Some(Lease::Own(own));
            }
            // The others have been here for longer. Closed when nobody waits for the lock any more.
            stale.push(own);
            stale.extend(host.idle.drain(..).map(|(own, _)| own));
        }
        drop(kept);
        None
    }

    /// A new connection; to a host of which nothing is known yet, only one at a time is made, since it may do for all.
    pub(super) async fn connect(&self, origin: &Origin) -> Result<Lease, TransportError> {
        let opening = match self.first(origin) {
            First::Known => None,
            First::Mine(opening) => Some(opening),
            First::Anothers(first) => {
                // Closed when there is news; whoever finds no connection then makes one without waiting again.
                let _ = first.acquire().await;
                if let Some(lease) = self.used(origin) {
                    return Ok(lease);
                }
                None
            }
        };
        let lease = self.dial(origin).await?;
        let mut kept = self.lock();
        match &lease {
            Lease::Shared(sender) => {
                kept.hosts.entry(origin.clone()).or_default().shared = Some((sender.clone(), Instant::now()));
                self.sweep(&mut kept);
            }
            Lease::Own(_) if opening.is_some() => {
                kept.hosts.entry(origin.clone()).or_default().one_at_a_time = true;
            }
            Lease::Own(_) => {}
        }
        drop(kept);
        Ok(lease)
    }

    fn first(&self, origin: &Origin) -> First {
        // Without TLS nothing else is agreed on.
        if origin.scheme != Scheme::HTTPS {
            return First::Known;
        }
        let mut kept = self.lock();
        let host = kept.hosts.entry(origin.clone()).or_default();
        if host.one_at_a_time {
            return First::Known;
        }
        if let Some(first) = &host.first {
            return First::Anothers(first.clone());
        }
        let first = Arc::new(Semaphore::new(0));
        host.first = Some(first.clone());
        First::Mine(Opening { kept: self.kept.clone(), origin: origin.clone(), first })
    }

    async fn dial(&self, origin: &Origin) -> Result<Lease, TransportError> {
        let address = origin.address(Uri::from_static("/")).map_err(TransportError::connect)?;
        let mut connector = self.connector.clone();
        poll_fn(|context| connector.poll_ready(context)).await.map_err(connect_error)?;
        Lease::over(connector.call(address).await.map_err(connect_error)?).await
    }

    /// Takes a connection back whose answer is read.
    pub(super) fn keep(&self, origin: Origin, lease: Lease) {
        let Lease::Own(mut own) = lease else { return };
        if !own.is_free() {
            return;
        }
        let mut kept = self.lock();
        let host = kept.hosts.entry(origin).or_default();
        if host.idle.len() < self.max_idle {
            host.idle.push((own, Instant::now()));
            self.sweep(&mut kept);
        }
    }

    /// Sees to it that what nobody uses is closed in time.
    fn sweep(&self, kept: &mut Kept) {
        if !std::mem::replace(&mut kept.swept, true) {
            let kept = Arc::downgrade(&self.kept);
            let sweeper = Sweeper { kept, idle_timeout: self.idle_timeout, done: false };
            tokio::spawn(sweeper.run());
        }
    }
}

fn lock(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect_error(error: Box<dyn std::error::Error + Send + Sync>) -> TransportError {
    let timeout = timed_out(&*error);
    let error = TransportError::connect(error);
    if timeout { error.timed_out() } else { error }
}

/// Whether a connection took too long, as the connector says deep in its error.
fn timed_out(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut error = Some(error);
    while let Some(inner) = error {
        if inner.downcast_ref::<std::io::Error>().is_some_and(|io| io.kind() == std::io::ErrorKind::TimedOut) {
            return true;
        }
        error = inner.source();
    }
    false
}

/// Whose connection shows what a host speaks.
enum First {
    /// It is known.
    Known,
    Mine(Opening),
    Anothers(Arc<Semaphore>),
}

/// The first connection to a host while it comes about.
struct Opening {
    kept: Arc<Mutex<Kept>>,
    origin: Origin,
    first: Arc<Semaphore>,
}

/// However it ends, others go on.
impl Drop for Opening {
    fn drop(&mut self) {
        let mut kept = lock(&self.kept);
        if let Some(host) = kept.hosts.get_mut(&self.origin) {
            host.first = None;
            if !host.one_at_a_time && host.shared.is_none() && host.idle.is_empty() {
                kept.hosts.remove(&self.origin);
            }
        }
        drop(kept);
        self.first.close();
    }
}

/// Closes what nobody used for a while, and what the service closed, as long as there is something to look at.
struct Sweeper {
    kept: Weak<Mutex<Kept>>,
    idle_timeout: Duration,
    done: bool,
}

impl Sweeper {
    async fn run(mut self) {
        let period = SWEEP.min(self.idle_timeout).max(Duration::from_millis(100));
        loop {
            tokio::time::sleep(period).await;
            self.done = !self.sweep();
            if self.done {
                return;
            }
        }
    }

    /// Whether anything is left.
    fn sweep(&self) -> bool {
        let Some(kept) = self.kept.upgrade() else { return false };
        let mut closed = Vec::new();
        let mut kept = lock(&kept);
        for host in kept.hosts.values_mut() {
            let over = |since: &Instant| since.elapsed() >= self.idle_timeout;
            closed.extend(host.idle.extract_if(.., |(own, since)| over(since) || !own.is_free()));
            host.shared.take_if(|(sender, given)| sender.is_closed() || over(given));
        }
        kept.hosts.retain(|_, host| !host.idle.is_empty() || host.shared.is_some() || host.first.is_some());
        // Closing takes a while, in which others need the lock.
        let left = !kept.hosts.is_empty();
        kept.swept = left;
        drop(kept);
        drop(closed);
        left
    }
}

/// Where it ends before its work is done, as with its runtime, the next connection that is kept has another.
impl Drop for Sweeper {
    fn drop(&mut self) {
        if let Some(kept) = self.kept.upgrade().filter(|_| !self.done) {
            lock(&kept).swept = false;
        }
    }
}
