//! How releases are tagged, and which version is the first.

use semver::Version;

/// The version of a crate that was never released and says nothing else.
pub const FIRST: Version = Version::new(0, 1, 0);

/// How releases are tagged where the manifest says nothing.
pub const DEFAULT_TAG: &str = "{service}-v{version}";

const SERVICE: &str = "{service}";
const VERSION: &str = "{version}";

/// How the tags of releases are named: `{service}-v{version}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagPattern(String);

impl Default for TagPattern {
    fn default() -> Self {
        Self(DEFAULT_TAG.to_owned())
    }
}

impl TagPattern {
    /// Reads a pattern: `{version}` stands in it once, `{service}` where each service has tags of its own.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let stray = text.replacen(VERSION, "0", 1).replacen(SERVICE, "a", 1);
        if !text.contains(VERSION) {
            return Err(format!("`{text}` names no `{{version}}`, and so no release"));
        }
        if stray.contains(['{', '}']) {
            return Err(format!("`{text}` holds more than one `{{version}}` and one `{{service}}` in braces"));
        }
        // What git takes for the name of a ref, as far as a pattern can break it.
        let bad = |c: char| c.is_whitespace() || c.is_control() || "~^:?*[\\".contains(c);
        if stray.contains(bad) || stray.contains("..") || stray.starts_with(['/', '-']) || stray.ends_with('/') {
            return Err(format!("`{text}` is no name that git takes for a tag"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The tag of a service's version.
    pub fn tag(&self, service: &str, version: &Version) -> String {
        self.0.replace(SERVICE, service).replace(VERSION, &version.to_string())
    }

    /// The version that a tag released of a service.
    pub fn version(&self, service: &str, tag: &str) -> Option<Version> {
        let pattern = self.0.replace(SERVICE, service);
        let (before, after) = pattern.split_once(VERSION)?;
        Version::parse(tag.strip_prefix(before)?.strip_suffix(after)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{DEFAULT_TAG, TagPattern};

    #[test]
    fn patterns_name_versions() {
        let pattern = TagPattern::parse(DEFAULT_TAG).unwrap();
        let version = pattern.version("aliyun-rds", "aliyun-rds-v1.2.0-rc.1").unwrap();
        assert_eq!(pattern.tag("aliyun-rds", &version), "aliyun-rds-v1.2.0-rc.1");
        assert_eq!(pattern.version("aliyun", "aliyun-rds-v1.2.0"), None);
        assert_eq!(pattern.version("aliyun-rds", "aliyun-rds-v1.2"), None);
        let shared = TagPattern::parse("release/{version}/all").unwrap();
        assert_eq!(shared.version("a", "release/0.1.0/all").map(|it| it.to_string()).as_deref(), Some("0.1.0"));
        for (text, expected) in [
            ("v1", "names no `{version}`"),
            ("{version}-{version}", "more than one"),
            ("{name}-{version}", "more than one"),
            ("v {version}", "no name that git takes"),
        ] {
            assert!(TagPattern::parse(text).unwrap_err().contains(expected), "{text}");
        }
    }
}
