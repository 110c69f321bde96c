//! What a fetch is bound by: the manifest's settings with their defaults, checked.

use std::time::Duration;

use url::Url;

use super::address::Guard;
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::FetchSettings;

/// The environment's variables that name proxies.
const PROXY_VARIABLES: [&str; 6] = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/// What a fetch is bound by.
#[derive(Clone, Debug)]
pub(crate) struct Bounds {
    /// The time between two requests to one host.
    pub(crate) interval: Duration,
    /// How long a request may take.
    pub(crate) timeout: Duration,
    /// How often a page is asked for.
    pub(crate) attempts: u32,
    /// The wait before the second attempt.
    pub(crate) retry_wait: Duration,
    /// The longest wait.
    pub(crate) longest_wait: Duration,
    /// The most bytes of a page, unpacked.
    pub(crate) max_bytes: usize,
    /// The most redirects of a page.
    pub(crate) redirects: u32,
    /// Whether `robots.txt` is obeyed.
    pub(crate) robots: bool,
    /// How docsdk names itself.
    pub(crate) user_agent: String,
    /// Which hosts may be inside.
    pub(crate) guard: Guard,
    /// Whose connections are made.
    pub(crate) proxy: Proxy,
}

/// Whose connections are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Proxy {
    /// What the environment says.
    Environment,
    /// None.
    None,
    /// This one.
    Url(Url),
}

impl Bounds {
    /// Reads settings.
    ///
    /// # Errors
    /// A finding about a value that can't be.
    pub(crate) fn new(settings: &FetchSettings, file: &str) -> Result<Self, Box<Diagnostic>> {
        let wrong = |key: &str, expected: &str| {
            let message = format!("`fetch.{key}` has to be {expected}");
            let finding = Diagnostic::new("fetch-setting", Severity::Error, file, message);
            Box::new(finding.help(format!("mend `{key}` under `[fetch]` or `[service.fetch]`")))
        };
        let seconds = |key: &str, value: Option<f64>, usual: u64| match value {
            None => Ok(Duration::from_secs(usual)),
            Some(value) if value > 0.0 && value <= 86_400.0 => Ok(Duration::from_secs_f64(value)),
            Some(_) => Err(wrong(key, "a number of seconds above 0, at most a day")),
        };
        let rate = settings.rate.unwrap_or(1.0);
        if !(rate.is_finite() && rate >= 0.001) {
            return Err(wrong("rate", "a number of requests a second, 0.001 or more"));
        }
        let attempts = settings.attempts.unwrap_or(4);
        if !(1..=20).contains(&attempts) {
            return Err(wrong("attempts", "from 1 to 20"));
        }
        let max_bytes = settings.max_bytes.unwrap_or(8 << 20);
        if !(1..=crate::page::MAX_PAGE_BYTES as u64).contains(&max_bytes) {
            return Err(wrong("max_bytes", &format!("from 1 to {}", crate::page::MAX_PAGE_BYTES)));
        }
        let own = format!("docsdk/{}", env!("CARGO_PKG_VERSION"));
        let user_agent = settings.user_agent.clone().unwrap_or(own);
        if user_agent.is_empty() || !user_agent.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err(wrong("user_agent", "printable ASCII"));
        }
        let proxy = match settings.proxy.as_deref() {
            None => Proxy::Environment,
            Some("none") => Proxy::None,
            Some(text) => Proxy::Url(proxy_url(text).map_err(|expected| wrong("proxy", expected))?),
        };
        let private = settings.private_hosts.clone().unwrap_or_default();
        if let Some(host) = private.iter().find(|host| host.contains(['/', '*', ' '])) {
            return Err(wrong("private_hosts", &format!("names or addresses without a port; `{host}` is none")));
        }
        Ok(Self {
            interval: Duration::from_secs_f64(1.0 / rate),
            timeout: seconds("timeout", settings.timeout, 30)?,
            attempts,
            retry_wait: seconds("retry_wait", settings.retry_wait, 2)?,
            longest_wait: seconds("longest_wait", settings.longest_wait, 120)?,
            max_bytes: usize::try_from(max_bytes).unwrap_or(usize::MAX),
            redirects: settings.redirects.unwrap_or(5).min(20),
            robots: settings.robots.unwrap_or(true),
            user_agent,
            guard: Guard::new(&private, proxy.hosts()),
            proxy,
        })
    }
}

impl Proxy {
    /// The hosts of the proxies that connections may go to.
    fn hosts(&self) -> Vec<String> {
        let host = |url: &Url| url.host_str().map(str::to_owned);
        match self {
            Self::None => Vec::new(),
            Self::Url(url) => host(url).into_iter().collect(),
            Self::Environment => {
                let urls = PROXY_VARIABLES.iter().filter_map(|name| std::env::var(name).ok());
                let url = |text: String| Url::parse(&text).or_else(|_| Url::parse(&format!("http://{text}"))).ok();
                urls.filter_map(url).filter_map(|url| host(&url)).collect()
            }
        }
    }
}

fn proxy_url(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "a URL such as `http://proxy.example.com:3128`, or `none`")?;
    if !matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") || url.host_str().is_none() {
        return Err("a URL of `http`, `https`, `socks5` or `socks5h`, or `none`");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("without a password: name the proxy in the environment's `HTTPS_PROXY` instead");
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_settings_are_told() {
        let fails = |settings: FetchSettings, part: &str| {
            let finding = Bounds::new(&settings, "docsdk.toml").unwrap_err();
            assert!(finding.message.contains(part), "{}", finding.message);
        };
        fails(FetchSettings { rate: Some(0.0), ..Default::default() }, "`fetch.rate`");
        fails(FetchSettings { timeout: Some(f64::NAN), ..Default::default() }, "`fetch.timeout`");
        fails(FetchSettings { attempts: Some(0), ..Default::default() }, "from 1 to 20");
        fails(FetchSettings { proxy: Some("http://me:secret@p".into()), ..Default::default() }, "without a password");
        fails(FetchSettings { user_agent: Some("a\nb".into()), ..Default::default() }, "printable");
        fails(FetchSettings { private_hosts: Some(vec!["*".into()]), ..Default::default() }, "`*` is none");
        let service = FetchSettings { rate: Some(4.0), ..Default::default() };
        let all = FetchSettings { rate: Some(2.0), attempts: Some(2), ..Default::default() };
        let bounds = Bounds::new(&service.over(&all), "docsdk.toml").unwrap();
        assert_eq!((bounds.interval, bounds.attempts), (Duration::from_millis(250), 2));
    }
}
