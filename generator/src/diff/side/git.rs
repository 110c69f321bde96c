//! A side at a git revision, read from the repository's objects without touching the work tree.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Files, SideError};

/// No spec of an operation comes near; a larger object is not one.
const LARGEST_FILE: u64 = 16 << 20;

/// Reads what `what` names, seen from `folder`, the side it is held against.
///
/// `main`, `HEAD~3`, `<sha>`: the same folder there. `main:other/specs`: another folder. `.git#branch=main,subdir=specs`:
/// the long form, with `tag=` and `ref=` too, of any repository on this machine. A folder that exists: that folder.
///
/// # Errors
///
/// When there is no such revision or repository, or an object is missing; the message says what to do.
pub(crate) fn against(what: &str, folder: &Path) -> Result<Files, SideError> {
    if what.starts_with('@') {
        return Err(SideError::new(what, "is not known here: name a revision such as `v1.4.0`, or a folder"));
    }
    if let Some((repository, options)) = what.split_once('#') {
        return long_form(what, Path::new(repository), options);
    }
    let looks_like_path = what.starts_with(['.', '/']) || what.is_empty();
    if looks_like_path {
        let files = Files::read(Path::new(what))?;
        let there = Path::new(what).exists();
        return if there { Ok(files) } else { Err(SideError::new(what, "does not exist")) };
    }
    let repository = Repository::around(folder)?;
    if let Some((revision, subfolder)) = what.split_once(':') {
        return repository.read(what, revision, subfolder.trim_matches('/'));
    }
    match repository.read(what, what, &repository.prefix) {
        Err(_) if Path::new(what).is_dir() => Files::read(Path::new(what)),
        read => read,
    }
}

/// The newest revision in which the folder differs from what it holds now.
///
/// # Errors
///
/// When there is none, or the repository cannot be read.
pub(crate) fn last_change(folder: &Path, now: &Files) -> Result<Files, SideError> {
    let repository = Repository::around(folder)?;
    for revision in repository.revisions()? {
        let then = repository.read(&revision, &revision, &repository.prefix)?;
        if then.contents != now.contents {
            return Ok(then);
        }
        // The parent of the commit that made what is there now is what it differs from.
        let parent = format!("{revision}^");
        if let Ok(then) = repository.read(&parent, &parent, &repository.prefix)
            && then.contents != now.contents
        {
            return Ok(Files { label: repository.short(&parent).unwrap_or(parent), ..then });
        }
    }
    let message = "has been the same in every revision: there is no last change to show";
    Err(SideError::new(folder.display().to_string(), message))
}

fn long_form(what: &str, repository: &Path, options: &str) -> Result<Files, SideError> {
    let (mut revision, mut folder) = ("HEAD".to_owned(), String::new());
    for option in options.split(',').filter(|option| !option.is_empty()) {
        match option.split_once('=') {
            Some(("branch", name)) => revision = format!("refs/heads/{name}"),
            Some(("tag", name)) => revision = format!("refs/tags/{name}"),
            Some(("ref", name)) => name.clone_into(&mut revision),
            Some(("subdir", name)) => name.trim_matches('/').clone_into(&mut folder),
            _ => {
                let message = format!("has the option `{option}`: expected branch=, tag=, ref= or subdir=");
                return Err(SideError::new(what, message));
            }
        }
    }
    let home = if repository.as_os_str().is_empty() { Path::new(".") } else { repository };
    // `.git` and its folder are the same repository; git looks for one from inside it.
    Repository { home: home.to_owned(), prefix: String::new() }.read(what, &revision, &folder)
}

/// A repository, and where in it the folder stands.
struct Repository {
    home: PathBuf,
    /// Without slashes at the ends; empty for the root.
    prefix: String,
}

impl Repository {
    fn around(folder: &Path) -> Result<Self, SideError> {
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
        let output = run(home, &["rev-parse", "--show-prefix"]);
        let output = output.map_err(|message| {
            let hint = "is in no git repository that can be read; name a folder instead of a revision";
            SideError::new(&*place, format!("{hint} ({message})"))
        })?;
        let mut prefix = String::from_utf8_lossy(&output).trim().trim_matches('/').to_owned();
        for name in below.iter().rev() {
            prefix = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        }
        Ok(Self { home: home.to_owned(), prefix })
    }

    /// Commits that touched the folder, newest first.
    fn revisions(&self) -> Result<Vec<String>, SideError> {
        let path = format!(":(top,literal){}", self.prefix);
        let path = if self.prefix.is_empty() { ":/".to_owned() } else { path };
        let output = run(&self.home, &["rev-list", "--max-count=1000", "HEAD", "--", &path])
            .map_err(|message| SideError::new(self.home.display().to_string(), message))?;
        Ok(String::from_utf8_lossy(&output).lines().map(str::to_owned).collect())
    }

    fn short(&self, revision: &str) -> Option<String> {
        let output = run(&self.home, &["rev-parse", "--short", "--end-of-options", revision]).ok()?;
        Some(String::from_utf8_lossy(&output).trim().to_owned())
    }

    /// The specs of a folder at a revision; a folder that it lacks is an empty side.
    fn read(&self, label: &str, revision: &str, folder: &str) -> Result<Files, SideError> {
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
            let inside = relative.split('/').any(|part| part == "pages" || part.starts_with('.'));
            if Files::is_spec(&relative) && !inside {
                wanted.push((relative, object.to_owned()));
            }
        }
        let contents = self.objects(label, wanted)?;
        let root = if single { String::new() } else { name.to_owned() };
        Ok(Files { label: label.to_owned(), root, contents, base: folder.to_owned(), single })
    }

    fn commit(&self, label: &str, revision: &str) -> Result<String, SideError> {
        let wanted = format!("{revision}^{{commit}}");
        let found = run(&self.home, &["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted]);
        if let Ok(output) = &found {
            let text = String::from_utf8_lossy(output);
            if let Some(commit) = text.lines().find(|line| line.len() >= 40) {
                return Ok(commit.to_owned());
            }
        }
        let shallow = run(&self.home, &["rev-parse", "--is-shallow-repository"]);
        let message = match shallow {
            Ok(output) if output.starts_with(b"true") => {
                "is no revision of this clone, which is shallow: run `git fetch --unshallow`, or fetch the revision by name"
            }
            Ok(_) => "is no revision of this repository: `git branch --all` and `git tag` list those there are",
            Err(_) => "is in no git repository that can be read",
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
fn run(home: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output = command(home, arguments).stdin(Stdio::null()).output().map_err(|error| cannot_run(&error))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    Err(complaint.lines().next().unwrap_or("git failed").to_owned())
}

fn cannot_run(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "`git` is not installed, which reading a revision needs".to_owned(),
        _ => format!("git cannot be run: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{against, last_change, run};
    use crate::diff::Files;

    const GET: &str = "operation: Get\nhttp: {method: GET, path: /}\n";

    /// A repository with two commits: the service `a`, then `a` with another operation.
    fn repository() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let git = |arguments: &[&str]| {
            let who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"];
            run(folder.path(), &[&who, arguments].concat()).unwrap();
        };
        git(&["init", "-q", "-b", "main"]);
        fs::create_dir_all(folder.path().join("specs/a/operations")).unwrap();
        fs::create_dir_all(folder.path().join("specs/a/pages")).unwrap();
        fs::write(folder.path().join("specs/a/service.yaml"), "service: a\n").unwrap();
        fs::write(folder.path().join("specs/a/pages/service.yaml"), "no: spec\n").unwrap();
        fs::write(folder.path().join("specs/a/operations/Get.yaml"), GET).unwrap();
        git(&["add", "."]);
        git(&["commit", "-qm", "one"]);
        git(&["tag", "v1"]);
        fs::write(folder.path().join("specs/a/operations/Put.yaml"), GET.replace("Get", "Put")).unwrap();
        git(&["add", "."]);
        git(&["commit", "-qm", "two"]);
        folder
    }

    fn names(files: &Files) -> Vec<&str> {
        files.contents.keys().map(String::as_str).collect()
    }

    #[test]
    fn reads_a_folder_at_a_revision() {
        let home = repository();
        let specs = home.path().join("specs");
        assert_eq!(names(&against("v1", &specs).unwrap()), ["a/operations/Get.yaml", "a/service.yaml"]);
        assert_eq!(against("main", &specs).unwrap().contents, Files::read(&specs).unwrap().contents);
        let one = against("HEAD~1:specs/a", &specs).unwrap();
        assert_eq!((names(&one), one.root.as_str()), (vec!["operations/Get.yaml", "service.yaml"], "a"));
        let long = format!("{}#tag=v1,subdir=specs/a/operations", home.path().join(".git").display());
        assert_eq!(names(&against(&long, Path::new(".")).unwrap()), ["operations/Get.yaml"]);
        let gone = home.path().join("specs/b");
        assert!(against("v1", &gone).unwrap().is_empty());
    }

    #[test]
    fn finds_the_last_change() {
        let home = repository();
        let specs = home.path().join("specs");
        let then = last_change(&specs, &Files::read(&specs).unwrap()).unwrap();
        assert_eq!(names(&then), ["a/operations/Get.yaml", "a/service.yaml"]);
        let other = home.path().join("other");
        assert!(last_change(&other, &Files::default()).is_err());
    }

    #[test]
    fn says_what_is_missing() {
        let home = repository();
        let specs = home.path().join("specs");
        let error = |what: &str, folder: &Path| against(what, folder).unwrap_err().to_string();
        assert!(error("v9", &specs).contains("no revision of this repository"));
        assert!(error("--output=x", &specs).contains("no revision"));
        assert!(error("./nothing", &specs).contains("does not exist"));
        assert!(error(".git#colour=red", &specs).contains("expected branch="));
        let outside = tempfile::tempdir().unwrap();
        assert!(error("main", outside.path()).contains("no git repository"));
        let shallow = outside.path().join("clone");
        let url = format!("file://{}", home.path().display());
        run(outside.path(), &["clone", "-q", "--depth=1", &url, "clone"]).unwrap();
        assert!(error("v1", &shallow.join("specs")).contains("git fetch --unshallow"));
    }
}
