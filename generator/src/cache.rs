//! What earlier runs made, kept by a hash of what it was made from.
//!
//! An entry is believed only whole: it carries a hash of its key and its bytes. One that was cut short, mixed up or changed is
//! as good as none, and is made anew. Entries appear at once, by renaming, so that runs may share a folder.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};
use walkdir::WalkDir;

use crate::diagnostic::{Diagnostic, Severity};
use crate::files;

/// What an entry's file begins with.
const MAGIC: &[u8; 8] = b"docsdk1\n";
/// What the hash of docsdk's own sources was when it was built.
const BUILD: &str = env!("DOCSDK_BUILD");
/// The size above which entries go that were not used for longest.
const MOST_BYTES: u64 = 512 * 1024 * 1024;
/// How long an entry stays that nobody uses.
const MOST_AGE: Duration = Duration::from_hours(30 * 24);
/// How old the note of an entry's last use may be.
const FRESH: Duration = Duration::from_hours(24);

/// What an entry holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What a page teaches about the others.
    Lessons,
    /// What a page yields.
    Page,
}

impl Kind {
    fn ending(self) -> &'static str {
        match self {
            Self::Lessons => "lessons",
            Self::Page => "page",
        }
    }
}

/// A folder of entries.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    wrote: AtomicBool,
    known: AtomicUsize,
    failed: Mutex<Option<Diagnostic>>,
}

impl Cache {
    /// The cache in a folder, which is made when something is kept.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            wrote: AtomicBool::new(false),
            known: AtomicUsize::new(0),
            failed: Mutex::default(),
        }
    }

    /// How many pages it knew.
    pub fn known(&self) -> usize {
        self.known.load(Ordering::Relaxed)
    }

    /// What kept entries from being written, if anything did: no fault of the run.
    pub fn finding(&self) -> Option<Diagnostic> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Drops entries that were not used for long, and, where the rest are too many, those not used for longest. Looks only
    /// where this run has added some.
    pub fn prune(&self) {
        if self.wrote.swap(false, Ordering::Relaxed) {
            prune(&self.folder, SystemTime::now(), MOST_BYTES);
        }
    }

    /// Counts a page that was known.
    pub(crate) fn count_known(&self) {
        self.known.fetch_add(1, Ordering::Relaxed);
    }

    /// An entry's bytes, if it is there and whole.
    pub(crate) fn get(&self, kind: Kind, key: [u8; 32]) -> Option<Vec<u8>> {
        let path = self.path(kind, key);
        let mut file = File::open(&path).ok()?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).ok()?;
        let rest = bytes.strip_prefix(MAGIC)?;
        let (hash, contents) = rest.split_at_checked(32)?;
        if hash != Self::seal(kind, key, contents) {
            return None;
        }
        let used = file.metadata().and_then(|metadata| metadata.modified()).ok();
        if used.and_then(|used| used.elapsed().ok()).is_some_and(|age| age > FRESH) {
            // Another run may be writing it; what matters is that it is not dropped.
            let _ = File::options().write(true).open(&path).and_then(|file| file.set_modified(SystemTime::now()));
        }
        bytes.drain(..MAGIC.len() + 32);
        Some(bytes)
    }

    /// Keeps an entry.
    pub(crate) fn put(&self, kind: Kind, key: [u8; 32], contents: &[u8]) {
        let path = self.path(kind, key);
        match self.write(&path, kind, key, contents) {
            Ok(()) => self.wrote.store(true, Ordering::Relaxed),
            Err(error) => {
                let failed = files::failure("cache-write", &path, "written", &error);
                let help =
                    "nothing is lost but time; name another folder with `--cache-dir`, or none with `--no-cache`";
                let finding = Diagnostic { severity: Severity::Advice, ..failed }.help(help);
                self.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(finding);
            }
        }
    }

    fn write(&self, path: &Path, kind: Kind, key: [u8; 32], contents: &[u8]) -> io::Result<()> {
        let folder = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new().prefix(".docsdk-").suffix(".tmp").tempfile_in(folder)?;
        file.write_all(MAGIC)?;
        file.write_all(&Self::seal(kind, key, contents))?;
        file.write_all(contents)?;
        // Not synced: an entry that a crash left half-written is found out by its hash.
        file.persist(path).map(drop).map_err(|error| error.error)
    }

    fn seal(kind: Kind, key: [u8; 32], contents: &[u8]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(BUILD);
        hash.update(kind.ending());
        hash.update(key);
        hash.update(contents);
        hash.finalize().into()
    }

    fn path(&self, kind: Kind, key: [u8; 32]) -> PathBuf {
        let mut hash = Sha256::new();
        hash.update(BUILD);
        hash.update(key);
        let name = hash.finalize().iter().take(16).fold(String::new(), |mut name, byte| {
            use std::fmt::Write as _;
            let _ = write!(name, "{byte:02x}");
            name
        });
        let (first, rest) = name.split_at(2);
        self.folder.join(first).join(format!("{rest}.{}", kind.ending()))
    }
}

/// Drops old entries, and the oldest of too many. Files that are no entries stay; entries under way are dropped once old.
fn prune(folder: &Path, now: SystemTime, most: u64) {
    let ours = |path: &Path| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        ending.is_some_and(|ending| ["lessons", "page", "tmp"].contains(&ending))
    };
    let files = WalkDir::new(folder).min_depth(2).max_depth(2).into_iter().filter_map(Result::ok);
    let mut entries: Vec<(SystemTime, u64, PathBuf)> = files
        .filter(|file| file.file_type().is_file() && ours(file.path()))
        .filter_map(|file| {
            let metadata = file.metadata().ok()?;
            Some((metadata.modified().ok()?, metadata.len(), file.into_path()))
        })
        .collect();
    entries.sort();
    let mut size: u64 = entries.iter().map(|(_, size, _)| size).sum();
    for (used, bytes, path) in entries {
        let old = now.duration_since(used).is_ok_and(|age| age > MOST_AGE);
        if !old && size <= most {
            break;
        }
        if fs::remove_file(path).is_ok() {
            size -= bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(folder: &Path) -> Vec<PathBuf> {
        let files = WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
        files.filter(|file| file.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
    }

    #[test]
    fn only_whole_entries_are_believed() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path());
        let (key, other) = ([1; 32], [2; 32]);
        assert_eq!(cache.get(Kind::Page, key), None);
        cache.put(Kind::Page, key, b"contents");
        cache.put(Kind::Page, other, b"contents");
        assert_eq!(cache.get(Kind::Page, key).as_deref(), Some(&b"contents"[..]));
        assert_eq!(cache.get(Kind::Lessons, key), None);
        let path = cache.path(Kind::Page, key);
        let whole = fs::read(&path).unwrap();
        // Cut short anywhere, one bit other, somebody else's, nothing at all.
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            assert_eq!(cache.get(Kind::Page, key), None, "{length} bytes");
        }
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::write(&path, &bytes).unwrap();
            assert_eq!(cache.get(Kind::Page, key), None, "byte {at}");
        }
        fs::copy(cache.path(Kind::Page, other), &path).unwrap();
        assert_eq!(cache.get(Kind::Page, key), None, "the entry of another page");
        cache.put(Kind::Page, key, b"contents");
        assert_eq!(cache.get(Kind::Page, key).as_deref(), Some(&b"contents"[..]));
    }

    #[test]
    fn a_folder_that_takes_nothing_is_told_once_and_harms_nobody() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        let cache = Cache::at(folder.path().join("file/cache"));
        cache.put(Kind::Page, [1; 32], b"contents");
        cache.put(Kind::Page, [2; 32], b"contents");
        assert_eq!(cache.get(Kind::Page, [1; 32]), None);
        assert_eq!(
            cache.finding().map(|finding| (finding.id, finding.severity)),
            Some(("cache-write", Severity::Advice))
        );
    }

    #[test]
    fn writers_at_once_leave_whole_entries() {
        let folder = tempfile::tempdir().unwrap();
        let contents: Vec<Vec<u8>> = (0..8u8).map(|n| vec![n; 20_000]).collect();
        std::thread::scope(|scope| {
            for bytes in &contents {
                scope.spawn(|| {
                    let cache = Cache::at(folder.path());
                    for _ in 0..50 {
                        cache.put(Kind::Page, [7; 32], bytes);
                        let found = cache.get(Kind::Page, [7; 32]).expect("whole at any time");
                        assert!(contents.contains(&found));
                    }
                });
            }
        });
        assert_eq!(entries(folder.path()).len(), 1, "nothing is left of what was under way");
    }

    #[test]
    fn what_is_old_or_too_much_goes() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path());
        let day = Duration::from_hours(24);
        let now = SystemTime::now();
        for (number, days) in [(1u8, 40), (2, 3), (3, 2), (4, 1)] {
            cache.put(Kind::Page, [number; 32], &[number; 100]);
            let file = File::options().write(true).open(cache.path(Kind::Page, [number; 32])).unwrap();
            file.set_modified(now - day * days).unwrap();
        }
        fs::write(folder.path().join("notes.txt"), "a person's").unwrap();
        prune(folder.path(), now, 2 * 140);
        let left = |number: u8| cache.path(Kind::Page, [number; 32]).exists();
        assert_eq!([left(1), left(2), left(3), left(4)], [false, false, true, true]);
        assert!(folder.path().join("notes.txt").exists());
        // What is used counts as young again.
        cache.get(Kind::Page, [3; 32]).unwrap();
        prune(folder.path(), now, 140);
        assert_eq!([left(3), left(4)], [true, false]);
    }
}
