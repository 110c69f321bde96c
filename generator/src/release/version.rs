//! Which version comes after another.

use semver::{BuildMetadata, Prerelease, Version};

use crate::diff::Bump;

/// The least version that a release by `bump` may have. The bump is the one that a summary proposes, already one step
/// less below 1.0.0.
///
/// What follows a pre-release is the release that it announced, whatever changed.
#[must_use]
pub fn raised(version: &Version, bump: Bump) -> Version {
    let Version { major, minor, patch, .. } = *version;
    if !version.pre.is_empty() {
        return Version { pre: Prerelease::EMPTY, build: BuildMetadata::EMPTY, ..version.clone() };
    }
    match bump {
        Bump::Major => Version::new(major.saturating_add(1), 0, 0),
        Bump::Minor => Version::new(major, minor.saturating_add(1), 0),
        Bump::Patch => Version::new(major, minor, patch.saturating_add(1)),
    }
}

#[cfg(test)]
mod tests {
    use semver::Version;

    use super::raised;
    use crate::diff::Bump::{self, Major, Minor, Patch};

    #[track_caller]
    fn test(version: &str, bump: Bump, expected: &str) {
        assert_eq!(raised(&Version::parse(version).unwrap(), bump).to_string(), expected);
    }

    #[test]
    fn raises_one_part_and_clears_those_below() {
        test("1.2.3", Major, "2.0.0");
        test("1.2.3", Minor, "1.3.0");
        test("1.2.3+build.5", Patch, "1.2.4");
        test("0.2.3", Minor, "0.3.0");
        test("2.0.0-rc.1", Patch, "2.0.0");
        test("2.0.0-rc.1+x", Major, "2.0.0");
        test("18446744073709551615.0.0", Major, "18446744073709551615.0.0");
    }
}
