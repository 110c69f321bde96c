//! A side at a git revision, read from the repository's objects without touching the work tree.

use std::path::Path;

use super::{Files, Pick, Repository, SideError};

/// Reads what `what` names, seen from `folder`, the side it is held against.
///
/// `main`, `HEAD~3`, `<sha>`: the same folder there. `main:other/specs`: another folder. `.git#branch=main,subdir=specs`:
/// the long form, with `tag=` and `ref=` too, of any repository on this machine. A folder that exists: that folder.
///
/// # Errors
///
/// When there is no such revision or repository, or an object is missing; the message says what to do.
pub(crate) fn against(what: &str, folder: &Path, pick: Pick) -> Result<Files, SideError> {
    if what.starts_with('@') {
        return Err(SideError::new(what, "is not known here: name a revision such as `v1.4.0`, or a folder"));
    }
    if let Some((repository, options)) = what.split_once('#') {
        return long_form(what, Path::new(repository), options, pick);
    }
    let looks_like_path = what.starts_with(['.', '/']) || what.is_empty();
    if looks_like_path {
        let files = Files::read(Path::new(what))?;
        let there = Path::new(what).exists();
        return if there { Ok(files) } else { Err(SideError::new(what, "does not exist")) };
    }
    let repository = Repository::around(folder)?;
    if let Some((revision, subfolder)) = what.split_once(':') {
        return repository.read_named(what, revision, subfolder.trim_matches('/'), pick);
    }
    match repository.read_picked(what, what, &repository.prefix, pick) {
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

/// The states of a folder in the last revisions that touched it, oldest first; the first is the state before them. What
/// is checked in only, not the work tree.
///
/// # Errors
///
/// When there is no such revision, or the repository cannot be read.
pub(crate) fn history(folder: &Path, count: usize) -> Result<Vec<Files>, SideError> {
    let repository = Repository::around(folder)?;
    let mut revisions = repository.first_parents(count.saturating_add(1))?;
    let place = folder.display().to_string();
    if revisions.is_empty() {
        return Err(SideError::new(place, "was never checked in: there is no history to show"));
    }
    let mut states = Vec::new();
    if revisions.len() <= count && !repository.is_shallow() {
        // The first revision made the folder.
        states.push(Files { label: "nothing".to_owned(), ..Files::default() });
    }
    if revisions.len() == 1 && states.is_empty() {
        let remedy = "has a single revision in this clone, which is shallow: run `git fetch --unshallow`";
        return Err(SideError::new(place, remedy));
    }
    revisions.reverse();
    for (revision, label) in &revisions {
        let files = repository.read(label, revision, &repository.prefix)?;
        states.push(files);
    }
    Ok(states)
}

fn long_form(what: &str, repository: &Path, options: &str, pick: Pick) -> Result<Files, SideError> {
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
    if !home.exists() {
        return Err(SideError::new(what, format!("there is no `{}`", home.display())));
    }
    let Some(repository) = Repository::find(home)? else {
        return Err(SideError::new(what, format!("`{}` is no git repository", home.display())));
    };
    Repository { prefix: String::new(), ..repository }.read_named(what, &revision, &folder, pick)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::super::repository::run;
    use super::{Pick, history, last_change};
    use crate::diff::{Files, SideError};

    fn against(what: &str, folder: &Path) -> Result<Files, SideError> {
        super::against(what, folder, Pick::Specs)
    }

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
    fn gives_the_states_of_the_last_revisions() {
        let home = repository();
        let specs = home.path().join("specs");
        let labels = |count| {
            let states = history(&specs, count).unwrap();
            let counted =
                states.iter().map(|state| (state.label.rsplit(' ').next().unwrap().to_owned(), state.contents.len()));
            counted.collect::<Vec<_>>()
        };
        let state = |label: &str, count| (label.to_owned(), count);
        assert_eq!(labels(1), [state("one", 2), state("two", 3)]);
        assert_eq!(labels(9), [state("nothing", 0), state("one", 2), state("two", 3)]);
        let outside = tempfile::tempdir().unwrap();
        assert!(history(outside.path(), 1).unwrap_err().message.contains("no git repository"));
        assert!(history(&home.path().join("other"), 1).unwrap_err().message.contains("never checked in"));
        let url = format!("file://{}", home.path().display());
        run(outside.path(), &["clone", "-q", "--depth=1", &url, "clone"]).unwrap();
        assert!(history(&outside.path().join("clone/specs"), 3).unwrap_err().message.contains("--unshallow"));
    }

    #[test]
    fn says_what_is_missing() {
        let home = repository();
        let specs = home.path().join("specs");
        let error = |what: &str, folder: &Path| against(what, folder).unwrap_err().to_string();
        assert!(error("version", &specs).contains("no revision of this repository: `git branch"));
        assert!(error("mian", &specs).contains("did you mean `main`?"));
        assert!(error("v1:specz", &specs).contains("has no `specz`: did you mean `specs`?"));
        assert!(against("v1:elsewhere", &specs).unwrap().is_empty(), "a folder on one side only is all added");
        assert!(error("nowhere/.git#tag=v1", &specs).contains("there is no `nowhere/.git`"));
        assert!(error("--output=x", &specs).contains("no revision"));
        assert!(error("./nothing", &specs).contains("does not exist"));
        assert!(error(".git#colour=red", &specs).contains("expected branch="));
        let outside = tempfile::tempdir().unwrap();
        assert!(error("main", outside.path()).contains("no git repository"));
        let no_repository = format!("{}#tag=v1", outside.path().display());
        assert!(error(&no_repository, &specs).contains("is no git repository"));
        let bare = outside.path().join("bare.git");
        run(outside.path(), &["clone", "-q", "--bare", &home.path().display().to_string(), "bare.git"]).unwrap();
        let long = |options: &str| format!("{}#{options}", bare.display());
        assert_eq!(names(&against(&long("tag=v1,subdir=specs/a"), &specs).unwrap()).len(), 2);
        assert!(error(&long("tag=v1,subdir=spec/a"), &specs).contains("did you mean `specs/a`?"));
        assert!(error(&long("tag=v2"), &specs).contains("no revision"));
        let shallow = outside.path().join("clone");
        let url = format!("file://{}", home.path().display());
        run(outside.path(), &["clone", "-q", "--depth=1", &url, "clone"]).unwrap();
        assert!(error("v1", &shallow.join("specs")).contains("git fetch --unshallow"));
    }
}
