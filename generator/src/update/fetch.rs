//! A page from the web: redirects checked hop by hop, `robots.txt` obeyed, attempts repeated.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, ETAG, HeaderMap, HeaderName, LAST_MODIFIED, LOCATION, RETRY_AFTER};
use url::Url;

use super::clock::Clock;
use super::pace::Pace;
use super::robots::{self, Rules};
use super::settings::Bounds;
use super::transport::{Failure, Limit, Reply, Transport, Trouble, not_public};
use crate::diagnostic::Diagnostic;
use crate::spec::pages_lock::Validators;

/// What became of a page.
#[derive(Debug)]
pub(crate) enum Answer {
    /// It is what it was.
    Unchanged,
    /// It is there.
    Page(Box<Fetched>),
    /// It is there no longer, by this status.
    Gone(u16),
    /// It could not be had.
    Failed(Failure),
}

/// A page as it was served.
#[derive(Debug)]
pub(crate) struct Fetched {
    /// Where it was in the end.
    pub(crate) url: Url,
    /// Whether the host says that it is there for good.
    pub(crate) moved: bool,
    pub(crate) bytes: Vec<u8>,
    pub(crate) content_type: Option<String>,
    pub(crate) validators: Validators,
}

/// Fetches pages.
#[derive(Debug)]
pub(crate) struct Fetcher {
    bounds: Bounds,
    transport: Transport,
    clock: Arc<dyn Clock>,
    pace: Arc<Pace>,
    robots: Mutex<BTreeMap<Url, Arc<Rules>>>,
}

impl Fetcher {
    /// A fetcher within bounds; `pace` may be shared with others.
    ///
    /// # Errors
    /// A finding where no connections can be made.
    pub(crate) fn new(
        bounds: Bounds,
        clock: Arc<dyn Clock>,
        pace: Arc<Pace>,
        file: &str,
    ) -> Result<Self, Box<Diagnostic>> {
        let transport = Transport::new(&bounds, file)?;
        Ok(Self { bounds, transport, clock, pace, robots: Mutex::default() })
    }

    /// Fetches a page, unless it is as the validators know it.
    pub(crate) async fn fetch(&self, url: &Url, known: &Validators) -> Answer {
        let result = self.repeated(url, async || self.follow(url, known).await).await;
        result.unwrap_or_else(Answer::Failed)
    }

    /// Does something until it succeeds, fails for good, or has failed often enough.
    async fn repeated<T>(&self, url: &Url, attempt: impl AsyncFn() -> Result<T, Trouble>) -> Result<T, Failure> {
        let most = self.bounds.attempts;
        let mut next_wait = self.bounds.retry_wait;
        let mut number = 1;
        loop {
            let (message, asked) = match attempt().await {
                Ok(value) => return Ok(value),
                Err(Trouble::Lasting(failure)) => return Err(failure),
                Err(Trouble::Passing { message, wait }) => (message, wait),
            };
            let failed = |message, help| Failure { id: "page-not-fetched", message, help };
            if let Some(wait) = asked.filter(|wait| *wait > self.bounds.longest_wait) {
                let message = format!("{message}, and the host wants to be left alone for {} s", wait.as_secs());
                return Err(failed(message, "run again after that time, or raise `longest_wait`"));
            }
            if number >= most {
                let tries = if most == 1 { "once".to_owned() } else { format!("{most} times") };
                return Err(failed(format!("{message}; tried {tries}"), "run again later: what was fetched is kept"));
            }
            self.pace.hold(&host(url), asked.unwrap_or(next_wait).min(self.bounds.longest_wait));
            next_wait = next_wait.saturating_mul(2);
            number += 1;
        }
    }

    /// One attempt: the page, or what its redirects lead to.
    async fn follow(&self, url: &Url, known: &Validators) -> Result<Answer, Trouble> {
        let mut here = url.clone();
        let mut seen = vec![here.clone()];
        let mut for_good = true;
        loop {
            let delay = self.permitted(&here).await?;
            self.pace.turn(&host(&here), delay.max(self.bounds.interval)).await;
            let reply = self.transport.get(&here, known, Limit::Refuse(self.bounds.max_bytes)).await?;
            match reply.status {
                200 => {
                    let moved = for_good && seen.len() > 1;
                    return Ok(Answer::Page(Box::new(fetched(here, moved, reply))));
                }
                304 if !known.is_empty() => return Ok(Answer::Unchanged),
                404 | 410 => return Ok(Answer::Gone(reply.status)),
                301 | 302 | 303 | 307 | 308 => {
                    for_good &= matches!(reply.status, 301 | 308);
                    here = self.next_hop(&here, &reply.headers, &seen)?;
                    seen.push(here.clone());
                }
                status => return Err(self.refusal(status, &reply.headers)),
            }
        }
    }

    fn next_hop(&self, here: &Url, headers: &HeaderMap, seen: &[Url]) -> Result<Url, Trouble> {
        let refused = |message: String| {
            Trouble::lasting("page-redirect", message, "give the manifest the URL at which the page is now")
        };
        let Some(location) = text(headers, &LOCATION) else {
            return Err(refused("leads elsewhere without saying where".to_owned()));
        };
        let Ok(mut next) = here.join(&location) else {
            return Err(refused("leads to an address that is none".to_owned()));
        };
        next.set_fragment(None);
        if !matches!(next.scheme(), "http" | "https") {
            return Err(refused(format!("leads to a URL of `{}`, which is no page of the web", next.scheme())));
        }
        if here.scheme() == "https" && next.scheme() == "http" {
            return Err(refused(format!("leads from an encrypted page to an open one, on `{}`", host(&next))));
        }
        if !next.username().is_empty() || next.password().is_some() {
            return Err(refused("leads to an address with a password in it".to_owned()));
        }
        if seen.contains(&next) {
            return Err(refused(format!("leads in a circle of {}", seen.len())));
        }
        if seen.len() > self.bounds.redirects as usize {
            return Err(refused(format!("leads on after {} redirects", self.bounds.redirects)));
        }
        Ok(next)
    }

    fn refusal(&self, status: u16, headers: &HeaderMap) -> Trouble {
        let message = format!("was answered by status {status}");
        match status {
            408 | 425 | 429 | 500..=599 => {
                Trouble::Passing { message, wait: retry_after(headers, self.clock.as_ref()) }
            }
            401 | 403 | 407 => Trouble::lasting(
                "page-denied",
                message,
                "a page that asks for a sign-in is saved by hand, under `pages`",
            ),
            _ => Trouble::lasting("page-not-fetched", message, "see whether its URL is right"),
        }
    }

    /// Whether a page may be fetched, and the time that its host wants between requests.
    async fn permitted(&self, url: &Url) -> Result<Duration, Trouble> {
        self.bounds.guard.check(url).map_err(|refused| not_public(&refused))?;
        if !self.bounds.robots {
            return Ok(Duration::ZERO);
        }
        let place = robots::place(url);
        let known = self.robots.lock().unwrap_or_else(PoisonError::into_inner).get(&place).cloned();
        let rules = if let Some(rules) = known {
            rules
        } else {
            let rules = Arc::new(self.rules(&place).await);
            self.robots.lock().unwrap_or_else(PoisonError::into_inner).insert(place, Arc::clone(&rules));
            rules
        };
        if let Rules::Unknown(message) = rules.as_ref() {
            let message = format!("is not fetched, since the host's `robots.txt` {message}");
            return Err(Trouble::lasting("robots-unknown", message, "run again later"));
        }
        if !rules.allows(url) {
            let help = "leave it out, or set `robots = false` under `[service.fetch]` where the vendor permits it";
            return Err(Trouble::lasting("robots-disallow", "is not for robots, says its host's `robots.txt`", help));
        }
        Ok(rules.delay())
    }

    /// A host's rules: none where it has none, and unknown where it fails to give them.
    async fn rules(&self, place: &Url) -> Rules {
        let attempt = async || {
            let mut here = place.clone();
            let mut seen = vec![here.clone()];
            loop {
                self.bounds.guard.check(&here).map_err(|refused| not_public(&refused))?;
                self.pace.turn(&host(&here), self.bounds.interval).await;
                let reply = self.transport.get(&here, &Validators::default(), Limit::Cut(robots::MOST_BYTES)).await?;
                match reply.status {
                    200 => return Ok(Rules::read(&reply.body)),
                    301 | 302 | 303 | 307 | 308 => match self.next_hop(&here, &reply.headers, &seen) {
                        Ok(next) => {
                            here = next;
                            seen.push(here.clone());
                        }
                        // As RFC 9309 has it: one that leads nowhere is not there.
                        Err(_) => return Ok(Rules::None),
                    },
                    429 | 500..=599 => return Err(self.refusal(reply.status, &reply.headers)),
                    _ => return Ok(Rules::None),
                }
            }
        };
        self.repeated(place, attempt).await.unwrap_or_else(|failure| Rules::Unknown(failure.message))
    }
}

/// A host and its port: what a pace is kept for.
pub(crate) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn fetched(url: Url, moved: bool, reply: Reply) -> Fetched {
    let validators =
        Validators { etag: text(&reply.headers, &ETAG), last_modified: text(&reply.headers, &LAST_MODIFIED) };
    Fetched { url, moved, content_type: text(&reply.headers, &CONTENT_TYPE), validators, bytes: reply.body }
}

/// A header's value, where it is short and printable.
fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    const LONGEST: usize = 4096;
    let value = headers.get(name)?.to_str().ok()?.trim();
    (!value.is_empty() && value.len() <= LONGEST).then(|| value.to_owned())
}

/// How long a host wants to be left alone: seconds or a date.
fn retry_after(headers: &HeaderMap, clock: &dyn Clock) -> Option<Duration> {
    let value = text(headers, &RETRY_AFTER)?;
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(&value).ok()?;
    Some(date.duration_since(clock.date()).unwrap_or_default())
}
