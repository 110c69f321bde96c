//! One request and its answer, within limits.

use std::error::Error as _;
use std::time::Duration;

use reqwest::header::{ACCEPT, ACCEPT_LANGUAGE, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH};
use reqwest::redirect::Policy;
use reqwest::{Client, NoProxy, Response};
use url::Url;

use super::address::NotPublic;
use super::settings::{Bounds, Proxy};
use crate::diagnostic::{Diagnostic, Severity};
use crate::spec::pages_lock::Validators;

/// How long a connection may take to come about, at most.
const CONNECT: Duration = Duration::from_secs(15);

/// An answer of a host.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// Of status 200 alone, unpacked.
    pub(crate) body: Vec<u8>,
}

/// Why there is no page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It may pass: asked again, after a while that the host may have named.
    Passing {
        /// What went wrong.
        message: String,
        /// How long the host wants to be left alone.
        wait: Option<Duration>,
    },
    /// It will not.
    Lasting(Failure),
}

/// What went wrong with a page for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The id of the finding.
    pub(crate) id: &'static str,
    /// What went wrong.
    pub(crate) message: String,
    /// What to do.
    pub(crate) help: &'static str,
}

impl Trouble {
    pub(crate) fn passing(message: impl Into<String>) -> Self {
        Self::Passing { message: message.into(), wait: None }
    }

    pub(crate) fn lasting(id: &'static str, message: impl Into<String>, help: &'static str) -> Self {
        Self::Lasting(Failure { id, message: message.into(), help })
    }
}

/// What to do with a body that is longer than it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// It is refused.
    Refuse(usize),
    /// Its rest is left out.
    Cut(usize),
}

/// Sends requests; follows no redirect.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    client: Client,
    timeout: Duration,
}

impl Transport {
    /// A transport within bounds.
    ///
    /// # Errors
    /// A finding where the system's certificates or the proxy's settings can't be used.
    pub(crate) fn new(bounds: &Bounds, file: &str) -> Result<Self, Box<Diagnostic>> {
        let failed = |error: reqwest::Error| {
            let message = format!("no connections can be made: {}", reason(&error));
            let finding = Diagnostic::new("fetch-client", Severity::Error, file, message);
            Box::new(finding.help("see whether the system has certificate authorities, and how proxies are set"))
        };
        // Another part of the program may have chosen a provider already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .user_agent(&bounds.user_agent)
            .redirect(Policy::none())
            .referer(false)
            .timeout(bounds.timeout)
            .connect_timeout(bounds.timeout.min(CONNECT))
            .dns_resolver(bounds.guard.clone());
        builder = match &bounds.proxy {
            Proxy::Environment => builder,
            Proxy::None => builder.no_proxy(),
            Proxy::Url(url) => {
                let proxy = reqwest::Proxy::all(url.clone()).map_err(failed)?;
                builder.proxy(proxy.no_proxy(NoProxy::from_env()))
            }
        };
        Ok(Self { client: builder.build().map_err(failed)?, timeout: bounds.timeout })
    }

    /// Asks for a page, or whether it is other than it was.
    pub(crate) async fn get(&self, url: &Url, known: &Validators, limit: Limit) -> Result<Reply, Trouble> {
        let mut request = self.client.get(url.clone());
        request = request.header(ACCEPT, "text/html,application/xhtml+xml,text/markdown,text/plain;q=0.9,*/*;q=0.5");
        // Without it, hosts choose by the machine's place.
        request = request.header(ACCEPT_LANGUAGE, "*");
        if let Some(etag) = &known.etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        if let Some(date) = &known.last_modified {
            request = request.header(IF_MODIFIED_SINCE, date);
        }
        let response = request.send().await.map_err(|error| self.trouble(&error))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = if status == 200 { self.body(response, limit).await? } else { Vec::new() };
        Ok(Reply { status, headers, body })
    }

    /// Reads a body piece by piece: neither a length that is told nor a packed one is trusted.
    async fn body(&self, mut response: Response, limit: Limit) -> Result<Vec<u8>, Trouble> {
        let (Limit::Refuse(most) | Limit::Cut(most)) = limit;
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| self.trouble(&error))? {
            let room = most - body.len();
            if piece.len() <= room {
                body.extend_from_slice(&piece);
                continue;
            }
            if limit == Limit::Cut(most) {
                body.extend_from_slice(piece.get(..room).unwrap_or_default());
                break;
            }
            let message = format!("is larger than the {most} bytes that a page may have, unpacked");
            return Err(Trouble::lasting("page-too-large", message, "raise `max_bytes` if it is the right page"));
        }
        Ok(body)
    }

    fn trouble(&self, error: &reqwest::Error) -> Trouble {
        let mut source = error.source();
        while let Some(inner) = source {
            if let Some(refused) = inner.downcast_ref::<NotPublic>() {
                return not_public(refused);
            }
            source = inner.source();
        }
        if error.is_timeout() {
            return Trouble::passing(format!("was not there after {} s", self.timeout.as_secs_f64()));
        }
        let reason = reason(error);
        if error.is_builder() {
            return Trouble::lasting("page-not-fetched", format!("can't be asked for: {reason}"), "mend its URL");
        }
        let what = if error.is_connect() { "no connection came about" } else { "broke off" };
        Trouble::passing(format!("{what}: {reason}"))
    }
}

pub(crate) fn not_public(refused: &NotPublic) -> Trouble {
    let help = "if it is your own, name its host in `private_hosts` under `[fetch]`";
    Trouble::lasting("page-address", format!("is not fetched: {refused}"), help)
}

/// The innermost reason: those around it repeat the URL, which may hold what is no one's business.
fn reason(error: &reqwest::Error) -> String {
    let mut reason: &dyn std::error::Error = error;
    while let Some(inner) = reason.source() {
        reason = inner;
    }
    if std::ptr::addr_eq(std::ptr::from_ref(reason), std::ptr::from_ref::<dyn std::error::Error>(error)) {
        return "the request could not be sent".to_owned();
    }
    reason.to_string()
}
