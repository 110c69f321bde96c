//! The workflow that updates an SDK repository every week, run as GitHub runs it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_yaml::Value;
use tempfile::TempDir;

use super::chapter::{commits_as_anyone, copy_sources, path_with_docsdk};
use super::web::Web;
use crate::process;

/// Stands for GitHub's command: writes down what it was asked for, and fails to open a second pull request.
const GH: &str = "#!/bin/sh
echo \"$*\" >> \"$RUNNER_TEMP/asked\"
if [ \"$2\" = create ] && [ -e \"$RUNNER_TEMP/open\" ]; then exit 1; fi
touch \"$RUNNER_TEMP/open\"
";

/// A clone of the example with its origin, the vendor's host, and a runner's folder.
struct Repository {
    folder: TempDir,
    web: Web,
    steps: Vec<Value>,
}

impl Repository {
    fn new() -> Self {
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/sdk-repository");
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("project");
        copy_sources(&example, &root);
        let pages = "specs/lagoon-snapshots/pages";
        copy_sources(&example.join(pages), &folder.path().join("docs.lagoon.example/snapshots"));
        let manifest = process::read(&root, "docsdk.toml");
        // The proxy that plays the web is no party to encrypted connections.
        let manifest =
            manifest.replace("https://", "http://").replace("{ path = \"../../runtime\" }", "{ version = \"0.1\" }");
        process::write(&root, "docsdk.toml", format!("{manifest}fetch = {{ rate = 100 }}\n"));
        let workflow = process::read(&example, ".github/workflows/update.yml");
        let workflow: Value = serde_yaml::from_str(&workflow).unwrap();
        let steps = workflow["jobs"]["update"]["steps"].as_sequence().unwrap().clone();
        let web = Web::of(folder.path().to_owned());
        let repository = Self { folder, web, steps };
        repository.runs("git init --quiet --bare ../origin && git init --quiet && git remote add origin ../origin");
        repository.runs("docsdk update --quiet && git add --all && git commit --quiet -m Begin && git branch -M main");
        process::write(repository.folder.path(), "bin/gh", GH);
        repository.runs("chmod +x ../bin/gh && mkdir ../runner");
        repository
    }

    fn page(&self, name: &str) -> PathBuf {
        self.folder.path().join("docs.lagoon.example/snapshots").join(name)
    }

    /// Runs a script as GitHub does.
    fn run(&self, script: &str) -> Output {
        let bin = self.folder.path().join("bin");
        let runner = self.folder.path().join("runner");
        let mut command = Command::new("bash");
        command.args(["-e", "-o", "pipefail", "-c", script]).current_dir(self.folder.path().join("project"));
        command.env("PATH", path_with_docsdk(Some(&bin))).env("http_proxy", self.web.proxy());
        commits_as_anyone(&mut command);
        command.env("GITHUB_OUTPUT", runner.join("output")).env("RUNNER_TEMP", runner);
        command.output().unwrap()
    }

    #[track_caller]
    fn runs(&self, script: &str) -> String {
        let output = self.run(script);
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        assert!(output.status.success(), "{script}\n{said}");
        said
    }

    /// Runs the workflow from a fresh checkout, and says whether it succeeds.
    fn succeeds(&self) -> bool {
        self.runs("git switch --quiet --discard-changes main && rm -f ../runner/output ../runner/asked");
        for step in &self.steps {
            let Some(script) = step.get("run").and_then(Value::as_str) else { continue };
            let wanted = step.get("if").and_then(Value::as_str).is_none_or(|condition| {
                assert_eq!(condition, "steps.update.outputs.status != '0'");
                self.runner("output").trim() != "status=0"
            });
            if wanted && !self.run(script).status.success() {
                return false;
            }
        }
        true
    }

    /// What a step left in the runner's folder.
    fn runner(&self, file: &str) -> String {
        fs::read_to_string(self.folder.path().join("runner").join(file)).unwrap_or_default()
    }
}

#[test]
fn the_workflow_opens_a_pull_request_with_what_changed() {
    let repository = Repository::new();
    assert!(repository.succeeds());
    assert_eq!(repository.runner("asked"), "", "nothing changed, nothing is asked for");

    let page = repository.page("take-a-snapshot.md");
    let before = fs::read_to_string(&page).unwrap();
    let row = "| `keep_days` |";
    let after =
        before.replacen(row, &format!("| `note` | text | optional | A note. At most 80 characters. |\n{row}"), 1);
    assert_ne!(before, after);
    fs::write(&page, &after).unwrap();
    assert!(repository.succeeds());
    let asked = repository.runner("asked");
    assert!(asked.starts_with("pr create --head docsdk/update --title ") && asked.lines().count() == 1, "{asked}");
    let body = repository.runner("body.md");
    assert!(body.contains("### Added\n\n- `TakeSnapshot` `request.note`: new optional parameter"), "{body}");
    assert!(body.contains("changed           take-a-snapshot.md  http://docs.lagoon.example/"), "{body}");
    let pushed = repository.runs("git -C ../origin show --name-only --format= docsdk/update");
    let pushed: BTreeSet<&str> = pushed.lines().collect();
    for file in ["CHANGELOG.md", "operations/TakeSnapshot.yaml", "pages/take-a-snapshot.md", "pages.lock"] {
        assert!(pushed.contains(format!("specs/lagoon-snapshots/{file}").as_str()), "{file}: {pushed:?}");
    }

    // A week later it is open still, and another page asks for a sign-in: a person has to look.
    fs::write(repository.page("get-a-snapshot.md"), "# Sign in\n\nPlease sign in to read this page.\n").unwrap();
    assert!(!repository.succeeds());
    let asked = repository.runner("asked");
    assert!(asked.lines().nth(1).is_some_and(|line| line.starts_with("pr edit docsdk/update ")), "{asked}");
    assert!(repository.runner("body.md").contains("kept back"), "{}", repository.runner("body.md"));
}

#[test]
fn the_workflow_asks_for_what_it_needs() {
    let repository = Repository::new();
    let step = |action: &str| {
        let is_it = |step: &&Value| step["uses"].as_str().is_some_and(|uses| uses.starts_with(action));
        repository.steps.iter().find(is_it).unwrap()["with"].clone()
    };
    assert_eq!(step("actions/checkout@")["fetch-depth"], Value::from(0), "the tags of releases");
    // The action checks what is checked in, unless it is told not to.
    assert_eq!(step("docsdk/docsdk@"), serde_yaml::from_str::<Value>("check: 'false'").unwrap());
}

#[test]
fn the_guide_shows_the_workflow_as_it_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let workflow = process::read(&root, "examples/sdk-repository/.github/workflows/update.yml");
    let chapter = process::read(&root, "docs/guide/updating.md");
    assert!(chapter.contains(&format!("```yaml .github/workflows/update.yml\n{workflow}```\n")));
}
