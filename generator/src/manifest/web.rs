//! Where a service's pages stand on the web, and how they are fetched.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_spanned::Spanned;

/// How pages are fetched: `[fetch]` for all services, `[service.fetch]` for one of them.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FetchSettings {
    /// How many requests a second one host gets at most; 1 unless said otherwise. A longer `Crawl-delay` of the host's
    /// `robots.txt` wins.
    pub rate: Option<f64>,
    /// How many seconds a page may take; 30 unless said otherwise.
    pub timeout: Option<f64>,
    /// How often a page is asked for where the host fails; 4 unless said otherwise.
    pub attempts: Option<u32>,
    /// How many seconds to wait before the second attempt, twice as long before each further one; 2 unless said
    /// otherwise. A host's `Retry-After` wins.
    pub retry_wait: Option<f64>,
    /// The longest wait in seconds that a host is granted; 120 unless said otherwise.
    pub longest_wait: Option<f64>,
    /// How many bytes a page may have, unpacked; 8 MiB unless said otherwise.
    pub max_bytes: Option<u64>,
    /// How many redirects are followed for one page; 5 unless said otherwise.
    pub redirects: Option<u32>,
    /// Whether `robots.txt` is obeyed; `false` only where the vendor allows it.
    pub robots: Option<bool>,
    /// How docsdk names itself to hosts, where its own name is not enough: with the way to reach you, for one.
    pub user_agent: Option<String>,
    /// Hosts that may have private, loopback or link-local addresses: an intranet's documentation.
    pub private_hosts: Option<Vec<String>>,
    /// The proxy's URL, or `none`; without it, the environment's (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`).
    pub proxy: Option<String>,
}

impl FetchSettings {
    /// These settings where they say something, and the others' where they do not.
    #[must_use]
    pub fn over(&self, others: &Self) -> Self {
        Self {
            rate: self.rate.or(others.rate),
            timeout: self.timeout.or(others.timeout),
            attempts: self.attempts.or(others.attempts),
            retry_wait: self.retry_wait.or(others.retry_wait),
            longest_wait: self.longest_wait.or(others.longest_wait),
            max_bytes: self.max_bytes.or(others.max_bytes),
            redirects: self.redirects.or(others.redirects),
            robots: self.robots.or(others.robots),
            user_agent: self.user_agent.clone().or_else(|| others.user_agent.clone()),
            private_hosts: self.private_hosts.clone().or_else(|| others.private_hosts.clone()),
            proxy: self.proxy.clone().or_else(|| others.proxy.clone()),
        }
    }
}

/// A page of the web that lists a service's pages: a sitemap, or a page with links.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IndexEntry {
    /// Where it stands.
    #[schemars(with = "String")]
    pub url: Spanned<String>,
    /// Which of its links are the service's pages: whole URLs with `*` for part of a name and `**` for folders.
    #[schemars(with = "Vec<String>")]
    pub links: Vec<Spanned<String>>,
}

/// The addresses of a service's pages by the file that each is kept as.
pub type NamedUrls = BTreeMap<String, Spanned<String>>;
