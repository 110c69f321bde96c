//! The tags of released versions, and which of them a service was released by last.

use semver::Version;

use super::pattern::TagPattern;
use crate::diff::{Repository, SideError};

/// A tag that released a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its name.
    pub name: String,
    /// The version it released.
    pub version: Version,
}

/// What a repository knows of a service's releases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Last {
    /// The last one.
    Tag(Tag),
    /// There is none.
    None,
    /// Part of the history is not here, and what is here holds no release.
    Unknown,
}

/// The tags of a repository: those in the history of what is checked out, and whether all of it is here.
#[derive(Clone, Debug, Default)]
pub(super) struct Tags {
    merged: Vec<String>,
    others: Vec<String>,
    shallow: bool,
}

impl Tags {
    pub(super) fn read(repository: &Repository) -> Result<Self, SideError> {
        let merged = repository.merged_tags()?;
        let mut others = repository.names("refs/tags")?;
        others.retain(|name| merged.binary_search(name).is_err());
        Ok(Self { merged, others, shallow: repository.is_shallow() })
    }

    /// The highest version that a tag in the history released. Tags of other branches do not count: a fix for 1.4 is
    /// held against 1.4.2 although 2.0.0 is out.
    ///
    /// # Errors
    /// Where there is a release, and a shallow clone does not hold the history that leads to it.
    pub(super) fn last(&self, pattern: &TagPattern, service: &str) -> Result<Last, SideError> {
        let best = |names: &[String]| {
            let tags = names.iter().filter_map(|name| {
                let version = pattern.version(service, name)?;
                Some(Tag { name: name.clone(), version })
            });
            tags.max_by(|a, b| a.version.cmp(&b.version))
        };
        if let Some(tag) = best(&self.merged) {
            return Ok(Last::Tag(tag));
        }
        if !self.shallow {
            return Ok(Last::None);
        }
        match best(&self.others) {
            Some(tag) => Err(SideError {
                place: tag.name,
                message: "is not reached from what is checked out, because the clone is shallow: run `git fetch \
                          --unshallow --tags`, or set `fetch-depth: 0` where CI checks out"
                    .to_owned(),
            }),
            None => Ok(Last::Unknown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Last, Tags};
    use crate::release::TagPattern;

    #[test]
    fn the_highest_version_in_the_history_is_the_last() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let merged = names(&["a-v0.10.0", "a-v0.9.0", "b-v3.0.0", "v7.0.0"]);
        let tags = Tags { merged, others: names(&["a-v1.0.0", "c-v1.0.0"]), shallow: false };
        let last = |tags: &Tags, service: &str| tags.last(&TagPattern::default(), service);
        let Last::Tag(tag) = last(&tags, "a").unwrap() else { panic!("there is a tag") };
        assert_eq!((tag.name.as_str(), tag.version.to_string().as_str()), ("a-v0.10.0", "0.10.0"));
        assert_eq!(last(&tags, "c").unwrap(), Last::None);
        let shallow = Tags { shallow: true, ..tags };
        assert!(last(&shallow, "c").unwrap_err().message.contains("fetch-depth: 0"));
        assert_eq!(last(&shallow, "d").unwrap(), Last::Unknown);
    }
}
