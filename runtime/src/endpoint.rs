//! Where a service is served: from data, exceptions before patterns before defaults.

use std::borrow::Cow;
use std::fmt;

use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderValue, Uri};

use crate::error::{Cause, Error};

/// Where a service is served.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointTable {
    /// Used where nothing else applies.
    pub default: Option<Cow<'static, str>>,
    /// A pattern with `{region}`, and optionally `{network}`.
    pub regional: Option<Cow<'static, str>>,
    /// Region and endpoint, where the pattern is wrong for the region; in any order.
    pub regions: Vec<(Cow<'static, str>, Cow<'static, str>)>,
    /// Whether `regions` holds every region there is.
    pub complete: bool,
}

impl EndpointTable {
    /// A table known at compile time, without exceptions.
    pub const fn new(default: Option<&'static str>, regional: Option<&'static str>) -> Self {
        const fn own(text: Option<&'static str>) -> Option<Cow<'static, str>> {
            match text {
                Some(text) => Some(Cow::Borrowed(text)),
                None => None,
            }
        }
        Self { default: own(default), regional: own(regional), regions: Vec::new(), complete: false }
    }

    /// The same table with regions and their endpoints, which come before the pattern.
    #[must_use]
    pub fn with_regions<R, E>(mut self, regions: impl IntoIterator<Item = (R, E)>) -> Self
    where
        R: Into<Cow<'static, str>>,
        E: Into<Cow<'static, str>>,
    {
        self.regions.extend(regions.into_iter().map(|(region, endpoint)| (region.into(), endpoint.into())));
        self
    }

    /// The endpoint of a region. `network` is Alibaba Cloud's kind of network (`vpc`, `internal`): it changes the
    /// pattern's host, but never an exception.
    ///
    /// # Errors
    ///
    /// Where the region is malformed or unknown, with the known regions nearest to it; where nothing applies.
    pub fn resolve(&self, region: Option<&str>, network: Option<&str>) -> Result<Endpoint, Error> {
        if let Some(region) = region {
            if !well_formed(region) {
                return Err(
                    self.unknown(region, "is no name of a region (letters, digits and hyphens, as `cn-hangzhou`)")
                );
            }
            if let Some((_, endpoint)) = self.regions.iter().find(|(known, _)| known == region) {
                return Endpoint::parse(endpoint);
            }
            if self.complete {
                return Err(self.unknown(region, "is not among the service's regions"));
            }
            if let Some(pattern) = &self.regional {
                return Endpoint::parse(&fill(pattern, region, network));
            }
        }
        match (&self.default, region) {
            (Some(default), _) => Endpoint::parse(default),
            (None, Some(region)) => Err(self.unknown(region, "has no endpoint in the service's table")),
            (None, None) => Err(Error::new(Cause::Endpoint, "no endpoint: give the client a region or an endpoint")),
        }
    }

    fn unknown(&self, region: &str, problem: &str) -> Error {
        let mut near: Vec<_> = self.regions.iter().map(|(known, _)| (distance(region, known), known)).collect();
        near.sort();
        let near: Vec<_> = near
            .iter()
            .take_while(|(d, _)| *d <= 1 + region.len() / 3)
            .take(3)
            .map(|(_, n)| format!("`{n}`"))
            .collect();
        let hint = match near.as_slice() {
            [] => "give the client an endpoint".to_owned(),
            names => format!("did you mean {}?", names.join(" or ")),
        };
        Error::new(Cause::Endpoint, format!("region `{region}` {problem}; {hint}"))
    }
}

fn well_formed(region: &str) -> bool {
    !region.is_empty()
        && region.len() <= 63
        && region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !region.starts_with('-')
        && !region.ends_with('-')
}

/// Fills a pattern in. Alibaba Cloud writes the network behind the product: `rds-vpc.cn-hangzhou.aliyuncs.com`.
fn fill(pattern: &str, region: &str, network: Option<&str>) -> String {
    let suffix = match network {
        None | Some("" | "public") => String::new(),
        Some(network) => format!("-{network}"),
    };
    let pattern = if pattern.contains("{network}") {
        pattern.replace("{network}", &suffix)
    } else {
        let host = pattern.find("://").map_or(0, |at| at + 3);
        match pattern[host..].find('.') {
            Some(dot) => format!("{}{suffix}{}", &pattern[..host + dot], &pattern[host + dot..]),
            None => pattern.to_owned(),
        }
    };
    pattern.replace("{region}", region)
}

/// How many characters to add, drop or change.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(&b) {
            let next = (corner + usize::from(x != *y)).min(left + 1).min(*cell + 1);
            corner = std::mem::replace(cell, next);
            left = next;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// A scheme and a host, with its port where it is not the usual one.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    scheme: Scheme,
    authority: Authority,
    host: HeaderValue,
}

impl Endpoint {
    /// Reads `https://host[:port]`; without a scheme it is https.
    ///
    /// # Errors
    ///
    /// Where it is no such address: no host, another scheme, a path, a query, a user name.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let fail = |problem: &str| {
            Error::new(Cause::Endpoint, format!("endpoint `{text}` {problem}; expected `https://host[:port]`"))
        };
        let full = if text.contains("://") { text.trim().to_owned() } else { format!("https://{}", text.trim()) };
        let uri: Uri = full.parse().map_err(|_| fail("is no address"))?;
        let parts = uri.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else { return Err(fail("has no host")) };
        if !matches!(scheme.as_str(), "http" | "https") {
            return Err(fail("has a scheme other than http and https"));
        }
        if authority.as_str().contains('@') || authority.host().is_empty() {
            return Err(fail("has no plain host"));
        }
        if parts.path_and_query.is_some_and(|path| path.as_str() != "/") {
            return Err(fail("has a path"));
        }
        let usual = if scheme == Scheme::HTTP { 80 } else { 443 };
        let host = if authority.port_u16() == Some(usual) { authority.host() } else { authority.as_str() };
        let host = HeaderValue::from_str(host).map_err(|_| fail("has no plain host"))?;
        Ok(Self { scheme, authority, host })
    }

    /// `http` or `https`.
    pub fn scheme(&self) -> &str {
        self.scheme.as_str()
    }

    /// What the `host` header says: the host, and the port where it is not the scheme's own.
    pub fn host(&self) -> &str {
        self.host.to_str().unwrap_or_else(|_| self.authority.as_str())
    }

    /// The `host` header.
    pub(crate) fn host_value(&self) -> HeaderValue {
        self.host.clone()
    }

    /// The address of a path there, with the query behind it.
    pub(crate) fn uri(&self, target: PathAndQuery) -> Result<Uri, http::Error> {
        let mut parts = http::uri::Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(target);
        Ok(Uri::from_parts(parts)?)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> EndpointTable {
        EndpointTable::new(None, Some("https://rds.{region}.aliyuncs.com"))
            .with_regions([("cn-hangzhou", "https://rds.aliyuncs.com"), ("cn-shanghai", "rds.aliyuncs.com")])
    }

    #[track_caller]
    fn check(region: &str, network: Option<&str>, expected: &str) {
        assert_eq!(table().resolve(Some(region), network).expect("resolves").to_string(), expected);
    }

    #[test]
    fn exceptions_come_before_the_pattern() {
        check("cn-hangzhou", None, "https://rds.aliyuncs.com");
        check("cn-shanghai", None, "https://rds.aliyuncs.com");
        check("eu-central-1", None, "https://rds.eu-central-1.aliyuncs.com");
        check("eu-central-1", Some("vpc"), "https://rds-vpc.eu-central-1.aliyuncs.com");
        check("cn-hangzhou", Some("vpc"), "https://rds.aliyuncs.com");
    }

    #[test]
    fn the_default_comes_last() {
        let table = EndpointTable::new(Some("https://dbs.aliyuncs.com"), None);
        assert_eq!(table.resolve(None, None).expect("default").host(), "dbs.aliyuncs.com");
        assert_eq!(table.resolve(Some("cn-hangzhou"), None).expect("default").host(), "dbs.aliyuncs.com");
    }

    #[test]
    fn an_unknown_region_is_answered_with_near_names() {
        let mut table = table();
        table.complete = true;
        for region in ["cn-hangzuo", "cn_hangzhou", "CN-HANGZHOU/x"] {
            let error = table.resolve(Some(region), None).expect_err("unknown");
            assert_eq!(error.cause(), Cause::Endpoint);
            assert_eq!(error.to_string().contains("did you mean `cn-hangzhou`"), region != "CN-HANGZHOU/x", "{error}");
        }
        assert!(self::table().resolve(None, None).is_err());
    }

    #[test]
    fn only_plain_addresses_are_endpoints() {
        assert_eq!(Endpoint::parse("http://127.0.0.1:8080/").expect("good").host(), "127.0.0.1:8080");
        assert_eq!(Endpoint::parse("https://h:443").expect("good").host(), "h");
        for bad in ["", "ftp://h", "https://", "https://h/path", "https://u:p@h", "https://h?x=1", "a b"] {
            assert!(Endpoint::parse(bad).is_err(), "{bad}");
        }
    }
}
