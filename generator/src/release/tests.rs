//! Standings in real repositories.
#![cfg(feature = "diff")]

use std::fs;
use std::path::Path;

use crate::diff::{Bump, Files};
use crate::files::Plan;
use crate::project::Project;
use crate::release::{Release, Standing};

const MANIFEST: &str = "[[service]]\nname = \"disk\"\nversion = \"0.1.0\"\nprovider = \"aliyun\"\n";
const GET: &str = "operation: Get\nhttp: { method: GET, path: / }\nrequest:\n- { name: Id, type: string }\n";

/// A repository with a project of one service, released as 0.1.0.
struct Repository(tempfile::TempDir);

impl Repository {
    fn released() -> Self {
        let repository = Self(tempfile::tempdir().unwrap());
        repository.git(&["init", "-q", "-b", "main"]);
        repository.write("docsdk.toml", MANIFEST);
        repository.write("specs/disk/service.yaml", "service: disk\nprotocol: aliyun-rpc\n");
        repository.write("specs/disk/operations/Get.yaml", GET);
        repository.commit("one");
        repository.git(&["tag", "disk-v0.1.0"]);
        repository
    }

    fn git(&self, arguments: &[&str]) {
        git(self.0.path(), arguments);
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "."]);
        self.git(&["commit", "-qm", message]);
    }

    fn standing(&self) -> Standing {
        standing(self.0.path()).unwrap()
    }
}

#[track_caller]
fn git(folder: &Path, arguments: &[&str]) {
    let who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"];
    let run = std::process::Command::new("git").arg("-C").arg(folder).args(who).args(arguments).output().unwrap();
    assert!(run.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
}

fn project(root: &Path) -> Project {
    Project::open(Some(&root.join("docsdk.toml"))).unwrap()
}

fn standing(root: &Path) -> Result<Standing, String> {
    let project = project(root);
    let release = Release::open(&project, "2026-01-31").map_err(|error| error.to_string())?;
    let entry = &project.manifest.services[0];
    let now = Files::read(&project.specs_folder(entry)).unwrap();
    release.standing(entry, &now).map_err(|error| error.to_string())
}

#[track_caller]
fn test(standing: &Standing, bump: Option<Bump>, next: &str, behind: bool) {
    let found = (standing.summary.bump, standing.next.to_string(), standing.is_behind());
    assert_eq!(found, (bump, next.to_owned(), behind), "{:?}", standing.summary);
}

#[test]
fn what_changed_since_the_tag_asks_for_a_version() {
    let repository = Repository::released();
    test(&repository.standing(), None, "0.1.0", false);
    assert!(!repository.standing().is_due());
    repository.write("specs/disk/operations/Put.yaml", &GET.replace("Get", "Put"));
    test(&repository.standing(), Some(Bump::Patch), "0.1.1", true);
    repository.write("specs/disk/operations/Get.yaml", &GET.replace("string", "integer"));
    repository.commit("two");
    let standing = repository.standing();
    test(&standing, Some(Bump::Minor), "0.2.0", true);
    let project = project(repository.0.path());
    let finding = standing.finding(&project.manifest.services[0], "docsdk.toml").unwrap();
    for part in ["disk-v0.1.0", "asks for 0.2.0", "Get: ", "`request.Id`"] {
        assert!(finding.message.contains(part), "{part}: {}", finding.message);
    }
    assert_eq!(&MANIFEST[finding.span.unwrap().range()], "\"0.1.0\"");
    // High enough, by a person.
    repository.write("docsdk.toml", &MANIFEST.replace("0.1.0", "1.0.0"));
    let standing = repository.standing();
    test(&standing, Some(Bump::Minor), "1.0.0", false);
    assert_eq!(standing.finding(&project.manifest.services[0], "docsdk.toml"), None);
}

#[test]
fn tags_of_other_branches_and_services_do_not_count() {
    let repository = Repository::released();
    repository.git(&["checkout", "-qb", "next"]);
    repository.write("specs/disk/operations/Put.yaml", &GET.replace("Get", "Put"));
    repository.commit("two");
    repository.git(&["tag", "disk-v1.0.0"]);
    repository.git(&["tag", "other-v3.0.0"]);
    test(&repository.standing(), None, "1.0.0", true);
    repository.git(&["checkout", "-q", "main"]);
    test(&repository.standing(), None, "0.1.0", false);
    repository.write("docsdk.toml", &format!("release.tag = \"v{{version}}\"\n{MANIFEST}"));
    assert_eq!(repository.standing().last, None);
}

#[test]
fn what_is_about_to_be_written_counts() {
    let repository = Repository::released();
    let project = project(repository.0.path());
    let folder = project.specs_folder(&project.manifest.services[0]);
    let file = |name: &str| folder.join("operations").join(name);
    let plan = Plan {
        files: [(file("Put.yaml"), GET.replace("Get", "Put").into_bytes())].into(),
        stale: vec![file("Get.yaml")],
    };
    let now = Files::planned(&folder, &plan).unwrap();
    let release = Release::open(&project, "2026-01-31").unwrap();
    let standing = release.standing(&project.manifest.services[0], &now).unwrap();
    assert_eq!(standing.next.to_string(), "0.2.0");
    assert!(file("Get.yaml").exists() && !file("Put.yaml").exists());
}

#[test]
fn without_git_or_history_it_says_what_is_known() {
    let outside = tempfile::tempdir().unwrap();
    fs::create_dir_all(outside.path().join("specs/disk/operations")).unwrap();
    fs::write(outside.path().join("docsdk.toml"), MANIFEST).unwrap();
    let found = standing(outside.path()).unwrap();
    assert_eq!((found.last, found.unknown, found.next.to_string().as_str()), (None, false, "0.1.0"));
    // A shallow clone without tags does not know; one with a tag that it does not reach says how to get there.
    let repository = Repository::released();
    repository.write("specs/disk/operations/Put.yaml", &GET.replace("Get", "Put"));
    repository.commit("two");
    let url = format!("file://{}", repository.0.path().display());
    git(outside.path(), &["clone", "-q", "--depth=1", &url, "clone"]);
    let clone = outside.path().join("clone");
    let found = standing(&clone).unwrap();
    assert!(found.unknown && !found.is_behind());
    let finding = found.finding(&project(&clone).manifest.services[0], "docsdk.toml").unwrap();
    assert!(finding.help.unwrap().contains("fetch-depth: 0"));
    git(&clone, &["fetch", "-q", "--depth=1", "origin", "tag", "disk-v0.1.0"]);
    let error = standing(&clone).unwrap_err();
    assert!(error.contains("disk-v0.1.0") && error.contains("git fetch --unshallow"), "{error}");
    git(&clone, &["fetch", "-q", "--unshallow", "--tags"]);
    assert!(standing(&clone).unwrap().is_behind());
}
