//! What a host's `robots.txt` permits.

use std::time::Duration;

use texting_robots::Robot;
use url::Url;

/// Most of a `robots.txt` that is read, as RFC 9309 has it.
pub(crate) const MOST_BYTES: usize = 500 << 10;
/// The name that `robots.txt` files know docsdk by.
const AGENT: &str = "docsdk";
/// The longest delay that is granted.
const LONGEST_DELAY: Duration = Duration::from_mins(1);

/// The rules of one host.
#[derive(Debug)]
pub(crate) enum Rules {
    /// There are none.
    None,
    /// These.
    Some(Box<Robot>),
    /// They can't be read for now, which forbids everything.
    Unknown(String),
}

impl Rules {
    /// Reads a `robots.txt`; one that can't be made sense of has no rules.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        Robot::new(AGENT, bytes).map_or(Self::None, |robot| Self::Some(Box::new(robot)))
    }

    /// Whether a page may be fetched.
    pub(crate) fn allows(&self, url: &Url) -> bool {
        match self {
            Self::None => true,
            Self::Some(robot) => robot.allowed(url.as_str()),
            Self::Unknown(_) => false,
        }
    }

    /// The time that the host wants between two requests.
    pub(crate) fn delay(&self) -> Duration {
        let Self::Some(robot) = self else { return Duration::ZERO };
        let delay = robot.delay.and_then(|seconds| Duration::try_from_secs_f32(seconds).ok());
        delay.unwrap_or_default().min(LONGEST_DELAY)
    }
}

/// Where a host keeps it.
pub(crate) fn place(url: &Url) -> Url {
    let mut place = url.clone();
    place.set_path("/robots.txt");
    place.set_query(None);
    place.set_fragment(None);
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn obeys_the_rules_that_fit() {
        let rules = Rules::read(b"User-agent: *\nCrawl-delay: 2\nDisallow: /private/\nAllow: /private/api$\n");
        let allows = |path: &str| rules.allows(&Url::parse("https://docs.example.com").unwrap().join(path).unwrap());
        assert!(allows("/api") && allows("/private/api"));
        assert!(!allows("/private/other"));
        assert_eq!(rules.delay(), Duration::from_secs(2));
        assert!(!Rules::read(b"User-agent: docsdk\nDisallow: /\n").allows(&Url::parse("https://a.example/x").unwrap()));
        assert!(Rules::read(b"\xff\xfe\x00<html>").allows(&Url::parse("https://a.example/x").unwrap()));
        assert_eq!(Rules::read(b"User-agent: *\nCrawl-delay: 86400\n").delay(), LONGEST_DELAY);
        assert_eq!(place(&Url::parse("https://a.example:8/x?y#z").unwrap()).as_str(), "https://a.example:8/robots.txt");
    }
}
