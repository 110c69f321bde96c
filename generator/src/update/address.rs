//! Which addresses are the public internet's, and a resolver that gives no others.

use std::collections::BTreeSet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Hosts that may have addresses which are not public.
#[derive(Clone, Debug, Default)]
pub(crate) struct Guard {
    /// Hosts that the manifest allows.
    private: Arc<BTreeSet<String>>,
    /// Hosts of proxies, which stand inside as a rule: reached through the resolver, but never as a page's host.
    proxies: Arc<BTreeSet<String>>,
}

/// A host that is not on the public internet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotPublic {
    host: String,
    address: Option<IpAddr>,
}

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.address {
            Some(address) => write!(f, "`{}` has the address {address}, which is not public", self.host),
            None => write!(f, "`{}` is no host of the public internet", self.host),
        }
    }
}

impl std::error::Error for NotPublic {}

impl Guard {
    pub(crate) fn new(private: &[String], proxies: impl IntoIterator<Item = String>) -> Self {
        let plain = |host: String| host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        Self {
            private: Arc::new(private.iter().cloned().map(plain).collect()),
            proxies: Arc::new(proxies.into_iter().map(plain).collect()),
        }
    }

    /// What a URL itself tells: hosts that are addresses, and names that mean this machine. Other names are resolved
    /// as the connection is made, and what they resolve to is checked then.
    pub(crate) fn check(&self, url: &Url) -> Result<(), NotPublic> {
        let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        if self.private.contains(bare) {
            return Ok(());
        }
        let refused = |address| Err(NotPublic { host: host.clone(), address });
        match url.host() {
            Some(Host::Ipv4(address)) if !is_public(address.into()) => refused(Some(address.into())),
            Some(Host::Ipv6(address)) if !is_public(address.into()) => refused(Some(address.into())),
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.').to_ascii_lowercase();
                let local = name == "localhost" || name.ends_with(".localhost") || self.proxies.contains(&name);
                if local { refused(None) } else { Ok(()) }
            }
            Some(_) => Ok(()),
            None => refused(None),
        }
    }

    /// The addresses of a host that may be connected to.
    fn admit(&self, host: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, NotPublic> {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        if self.private.contains(&host) || self.proxies.contains(&host) {
            return Ok(found);
        }
        // One that is not public condemns all: a name that has both kinds is up to something.
        match found.iter().find(|address| !is_public(address.ip())) {
            Some(address) => Err(NotPublic { host, address: Some(address.ip()) }),
            None => Ok(found),
        }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let admitted = guard.admit(&host, found)?;
            Ok(Box::new(admitted.into_iter()) as Addrs)
        })
    }
}

/// Whether an address belongs to the public internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// All but the special blocks of RFC 6890 and its successors.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19));
    !special
}

/// Global unicast alone; of addresses that hold one of IPv4, what that is.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            embedded(high, low)
        }
        // Teredo, ORCHID, documentation and the rest of the special block.
        [0x2001, 0..0x0200 | 0x0db8, ..] | [0x3fff, 0..0x1000, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_public_addresses() {
        let public = |text: &str| is_public(text.parse().unwrap());
        for address in ["8.8.8.8", "100.63.0.1", "172.32.0.1", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"]
        {
            assert!(public(address), "{address}");
        }
        let special = [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.2",
            "169.254.169.254",
            "172.16.0.1",
            "192.168.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:0:1::",
            "2001:db8::1",
            "fc00::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ];
        for address in special {
            assert!(!public(address), "{address}");
        }
    }

    #[test]
    fn urls_of_inside_are_refused_unless_allowed() {
        let check = |guard: &Guard, url: &str| guard.check(&Url::parse(url).unwrap()).is_ok();
        let closed = Guard::new(&[], ["proxy.corp".to_owned()]);
        for url in ["http://127.1/", "http://2130706433/", "http://[::1]/", "http://localhost./", "http://proxy.corp/"]
        {
            assert!(!check(&closed, url), "{url}");
        }
        assert!(check(&closed, "https://docs.example.com/"));
        let open = Guard::new(&["127.0.0.1".to_owned(), "[::1]".to_owned()], []);
        assert!(check(&open, "http://127.0.0.1:8080/") && check(&open, "http://[::1]/"));
        assert!(!check(&open, "http://127.0.0.2/"));
    }

    #[test]
    fn what_a_name_resolves_to_decides() {
        let inside: SocketAddr = "10.0.0.1:0".parse().unwrap();
        let outside: SocketAddr = "8.8.8.8:0".parse().unwrap();
        let guard = Guard::new(&["docs.corp".to_owned()], ["proxy.corp".to_owned()]);
        assert_eq!(guard.admit("docs.example.com", vec![outside]), Ok(vec![outside]));
        let refused = guard.admit("rebinding.example.com", vec![outside, inside]).unwrap_err();
        assert_eq!(refused.to_string(), "`rebinding.example.com` has the address 10.0.0.1, which is not public");
        assert!(guard.admit("Docs.corp.", vec![inside]).is_ok() && guard.admit("proxy.corp", vec![inside]).is_ok());
    }

    #[tokio::test]
    async fn a_connection_gets_no_address_of_inside() {
        let resolve = async |guard: &Guard| Resolve::resolve(guard, "localhost".parse().unwrap()).await;
        let error = resolve(&Guard::default()).await.err().unwrap();
        assert!(error.downcast_ref::<NotPublic>().is_some(), "{error}");
        let open = Guard::new(&["localhost".to_owned()], []);
        assert!(resolve(&open).await.unwrap().all(|address| address.ip().is_loopback()));
    }
}
