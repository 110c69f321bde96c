//! What a run has fetched, on disk as it goes: a run that was cut off goes on where it stopped.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::files::OWN_FOLDER;
use crate::project::hash;
use crate::spec::pages_lock::Validators;

/// What was fetched longer ago is fetched anew.
const LONGEST_AGE: Duration = Duration::from_hours(6);
const JOURNAL: &str = "fetched.jsonl";

/// What became of a page, as the journal has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// The page.
    pub(crate) url: String,
    /// What the host was asked by.
    pub(crate) known: Validators,
    /// What came of it.
    pub(crate) result: Staged,
    /// When, in seconds since 1970.
    pub(crate) at: u64,
}

/// What came of asking for a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Staged {
    /// It is what it was.
    Unchanged,
    /// It is gone, by this status.
    Gone(u16),
    /// It was fetched.
    Page(StagedPage),
}

/// A page that was fetched and lies in the staging folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StagedPage {
    /// Of its bytes as they are to be kept.
    pub(crate) sha256: String,
    /// Where it was in the end.
    pub(crate) url: String,
    /// Whether it is there for good.
    pub(crate) moved: bool,
    /// What it was served as.
    pub(crate) content_type: Option<String>,
    /// What to ask by next time.
    pub(crate) validators: Validators,
}

/// The staging folder of a service.
#[derive(Debug)]
pub(crate) struct Staging {
    folder: PathBuf,
    journal: File,
    done: BTreeMap<String, Entry>,
}

impl Staging {
    /// Opens the staging folder of a service, with what a run before left there.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn open(root: &Path, service: &str, now: SystemTime) -> io::Result<Self> {
        let folder = root.join(OWN_FOLDER).join("update").join(service);
        fs::create_dir_all(&folder)?;
        let path = folder.join(JOURNAL);
        let mut staging =
            Self { journal: File::options().create(true).append(true).open(&path)?, done: BTreeMap::new(), folder };
        let text = fs::read(&path)?;
        // A line that was cut off, or is of another docsdk's making, is as if it were not there.
        let lines = text.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"));
        for entry in lines.filter_map(|line| serde_json::from_slice::<Entry>(line).ok()) {
            if staging.is_good(&entry, seconds(now)) {
                staging.done.insert(entry.url.clone(), entry);
            }
        }
        if !text.is_empty() && !text.ends_with(b"\n") {
            staging.journal.write_all(b"\n")?;
        }
        Ok(staging)
    }

    fn is_good(&self, entry: &Entry, now: u64) -> bool {
        let age = now.checked_sub(entry.at);
        let whole = match &entry.result {
            Staged::Page(page) => {
                let named = page.sha256.len() == 64 && page.sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
                named && fs::read(self.path(&page.sha256)).is_ok_and(|bytes| hash(&bytes) == page.sha256)
            }
            Staged::Unchanged | Staged::Gone(_) => true,
        };
        age.is_some_and(|age| age <= LONGEST_AGE.as_secs()) && whole
    }

    /// What became of a page in the run before, if it was asked for by the same.
    pub(crate) fn done(&self, url: &str, known: &Validators) -> Option<Staged> {
        self.done.get(url).filter(|entry| entry.known == *known).map(|entry| entry.result.clone())
    }

    /// Where a page's bytes lie.
    pub(crate) fn path(&self, sha256: &str) -> PathBuf {
        self.folder.join(sha256)
    }

    /// Keeps a page's bytes; their hash.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn keep(&self, bytes: &[u8]) -> io::Result<String> {
        let sha256 = hash(bytes);
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(bytes)?;
        file.persist(self.path(&sha256)).map_err(|error| error.error)?;
        Ok(sha256)
    }

    /// Notes what became of a page.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn note(&self, url: &str, known: &Validators, result: &Staged, now: SystemTime) -> io::Result<()> {
        let entry = Entry { url: url.to_owned(), known: known.clone(), result: result.clone(), at: seconds(now) };
        let mut line = serde_json::to_vec(&entry)?;
        line.push(b'\n');
        (&self.journal).write_all(&line)
    }

    /// Removes the folder: nothing is left to go on with.
    pub(crate) fn clear(self) {
        // What can't be removed is too old for the next run, or as good as fetched.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_on_where_it_stopped() {
        let root = tempfile::tempdir().unwrap();
        let now = UNIX_EPOCH + Duration::from_secs(1_000_000);
        let open = |now| Staging::open(root.path(), "a", now).unwrap();
        let known = Validators { etag: Some("1".to_owned()), last_modified: None };
        let page = |sha256| {
            let (url, validators) = (String::new(), Validators::default());
            Staged::Page(StagedPage { sha256, url, moved: false, content_type: None, validators })
        };
        let (good, broken);
        {
            let staging = open(now);
            good = page(staging.keep(b"good").unwrap());
            broken = page(staging.keep(b"broken").unwrap());
            staging.note("good", &Validators::default(), &good, now).unwrap();
            staging.note("broken", &Validators::default(), &broken, now).unwrap();
            staging.note("same", &known, &Staged::Unchanged, now).unwrap();
            fs::write(staging.path(&hash(b"broken")), "half").unwrap();
            // Cut off in the middle of a line.
            (&staging.journal).write_all(b"{\"url\": \"cut").unwrap();
        }
        let staging = open(now + Duration::from_mins(1));
        assert_eq!(staging.done("good", &Validators::default()), Some(good));
        assert_eq!(staging.done("broken", &Validators::default()), None);
        assert_eq!(staging.done("same", &known), Some(Staged::Unchanged));
        assert_eq!(staging.done("same", &Validators::default()), None);
        staging.note("late", &known, &Staged::Gone(404), now).unwrap();
        drop(staging);
        assert_eq!(open(now).done("late", &known), Some(Staged::Gone(404)));
        assert_eq!(open(now + LONGEST_AGE * 2).done("late", &known), None);
        open(now).clear();
        assert_eq!(open(now).done("late", &known), None);
    }
}
