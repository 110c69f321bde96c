//! Proxies: which one a request goes through, if any.

use std::sync::Arc;

use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use crate::error::{Cause, Error};

/// Which proxy requests go through: `http://`, `https://`, `socks5://` or `socks5h://` addresses, with a user and password
/// in them where the proxy asks for one.
///
/// Addresses on the link (169.254.0.0/16, `fe80::/10`) and Alibaba Cloud's 100.100.100.200, where machines serve
/// credentials, are never sent to a proxy.
///
/// ```
/// use docsdk_runtime::transport::Proxy;
///
/// let proxy = Proxy::all("http://user:secret@proxy.example:3128")?.except("localhost, .internal.example");
/// assert!(!format!("{proxy:?}").contains("secret"));
/// # Ok::<(), docsdk_runtime::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Proxy {
    matcher: Arc<Matcher>,
    addresses: Addresses,
    /// From the environment: what runs on this machine is then reached directly, as Go's and curl's users expect.
    environment: bool,
}

/// What a matcher was made of. Addresses may hold passwords, which are shown nowhere.
#[derive(Clone, Default)]
struct Addresses {
    http: Option<String>,
    https: Option<String>,
    none_for: String,
}

impl std::fmt::Debug for Addresses {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Addresses").field("none_for", &self.none_for).finish_non_exhaustive()
    }
}

impl Proxy {
    /// The proxies that `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` name, in capitals or not; addresses of this
    /// machine go past them.
    #[must_use]
    pub fn from_env() -> Self {
        Self { matcher: Arc::new(Matcher::from_env()), addresses: Addresses::default(), environment: true }
    }

    /// One proxy for everything.
    ///
    /// # Errors
    ///
    /// Where the address is none of a proxy.
    pub fn all(address: impl Into<String>) -> Result<Self, Error> {
        let address = checked(address.into())?;
        Ok(Self::of(Addresses { http: Some(address.clone()), https: Some(address), none_for: String::new() }))
    }

    /// A proxy for `https://` addresses, which is all that vendors serve; others are reached directly.
    ///
    /// # Errors
    ///
    /// Where the address is none of a proxy.
    pub fn https(address: impl Into<String>) -> Result<Self, Error> {
        Ok(Self::of(Addresses { https: Some(checked(address.into())?), ..Addresses::default() }))
    }

    /// With hosts that are reached directly: names (with what is below them), addresses, networks as `10.0.0.0/8`, comma
    /// between them. Replaces `NO_PROXY`'s, where the proxies come from the environment.
    #[must_use]
    pub fn except(self, hosts: impl Into<String>) -> Self {
        if !self.environment {
            return Self::of(Addresses { none_for: hosts.into(), ..self.addresses });
        }
        let variable = |name: &str| {
            let read = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
            read(name).or_else(|| read(&name.to_lowercase()))
        };
        let all = variable("ALL_PROXY");
        let (http, https) = (variable("HTTP_PROXY").or_else(|| all.clone()), variable("HTTPS_PROXY").or(all));
        Self { environment: true, ..Self::of(Addresses { http, https, none_for: hosts.into() }) }
    }

    fn of(addresses: Addresses) -> Self {
        let mut builder = Matcher::builder();
        if let Some(address) = &addresses.http {
            builder = builder.http(address.clone());
        }
        if let Some(address) = &addresses.https {
            builder = builder.https(address.clone());
        }
        let matcher = Arc::new(builder.no(addresses.none_for.clone()).build());
        Self { matcher, addresses, environment: false }
    }

    /// The proxy for an address, if any.
    pub(super) fn intercept(&self, destination: &Uri) -> Option<Intercept> {
        let host = destination.host()?.trim_start_matches('[').trim_end_matches(']');
        let direct = match host.parse() {
            Ok(std::net::IpAddr::V4(ip)) => {
                ip.is_link_local() || ip.octets() == [100, 100, 100, 200] || (self.environment && ip.is_loopback())
            }
            Ok(std::net::IpAddr::V6(ip)) => ip.is_unicast_link_local() || (self.environment && ip.is_loopback()),
            Err(_) => self.environment && host.eq_ignore_ascii_case("localhost"),
        };
        if direct { None } else { self.matcher.intercept(destination) }
    }

    /// What a request that goes to a proxy as it is tells the proxy. Those to `https://` go through a tunnel instead.
    pub(super) fn authorization(&self, destination: &Uri) -> Option<HeaderValue> {
        if destination.scheme_str() != Some("http") {
            return None;
        }
        let mut value = self.intercept(destination)?.basic_auth()?.clone();
        value.set_sensitive(true);
        Some(value)
    }
}

/// The address, where it is one of a proxy.
fn checked(address: String) -> Result<String, Error> {
    // The address itself is not repeated: it may hold a password.
    let wrong = |what: &str| Error::new(Cause::Config, format!("the proxy's address {what}"));
    let (scheme, rest) = address.split_once("://").unwrap_or(("http", &address));
    if !["http", "https", "socks5", "socks5h"].contains(&scheme.to_ascii_lowercase().as_str()) {
        return Err(wrong("must begin with `http://`, `https://`, `socks5://` or `socks5h://`"));
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match host.parse::<http::uri::Authority>() {
        Ok(host) if !host.host().is_empty() => Ok(address),
        _ => Err(wrong("names no host")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxied(proxy: &Proxy, to: &str) -> Option<String> {
        Some(proxy.intercept(&to.parse().expect("an address"))?.uri().to_string())
    }

    #[test]
    fn exceptions_and_places_of_credentials_are_reached_directly() {
        let proxy = Proxy::all("http://proxy.example:3128").expect("an address").except("internal.example, 10.0.0.0/8");
        assert_eq!(proxied(&proxy, "https://rds.aliyuncs.com/").as_deref(), Some("http://proxy.example:3128/"));
        assert_eq!(proxied(&proxy, "http://127.0.0.1:8080/").as_deref(), Some("http://proxy.example:3128/"));
        for direct in [
            "https://a.internal.example/",
            "http://10.1.2.3/",
            "http://169.254.169.254/latest",
            "http://100.100.100.200/",
        ] {
            assert_eq!(proxied(&proxy, direct), None, "{direct}");
        }
    }

    #[test]
    fn a_proxy_for_https_leaves_http_alone() {
        let proxy = Proxy::https("socks5h://proxy.example").expect("an address");
        assert!(proxied(&proxy, "https://rds.aliyuncs.com/").is_some());
        assert_eq!(proxied(&proxy, "http://rds.aliyuncs.com/"), None);
    }

    #[test]
    fn passwords_are_shown_nowhere() {
        let proxy = Proxy::all("http://user:hush@proxy.example:3128").expect("an address");
        assert!(!format!("{proxy:?}").contains("hush"), "{proxy:?}");
        let to = "http://rds.aliyuncs.com/".parse().expect("an address");
        let told = proxy.authorization(&to).expect("a user is named");
        assert_eq!(told, "Basic dXNlcjpodXNo");
        assert!(told.is_sensitive());
        let error = Proxy::all("ftp://user:hush@proxy.example").expect_err("not a proxy's");
        assert!(!format!("{error} {error:?}").contains("hush"));
        assert!(Proxy::all("http://user:hush@").is_err());
    }
}
