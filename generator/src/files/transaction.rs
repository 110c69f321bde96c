//! A plan that is carried out as a whole: what fails is taken back, and what a crash cut short is ended by the next run.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Applied, Difference, OWN_FOLDER, Plan, display, failure};
use crate::diagnostic::{Diagnostic, Severity};
use crate::project::hash;
use crate::report::counted;

/// The list of a plan's files; while it is there, the plan counts.
const LIST: &str = "plan.json";

/// What a crash left, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recovered {
    /// So many files were written or removed to end it.
    Finished(usize),
    /// It can't be ended, since this file is neither what it was nor what it was to be.
    Dropped(PathBuf),
}

/// A file of a plan.
#[derive(Debug, Serialize, Deserialize)]
struct Step {
    path: PathBuf,
    /// The hash of what was there; none where there was nothing.
    before: Option<String>,
    /// The hash of what is to be there; none where nothing is to be.
    after: Option<String>,
}

impl Plan {
    /// Carries out the plan: all of it, or nothing. Where a file can't be written, those written before it become again
    /// what they were; where the machine stops, [`recover`] ends what was begun.
    pub fn commit(&self, root: &Path) -> Applied {
        let differences = self.differences();
        if differences.is_empty() {
            return Applied::default();
        }
        let folder = journal(root);
        let back = match undoing(&differences) {
            Ok(back) => back,
            Err(finding) => return Applied { findings: vec![*finding], ..Applied::default() },
        };
        if let Err(error) = self.note(&differences, &back, root) {
            let _ = fs::remove_dir_all(&folder);
            let findings = vec![failure("file-write", &folder, "written", &error)];
            return Applied { findings, ..Applied::default() };
        }
        let mut applied = self.apply_synced();
        if !applied.findings.is_empty() {
            let undone = back.apply_synced();
            applied.findings.extend(undone.findings);
            (applied.written, applied.removed) = (0, 0);
        }
        let _ = fs::remove_dir_all(&folder);
        applied
    }

    /// Writes down what is about to be done; it counts once the list is there.
    fn note(&self, differences: &BTreeMap<PathBuf, Difference>, back: &Self, root: &Path) -> io::Result<()> {
        let (folder, home) = (journal(root), std::path::absolute(root.join("."))?);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        let mut steps = Vec::new();
        for (number, path) in differences.keys().enumerate() {
            let after = self.files.get(path);
            if let Some(bytes) = after {
                synced(&folder.join(number.to_string()), bytes)?;
            }
            steps.push(Step {
                path: std::path::absolute(path)?.strip_prefix(&home).map_or_else(|_| path.clone(), Path::to_owned),
                before: back.files.get(path).map(|bytes| hash(bytes)),
                after: after.map(|bytes| hash(bytes)),
            });
        }
        let unfinished = folder.join("plan.tmp");
        synced(&unfinished, &serde_json::to_vec(&steps)?)?;
        fs::rename(unfinished, folder.join(LIST))
    }
}

/// The plan that undoes one which makes these differences.
fn undoing(differences: &BTreeMap<PathBuf, Difference>) -> Result<Plan, Box<Diagnostic>> {
    let mut back = Plan::default();
    for (path, difference) in differences {
        match difference {
            Difference::Missing => back.stale.push(path.clone()),
            Difference::Changed(bytes) => drop(back.files.insert(path.clone(), bytes.clone())),
            Difference::Left => {
                let bytes = fs::read(path).map_err(|error| Box::new(failure("file-remove", path, "read", &error)))?;
                back.files.insert(path.clone(), bytes);
            }
        }
    }
    Ok(back)
}

/// Ends what a crash cut short under a root, if anything; call it while holding the lock of the root.
///
/// # Errors
/// A finding where a file can't be written.
pub fn recover(root: &Path) -> Result<Option<Recovered>, Box<Diagnostic>> {
    let folder = journal(root);
    let done = |result| {
        let _ = fs::remove_dir_all(&folder);
        Ok(result)
    };
    let Ok(list) = fs::read(folder.join(LIST)) else { return done(None) };
    let Ok(steps) = serde_json::from_slice::<Vec<Step>>(&list) else { return done(None) };
    let mut plan = Plan::default();
    let mut begun = false;
    for (number, step) in steps.into_iter().enumerate() {
        // A journal that came with somebody's repository must not reach beyond it.
        if step.path.components().any(|part| !matches!(part, Component::Normal(_))) {
            return done(Some(Recovered::Dropped(step.path)));
        }
        let step = Step { path: root.join(&step.path), ..step };
        let now = fs::read(&step.path).ok().map(|bytes| hash(&bytes));
        if now == step.after {
            begun = true;
            continue;
        }
        if now != step.before {
            return done(Some(Recovered::Dropped(step.path)));
        }
        match &step.after {
            None => plan.stale.push(step.path),
            Some(after) => match fs::read(folder.join(number.to_string())) {
                Ok(bytes) if hash(&bytes) == *after => drop(plan.files.insert(step.path, bytes)),
                _ => return done(Some(Recovered::Dropped(step.path))),
            },
        }
    }
    // Nothing was done yet, or somebody took it back: there is nothing to end.
    if !begun || (plan.files.is_empty() && plan.stale.is_empty()) {
        return done(None);
    }
    let applied = plan.apply_synced();
    match applied.findings.into_iter().next() {
        Some(finding) => Err(Box::new(finding)),
        None => done(Some(Recovered::Finished(applied.written + applied.removed))),
    }
}

impl Recovered {
    /// What people should hear of it.
    pub fn finding(&self, root: &Path) -> Diagnostic {
        match self {
            Self::Finished(count) => {
                let message = format!("an update that was cut off is finished now: {}", counted(*count, "file"));
                Diagnostic::new("update-finished", Severity::Warning, display(root), message)
            }
            Self::Dropped(path) => {
                let message = "was changed after an update that was cut off: that update is not finished";
                let finding = Diagnostic::new("update-unfinished", Severity::Warning, display(path), message);
                finding.help("look at `git status`: what it had written by then is still there")
            }
        }
    }
}

fn journal(root: &Path) -> PathBuf {
    root.join(OWN_FOLDER).join("apply")
}

fn synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Project {
        root: tempfile::TempDir,
        plan: Plan,
    }

    /// One file to change, one to make, one to remove.
    fn project() -> Project {
        let root = tempfile::tempdir().unwrap();
        let path = |name: &str| root.path().join(name);
        fs::write(path("changed"), "old").unwrap();
        fs::write(path("removed"), "old").unwrap();
        let files = [(path("changed"), b"new".to_vec()), (path("made/it"), b"new".to_vec())].into();
        let plan = Plan { files, stale: vec![path("removed")] };
        Project { root, plan }
    }

    impl Project {
        fn state(&self) -> [Option<String>; 3] {
            ["changed", "made/it", "removed"].map(|name| fs::read_to_string(self.root.path().join(name)).ok())
        }

        /// Writes down the plan as a run does that stops right afterwards.
        fn begin(&self) {
            let differences = self.plan.differences();
            let back = undoing(&differences).unwrap();
            self.plan.note(&differences, &back, self.root.path()).unwrap();
        }

        fn recover(&self) -> Option<Recovered> {
            let recovered = recover(self.root.path()).unwrap();
            assert!(!journal(self.root.path()).exists());
            recovered
        }
    }

    fn texts(texts: [&str; 3]) -> [Option<String>; 3] {
        texts.map(|text| (!text.is_empty()).then(|| text.to_owned()))
    }

    #[test]
    fn is_done_as_a_whole() {
        let project = project();
        let applied = project.plan.commit(project.root.path());
        assert_eq!((applied.written, applied.removed, applied.findings), (2, 1, vec![]));
        assert_eq!(project.state(), texts(["new", "new", ""]));
        assert_eq!(project.recover(), None);
    }

    #[test]
    fn what_fails_is_taken_back() {
        let mut project = project();
        project.plan.files.insert(project.root.path().join("changed/below"), b"impossible".to_vec());
        let applied = project.plan.commit(project.root.path());
        assert_eq!((applied.written, applied.removed), (0, 0));
        assert!(!applied.findings.is_empty());
        assert_eq!(project.state(), texts(["old", "", "old"]));
        assert_eq!(project.recover(), None);
    }

    #[test]
    fn what_was_cut_off_is_ended() {
        let project = project();
        project.begin();
        fs::write(project.root.path().join("changed"), "new").unwrap();
        assert_eq!(project.recover(), Some(Recovered::Finished(2)));
        assert_eq!(project.state(), texts(["new", "new", ""]));
    }

    #[test]
    fn what_was_not_begun_is_forgotten() {
        let project = project();
        project.begin();
        assert_eq!(project.recover(), None);
        assert_eq!(project.state(), texts(["old", "", "old"]));
    }

    #[test]
    fn what_people_changed_since_stays() {
        let project = project();
        project.begin();
        fs::write(project.root.path().join("changed"), "mine").unwrap();
        assert!(matches!(project.recover(), Some(Recovered::Dropped(_))));
        assert_eq!(project.state(), texts(["mine", "", "old"]));
    }

    #[test]
    fn nothing_is_written_beyond_the_project() {
        let (project, other) = (project(), tempfile::tempdir().unwrap());
        let target = other.path().join("theirs");
        let path = |path: &Path| serde_json::to_string(path).unwrap();
        for target in [&*target, Path::new("../theirs")] {
            project.begin();
            fs::write(project.root.path().join("changed"), "new").unwrap();
            let list = journal(project.root.path()).join(LIST);
            let steps = fs::read_to_string(&list).unwrap();
            assert!(steps.contains("\"made/it\""), "{steps}");
            fs::write(&list, steps.replace("\"made/it\"", &path(target))).unwrap();
            assert_eq!(project.recover(), Some(Recovered::Dropped(target.to_owned())));
            fs::write(project.root.path().join("changed"), "old").unwrap();
        }
        assert!(!target.exists());
    }

    #[test]
    fn half_a_list_is_none() {
        let project = project();
        project.begin();
        fs::write(journal(project.root.path()).join(LIST), "[{\"path\": \"/").unwrap();
        fs::write(project.root.path().join("changed"), "new").unwrap();
        assert_eq!(project.recover(), None);
    }
}
