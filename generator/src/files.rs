//! Written files: whole or not at all, only where bytes differ, never over what people wrote.

mod transaction;

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Severity};

/// The folder, in a project's or an output's root, of what docsdk keeps for itself.
pub const OWN_FOLDER: &str = ".docsdk-cache";

pub use transaction::{Recovered, recover};

/// What a run wants on disk: the bytes of files, and files that have to go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Files to be there, with their contents.
    pub files: BTreeMap<PathBuf, Vec<u8>>,
    /// Files of docsdk's own making that nothing makes any longer.
    pub stale: Vec<PathBuf>,
}

/// What applying a plan did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Files written.
    pub written: usize,
    /// Files removed.
    pub removed: usize,
    /// What could not be written or removed.
    pub findings: Vec<Diagnostic>,
}

/// How a file differs from what a plan wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// It is not there.
    Missing,
    /// It has other bytes; these.
    Changed(Vec<u8>),
    /// It should not be there.
    Left,
}

impl Plan {
    /// Adds another plan's files.
    pub fn extend(&mut self, other: Self) {
        self.files.extend(other.files);
        self.stale.extend(other.stale);
    }

    /// Removes stale files and writes those that differ, each whole or not at all; a file that can't be written does not
    /// stop the others.
    ///
    /// For what is made of pages, specs and templates: the next run makes again what a machine loses that stops at once,
    /// and to wait for the disk after each file takes longer than to make it.
    pub fn apply(&self) -> Applied {
        self.carry_out(false)
    }

    /// As [`apply`](Self::apply), for files that no run makes again: a machine that stops at once leaves the old bytes or
    /// the new, since the disk has these before they take the file's name.
    pub fn apply_synced(&self) -> Applied {
        self.carry_out(true)
    }

    fn carry_out(&self, sync: bool) -> Applied {
        let mut applied = Applied::default();
        for path in &self.stale {
            match fs::remove_file(path) {
                Ok(()) => applied.removed += 1,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => applied.findings.push(failure("file-remove", path, "removed", &error)),
            }
        }
        let results: Vec<(&PathBuf, io::Result<bool>)> =
            self.files.par_iter().map(|(path, contents)| (path, write(path, contents, sync))).collect();
        for (path, result) in results {
            match result {
                Ok(written) => applied.written += usize::from(written),
                Err(error) => applied.findings.push(failure("file-write", path, "written", &error)),
            }
        }
        applied
    }

    /// The files that differ from the plan, in the order of their paths; touches nothing.
    pub fn differences(&self) -> BTreeMap<PathBuf, Difference> {
        let mut differences = BTreeMap::new();
        for (path, contents) in &self.files {
            match fs::read(path) {
                Ok(bytes) if bytes == *contents => {}
                Ok(bytes) => drop(differences.insert(path.clone(), Difference::Changed(bytes))),
                Err(_) => drop(differences.insert(path.clone(), Difference::Missing)),
            }
        }
        for path in self.stale.iter().filter(|path| path.exists()) {
            differences.insert(path.clone(), Difference::Left);
        }
        differences
    }
}

/// A path as findings and lists show it: with `/`, and from the working folder where it lies in it.
pub fn display(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    match text.strip_prefix("./").unwrap_or(&text) {
        "" => ".".to_owned(),
        text => text.to_owned(),
    }
}

/// A finding about a file that the system would not give or take.
pub fn failure(id: &'static str, path: &Path, done: &str, error: &io::Error) -> Diagnostic {
    let help = match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "give yourself the right to write the file and its folder, or name another folder"
        }
        io::ErrorKind::ReadOnlyFilesystem => "the file system is mounted read-only: name another folder with `--out`",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "make room on the disk and run again: nothing was left half-written"
        }
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "a file stands where a folder has to be: move it away"
        }
        io::ErrorKind::IsADirectory => "a folder stands where the file has to be: move it away",
        io::ErrorKind::NotFound => "see whether the path is written right",
        _ => "see what the system says",
    };
    let message = format!("can't be {done}: {error}");
    Diagnostic::new(id, Severity::Error, display(path), message).help(help)
}

/// Writes a file, if its bytes differ: into a new file beside it, synced where that is asked for, then renamed over it.
fn write(path: &Path, contents: &[u8], sync: bool) -> io::Result<bool> {
    if same(path, contents)? {
        return Ok(false);
    }
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".docsdk-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // What any new file gets: the umask takes its share.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder).map_err(|error| bare(&error))?;
    file.write_all(contents)?;
    if sync {
        file.as_file().sync_all()?;
    }
    // A file that its owner made read-only is meant to stay as it is; a rename would not ask.
    if fs::metadata(path).is_ok_and(|metadata| metadata.permissions().readonly()) {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
    }
    file.persist(path).map_err(|error| error.error)?;
    Ok(true)
}

/// What the system said, without the name of the new file, which nobody knows.
fn bare(error: &io::Error) -> io::Error {
    let inner = error.get_ref().and_then(|error| error.source()?.downcast_ref::<io::Error>());
    let code = inner.unwrap_or(error).raw_os_error();
    code.map_or_else(|| error.kind().into(), io::Error::from_raw_os_error)
}

fn same(path: &Path, contents: &[u8]) -> io::Result<bool> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    if file.metadata()?.len() != contents.len() as u64 {
        return Ok(false);
    }
    let mut bytes = Vec::with_capacity(contents.len());
    file.read_to_end(&mut bytes)?;
    Ok(bytes == contents)
}

/// The text of a file's bytes.
///
/// # Errors
/// A finding that says which line is no UTF-8.
pub(crate) fn utf8(path: &Path, bytes: Vec<u8>) -> Result<String, Box<Diagnostic>> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let line = bytes.iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
        let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
        let message =
            if utf16 { "is UTF-16".to_owned() } else { format!("line {line} is no UTF-8 (byte {at} of the file)") };
        Box::new(Diagnostic::new("not-utf-8", Severity::Error, display(path), message).help("save the file as UTF-8"))
    })
}

/// Held while a run writes under a root; another run gets an error.
#[derive(Debug)]
pub struct RunLock {
    file: File,
}

impl Drop for RunLock {
    fn drop(&mut self) {
        // To close the file is not enough: a process that another thread starts at this moment has it open for a while.
        let _ = self.file.unlock();
    }
}

impl RunLock {
    /// Takes the lock of a root folder, which is made where it is missing.
    ///
    /// # Errors
    /// A diagnostic where another run holds it, or the folder can't be written.
    pub fn take(root: &Path) -> Result<Self, Box<Diagnostic>> {
        let folder = root.join(OWN_FOLDER);
        let path = folder.join("lock");
        let open = || {
            fs::create_dir_all(&folder)?;
            let ignore = folder.join(".gitignore");
            if !ignore.exists() {
                fs::write(&ignore, "*\n")?;
            }
            File::options().create(true).truncate(false).write(true).open(&path)
        };
        let file = open().map_err(|error| Box::new(failure("run-lock", &path, "written", &error)))?;
        match file.try_lock() {
            Ok(()) => {
                // For the words of whoever finds it taken; nothing depends on it.
                let _ = file.set_len(0).and_then(|()| write!(&file, "process {}", std::process::id()));
                Ok(Self { file })
            }
            Err(TryLockError::WouldBlock) => {
                let holder = fs::read_to_string(&path).unwrap_or_default();
                let since = fs::metadata(&path).and_then(|it| it.modified()).ok().and_then(|at| at.elapsed().ok());
                let message = match (holder.trim(), since) {
                    ("", _) | (_, None) => "another docsdk is at work here".to_owned(),
                    (holder, Some(since)) => {
                        format!("another docsdk is at work here: {holder}, for {} s", since.as_secs())
                    }
                };
                let finding = Diagnostic::new("run-lock", Severity::Error, display(root), message);
                Err(Box::new(finding.help("wait until it is done, then run again")))
            }
            Err(TryLockError::Error(error)) => Err(Box::new(failure("run-lock", &path, "locked", &error))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Difference, Plan, RunLock};

    #[test]
    fn writes_once_and_then_nothing() {
        let root = tempfile::tempdir().unwrap();
        let (path, stale) = (root.path().join("a/b.yaml"), root.path().join("old.yaml"));
        std::fs::write(&stale, "x").unwrap();
        let plan = Plan { files: [(path.clone(), b"one\n".to_vec())].into(), stale: vec![stale.clone()] };
        assert_eq!(plan.differences().into_values().collect::<Vec<_>>(), [Difference::Missing, Difference::Left]);
        let first = plan.apply();
        assert_eq!((first.written, first.removed), (1, 1));
        assert!(plan.differences().is_empty());
        let second = plan.apply();
        assert_eq!((second.written, second.removed), (0, 0));
        assert_eq!(std::fs::read(&path).unwrap(), b"one\n");
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn one_file_that_fails_leaves_the_others() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("file"), "").unwrap();
        let (bad, good) = (root.path().join("file/a"), root.path().join("b"));
        let plan = Plan { files: [(bad, b"1".to_vec()), (good.clone(), b"2".to_vec())].into(), stale: vec![] };
        let applied = plan.apply();
        assert_eq!((applied.written, applied.findings.len()), (1, 1));
        assert_eq!(std::fs::read(good).unwrap(), b"2");
    }

    #[test]
    fn what_the_system_says_is_told_without_names_that_nobody_knows() {
        let missing = tempfile::tempdir().unwrap().path().join("gone");
        let error = tempfile::tempfile_in(&missing).unwrap_err();
        assert_eq!(super::bare(&error).kind(), std::io::ErrorKind::NotFound);
        let named = tempfile::NamedTempFile::new_in(&missing).unwrap_err();
        assert!(named.to_string().contains("gone") && !super::bare(&named).to_string().contains("gone"));
    }

    #[test]
    fn one_run_at_a_time() {
        let root = tempfile::tempdir().unwrap();
        let first = RunLock::take(root.path()).unwrap();
        let message = RunLock::take(root.path()).unwrap_err().message;
        let holder = format!("another docsdk is at work here: process {}, for ", std::process::id());
        assert!(message.starts_with(&holder), "{message}");
        // As a process has that is started meanwhile.
        let inherited = first.file.try_clone().unwrap();
        drop(first);
        RunLock::take(root.path()).unwrap();
        drop(inherited);
    }
}
