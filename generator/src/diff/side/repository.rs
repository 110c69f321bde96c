//! A git repository, read through git itself without touching the work tree.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Files, Pick, SideError};
use crate::suggest;

/// No spec of an operation comes near; a larger object is not one.
const LARGEST_FILE: u64 = 16 << 20;

const NO_GIT: &str = "`git` is not installed, which reading a revision needs";

/// A repository, and where in it the folder stands.
#[derive(Debug)]
pub(crate) struct Repository {
    /// A folder inside it.
    pub(super) home: PathBuf,
    /// Without slashes at the ends; empty for the root.
    pub(super) prefix: String,
}

impl Repository {
    /// The repository around a folder, which need not exist any longer.
    ///
    /// # Errors
    /// Where there is none that can be read.
    pub(crate) fn around(folder: &Path) -> Result<Self, SideError> {
        let place = folder.display().to_string();
        Self::find(folder)?.ok_or_else(|| match run(Path::new("."), &["--version"]) {
            Ok(_) => SideError::new(place, "is in no git repository: name a folder instead of a revision"),
            Err(message) => SideError::new(place, message),
        })
    }

    /// The repository around a folder, if there is one and there is a git to read it.
    ///
    /// # Errors
    /// Where there is one that cannot be read.
    pub(crate) fn find(folder: &Path) -> Result<Option<Self>, SideError> {
        let place = folder.display().to_string();
        // A folder that is gone from the work tree may still be in a revision.
        let mut home = folder;
        let mut below = Vec::new();
        while !home.is_dir() {
            below.extend(home.file_name().map(|name| name.to_string_lossy().into_owned()));
            home = match home.parent() {
                Some(parent) if !parent.as_os_str().is_empty() => parent,
                _ => Path::new("."),
            };
        }
        let output = match run(home, &["rev-parse", "--show-prefix"]) {
            Ok(output) => output,
            Err(message) if message.contains("not a git repository") || message == NO_GIT => return Ok(None),
            Err(message) if message.contains("dubious ownership") => {
                let remedy = "git does not trust the repository, which belongs to another user: run `git config \
                              --global --add safe.directory FOLDER` for its folder";
                return Err(SideError::new(place, remedy));
            }
            Err(message) => {
                return Err(SideError::new(place, format!("is in no git repository that can be read: {message}")));
            }
        };
        let mut prefix = String::from_utf8_lossy(&output).trim().trim_matches('/').to_owned();
        for name in below.iter().rev() {
            prefix = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        }
        Ok(Some(Self { home: home.to_owned(), prefix }))
    }

    /// The names of all refs under `refs/tags` or the like, sorted.
    pub(crate) fn names(&self, under: &str) -> Result<Vec<String>, SideError> {
        let depth = under.split('/').count();
        self.refs(&[&format!("--format=%(refname:strip={depth})"), under])
    }

    /// The tags in the history of what is checked out, sorted; none where nothing was ever committed.
    pub(crate) fn merged_tags(&self) -> Result<Vec<String>, SideError> {
        if run(&self.home, &["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]).is_err() {
            return Ok(Vec::new());
        }
        self.refs(&["--merged=HEAD", "--format=%(refname:strip=2)", "refs/tags"])
    }

    fn refs(&self, arguments: &[&str]) -> Result<Vec<String>, SideError> {
        let output = run(&self.home, &[&["for-each-ref"], arguments].concat())
            .map_err(|message| SideError::new(self.home.display().to_string(), message))?;
        let mut names: Vec<String> = String::from_utf8_lossy(&output).lines().map(str::to_owned).collect();
        names.sort();
        Ok(names)
    }

    /// Whether part of the history was left where the clone came from.
    pub(crate) fn is_shallow(&self) -> bool {
        run(&self.home, &["rev-parse", "--is-shallow-repository"]).is_ok_and(|output| output.starts_with(b"true"))
    }

    /// Where the folder that it was found by stands in it, without slashes at the ends.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Commits that touched the folder, newest first.
    pub(super) fn revisions(&self) -> Result<Vec<String>, SideError> {
        let path = self.pathspec();
        let output = run(&self.home, &["rev-list", "--max-count=1000", "HEAD", "--", &path])
            .map_err(|message| SideError::new(self.home.display().to_string(), message))?;
        Ok(String::from_utf8_lossy(&output).lines().map(str::to_owned).collect())
    }

    /// The newest commits of the main line that touched the folder, newest first, and how people know them.
    pub(super) fn first_parents(&self, most: usize) -> Result<Vec<(String, String)>, SideError> {
        let count = format!("--max-count={most}");
        let path = self.pathspec();
        let arguments = ["log", "--first-parent", &count, "--format=%H %h %cs %s", "HEAD", "--", &path];
        let output =
            run(&self.home, &arguments).map_err(|message| SideError::new(self.home.display().to_string(), message))?;
        let text = String::from_utf8_lossy(&output);
        let split = |line: &str| line.split_once(' ').map(|(commit, label)| (commit.to_owned(), label.to_owned()));
        Ok(text.lines().filter_map(split).collect())
    }

    /// The folder, as git takes it.
    fn pathspec(&self) -> String {
        if self.prefix.is_empty() { ":/".to_owned() } else { format!(":(top,literal){}", self.prefix) }
    }

    pub(super) fn short(&self, revision: &str) -> Option<String> {
        let output = run(&self.home, &["rev-parse", "--short", "--end-of-options", revision]).ok()?;
        Some(String::from_utf8_lossy(&output).trim().to_owned())
    }

    /// The specs of a folder at a revision; a folder that it lacks is an empty side.
    ///
    /// # Errors
    /// When there is no such revision, or an object is missing; the message says what to do.
    pub(crate) fn read(&self, label: &str, revision: &str, folder: &str) -> Result<Files, SideError> {
        self.read_picked(label, revision, folder, Pick::Specs)
    }

    /// The files of one kind in a folder at a revision.
    pub(super) fn read_picked(
        &self,
        label: &str,
        revision: &str,
        folder: &str,
        pick: Pick,
    ) -> Result<Files, SideError> {
        let commit = self.commit(label, revision)?;
        let failed = |message: String| SideError::new(label, message);
        let mut arguments = vec!["ls-tree", "-r", "-z", "--full-tree", &commit];
        if !folder.is_empty() {
            arguments.extend(["--", folder]);
        }
        let listing = run(&self.home, &arguments).map_err(failed)?;
        let mut wanted = Vec::new();
        let name = folder.rsplit('/').next().unwrap_or_default();
        let single = Path::new(folder).extension().is_some();
        for entry in listing.split(|byte| *byte == 0) {
            let entry = String::from_utf8_lossy(entry);
            let Some((facts, path)) = entry.split_once('\t') else { continue };
            let mut facts = facts.split(' ').skip(1);
            let (Some("blob"), Some(object)) = (facts.next(), facts.next()) else { continue };
            let relative = match path.strip_prefix(folder) {
                Some("") => format!("operations/{name}"),
                Some(below) if folder.is_empty() => below.to_owned(),
                Some(below) => below.trim_start_matches('/').to_owned(),
                None => continue,
            };
            let relative = if name == "operations" && !relative.contains('/') {
                format!("operations/{relative}")
            } else {
                relative
            };
            if pick.takes(&relative) {
                wanted.push((relative, object.to_owned()));
            }
        }
        let contents = self.objects(label, wanted)?;
        let revision = Some(revision.trim_start_matches("refs/tags/").trim_start_matches("refs/heads/").to_owned());
        let root = if single { String::new() } else { name.to_owned() };
        Ok(Files {
            label: label.to_owned(),
            root,
            contents,
            base: folder.to_owned(),
            single,
            revision,
            ..Files::default()
        })
    }

    /// The files of one kind in a folder that a person named for a revision: one that neither the revision nor the work
    /// tree has, while it has one of nearly that name, is a slip of the pen.
    pub(super) fn read_named(&self, label: &str, revision: &str, folder: &str, pick: Pick) -> Result<Files, SideError> {
        let files = self.read_picked(label, revision, folder, pick)?;
        if files.is_empty() && !folder.is_empty() && !self.root().is_some_and(|root| root.join(folder).exists()) {
            self.expect_known(label, &self.commit(label, revision)?, folder)?;
        }
        Ok(files)
    }

    fn expect_known(&self, label: &str, commit: &str, folder: &str) -> Result<(), SideError> {
        let output = run(&self.home, &["ls-tree", "-r", "-d", "-z", "--name-only", "--full-tree", commit])
            .map_err(|message| SideError::new(label, message))?;
        let listing = String::from_utf8_lossy(&output);
        let near = suggest::nearest(folder, listing.split('\0').filter(|name| !name.is_empty()));
        match near {
            Some(near) => Err(SideError::new(label, format!("has no `{folder}`: did you mean `{near}`?"))),
            None => Ok(()),
        }
    }

    /// The top of the work tree, where there is one.
    fn root(&self) -> Option<PathBuf> {
        let output = run(&self.home, &["rev-parse", "--show-toplevel"]).ok()?;
        let path = String::from_utf8(output).ok()?;
        Some(PathBuf::from(path.trim_end_matches(['\r', '\n'])))
    }

    pub(crate) fn commit(&self, label: &str, revision: &str) -> Result<String, SideError> {
        let wanted = format!("{revision}^{{commit}}");
        let found = run(&self.home, &["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted]);
        if let Ok(output) = &found {
            let text = String::from_utf8_lossy(output);
            if let Some(commit) = text.lines().find(|line| line.len() >= 40) {
                return Ok(commit.to_owned());
            }
        }
        let message = if self.is_shallow() {
            "is no revision of this clone, which is shallow: run `git fetch --unshallow --tags` (`fetch-depth: 0` where \
             CI checks out), or fetch the revision by name"
                .to_owned()
        } else {
            let mut names = Vec::new();
            for under in ["refs/heads", "refs/tags", "refs/remotes"] {
                names.extend(self.names(under)?);
            }
            match suggest::nearest(revision, names.iter().map(String::as_str)) {
                Some(near) => format!("is no revision of this repository: did you mean `{near}`?"),
                None => "is no revision of this repository: `git branch --all` and `git tag` list those there are"
                    .to_owned(),
            }
        };
        Err(SideError::new(label, message))
    }

    /// The bytes of objects, through one `git cat-file`.
    fn objects(&self, label: &str, wanted: Vec<(String, String)>) -> Result<BTreeMap<String, Vec<u8>>, SideError> {
        let failed = |message: String| SideError::new(label, message);
        let mut child = command(&self.home, &["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| failed(cannot_run(&error)))?;
        let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(failed("could not be read: git gave no pipe".to_owned()));
        };
        let names: Vec<&str> = wanted.iter().map(|(_, object)| &**object).collect();
        let names = names.join("\n") + "\n";
        let result = std::thread::scope(|scope| {
            // Writing on another thread, since git begins to answer before it has read all.
            scope.spawn(move || input.write_all(names.as_bytes()));
            let mut output = BufReader::new(output);
            let mut contents = BTreeMap::new();
            for (path, object) in wanted {
                let bytes = object_bytes(&mut output)
                    .map_err(|message| failed(format!("lacks the object {object} of `{path}`: {message}")))?;
                contents.insert(path, bytes);
            }
            Ok(contents)
        });
        // Its pipes are closed, so it ends by itself.
        let _ = child.wait();
        result
    }
}

/// One answer of `git cat-file --batch`: `<object> blob <size>`, the bytes, a line end.
fn object_bytes(output: &mut impl BufRead) -> Result<Vec<u8>, String> {
    let broken = |error: std::io::Error| format!("git broke off ({error})");
    let mut head = String::new();
    output.read_line(&mut head).map_err(broken)?;
    let size = head.trim_end().rsplit_once(" blob ").map_or(head.as_str(), |_| head.trim_end());
    let Some(size) = size.rsplit(' ').next().and_then(|size| size.parse::<u64>().ok()) else {
        return Err("fetch it with `git fetch --refetch`".to_owned());
    };
    if size > LARGEST_FILE {
        return Err("it is larger than 16 MiB, which no spec is".to_owned());
    }
    let mut bytes = Vec::new();
    output.take(size).read_to_end(&mut bytes).map_err(broken)?;
    output.read_exact(&mut [0]).map_err(broken)?;
    Ok(bytes)
}

fn command(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    // The repository that is meant is the one around the folder, whatever a hook's environment says.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    command.env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C").arg("-C").arg(home).args(arguments);
    command
}

/// Runs git and gives its output, or the first line of what it complained of.
pub(crate) fn run(home: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output = command(home, arguments).stdin(Stdio::null()).output().map_err(|error| cannot_run(&error))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    Err(complaint.lines().next().unwrap_or("git failed").to_owned())
}

fn cannot_run(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => NO_GIT.to_owned(),
        _ => format!("git cannot be run: {error}"),
    }
}
